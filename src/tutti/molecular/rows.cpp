#include "tutti/molecular/rows.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace tutti::molecular {

namespace {

constexpr std::size_t overrun = 32;  // kernels read and write so much behind the last
constexpr std::size_t chunk_entries = std::size_t{1} << 19U;  // 1 MiB
constexpr std::size_t vector_entries = 16;
constexpr std::size_t copied = 32;  // entries at once

// Copies in whole vectors, and up to one more: both sides have room for that.
void copy(const std::uint16_t* from, std::size_t count, std::uint16_t* to) {
  for (std::size_t k = 0; k < count; k += copied) std::memcpy(to + k, from + k, copied * sizeof *to);
}
void copy(const std::int16_t* from, std::size_t count, std::int16_t* to) {
  for (std::size_t k = 0; k < count; k += copied) std::memcpy(to + k, from + k, copied * sizeof *to);
}

// How positions become 16-bit numbers: one unit for all axes, such that a block has room.
struct CoarseGrid {
  std::array<float, axes> scale{};
  std::uint16_t limit = 0;

  CoarseGrid(const Box& box, const Cells& cells, double reach) {
    double widest = 0;
    for (int axis = 0; axis < axes; ++axis) widest = std::max(widest, cells.grid().width(box, axis));
    const double unit = 2.2 * widest / 32767;  // half of 4 cells, and particles that have left theirs
    for (int axis = 0; axis < axes; ++axis) {
      // With fewer than 3 cells, a block is the whole axis: who is near to whom is not told by coordinates in
      // it.
      if (cells.axis(axis).stored < 3) continue;
      scale[static_cast<std::size_t>(axis)] = static_cast<float>(std::ldexp(box.edge(axis), -32) / unit);
    }
    // Each coordinate is off by less than 1, a difference by less than 2; squares are rounded down.
    const double most = reach / unit + 4;
    limit = static_cast<std::uint16_t>(std::min(most * most / 65536 + 1, 16383.0));
  }
};

std::array<std::uint64_t, axes> centre_of(const Tile& tile, const Cells& cells) {
  std::array<std::uint64_t, axes> centre{};
  for (int a = 0; a < axes; ++a) {
    const StoredAxis& axis = cells.axis(a);
    const TileAxis& own = tile.axis[static_cast<std::size_t>(a)];
    const Uint128 twice = 2 * ((Uint128{axis.start} + own.first) % axis.global) + own.size;
    centre[static_cast<std::size_t>(a)] = static_cast<std::uint64_t>((twice << 63U) / axis.global);
  }
  return centre;
}

// The own ones among particles that lie together.
Cells::Range own_part(std::size_t first, std::size_t size, const View& view) {
  const std::size_t from = std::max(first, view.own_first);
  const std::size_t to = std::min(first + size, view.own_first + view.own);
  if (from >= to) return {static_cast<std::uint32_t>(first), 0};
  return {static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to - from)};
}
Block::Cell own_part(const Block::Cell& cell, const View& view) {
  const Cells::Range part = own_part(cell.range.first, cell.range.size, view);
  return {part, cell.offset + (part.first - cell.range.first)};
}

}  // namespace

// The work of one tile: its block in coarse coordinates, and the candidates of each of its cells.
class Rows::TileWork {
 public:
  TileWork(const Tiles& tiles, memory::Ledger& ledger)
      : block_(3, tiles.largest_block(), ledger),
        candidates_(3, tiles.largest_block(), ledger),
        names_(tiles.largest_block() + 2 * overrun, "names", ledger),
        candidate_names_(tiles.largest_block() + 2 * overrun, "names", ledger),
        entries_(std::size_t{1} << 16U, "neighbours of a tile", ledger),
        ledger_(&ledger) {
    for (std::size_t k = 0; k < names_.size(); ++k) names_[k] = static_cast<std::uint16_t>(k);
    rows_.reserve(tiles.most_own());
    ordered_.resize(tiles.most_own());
  }

  // Coarse coordinates of a block.
  void take(const Block& block, const View& view, const std::array<std::uint64_t, axes>& centre,
            const CoarseGrid& grid, const Kernel& kernel) {
    for (std::size_t k = 0; k < block.number_of_cells(); ++k) {
      const Block::Cell& cell = block.cells[k];
      const Coarse coarse{block_[0] + cell.offset, block_[1] + cell.offset, block_[2] + cell.offset};
      kernel.coarse(view.positions.data() + cell.range.first, cell.range.size, centre, grid.scale, coarse);
    }
    rows_.clear();
    used_ = 0;
    limit_ = grid.limit;
  }

