// XYZ, plain and extended: the number of particles, a comment, then a line for each; and again for each
// frame.
#pragma once

#include "tutti/formats/id_check.hpp"
#include "tutti/formats/lines.hpp"
#include "tutti/formats/particle_reader.hpp"
#include "tutti/formats/type_names.hpp"
#include "tutti/formats/xyz_comment.hpp"

namespace tutti::formats {

class XyzReader : public ParticleReader {
 public:
  XyzReader(const Source& source, const ReadOptions& options);
  const std::vector<std::string>& types() const override { return types_.names(); }

 protected:
  bool read(Particle& particle) override;

 private:
  Index read_count();
  void skip_frames(Index frames);
  std::size_t type_of(std::string_view name);
  void check_end();

  Lines lines_;
  TypeNames types_;
  IdCheck ids_;
  XyzComment comment_;
  bool one_of_several_;  // was chosen: others may follow
};

}  // namespace tutti::formats
