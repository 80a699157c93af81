#include "tutti/simulation/shared_division.hpp"

#include <algorithm>

#include "tutti/comm/agree.hpp"
#include "tutti/comm/collectives.hpp"
#include "tutti/comm/reductions.hpp"
#include "tutti/comm/scans.hpp"
#include "tutti/simulation/deal.hpp"

namespace tutti::simulation {

namespace {

constexpr comm::Operation ask_operation{"update of all positions"};
constexpr comm::Operation positions_operation{"plan of all positions"};
constexpr comm::Operation copy_operation{"copies of all positions"};
constexpr std::size_t slack = 4;  // kernels load several positions at once

/// Once a node.
class OnNode final : public SharedPositions {
 public:
  OnNode(const World& world, std::size_t particles)
      : world_(world), array_(world, static_cast<Index>(particles + slack), "positions of all particles") {
    array_.update([&](std::span<Position> part, Index first) {
      const auto end = std::min(static_cast<std::size_t>(first) + part.size(), particles);
      mine_ = {first, end - std::min(static_cast<std::size_t>(first), end)};
    });
  }
  std::span<const Position> all() const override { return array_.view(); }
  Range mine() const override { return mine_; }
  bool begin(std::span<const Position> own, const std::function<bool()>& may) override {
    if (comm::agree_any(world_, {ask_operation, Site()}, [&] { return !may(); })) return false;
    array_.update([&](std::span<Position> part, Index) { std::copy(own.begin(), own.end(), part.begin()); });
    return true;
  }
  void end() override {}

 private:
  World world_;
  UpdatableNodeShared<Position> array_;
  Range mine_{};
};

/// On every rank. Each sends its range to all others.
class OnRank final : public SharedPositions {
 public:
  OnRank(const World& world, std::size_t particles)
      : distribution_(block, static_cast<Index>(particles), world.size()) {
    mine_ = distribution_.range(world.rank());
    comm::agree_on_messages(world, {positions_operation, Site()}, [&](comm::MessageLists& lists) {
      all_ = std::make_shared<memory::Buffer<Position>>(particles + slack, "positions of all particles",
                                                        world.ledger(), memory::Category::replicated);
      for (int rank = 0; rank < world.size(); ++rank) {
        if (rank == world.rank()) continue;
        sends_.push_back({rank, bytes(mine_)});
        receives_.push_back({rank, bytes(distribution_.range(rank))});
      }
      lists = {sends_, receives_};
    });
    plan_.emplace(world, comm::MessageLists{sends_, receives_});
  }
  std::span<const Position> all() const override { return all_->span(); }
  Range mine() const override { return mine_; }
  bool begin(std::span<const Position> own, const std::function<bool()>& may) override {
    return plan_->begin_if_wanted(
        {copy_operation, Site()},
        [&] {
          if (!may()) return false;
          std::copy(own.begin(), own.end(), all_->data() + mine_.first);
          return true;
        },
        all_);
  }
  void end() override { plan_->end(); }

 private:
  comm::Bytes bytes(const Range& range) {
    return {reinterpret_cast<std::byte*>(all_->data() + range.first), range.count * sizeof(Position)};
  }