  // Rows of the own particles of one cell of the tile: the k-th along each axis.
  void make_rows(const Tile& tile, const Block& block, const std::array<std::size_t, axes>& k,
                 const View& view, const Kernel& kernel) {
    const std::size_t own = gather_candidates(tile, block, k);
    const Block::Cell& cell =
        block.cells[block.cell_index(tile.axis[0].own(k[0]), tile.axis[1].own(k[1]), tile.axis[2].own(k[2]))];
    const Candidates candidates{candidates_[0], candidates_[1], candidates_[2], candidate_names_.data(),
                                count_};
    const Cells::Range mine = own_part(cell.range.first, cell.range.size, view);
    for (std::size_t i = mine.first - cell.range.first, end = i + mine.size; i < end; ++i) {
      const std::int16_t x = candidates_[0][own + i];
      candidates_[0][own + i] = x >= 0 ? -32768 : 32767;  // nobody is a neighbour of itself
      std::uint16_t* const entries = room(count_ + overrun);
      const std::size_t found =
          kernel.select(candidates, x, candidates_[1][own + i], candidates_[2][own + i], limit_, entries);
      candidates_[0][own + i] = x;
      rows_.push_back(
          {{static_cast<std::uint16_t>(cell.offset + i), static_cast<std::uint16_t>(found)}, used_});
      used_ += found;
    }
  }

  struct Found {
    Row row;
    std::size_t entry;
  };
  // All rows of the tile, the shorter ones first; those that take as many vectors stay as they are.
  std::span<const Found> ordered() {
    const auto vectors = [](const Found& found) {
      return (found.row.count + vector_entries - 1) / vector_entries;
    };
    places_.assign(places_.size(), 0);
    for (const Found& found : rows_) {
      const std::size_t key = vectors(found) + 1;
      if (key >= places_.size()) places_.resize(key + 1);
      ++places_[key];
    }
    for (std::size_t key = 1; key < places_.size(); ++key) places_[key] += places_[key - 1];
    for (const Found& found : rows_) ordered_[places_[vectors(found)]++] = found;
    return std::span(ordered_).first(rows_.size());
  }
  const std::uint16_t* entries() const { return entries_.data(); }
  std::uint64_t total() const { return used_; }

 private:
  // Several columns of 16-bit numbers, with room for overruns.
  class Columns {
   public:
    Columns(std::size_t columns, std::size_t size, memory::Ledger& ledger)
        : size_((size + 3 * overrun) / overrun * overrun),
          numbers_(columns * size_, "coarse coordinates", ledger) {}
    std::int16_t* operator[](std::size_t column) { return numbers_.data() + column * size_; }

   private:
    std::size_t size_;
    memory::Buffer<std::int16_t> numbers_;
  };

  // Fills the candidates of a cell. @return which of them is the first of the cell itself
  std::size_t gather_candidates(const Tile& tile, const Block& block,
                                const std::array<std::size_t, axes>& k) {
    std::array<std::size_t, axes> first{};
    for (std::size_t a = 0; a < first.size(); ++a) first[a] = tile.axis[a].first_neighbour(k[a]);
    const std::size_t run = tile.axis[0].neighbours();
    const std::size_t own_cell =
        block.cell_index(tile.axis[0].own(k[0]), tile.axis[1].own(k[1]), tile.axis[2].own(k[2]));
    std::size_t own = 0;
    count_ = 0;
    for (std::size_t z = first[2]; z < first[2] + tile.axis[2].neighbours(); ++z)
      for (std::size_t y = first[1]; y < first[1] + tile.axis[1].neighbours(); ++y) {
        const std::size_t cell = block.cell_index(first[0], y, z);
        const std::size_t from = block.cells[cell].offset;
        const Block::Cell& last = block.cells[cell + run - 1];
        if (own_cell >= cell && own_cell < cell + run) own = count_ + block.cells[own_cell].offset - from;
        add_run(from, last.offset + last.range.size - from);
      }
    for (std::size_t column = 0; column < 3; ++column)  // what is read behind the last is far away
      std::fill_n(candidates_[column] + count_, overrun, std::int16_t{32767});
    return own;
  }
  void add_run(std::size_t from, std::size_t size) {
    for (std::size_t column = 0; column < 3; ++column)
      copy(block_[column] + from, size, candidates_[column] + count_);
    copy(names_.data() + from, size, candidate_names_.data() + count_);
    count_ += size;
  }

  std::uint16_t* room(std::size_t count) {
    if (used_ + count > entries_.size()) {
      memory::Buffer<std::uint16_t> larger(2 * (used_ + count), "neighbours of a tile", *ledger_);
      std::copy_n(entries_.data(), used_, larger.data());
      entries_ = std::move(larger);
    }
    return entries_.data() + used_;
  }

  Columns block_;
  Columns candidates_;
  memory::Buffer<std::uint16_t> names_;  // 0, 1, 2 ...
  memory::Buffer<std::uint16_t> candidate_names_;
  memory::Buffer<std::uint16_t> entries_;
  memory::Ledger* ledger_;
  std::vector<Found> rows_;
  std::vector<Found> ordered_;
  std::vector<std::uint32_t> places_;
  std::size_t count_ = 0;
  std::size_t used_ = 0;
  std::uint16_t limit_ = 0;
};

