#include "tutti/simulation/simulation.hpp"

#include <algorithm>
#include <bit>

#include "tutti/comm/agree.hpp"
#include "tutti/comm/collectives.hpp"
#include "tutti/comm/reductions.hpp"
#include "tutti/core/hash.hpp"
#include "tutti/core/text.hpp"
#include "tutti/distribution/distribution.hpp"
#include "tutti/molecular/motion.hpp"
#include "tutti/molecular/state_hash.hpp"
#include "tutti/molecular/velocities.hpp"
#include "tutti/simulation/deal.hpp"
#include "tutti/simulation/decomposition.hpp"
#include "tutti/simulation/division.hpp"
#include "tutti/simulation/estimate.hpp"
#include "tutti/simulation/nearest_overlap.hpp"
#include "tutti/simulation/saved_state.hpp"

namespace tutti::simulation {

namespace {

using molecular::Force;
using molecular::Velocities;
using molecular::Which;

constexpr comm::Operation new_operation{"new simulation"};
constexpr comm::Operation run_operation{"run of a simulation"};

// One value of each rank, added up.
template <class T, class Add>
T total(const World& world, const T& mine, const Add& add) {
  T sum{};
  for (const T& part : all_gather(world, mine)) add(sum, part);
  return sum;
}

struct IdSums {
  Index count = 0;
  Index smallest = molecular::largest_id;
  Index largest = 0;
  std::uint64_t hash = 0;
};

}  // namespace

Simulation::Simulation(const World& world, const DynamicsSetup& setup, Atoms mine, Placement placement,
                       Site site)
    : world_(world),
      setup_(setup),
      model_(setup.box, setup.interactions, setup.precision),
      motion_(setup.box, setup.interactions, *setup.units, model_, setup.time_step),
      kernel_(&molecular::kernel()),
      rows_(world.ledger()),
      work_(model_, *kernel_, world.ledger()) {
  comm::Call call{new_operation, site};
  call.detail = core::mix(core::mix(hash_of_physics(setup), std::bit_cast<std::uint64_t>(setup.skin)),
                          static_cast<std::uint64_t>(placement));
  comm::agree(world_, call, [&] { setup.reach(); });
  check_ids(mine);
  const auto grid = molecular::Grid::for_reach(setup.box, setup.reach(), particles_);
  choose(placement, grid);
  division_ = divide(world_, grid, std::move(mine), placement_);
  rebuild();
  compute_forces(Which::all);
  naming_nearest(world_, failure_, site, [&] { raise(site); });
}

Simulation::~Simulation() = default;

const Atoms& Simulation::own() const { return division_->atoms(); }
molecular::View Simulation::view() const { return division_->view(); }

// Each once, without gaps: then the sum of a hash over all is that over the numbers between.
void Simulation::check_ids(const Atoms& mine) {
  IdSums own;
  for (const Position& at : mine.own_positions()) {
    ++own.count;
    own.smallest = std::min(own.smallest, at.id());
    own.largest = std::max(own.largest, at.id());
    own.hash += core::mix(core::hash_seed, static_cast<std::uint64_t>(at.id()));
  }
  const IdSums all = total(world_, own, [](IdSums& sum, const IdSums& part) {
    sum.count += part.count;
    if (part.count == 0) return;
    sum.smallest = std::min(sum.smallest, part.smallest);
    sum.largest = std::max(sum.largest, part.largest);
    sum.hash += part.hash;
  });
  if (all.count == 0) throw FormatError("there are no particles to simulate", {"particles", {}});
  particles_ = all.count;
  first_id_ = all.smallest;
  std::uint64_t expected = 0;
  if (all.largest - all.smallest == all.count - 1) {
    const Range ids = Distribution(block, all.count, world_.size()).range(world_.rank());
    for (std::size_t k = 0; k < ids.count; ++k)
      expected += core::mix(core::hash_seed, static_cast<std::uint64_t>(first_id_ + ids.first) + k);
  }
  expected = total(world_, expected, [](std::uint64_t& sum, std::uint64_t part) { sum += part; });
  if (expected != all.hash)
    throw FormatError(text("the ids of ", all.count, " particles go from ", all.smallest, " to ", all.largest,
                           "; give neighbouring numbers, each once"),
                      {"ids", {}});
}

void Simulation::choose(Placement wanted, const molecular::Grid& grid) {
  const bool enough_cells = Decomposition::shape(grid, world_.size()).has_value();
  placement_ = wanted;
  if (wanted == Placement::automatic) {
    // From the fastest to the slowest.
    std::vector<Placement> possible{Placement::node_shared, Placement::replicated};
    if (enough_cells) possible.insert(possible.begin(), Placement::spatial);
    const auto fitting =
        std::find_if(possible.begin(), possible.end(), [&](Placement each) { return fits(each); });
    placement_ = fitting != possible.end() ? *fitting : possible.front();  // which refuses, with its reasons
  }
  if (placement_ == Placement::spatial && !enough_cells) placement_ = Placement::node_shared;
  if (wanted == Placement::replicated || wanted == Placement::node_shared || enough_cells) return;
  note_ =
      text("the box has ", grid.cells[0], " x ", grid.cells[1], " x ", grid.cells[2], " cells, too few for ",
           world_.size(), " ranks: the placement is ", name(placement_), ", not spatial");
}

// Collective. Whether there is room on every node.
bool Simulation::fits(Placement placement) const {
  const Need need = need_of(arrays_of(setup_, particles_, world_.size(), placement), world_.size());
  const std::uint64_t wanted =
      need.rank_bytes * static_cast<std::uint64_t>(world_.node_size()) + need.node_bytes;
  const memory::Ledger& ledger = world_.ledger();
  const std::uint64_t booked = ledger.node_booked();
  const std::uint64_t given = ledger.budget().smallest_given().bytes;
  const std::uint64_t left =
      std::min(ledger.budget().left_on_node(booked).bytes, given - std::min(given, booked));
  return !any(world_, wanted > left);
}

void Simulation::set_velocities(std::uint64_t seed, double temperature) {
  Velocities velocities(seed, temperature, particles_, *setup_.units, motion_);
  Atoms& atoms = division_->atoms();
  const auto add = [](auto& sum, const auto& part) {
    for (std::size_t a = 0; a < sum.momentum.size(); ++a) sum.momentum[a] += part.momentum[a];
  };
  const Velocities::Drawn drawn =
      total(world_, velocities.draw(atoms), [&](Velocities::Drawn& sum, const Velocities::Drawn& part) {
        add(sum, part);
        sum.mass += part.mass;
      });
  const Velocities::Centred centred =
      total(world_, velocities.centre(atoms, drawn),
            [](Velocities::Centred& sum, const Velocities::Centred& part) { sum.energy += part.energy; });
  const Velocities::Scaled mine =
      world_.together("velocities", [&] { return velocities.scale(atoms, centred); });
  velocities.balance(atoms, total(world_, mine, add));
}

// Half kicks and a step of own particles. @return whether rows still hold
bool Simulation::move(int half_kicks) {
  if (failure_) std::rethrow_exception(failure_);
  travelled_ += molecular::advance(division_->atoms(), half_kicks, motion_, *kernel_);
  return 2 * travelled_ <= setup_.longest_travel();
}

void Simulation::rebuild() {
  division_->rebuild();
  world_.together("rows of neighbours", [&] {
    const Cells& cells = division_->cells();
    rows_.build(setup_.box, division_->view(), cells, molecular::Tiles(cells), setup_.reach(), *kernel_);
  });
  travelled_ = 0;
  ++rebuilds_;
}

// What fails here is told with the next packet.
void Simulation::compute_forces(Which which) {
  try {
    work_.forces(division_->view(), rows_, division_->atoms().forces(), which);
  } catch (...) {
    failure_ = worse(failure_, std::current_exception());
  }
}

void Simulation::raise(Site site) {
  comm::agree(world_, {run_operation, site}, [&] {
    if (failure_) std::rethrow_exception(failure_);
  });
}

void Simulation::step(bool first) {
  if (division_->begin_update([&] { return move(first ? 1 : 2); })) {
    compute_forces(Which::inner);
    division_->end_update();
    compute_forces(Which::outer);
  } else {
    rebuild();
    compute_forces(Which::all);
  }
  ++steps_;
}

void Simulation::run(Index steps, Site site) {
  naming_nearest(world_, failure_, site, [&] {
    for (Index k = 0; k < steps; ++k) step(k == 0);
    raise(site);
  });
  if (steps > 0) half_kick(division_->atoms());
}

void Simulation::reverse() { molecular::reverse(division_->atoms()); }

molecular::Sums Simulation::sums() {
  std::exception_ptr failure;
  const molecular::Sums mine = naming_nearest(world_, failure, {}, [&] {
    return world_.together("energies", [&] {
      molecular::Sums sums;
      try {
        sums.pairs = work_.energies(division_->view(), rows_);
      } catch (...) {
        failure = std::current_exception();
        throw;
      }
      add_motion(sums, division_->atoms(), motion_, model_);
      return sums;
    });
  });
  return total(world_, mine, [](molecular::Sums& sum, const molecular::Sums& part) { sum += part; });
}

molecular::Observables Simulation::observables() {
  return molecular::observables(sums(), setup_.box, *setup_.units, model_);
}

std::uint64_t Simulation::hash() {
  return total(world_, state_hash(division_->atoms()),
               [](std::uint64_t& sum, std::uint64_t part) { sum += part; });
}

Traffic Simulation::traffic() {
  const std::uint64_t bytes = division_->bytes_an_update();
  const auto own = static_cast<Index>(division_->atoms().own());
  return {rebuilds_, static_cast<std::uint64_t>(sum(world_, static_cast<Index>(bytes))), max(world_, bytes),
          max(world_, own)};
}

Atoms Simulation::by_id() {
  struct Record {
    Position position;
    Momentum momentum;
    Force force;
  };
  const Atoms& atoms = division_->atoms();
  const Distribution ids(block, particles_, world_.size());
  memory::Buffer<Record> leaving;
  std::vector<Index> counts(slot(world_.size()), 0);
  world_.together("particles by id", [&] {
    leaving = memory::Buffer<Record>(atoms.own(), "particles by id", world_.ledger());
    std::vector<std::size_t> next(counts.size() + 1, 0);
    const auto owner = [&](std::size_t i) {
      return static_cast<std::size_t>(ids.owner(atoms.positions()[i].id() - first_id_));
    };
    for (std::size_t i = 0; i < atoms.own(); ++i) ++next[owner(i) + 1];
    for (std::size_t rank = 0; rank < counts.size(); ++rank) {
      counts[rank] = static_cast<Index>(next[rank + 1]);
      next[rank + 1] += next[rank];
    }
    for (std::size_t i = 0; i < atoms.own(); ++i)
      leaving[next[owner(i)]++] = {atoms.positions()[i], atoms.momenta()[i], atoms.forces()[i]};
  });
  const memory::Buffer<Record> arrived =
      deal<Record>(world_, everyone(world_), leaving.span(), counts, "particles by id");
  leaving = {};
  return world_.together("particles by id", [&] {
    Atoms made(arrived.size(), 0, world_.ledger());
    for (const Record& record : arrived) {
      const std::size_t i = ids.to_local(record.position.id() - first_id_);
      made.positions()[i] = record.position;
      made.momenta()[i] = record.momentum;
      made.forces()[i] = record.force;
    }
    return made;
  });
}

}  // namespace tutti::simulation
