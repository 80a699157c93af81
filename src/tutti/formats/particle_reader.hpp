// Particles from files: XYZ, extended XYZ, LAMMPS's data files, and the text format of NIST's configurations.
//
// Readers are strict: what they do not understand, and what is not computed here (charges, bonds, tilted
// boxes), is an error that names file and line. Nothing is allocated by a count that a file states: one
// reader holds a line of the file and at most a bit for each particle.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tutti/formats/particle.hpp"

namespace tutti::formats {

enum class Format : std::uint8_t {
  xyz,          ///< "xyz": plain and extended
  lammps_data,  ///< "lammps-data": atom styles atomic, charge, full
  nist,         ///< "nist": edges, number, then id x y z
};
const char* name(Format format);
/// @throws UsageError for any other name
Format format_named(std::string_view name);

enum class AtomStyle : std::uint8_t { atomic, charge, full };
const char* name(AtomStyle style);
/// @throws UsageError for any other name
AtomStyle atom_style_named(std::string_view name);

/// What a file may have although it is not computed.
struct Ignore {
  bool charges = false;
  bool bonds = false;         ///< also angles, dihedrals, impropers, and their coefficients
  bool coefficients = false;  ///< of pairs: interactions are described elsewhere

  /// "charges,bonds".
  /// @throws UsageError for any other word
  static Ignore named(std::string_view words);
};

struct ReadOptions {
  std::optional<Format> format = std::nullopt;  ///< none: as the file begins
  /// Names, in the order of their numbers; a LAMMPS file says numbers itself. Empty: those that the file has.
  std::vector<std::string> types = {};
  std::optional<Index> frame =
      std::nullopt;  ///< of several in an XYZ file, from 1; none: there must be one only
  Ignore ignore = {};
  std::optional<AtomStyle> style = std::nullopt;  ///< of a LAMMPS file; none: what it says, or has columns of
};

/// What is known before the particles are read.
struct Contents {
  Format format = Format::xyz;
  Index particles = 0;                         ///< at most an eighth of the file's bytes
  std::optional<Vector> edges = std::nullopt;  ///< of the box, > 0
  Vector corner{};  ///< where the file has the box's corner; particles are given from there
  bool velocities = false;
  std::vector<double> masses = {};                  ///< of the types that a LAMMPS file lists; else empty
  std::optional<std::string> units = std::nullopt;  ///< where a LAMMPS file says so: "lj"
};

class ParticleReader {
 public:
  virtual ~ParticleReader() = default;
  ParticleReader(const ParticleReader&) = delete;
  ParticleReader& operator=(const ParticleReader&) = delete;

  const Contents& contents() const { return contents_; }
  /// Names of the types, by number. An XYZ file may say more of them with every particle.
  virtual const std::vector<std::string>& types() const = 0;

  /// Fills the block with the next particles, in the order of the file.
  /// @return how many; fewer than the block only at the end, 0 behind it. Then all ids were there, once.
  /// @throws FormatError for the first bad line
  std::size_t next(std::span<Particle> block);

 protected:
  ParticleReader() = default;
  /// @return false behind the last one, when what follows has been checked
  virtual bool read(Particle& particle) = 0;

  Contents contents_;
  Index done_ = 0;  // particles read

 private:
  bool ended_ = false;
};

/// Reads everything that stands before the first particle.
/// @throws FileError, FormatError, IoError; UsageError for options that do not go together
std::unique_ptr<ParticleReader> open_particles(const std::string& path, const ReadOptions& options = {});

/// The same of a text in memory. @param name  what errors call it
std::unique_ptr<ParticleReader> open_particles_in(std::string_view contents, const std::string& name,
                                                  const ReadOptions& options = {});

}  // namespace tutti::formats
