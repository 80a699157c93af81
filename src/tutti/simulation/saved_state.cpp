#include "tutti/simulation/saved_state.hpp"

#include <bit>

#include "tutti/core/hash.hpp"
#include "tutti/core/text.hpp"

namespace tutti::simulation {

using molecular::Momentum;
using molecular::Position;

namespace {

using Words = std::array<std::uint64_t, 3>;
using SignedWords = std::array<std::int64_t, 3>;

}  // namespace

std::uint64_t hash_of_physics(const DynamicsSetup& setup) {
  std::uint64_t hash = core::hash_seed;
  const auto mix = [&](double x) { hash = core::mix(hash, std::bit_cast<std::uint64_t>(x)); };
  for (const double edge : setup.box.edges()) mix(edge);
  for (std::size_t a = 0; a < setup.interactions.types(); ++a) {
    mix(setup.interactions.type(a).mass);
    for (std::size_t b = 0; b <= a; ++b) {
      const molecular::LennardJones& pair = setup.interactions.pair(a, b);
      mix(pair.epsilon);
      mix(pair.sigma);
      mix(pair.cutoff);
    }
  }
  mix(setup.time_step);
  mix(setup.units->boltzmann);
  hash = core::mix(hash, static_cast<std::uint64_t>(setup.interactions.truncation()));
  return core::mix(hash, static_cast<std::uint64_t>(setup.precision));
}

std::string save(Checkpoints& checkpoints, Simulation& simulation, Notes notes,
                 const std::vector<SavedArray>& arrays, Displacements* start) {
  const World& world = simulation.world();
  const Index n = simulation.particles();
  DistVector<Words> positions(world, n, "positions to be saved");
  DistVector<SignedWords> momenta(world, n, "momenta to be saved");
  DistVector<std::uint64_t> images(world, n, "images to be saved");
  DistVector<std::uint16_t> types(world, n, "types to be saved");
  {
    const Atoms now = simulation.by_id();
    for (std::size_t i = 0; i < now.own(); ++i) {
      const Position& at = now.positions()[i];
      const Momentum& p = now.momenta()[i];
      positions.local()[i] = {at.x, at.y, at.z};
      momenta.local()[i] = {p.x, p.y, p.z};
      images.local()[i] = p.images.word;
      types.local()[i] = static_cast<std::uint16_t>(at.type());
    }
  }
  notes["state first id"] = simulation.first_id();
  notes["state hash"] = simulation.hash();
  notes["state physics"] = hash_of_physics(simulation.setup());
  std::vector<SavedArray> all{
      {"positions", positions}, {"momenta", momenta}, {"images", images}, {"types", types}};
  if (start != nullptr) all.push_back({"start", start->start()});
  all.insert(all.end(), arrays.begin(), arrays.end());
  return checkpoints.write(simulation.steps(), all, notes);
}

Saved load(const World& world, const Checkpoint& checkpoint, const DynamicsSetup& setup) {
  if (checkpoint.notes().get<std::uint64_t>("state physics") != hash_of_physics(setup))
    throw FormatError(text(checkpoint.path(), ": written by a run of another system; give the same box, ",
                           "interactions, units, precision and time step, or another folder"),
                      {checkpoint.path(), {}});
  const auto positions = checkpoint.read<Words>("positions");
  const auto momenta = checkpoint.read<SignedWords>("momenta");
  const auto images = checkpoint.read<std::uint64_t>("images");
  const auto types = checkpoint.read<std::uint16_t>("types");
  const Index first =
      checkpoint.notes().get<Index>("state first id") + positions.distribution().range(world.rank()).first;
  Saved saved{Atoms(positions.local().size(), 0, world.ledger()), checkpoint.step(), checkpoint.notes()};
  for (std::size_t i = 0; i < positions.local().size(); ++i) {
    const Words& at = positions.local()[i];
    const SignedWords& p = momenta.local()[i];
    const auto id = first + static_cast<Index>(i);
    saved.atoms.positions()[i] = {at[0], at[1], at[2], Position::make_label(id, types.local()[i])};
    saved.atoms.momenta()[i] = {p[0], p[1], p[2], {images.local()[i]}};
  }
  return saved;
}

}  // namespace tutti::simulation
