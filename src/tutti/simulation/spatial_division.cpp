#include "tutti/simulation/spatial_division.hpp"

#include <algorithm>

#include "tutti/comm/reductions.hpp"
#include "tutti/core/text.hpp"
#include "tutti/simulation/deal.hpp"

namespace tutti::simulation {

namespace {

using molecular::StoredAxis;

constexpr comm::Operation halo_operation{"halo of particles"};
constexpr comm::Operation plan_operation{"plan of a halo of particles"};

// Pairs, and what a particle costs by itself: in units of one pair of a cell's particles.
std::int64_t work(const Cells::Range& cell) {
  const std::int64_t count = cell.size;
  return count * (count + 8);
}

template <class F>
void for_each_cell(const Brick& brick, const F& f) {
  for (CellIndex z = brick.first[2]; z < brick.first[2] + brick.size[2]; ++z)
    for (CellIndex y = brick.first[1]; y < brick.first[1] + brick.size[1]; ++y)
      for (CellIndex x = brick.first[0]; x < brick.first[0] + brick.size[0]; ++x) f(x, y, z);
}

// The number of a cell of the box in what a rank stores; nothing if it is not there.
std::optional<std::uint32_t> stored(const std::array<StoredAxis, axes>& axis, CellIndex x, CellIndex y,
                                    CellIndex z) {
  const CellIndex i = axis[0].stored_index(x);
  const CellIndex j = axis[1].stored_index(y);
  const CellIndex k = axis[2].stored_index(z);
  if (i >= axis[0].stored || j >= axis[1].stored || k >= axis[2].stored) return std::nullopt;
  return (k * axis[1].stored + j) * axis[0].stored + i;
}

std::array<StoredAxis, axes> stored_axes(const Grid& grid, const Brick& brick) {
  std::array<StoredAxis, axes> made{};
  for (std::size_t a = 0; a < made.size(); ++a)
    made[a] = StoredAxis::of(grid.cells[a], brick.first[a], brick.size[a]);
  return made;
}

}  // namespace

SpatialDivision::SpatialDivision(const World& world, const Grid& grid, const Decomposition::Shape& shape,
                                 Atoms mine)
    : Division(world, std::make_shared<Atoms>(std::move(mine))), grid_(grid), shape_(shape) {
  packed_ = std::make_shared<Packed>();
  packed_->atoms = atoms_;
  cut([this](const Decomposition::Visit& visit) {
    for (const Position& at : atoms_->own_positions())
      visit(grid_.cell(at.x, 0), grid_.cell(at.y, 1), grid_.cell(at.z, 2), 1);
  });
  migrate(everyone(world_));
  rebuild();
}

// By what each rank has now, wherever that lies.
void SpatialDivision::cut(const Each& for_each) {
  decomposition_.emplace(grid_, shape_, for_each,
                         [this](std::span<std::int64_t> weights) { sum_elements(world_, weights); });
  world_.together("cells", [&] {
    cells_.reset();
    cells_.emplace(grid_, decomposition_->brick(world_.rank()), world_.ledger());
    find_neighbours();
  });
  heaviest_ = 0;
}

// The cells around this rank's brick, by their owner: their places in the box, and their numbers here.
SpatialDivision::SeenCells SpatialDivision::seen_cells(const std::array<StoredAxis, axes>& axis) const {
  SeenCells seen;
  for (CellIndex k = 0; k < axis[2].stored; ++k)
    for (CellIndex j = 0; j < axis[1].stored; ++j)
      for (CellIndex i = 0; i < axis[0].stored; ++i) {
        if (cells_->is_own(i, j, k)) continue;
        const CellIndex x = (axis[0].start + i) % axis[0].global;
        const CellIndex y = (axis[1].start + j) % axis[1].global;
        const CellIndex z = (axis[2].start + k) % axis[2].global;
        const Index place = (Index{z} * axis[1].global + y) * axis[0].global + x;
        seen[decomposition_->owner(x, y, z)].emplace_back(place, cells_->number(i, j, k));
      }
  for (auto& [rank, cells] : seen) std::sort(cells.begin(), cells.end());
  return seen;
}

void SpatialDivision::find_neighbours() {
  neighbours_.clear();
  partners_.ranks.clear();
  const Brick mine = decomposition_->brick(world_.rank());
  const std::array<StoredAxis, axes> axis = stored_axes(grid_, mine);
  for (const auto& [rank, cells] : seen_cells(axis)) {
    Neighbour made{rank, {}, {}};
    for (const auto& cell : cells) made.received.push_back(cell.second);
    const auto its = stored_axes(grid_, decomposition_->brick(rank));
    for_each_cell(mine, [&](CellIndex x, CellIndex y, CellIndex z) {
      if (stored(its, x, y, z)) made.sent.push_back(*stored(axis, x, y, z));
    });
    neighbours_.push_back(std::move(made));
    partners_.ranks.push_back(rank);
  }
}

// Puts those who leave together, for one partner after the other; those who stay keep their order.
void SpatialDivision::depart(const Partners& partners, memory::Buffer<Traveller>& leaving,
                             std::vector<Index>& counts) {
  const std::span<Position> positions = atoms_->own_positions();
  std::vector<std::int32_t> number(slot(world_.size()), -1);  // of a partner, by rank
  for (std::size_t k = 0; k < partners.ranks.size(); ++k)
    number[slot(partners.ranks[k])] = static_cast<std::int32_t>(k);
  struct Goes {
    std::uint32_t partner;
    std::uint32_t particle;
  };
  std::vector<Goes> going;
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const Position& at = positions[i];
    const int owner = decomposition_->owner(grid_.cell(at.x, 0), grid_.cell(at.y, 1), grid_.cell(at.z, 2));
    if (owner == world_.rank()) continue;
    const std::int32_t partner = number[static_cast<std::size_t>(owner)];
    if (partner < 0)
      throw InternalError(text("particle ", at.id(), " goes to rank ", owner, ", which is no neighbour"));
    going.push_back({static_cast<std::uint32_t>(partner), static_cast<std::uint32_t>(i)});
    ++counts[static_cast<std::size_t>(partner)];
  }
  leaving = memory::Buffer<Traveller>(going.size(), "leaving particles", world_.ledger());
  std::vector<std::size_t> next(partners.ranks.size(), 0);
  for (std::size_t k = 1; k < partners.ranks.size(); ++k)
    next[k] = next[k - 1] + static_cast<std::size_t>(counts[k - 1]);
  for (const Goes& goes : going)
    leaving[next[goes.partner]++] = {positions[goes.particle], atoms_->momenta()[goes.particle]};
  std::size_t stays = going.empty() ? positions.size() : going.front().particle;
  for (std::size_t k = 0; k < going.size(); ++k) {
    const std::size_t end = k + 1 < going.size() ? going[k + 1].particle : positions.size();
    for (std::size_t i = going[k].particle + 1; i < end; ++i, ++stays) {
      positions[stays] = positions[i];
      atoms_->momenta()[stays] = atoms_->momenta()[i];
    }
  }
  atoms_->resize(stays, 0);
}