  Distribution distribution_;
  Range mine_{};
  std::shared_ptr<memory::Buffer<Position>> all_;
  std::vector<comm::Message> sends_, receives_;
  std::optional<comm::ExchangePlan> plan_;
};

Cells all_cells(const World& world, const Grid& grid) {
  return world.together("cells", [&] { return Cells(grid, {{0, 0, 0}, grid.cells}, world.ledger()); });
}

}  // namespace

SharedDivision::SharedDivision(const World& world, const Grid& grid, Atoms mine, Placement placement)
    : Division(world, nullptr),
      placement_(placement),
      cells_(all_cells(world, grid)),
      particles_(static_cast<std::size_t>(sum(world, static_cast<Index>(mine.own())))) {
  if (placement == Placement::node_shared)
    positions_ = std::make_unique<OnNode>(world, particles_);
  else
    positions_ = std::make_unique<OnRank>(world, particles_);
  ranges_ = all_gather(world, positions_->mine());
  deal_out(std::move(mine));
  rebuild();
}

molecular::View SharedDivision::view() const {
  return {positions_->all().first(particles_), static_cast<std::size_t>(positions_->mine().first),
          atoms_->own()};
}

// The rank that owns a place in the order of all.
std::size_t SharedDivision::rank_at(std::size_t place) const {
  for (std::size_t rank = 0; rank < ranges_.size(); ++rank)
    if (place - static_cast<std::size_t>(ranges_[rank].first) < ranges_[rank].count) return rank;
  throw InternalError(text("place ", place, " among ", particles_, " particles belongs to no rank"));
}

// As they come: the particles of rank 0, of rank 1, ... fill the ranges.
void SharedDivision::deal_out(Atoms mine) {
  const auto first = static_cast<std::size_t>(exclusive_scan(world_, static_cast<Index>(mine.own())));
  memory::Buffer<Traveller> leaving;
  std::vector<Index> counts(slot(world_.size()), 0);
  world_.together("leaving particles", [&] {
    leaving = memory::Buffer<Traveller>(mine.own(), "leaving particles", world_.ledger());
    std::vector<std::size_t> rank_of(mine.own());
    for (std::size_t i = 0; i < rank_of.size(); ++i) {
      rank_of[i] = i > 0 && first + i - static_cast<std::size_t>(ranges_[rank_of[i - 1]].first) <
                                ranges_[rank_of[i - 1]].count
                       ? rank_of[i - 1]
                       : rank_at(first + i);
      ++counts[rank_of[i]];
    }
    std::vector<std::size_t> next(counts.size(), 0);
    for (std::size_t k = 1; k < next.size(); ++k)
      next[k] = next[k - 1] + static_cast<std::size_t>(counts[k - 1]);
    for (std::size_t i = 0; i < rank_of.size(); ++i)
      leaving[next[rank_of[i]]++] = {mine.positions()[i], mine.momenta()[i]};
    mine.resize(0, 0);
  });
  const memory::Buffer<Traveller> arrived =
      deal<Traveller>(world_, everyone(world_), leaving.span(), counts, "arriving particles");
  leaving = {};
  atoms_ = world_.together("own particles", [&] {
    auto atoms = std::make_shared<Atoms>(arrived.size(), 0, world_.ledger());
    for (std::size_t k = 0; k < arrived.size(); ++k) {
      atoms->positions()[k] = arrived[k].position;
      atoms->momenta()[k] = arrived[k].momentum;
    }
    return atoms;
  });
}

void SharedDivision::update() {
  positions_->begin(atoms_->own_positions(), [] { return true; });
  positions_->end();
}

void SharedDivision::rebuild() {
  update();
  memory::Buffer<std::uint32_t> places;
  world_.together("sorting", [&] {
    places = memory::Buffer<std::uint32_t>(particles_, "sorting", world_.ledger());
    cells_.order(positions_->all().first(particles_), places.span());
  });
  hand_over(places.span());
  places = {};
  update();
}

// All ranks know where everyone goes, and who has whom: momenta travel without names, positions are seen.
void SharedDivision::hand_over(std::span<const std::uint32_t> places) {
  const std::span<const Position> all = positions_->all();
  const Range mine = positions_->mine();
  const auto first = static_cast<std::size_t>(mine.first);
  memory::Buffer<Momentum> leaving, arriving;
  std::vector<std::uint32_t> places_of_arriving;
  std::vector<SendTo<Momentum>> sends;
  std::vector<ReceiveFrom<Momentum>> receives;
  world_.together("momenta", [&] {
    std::vector<std::size_t> next(ranges_.size() + 1, 0);
    std::vector<std::uint32_t> rank_of(mine.count);
    for (std::size_t i = 0; i < mine.count; ++i) {
      rank_of[i] = static_cast<std::uint32_t>(rank_at(places[first + i]));
      ++next[rank_of[i] + 1];
    }
    for (std::size_t rank = 0; rank < ranges_.size(); ++rank) next[rank + 1] += next[rank];
    leaving = memory::Buffer<Momentum>(mine.count, "leaving momenta", world_.ledger());
    arriving = memory::Buffer<Momentum>(mine.count, "arriving momenta", world_.ledger());
    places_of_arriving.reserve(mine.count);
    for (std::size_t rank = 0; rank < ranges_.size(); ++rank) {
      if (next[rank + 1] > next[rank])
        sends.push_back(
            {static_cast<int>(rank),
             std::span<const Momentum>(leaving.span()).subspan(next[rank], next[rank + 1] - next[rank])});
      const std::size_t received = places_of_arriving.size();
      const auto from = static_cast<std::size_t>(ranges_[rank].first);
      for (std::size_t i = from; i < from + ranges_[rank].count; ++i)
        if (places[i] - first < mine.count) {
          atoms_->positions()[places[i] - first] = all[i];
          places_of_arriving.push_back(static_cast<std::uint32_t>(places[i] - first));
        }
      if (places_of_arriving.size() > received)
        receives.push_back({static_cast<int>(rank),
                            arriving.span().subspan(received, places_of_arriving.size() - received)});
    }
    for (std::size_t i = 0; i < mine.count; ++i) leaving[next[rank_of[i]]++] = atoms_->momenta()[i];
  });
  exchange(world_, sends, receives);
  for (std::size_t k = 0; k < places_of_arriving.size(); ++k)
    atoms_->momenta()[places_of_arriving[k]] = arriving[k];
}

std::uint64_t SharedDivision::bytes_an_update() const {
  const auto others = static_cast<std::uint64_t>(particles_ - atoms_->own()) * sizeof(Position);
  if (placement_ == Placement::replicated) return others;
  return world_.nodes() == 1 ? 0 : others / static_cast<std::uint64_t>(world_.node_size());
}

}  // namespace tutti::simulation
