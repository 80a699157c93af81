// LAMMPS's data files: particles in the section "Atoms", their velocities in another.
#pragma once

#include "tutti/formats/id_check.hpp"
#include "tutti/formats/lammps_data_header.hpp"
#include "tutti/formats/type_names.hpp"

namespace tutti::formats {

class LammpsDataReader : public ParticleReader {
 public:
  LammpsDataReader(const Source& source, const ReadOptions& options);
  const std::vector<std::string>& types() const override { return types_; }

 protected:
  bool read(Particle& particle) override;

 private:
  AtomStyle style_of(std::size_t fields) const;
  void read_images(Particle& particle, std::span<const std::string_view> fields) const;
  void read_velocity(Particle& particle);

  Lines lines_;
  LammpsDataHeader header_;
  std::vector<std::string> types_;
  bool ignore_charges_;
  std::optional<AtomStyle> style_;
  IdCheck ids_;
  std::optional<Lines> velocities_;  // the same file once more: both sections are read side by side
};

}  // namespace tutti::formats