void SpatialDivision::migrate(const Partners& partners) {
  memory::Buffer<Traveller> leaving;
  std::vector<Index> counts(partners.ranks.size(), 0);
  world_.together("leaving particles", [&] { depart(partners, leaving, counts); });
  const memory::Buffer<Traveller> arrived =
      deal<Traveller>(world_, partners, leaving.span(), counts, "arriving particles");
  leaving = {};
  world_.together("arriving particles", [&] {
    const std::size_t stayed = atoms_->own();
    atoms_->resize(stayed + arrived.size(), 0);
    for (std::size_t k = 0; k < arrived.size(); ++k) {
      atoms_->positions()[stayed + k] = arrived[k].position;
      atoms_->momenta()[stayed + k] = arrived[k].momentum;
    }
    cells_->sort_own(*atoms_);
  });
}

bool SpatialDivision::is_unbalanced() {
  if (world_.size() == 1) return false;
  Index mine = 0;
  for (std::size_t cell = 0; cell < cells_->stored(); ++cell) mine += work(cells_->range(cell));
  const Index heaviest = max(world_, mine);
  if (heaviest_ == 0) heaviest_ = heaviest;
  return heaviest > heaviest_ + heaviest_ / 10;
}

void SpatialDivision::rebuild() {
  plan_.reset();
  migrate(partners_);
  if (is_unbalanced()) {
    const Brick mine = decomposition_->brick(world_.rank());
    const auto axis = stored_axes(grid_, mine);
    cut([&](const Decomposition::Visit& visit) {
      for_each_cell(mine, [&](CellIndex x, CellIndex y, CellIndex z) {
        visit(x, y, z, work(cells_->range(*stored(axis, x, y, z))));
      });
    });
    migrate(everyone(world_));
  }
  show_halo();
}

