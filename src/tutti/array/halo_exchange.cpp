#include "tutti/array/halo_exchange.hpp"

#include <algorithm>
#include <cstring>

#include "tutti/core/error.hpp"
#include "tutti/core/hash.hpp"

namespace tutti::array {

namespace {

using distribution::GhostPiece;
using distribution::Ghosts;

constexpr comm::Operation plan_operation{"plan of a halo exchange"};
constexpr comm::Operation exchange_operation{"halo exchange"};

constexpr std::size_t large_piece = std::size_t{16} << 10U;  // bytes; copying less costs less than a message

// Rows of one length, known when this is compiled: a call of memcpy for a few bytes would take longer than
// they do.
template <std::size_t bytes>
void copy_short_rows(const BoxCopy& box) {
  for (std::size_t i = 0; i < box.counts[0]; ++i) {
    const std::byte* from = box.from + i * box.from_steps[0];
    std::byte* to = box.to + i * box.to_steps[0];
    for (std::size_t j = 0; j < box.counts[1]; ++j, from += box.from_steps[1], to += box.to_steps[1])
      std::memcpy(to, from, bytes);
  }
}

BoxCopy reversed(const BoxCopy& box) {
  return {box.to, box.from, box.counts, box.to_steps, box.from_steps, box.row_bytes};
}

// Where cells are, in bytes.
template <std::size_t N>
class Strides {
 public:
  explicit Strides(const Cells<N>& cells) : cells_(cells) {
    std::size_t step = cells.element.bytes;
    for (std::size_t a = N; a-- > 0;) {
      steps_[a] = step;
      step *= static_cast<std::size_t>(cells.box.extent[a]);
    }
  }

  std::byte* at(const Indices<N>& i) const {
    std::size_t place = 0;
    for (std::size_t a = 0; a < N; ++a)
      place += static_cast<std::size_t>(i[a] - cells_.box.first[a]) * steps_[a];
    return cells_.data + place;
  }
  std::size_t bytes(const Box<N>& box) const {
    return static_cast<std::size_t>(box.size()) * cells_.element.bytes;
  }

  /// Whether the cells of a box lie side by side.
  bool together(const Box<N>& box) const {
    std::size_t a = N - 1;
    while (a > 0 && box.extent[a] == cells_.box.extent[a]) --a;
    for (; a > 0; --a)
      if (box.extent[a - 1] != 1) return false;
    return true;
  }

  /// A box of cells copied to another place among them.
  BoxCopy rows(const Box<N>& box, std::byte* from, std::byte* to) const {
    BoxCopy result{from, to, {1, 1}, {0, 0}, {0, 0}, 0};
    result.row_bytes = static_cast<std::size_t>(box.extent[N - 1]) * cells_.element.bytes;
    for (std::size_t a = 0, b = 3 - N; a + 1 < N; ++a, ++b) {
      result.counts[b] = static_cast<std::size_t>(box.extent[a]);
      result.from_steps[b] = result.to_steps[b] = steps_[a];
    }
    return result;
  }
  /// The same, row after row without gaps where it is copied to.
  BoxCopy packed_rows(const Box<N>& box, std::byte* from, std::byte* to) const {
    BoxCopy result = rows(box, from, to);
    result.to_steps[1] = result.row_bytes;
    result.to_steps[0] = result.row_bytes * result.counts[1];
    return result;
  }

