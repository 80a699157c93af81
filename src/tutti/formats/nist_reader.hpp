// The configurations of NIST's Lennard-Jones reference calculations (doi:10.18434/T4M88Q): the edges of the
// box, the number of particles, then a line "id x y z" for each. One type.
#pragma once

#include "tutti/formats/id_check.hpp"
#include "tutti/formats/lines.hpp"
#include "tutti/formats/particle_reader.hpp"

namespace tutti::formats {

class NistReader : public ParticleReader {
 public:
  NistReader(const Source& source, const ReadOptions& options);
  const std::vector<std::string>& types() const override { return types_; }

 protected:
  bool read(Particle& particle) override;

 private:
  Lines lines_;
  std::vector<std::string> types_;
  IdCheck ids_;
};

}  // namespace tutti::formats