void Rows::build(const Box& box, const View& view, const Cells& cells, const Tiles& tiles, double reach,
                 const Kernel& kernel) {
  const CoarseGrid grid(box, cells, reach);
  own_first_ = view.own_first;
  own_ = view.own;
  if (rows_.size() < own_) {
    rows_ = {};
    rows_ = memory::Buffer<Row>(own_ + own_ / 16, "rows", *ledger_, memory::Category::distributed);
  }
  tiles_.assign(tiles.count(), {});
  runs_.clear();
  largest_block_ = tiles.largest_block();
  chunk_ = used_ = used_rows_ = 0;
  entries_ = 0;
  TileWork work(tiles, *ledger_);
  for (std::size_t index = 0; index < tiles.count(); ++index) {
    const Tile tile = tiles[index];
    const Block block = tile.block(cells);
    store(tile, block, view, tiles_[index]);
    if (tiles_[index].own_runs == 0) {
      runs_.resize(tiles_[index].first_run);
      tiles_[index].block_runs = 0;
      continue;
    }
    work.take(block, view, centre_of(tile, cells), grid, kernel);
    for (std::size_t z = 0; z < tile.axis[2].size; ++z)
      for (std::size_t y = 0; y < tile.axis[1].size; ++y)
        for (std::size_t x = 0; x < tile.axis[0].size; ++x)
          work.make_rows(tile, block, {x, y, z}, view, kernel);
    store(work, tiles_[index]);
  }
}

void Rows::store(TileWork& work, Place& place) {
  const std::span<const TileWork::Found> rows = work.ordered();
  std::uint16_t* to = room_for(work.total(), place);
  place.first_row = static_cast<std::uint32_t>(used_rows_);
  place.rows = static_cast<std::uint32_t>(rows.size());
  for (const TileWork::Found& found : rows) {
    rows_[used_rows_++] = found.row;
    copy(work.entries() + found.entry, found.row.count, to);
    to += found.row.count;
  }
  entries_ += work.total();
}

// Room for the entries of one tile, in one piece, and for what is read behind them.
std::uint16_t* Rows::room_for(std::size_t count, Place& place) {
  if (chunk_ < chunks_.size() && used_ + count + copied > chunks_[chunk_].size()) {
    ++chunk_;
    used_ = 0;
  }
  if (chunk_ < chunks_.size() && used_ + count + copied > chunks_[chunk_].size())
    chunks_[chunk_] = {};  // too small even when empty: one very long tile
  const std::size_t size = std::max(chunk_entries, count + copied);
  if (chunk_ == chunks_.size())
    chunks_.emplace_back(size, "neighbours", *ledger_);
  else if (chunks_[chunk_].empty())
    chunks_[chunk_] = memory::Buffer<std::uint16_t>(size, "neighbours", *ledger_);
  place.chunk = static_cast<std::uint32_t>(chunk_);
  place.entry = static_cast<std::uint32_t>(used_);
  std::uint16_t* const room = chunks_[chunk_].data() + used_;
  used_ += count;
  return room;
}

// The block as runs: cells that follow one another along x mostly do so in memory, too.
void Rows::store(const Tile& tile, const Block& block, const View& view, Place& place) {
  place.first_run = static_cast<std::uint32_t>(runs_.size());
  place.inner = true;
  const auto add = [&](const Block::Cell& cell, std::size_t first_of_kind) {
    if (cell.range.size == 0) return;
    if (runs_.size() > first_of_kind) {
      Run& last = runs_.back();
      if (last.first + last.size == cell.range.first && last.offset + last.size == cell.offset) {
        last.size = static_cast<std::uint16_t>(last.size + cell.range.size);
        return;
      }
    }
    runs_.push_back({cell.range.first, static_cast<std::uint16_t>(cell.range.size),
                     static_cast<std::uint16_t>(cell.offset)});
  };
  for (std::size_t k = 0; k < block.number_of_cells(); ++k) {
    const Block::Cell& cell = block.cells[k];
    add(cell, place.first_run);
    if (own_part(cell.range.first, cell.range.size, view).size != cell.range.size) place.inner = false;
  }
  const std::size_t own = runs_.size();
  for (std::size_t z = 0; z < tile.axis[2].size; ++z)
    for (std::size_t y = 0; y < tile.axis[1].size; ++y)
      for (std::size_t x = 0; x < tile.axis[0].size; ++x)
        add(own_part(
                block.cells[block.cell_index(tile.axis[0].own(x), tile.axis[1].own(y), tile.axis[2].own(z))],
                view),
            own);
  place.block_runs = static_cast<std::uint16_t>(own - place.first_run);
  place.own_runs = static_cast<std::uint16_t>(runs_.size() - own);
}

TileRows Rows::operator[](std::size_t tile) const {
  const Place& place = tiles_[tile];
  const std::span<const Run> runs = std::span(runs_).subspan(place.first_run);
  return {{rows_.span().subspan(place.first_row, place.rows),
           place.rows == 0 ? nullptr : chunks_[place.chunk].data() + place.entry},
          runs.first(place.block_runs),
          runs.subspan(place.block_runs, place.own_runs),
          place.inner};
}

}  // namespace tutti::molecular