 private:
  Cells<N> cells_;
  std::array<std::size_t, N> steps_{};
};

// A message: one large piece, or all the small ones of a pair of ranks.
template <std::size_t N>
struct Parcel {
  int rank;
  std::vector<Box<N>> boxes;
  std::size_t bytes;
  bool direct;  ///< it lies together on this rank
};

// Sender and receiver make the same parcels in the same order, since pieces come in the same order on both.
template <std::size_t N>
std::vector<Parcel<N>> parcels_of(const std::vector<GhostPiece<N>>& pieces, const Strides<N>& strides,
                                  int self) {
  std::vector<Parcel<N>> large, small;
  for (const GhostPiece<N>& piece : pieces) {
    if (piece.rank == self) continue;
    const std::size_t bytes = strides.bytes(piece.here);
    auto& list = bytes >= large_piece ? large : small;
    const auto same = [&](const Parcel<N>& parcel) { return parcel.rank == piece.rank; };
    auto parcel = bytes >= large_piece ? list.end() : std::find_if(list.begin(), list.end(), same);
    if (parcel == list.end()) parcel = list.insert(list.end(), {piece.rank, {}, 0, false});
    parcel->boxes.push_back(piece.here);
    parcel->bytes += bytes;
  }
  large.insert(large.end(), small.begin(), small.end());
  for (Parcel<N>& parcel : large)
    parcel.direct = parcel.boxes.size() == 1 && strides.together(parcel.boxes[0]);
  return large;
}

template <std::size_t N>
std::size_t packed_bytes(const std::vector<Parcel<N>>& parcels) {
  std::size_t sum = 0;
  for (const Parcel<N>& parcel : parcels) sum += parcel.direct ? 0 : parcel.bytes;
  return sum;
}

}  // namespace

void copy(const BoxCopy& box) {
  switch (box.row_bytes) {
    case 4:
      return copy_short_rows<4>(box);
    case 8:
      return copy_short_rows<8>(box);
    case 16:
      return copy_short_rows<16>(box);
    case 32:
      return copy_short_rows<32>(box);
    default:
      break;
  }
  for (std::size_t i = 0; i < box.counts[0]; ++i)
    for (std::size_t j = 0; j < box.counts[1]; ++j)
      std::memcpy(box.to + i * box.to_steps[0] + j * box.to_steps[1],
                  box.from + i * box.from_steps[0] + j * box.from_steps[1], box.row_bytes);
}

template <std::size_t N>
HaloExchange::HaloExchange(const World& world, const std::string& name,
                           const GridDistribution<N>& distribution, const Halo<N>& halo,
                           const Cells<N>& cells, std::shared_ptr<void> memory, Site site)
    : element_(cells.element) {
  comm::Call plan{plan_operation, site, element_};
  plan.note = name;
  plan.detail = core::mix(distribution.hash(), halo.hash());
  comm::agree_on_messages(world, plan, [&](comm::MessageLists& lists) {
    room_ = std::make_shared<Room>();
    room_->cells = std::move(memory);
    prepare(Ghosts<N>(distribution, halo), cells, world.rank(), [&](std::size_t bytes) {
      return memory::Buffer<std::byte>(bytes, name + ", messages", world.ledger(), memory::Category::halo);
    });
    lists = {sends_, receives_};
  });
  plan_.emplace(world, comm::MessageLists{sends_, receives_});
}

template <std::size_t N>
void HaloExchange::prepare(const Ghosts<N>& ghosts, const Cells<N>& cells, int rank,
                           const std::function<memory::Buffer<std::byte>(std::size_t)>& allocate) {
  const Strides<N> strides(cells);
  const auto copy_here = [&](const GhostPiece<N>& piece) {
    copies_.push_back(strides.rows(piece.here, strides.at(piece.there), strides.at(piece.here.first)));
  };
  for (const GhostPiece<N>& piece : ghosts.copies(rank)) copy_here(piece);
  const std::vector<GhostPiece<N>> received = ghosts.received(rank);
  for (const GhostPiece<N>& piece : received)
    if (piece.rank == rank) copy_here(piece);
  const auto out = parcels_of(ghosts.sent(rank), strides, rank), in = parcels_of(received, strides, rank);
  room_->bytes = allocate(packed_bytes(out) + packed_bytes(in));
  std::byte* next = room_->bytes.data();
  const auto address = [&](const Parcel<N>& parcel, const auto& add_rows) {
    if (parcel.direct) return comm::Message{parcel.rank, {strides.at(parcel.boxes[0].first), parcel.bytes}};
    const comm::Message message{parcel.rank, {next, parcel.bytes}};
    for (const Box<N>& box : parcel.boxes) {
      add_rows(box, next);
      next += strides.bytes(box);
    }
    return message;
  };
  for (const Parcel<N>& parcel : out)
    sends_.push_back(address(parcel, [&](const Box<N>& box, std::byte* packed) {
      packs_.push_back(strides.packed_rows(box, strides.at(box.first), packed));
    }));
  for (const Parcel<N>& parcel : in)
    receives_.push_back(address(parcel, [&](const Box<N>& box, std::byte* packed) {
      unpacks_.push_back(reversed(strides.packed_rows(box, strides.at(box.first), packed)));
    }));
}

comm::Call HaloExchange::call(const std::string& name, Site site) const {
  comm::Call call{exchange_operation, site, element_};
  call.note = name;
  return call;
}

void HaloExchange::begin(const std::string& name, Site site) {
  const auto prepare = [&] {
    for (const BoxCopy& box : copies_) copy(box);
    for (const BoxCopy& box : packs_) copy(box);
  };
  plan_->begin(call(name, site), prepare, room_);
}

void HaloExchange::end(const std::string& name) {
  if (!under_way())
    throw DistributionError(text(name, ": no exchange of it is under way; call begin_exchange() first"));
  plan_->end();
  for (const BoxCopy& box : unpacks_) copy(box);
}

#define TUTTI_INSTANTIATE(N)                                                                        \
  template HaloExchange::HaloExchange(const World&, const std::string&, const GridDistribution<N>&, \
                                      const Halo<N>&, const Cells<N>&, std::shared_ptr<void>, Site);
TUTTI_INSTANTIATE(1)
TUTTI_INSTANTIATE(2)
TUTTI_INSTANTIATE(3)
#undef TUTTI_INSTANTIATE

}  // namespace tutti::array
