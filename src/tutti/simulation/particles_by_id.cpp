#include "tutti/simulation/particles_by_id.hpp"

#include <algorithm>
#include <exception>
#include <vector>

#include "tutti/comm/exchange.hpp"
#include "tutti/distribution/distribution.hpp"
#include "tutti/memory/buffer.hpp"

namespace tutti::simulation {

namespace {

using formats::Particle;

constexpr std::size_t most = (std::size_t{1} << 20U) / sizeof(Particle);

// Integers as real numbers, each rounded once.
class Converter {
 public:
  explicit Converter(const Simulation& simulation)
      : box_(simulation.setup().box),
        first_id_(simulation.first_id()),
        force_quantum_(simulation.model().force_quantum),
        motion_(simulation.motion()) {}

  Particle operator()(const Atoms& atoms, std::size_t i) const {
    const molecular::Position& at = atoms.positions()[i];
    const molecular::Momentum& p = atoms.momenta()[i];
    const molecular::Force& f = atoms.forces()[i];
    Particle made;
    made.id = at.id() - first_id_ + 1;  // as files number them
    made.type = at.type();
    made.position = {box_.coordinate(at.x, 0), box_.coordinate(at.y, 1), box_.coordinate(at.z, 2)};
    const double speed = motion_.momentum_quantum / motion_.mass[at.type()];
    made.velocity = {static_cast<double>(p.x) * speed, static_cast<double>(p.y) * speed,
                     static_cast<double>(p.z) * speed};
    made.force = {static_cast<double>(f.x) * force_quantum_, static_cast<double>(f.y) * force_quantum_,
                  static_cast<double>(f.z) * force_quantum_};
    for (int a = 0; a < molecular::axes; ++a) made.image[static_cast<std::size_t>(a)] = p.images[a];
    return made;
  }

 private:
  const molecular::Box& box_;
  Index first_id_;
  double force_quantum_;
  const molecular::MotionConstants& motion_;
};

}  // namespace

void visit_by_id(Simulation& simulation, const std::string& what,
                 const std::function<void(std::span<const Particle>)>& take, Site site) {
  const World& world = simulation.world();
  const Atoms mine = simulation.by_id();
  auto buffer = world.together(
      what, [&] { return memory::Buffer<Particle>(most, "particles to write", world.ledger()); }, site);
  const Converter converted(simulation);
  const Distribution blocks(block, simulation.particles(), world.size());
  std::exception_ptr failure;
  for (int owner = 0; owner < world.size(); ++owner) {
    const std::size_t size = blocks.local_size(owner);
    for (std::size_t begin = 0; begin < size; begin += most) {
      const auto piece = buffer.span().first(std::min(most, size - begin));
      if (world.rank() == owner)
        for (std::size_t i = 0; i < piece.size(); ++i) piece[i] = converted(mine, begin + i);
      std::vector<SendTo<Particle>> out;
      std::vector<ReceiveFrom<Particle>> in;
      if (owner != 0 && world.rank() == owner) out.push_back({0, piece});
      if (owner != 0 && world.rank() == 0) in.push_back({owner, piece});
      if (owner != 0) exchange(world, out, in, site);
      if (world.rank() != 0 || failure) continue;
      try {
        take(piece);
      } catch (...) {  // the others send on: they hear of it at the end
        failure = std::current_exception();
      }
    }
  }
  world.together(
      what,
      [&] {
        if (failure) std::rethrow_exception(failure);
      },
      site);
}

}  // namespace tutti::simulation