// How many particles there are in the cells that are seen here, neighbour by neighbour.
std::vector<std::uint32_t> SpatialDivision::exchange_sizes() {
  std::vector<std::uint32_t> out, in;
  std::vector<SendTo<std::uint32_t>> sends;
  std::vector<ReceiveFrom<std::uint32_t>> receives;
  std::size_t seen = 0;
  for (const Neighbour& each : neighbours_) {
    for (const std::uint32_t cell : each.sent) out.push_back(cells_->range(cell).size);
    seen += each.received.size();
  }
  in.resize(seen);
  std::size_t sent = 0;
  std::size_t received = 0;
  for (const Neighbour& each : neighbours_) {
    sends.push_back({each.rank, std::span<const std::uint32_t>(out).subspan(sent, each.sent.size())});
    receives.push_back({each.rank, std::span(in).subspan(received, each.received.size())});
    sent += each.sent.size();
    received += each.received.size();
  }
  exchange(world_, sends, receives);
  return in;
}

// The halo lies as it comes, neighbour by neighbour, cell by cell: nothing is copied.
void SpatialDivision::place_halo(std::span<const std::uint32_t> sizes) {
  std::size_t total = 0;
  for (const std::uint32_t size : sizes) total += size;
  atoms_->resize(atoms_->own(), total);
  atoms_->set_halo(total);
  receives_.clear();
  std::size_t next = atoms_->own();
  const std::uint32_t* size = sizes.data();
  for (const Neighbour& each : neighbours_) {
    const std::size_t from = next;
    for (const std::uint32_t cell : each.received) {
      cells_->set_range(cell, {static_cast<std::uint32_t>(next), *size});
      next += *size++;
    }
    receives_.push_back({each.rank,
                         {reinterpret_cast<std::byte*>(atoms_->positions().data() + from),
                          (next - from) * sizeof(Position)}});
  }
}

// What the neighbours see, and room to pack it.
void SpatialDivision::plan_packing() {
  runs_.clear();
  sends_.clear();
  std::size_t packed = 0;
  for (const Neighbour& each : neighbours_) {
    const std::size_t first = packed;
    for (const std::uint32_t cell : each.sent) {
      const Cells::Range& range = cells_->range(cell);
      packed += range.size;
      if (!runs_.empty() && runs_.back().first + runs_.back().size == range.first)
        runs_.back().size += range.size;
      else if (range.size > 0)
        runs_.push_back(range);
    }
    sends_.push_back({each.rank, {nullptr, (packed - first) * sizeof(Position)}});
  }
  if (packed_->positions.size() < packed) {
    packed_->positions = {};
    packed_->positions = memory::Buffer<Position>(packed + packed / 16, "halo, packed", world_.ledger(),
                                                  memory::Category::halo);
  }
  auto* at = reinterpret_cast<std::byte*>(packed_->positions.data());
  for (comm::Message& message : sends_) {
    message.bytes.data = at;
    at += message.bytes.size;
  }
}

void SpatialDivision::show_halo() {
  const std::vector<std::uint32_t> sizes = exchange_sizes();
  comm::agree_on_messages(world_, {plan_operation, Site()}, [&](comm::MessageLists& lists) {
    place_halo(sizes);
    plan_packing();
    lists = {sends_, receives_};
  });
  plan_.emplace(world_, comm::MessageLists{sends_, receives_});
  begin_update([] { return true; });
  end_update();
}

void SpatialDivision::pack() {
  Position* to = packed_->positions.data();
  for (const Cells::Range& run : runs_)
    to = std::copy_n(atoms_->positions().data() + run.first, run.size, to);
}

bool SpatialDivision::begin_update(const std::function<bool()>& may) {
  return plan_->begin_if_wanted(
      {halo_operation, Site()},
      [&] {
        if (!may()) return false;
        pack();
        return true;
      },
      packed_);
}

}  // namespace tutti::simulation
