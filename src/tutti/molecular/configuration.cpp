#include "tutti/molecular/configuration.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/molecular/rounding.hpp"

namespace tutti::molecular {

namespace {

using formats::Particle;
using formats::ParticleReader;

// Those of the file, or of the input; both may say the same.
Box box_of(const std::string& path, const formats::Contents& contents, const SystemInput& input) {
  if (!contents.edges && !input.box)
    throw UsageError(text(printable(path), ": the file has no box; give its edges by --box LX,LY,LZ"),
                     {"--box", {}});
  if (contents.edges && input.box && *contents.edges != *input.box)
    throw UsageError(text(printable(path), ": the box of the file has edges of ", (*contents.edges)[0], ", ",
                          (*contents.edges)[1], ", ", (*contents.edges)[2], ", the box that is given of ",
                          (*input.box)[0], ", ", (*input.box)[1], ", ", (*input.box)[2], "; leave that out"),
                     {"--box", {}});
  return Box(contents.edges ? *contents.edges : *input.box);
}

void check_units(const std::string& path, const formats::Contents& contents, const SystemInput& input) {
  if (contents.units && *contents.units != input.units->name)
    throw UsageError(text(printable(path), ": the file says that its units are ", printable(*contents.units),
                          ", but units ", input.units->name, " are asked for; give others by --units"),
                     {"--units", {}});
}

// Reads on where an open file begins.
class ConfigurationReader {
 public:
  ConfigurationReader(const std::string& path, ParticleReader& reader, const Box& box, const FilePart& part)
      : path_(path),
        reader_(reader),
        box_(box),
        first_(block_begin(part.part, part.parts)),
        end_(block_begin(part.part + 1, part.parts)) {}

  std::size_t own() const { return static_cast<std::size_t>(end_ - first_); }

  void read(Atoms& atoms, std::span<formats::Vector> velocities, std::vector<Index>& counts) {
    std::vector<Particle> block(1024);
    Index line = 0;
    for (std::size_t count = block.size(); count == block.size();) {
      count = reader_.next(block);
      for (std::size_t i = 0; i < count; ++i, ++line) {
        const Particle& particle = block[i];
        if (particle.type >= counts.size()) counts.resize(particle.type + 1);
        ++counts[particle.type];
        if (line < first_ || line >= end_) {
          static_cast<void>(placed(particle));  // what is wrong is wrong for all
          continue;
        }
        const auto mine = static_cast<std::size_t>(line - first_);
        put(particle, atoms, mine);
        if (!velocities.empty()) velocities[mine] = particle.velocity;
      }
    }
  }

 private:
  Index block_begin(int part, int parts) const {
    return static_cast<Index>(Int128{reader_.contents().particles} * part / parts);
  }

  std::array<Box::Place, axes> placed(const Particle& particle) const {
    std::array<Box::Place, axes> places{};
    try {
      for (int a = 0; a < axes; ++a)
        places[static_cast<std::size_t>(a)] = box_.place(particle.position[static_cast<std::size_t>(a)], a);
    } catch (const UsageError& error) {
      throw FormatError(text(printable(path_), ": particle ", particle.id, ": ", error.message()),
                        {path_, {particle.id, 0}});
    }
    return places;
  }

  void put(const Particle& particle, Atoms& atoms, std::size_t i) const {
    const auto places = placed(particle);
    atoms.positions()[i] = {places[0].fraction, places[1].fraction, places[2].fraction,
                            Position::make_label(particle.id, particle.type)};
    for (std::size_t a = 0; a < places.size(); ++a) {
      const std::int64_t image = std::int64_t{places[a].image} + particle.image[a];
      if (std::abs(image) > largest_image)
        throw FormatError(text(printable(path_), ": particle ", particle.id, " is ", image,
                               " box edges away; give ", "coordinates nearer to the box"),
                          {path_, {particle.id, 0}});
      atoms.momenta()[i].images.set(static_cast<int>(a), static_cast<std::int32_t>(image));
    }
  }

  const std::string& path_;
  ParticleReader& reader_;
  const Box& box_;
  Index first_, end_;  // lines of particles that are ours
};

}  // namespace

void Configuration::set_momenta(const MotionConstants& constants) {
  const NearestRounding rounding;
  for (std::size_t i = 0; i < velocities.size(); ++i) {
    const Position& at = atoms.positions()[i];
    Momentum& momentum = atoms.momenta()[i];
    const std::array<std::int64_t*, axes> parts{&momentum.x, &momentum.y, &momentum.z};
    for (std::size_t a = 0; a < parts.size(); ++a) {
      const double quanta = velocities[i][a] * constants.mass[at.type()] / constants.momentum_quantum;
      if (!(std::fabs(quanta) < 0x1p60))
        throw UsageError(
            text("the velocity of particle ", at.id(), " is ", velocities[i][a],
                 ": momenta of this precision and time step do not hold it; give a longer step, or a "
                 "coarser precision"),
            {"velocity", {at.id(), 0}});
      *parts[a] = nearest(quanta);
    }
  }
}

Configuration read_configuration(const std::string& path, const formats::ReadOptions& options,
                                 const SystemInput& input, const FilePart& part, memory::Ledger& ledger) {
  formats::ReadOptions described = options;
  described.types = input.type_names();
  const std::unique_ptr<ParticleReader> reader = formats::open_particles(path, described);
  const formats::Contents& contents = reader->contents();
  check_units(path, contents, input);
  const Box box = box_of(path, contents, input);
  ConfigurationReader on(path, *reader, box, part);
  Atoms atoms(on.own(), 0, ledger);
  memory::Buffer<formats::Vector> velocities;
  if (contents.velocities)
    velocities =
        memory::Buffer<formats::Vector>(on.own(), "velocities", ledger, memory::Category::distributed);
  std::vector<Index> counts;
  on.read(atoms, velocities.span(), counts);
  Interactions interactions = input.interactions(reader->types(), contents.masses);
  interactions.check_fits(box);
  counts.resize(interactions.types());
  std::vector<std::string> types;
  for (std::size_t a = 0; a < interactions.types(); ++a) types.push_back(interactions.type(a).name);
  return {box,
          contents.corner,
          std::move(interactions),
          std::move(types),
          contents.particles,
          std::move(counts),
          std::move(atoms),
          std::move(velocities)};
}

}  // namespace tutti::molecular
