// Feeds whatever libFuzzer thinks of to what reads files of particles, and descriptions of systems.
//
//   particle_fuzzer --parser=xyz|lammps-data|nist|system [--write-seeds=FOLDER] [options of libFuzzer] FOLDER
#include <cmath>

#include "tutti/core/error.hpp"
#include "tutti/formats/particle_reader.hpp"
#include "tutti/molecular/system_input.hpp"

#include "parsers.hpp"

namespace tutti::fuzz {

namespace {

using formats::Format;
using formats::Particle;

std::vector<Particle> all_of(formats::ParticleReader& reader, std::size_t size) {
  std::vector<Particle> all, block(size);
  for (std::size_t count = size; count == size;) {
    count = reader.next(block);
    all.insert(all.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return all;
}

// What is accepted is what it says it is, however it is read.
void check(std::string_view text, const formats::ReadOptions& options) {
  const auto reader = formats::open_particles_in(text, "file", options);
  const Index count = reader->contents().particles;
  if (count < 1 || count > static_cast<Index>(text.size())) wrong("more particles than bytes");
  const std::vector<Particle> all = all_of(*reader, 64);
  if (static_cast<Index>(all.size()) != count) wrong("not as many particles as announced");
  std::vector<bool> seen(all.size());
  for (const Particle& particle : all) {
    if (particle.id < 1 || particle.id > count || seen[static_cast<std::size_t>(particle.id - 1)])
      wrong("an id");
    seen[static_cast<std::size_t>(particle.id - 1)] = true;
    if (particle.type >= reader->types().size()) wrong("a type without a name");
    for (std::size_t a = 0; a < 3; ++a)
      if (std::isnan(particle.position[a]) || !std::isfinite(particle.velocity[a]))
        wrong("a number that is none");
  }
  const auto again = formats::open_particles_in(text, "file", options);
  const std::vector<Particle> one_by_one = all_of(*again, 1);
  for (std::size_t i = 0; i < all.size(); ++i)
    if (one_by_one.at(i).id != all[i].id || one_by_one[i].position != all[i].position)
      wrong("blocks are seen");
}

void read(Bytes bytes, Format format) {
  for (const char* ignore : {"", "charges,bonds,coefficients"}) {
    formats::ReadOptions options;
    options.format = format;
    options.ignore = formats::Ignore::named(ignore);
    try {
      check(text_of(bytes), options);
    } catch (const FormatError&) {
    }
  }
  if (format != Format::xyz) return;
  formats::ReadOptions second;
  second.frame = 2;
  try {
    check(text_of(bytes), second);
  } catch (const FormatError&) {
  } catch (const UsageError&) {  // the text is no XYZ
  }
}

void read_xyz(Bytes bytes) { read(bytes, Format::xyz); }
void read_lammps_data(Bytes bytes) { read(bytes, Format::lammps_data); }
void read_nist(Bytes bytes) { read(bytes, Format::nist); }

void read_system(Bytes bytes) {
  try {
    const molecular::SystemInput system = molecular::parse_system(text_of(bytes), "system.toml");
    std::vector<std::string> names = system.type_names();
    if (names.empty()) names = {"1"};
    const molecular::Interactions made = system.interactions(names);
    if (made.types() != names.size()) wrong("a type is lost");
  } catch (const FormatError&) {
  } catch (const UsageError&) {
  }
}

std::vector<std::string> xyz_seeds() {
  return {"2\ncomment\nAr 0 1 2\nKr 3 4.5 -6e-1\n",
          "1\nLattice=\"10 0 0 0 10 0 0 0 10\" Properties=species:S:1:pos:R:3:velo:R:3:id:I:1 pbc=\"T T "
          "T\"\nAr 1 2 3 4 5 6 1",
          "1\n\nA 0 0 0\n2\nk=\"a \\\" b\" Origin=\"1 2 3\"\nA 0 0 0\nB 1 1 1\r\n\n"};
}

std::vector<std::string> lammps_data_seeds() {
  const std::string head =
      "LAMMPS, units = lj\n\n2 atoms\n2 atom types\n1 bonds\n0 5 xlo xhi\n0 5 ylo yhi\n0 5 zlo zhi\n";
  return {head +
              "\nMasses\n\n1 1\n2 2.5 # x\n\nAtoms # atomic\n\n2 1 0 0 0\n1 2 1 1 1 0 0 1\n\nVelocities\n\n2 "
              "0 0 1\n1 0 0 -1\n",
          head + "Atoms # charge\n\n1 1 0.5 0 0 0\n2 2 0 1 1 1\n\nBonds\n\n1 1 1 2\n",
          head + "0 0 0 xy xz yz\nAtoms\n\n1 9 1 0 0 0 0\n2 9 2 0 1 1 1\nPair Coeffs\n\n1 1 1\n"};
}

std::vector<std::string> nist_seeds() {
  return {"10 10 10\n2\n1 0 0 0\n2 -1.5e0 2 3\n", "1e1\t9 8\r\n 3\n3 0 0 0\n1 1 1 1\n2 2 2 2"};
}

std::vector<std::string> system_seeds() {
  return {
      "units = \"real\"\nprecision = 'float'\ntruncation = 'wca'\ncutoff = 2.5\nbox = [1, 2, "
      "3.5]\n[[type]]\nname = 'A'\n"
      "sigma = 3\nepsilon = 1\nmass = 40\n[[type]]\nname = 'B'\nsigma = 2\nepsilon = 0\ncutoff = 3\n"
      "[[pair]]\ntypes = ['A', 'B']\nepsilon = 2\n[dynamics]\nsteps = 10\ntime-step = 0.005\n",
      "mixing = 'table'\n", "[dynamics]\nseed = 3\n"};
}

constexpr Parser parsers[] = {{"xyz", read_xyz, xyz_seeds},
                              {"lammps-data", read_lammps_data, lammps_data_seeds},
                              {"nist", read_nist, nist_seeds},
                              {"system", read_system, system_seeds}};

}  // namespace

std::span<const Parser> all_parsers() { return parsers; }

}  // namespace tutti::fuzz
