#include "tutti/io/two_phase.hpp"

#include <algorithm>
#include <vector>

#include "tutti/comm/exchange.hpp"
#include "tutti/comm/reductions.hpp"
#include "tutti/memory/buffer.hpp"

namespace tutti::io {

namespace {

// What runs of this length cost beyond their bytes does not count.
constexpr std::size_t long_run = std::size_t{1} << 20U;
// Without a message, in pieces that stay in the second-level cache between reading and a checksum.
constexpr std::size_t direct_piece = std::size_t{1} << 19U;
// Of elements that must be copied to be sent, or when they have come.
constexpr std::size_t most_copied = std::size_t{2} << 20U;

struct Piece {
  Index begin, end;
  bool empty() const { return begin >= end; }
};

// Which rank reads or writes which piece of the file in which round.
class Rounds {
 public:
  Rounds(const Placement& placement, Index piece_elements)
      : size_(placement.size()),
        piece_(std::max<Index>(1, piece_elements)),
        pieces_(block, size_ / piece_ + (size_ % piece_ != 0 ? 1 : 0), placement.ranks()) {}

  Index count() const { return static_cast<Index>(pieces_.max_local_size()); }
  Piece of(int rank, Index round) const {
    const Range range = pieces_.range(rank);
    if (round >= static_cast<Index>(range.count)) return {0, 0};
    const Index begin = (range.first + round) * piece_;
    return {begin, begin + std::min(piece_, size_ - begin)};
  }

 private:
  Index size_, piece_;
  Distribution pieces_;
};

// One rank's side of the exchange in each round.
class Exchange {
 public:
  Exchange(const World& world, const Placement& placement, const LocalPart& own, const std::string& name)
      : world_(world),
        placement_(placement),
        own_(own),
        bytes_(placement.element_bytes()),
        rounds_(placement, fitting_piece()) {
    const std::size_t piece = std::max(piece_bytes, bytes_);
    piece_ = memory::Buffer<std::byte>(piece, "pieces of " + name, world.ledger());
    packed_ = memory::Buffer<std::byte>(piece, "pieces of " + name, world.ledger());
    if (copied_ > 0) room_ = memory::Buffer<std::byte>(copied_, "rows of " + name, world.ledger());
  }

  Index rounds() const { return rounds_.count(); }
  // Of the file, what this rank reads or writes in a round, and where it is kept meanwhile.
  Piece mine(Index round) const { return rounds_.of(world_.rank(), round); }
  Index offset(const Piece& piece) const { return piece.begin * static_cast<Index>(bytes_); }
  std::span<std::byte> bytes(const Piece& piece) {
    return piece_.span().first(static_cast<std::size_t>(piece.end - piece.begin) * bytes_);
  }

  // Elements go to those who write their pieces.
  void collect(Index round, Site site) {
    std::vector<SendTo<std::byte>> sends;
    std::vector<ReceiveFrom<std::byte>> receives;
    visit_own(round, [&](int rank, std::size_t from, std::size_t count, std::byte* room) {
      sends.push_back({rank, own_.get(from, count, room)});
    });
    visit_packed(round, [&](int rank, std::span<std::byte> packed) { receives.push_back({rank, packed}); });
    exchange(world_, sends, receives, site);
    const Piece piece = mine(round);
    for (const auto& received : receives)
      placement_.spread(received.rank, piece.begin, piece.end, piece_.data(), received.values.data());
    const auto [from, count] = own_in(piece);  // without a message; packed_ is free by now
    if (count > 0)
      placement_.spread(world_.rank(), piece.begin, piece.end, piece_.data(),
                        own_.get(from, count, packed_.data()).data());
  }

  // Elements go to their ranks from those who have read them.
  void deal_out(Index round, Site site) {
    std::vector<SendTo<std::byte>> sends;
    std::vector<ReceiveFrom<std::byte>> receives;
    std::vector<std::size_t> places;
    const Piece piece = mine(round);
    visit_packed(round, [&](int rank, std::span<std::byte> packed) {
      placement_.pick(rank, piece.begin, piece.end, piece_.data(), packed.data());
      sends.push_back({rank, packed});
    });
    visit_own(round, [&](int rank, std::size_t from, std::size_t count, std::byte* room) {
      receives.push_back({rank, own_.place(from, count, room)});
      places.push_back(from);
    });
    exchange(world_, sends, receives, site);
    for (std::size_t i = 0; i < places.size(); ++i) own_.put(places[i], receives[i].values);
    const auto [from, count] = own_in(piece);
    if (count == 0) return;
    const std::span<std::byte> place = own_.place(from, count, packed_.data());
    placement_.pick(world_.rank(), piece.begin, piece.end, piece_.data(), place.data());
    own_.put(from, place);
  }

 private:
  // f(rank, first byte, bytes, room for them) for this rank's elements in the pieces of the others.
  template <class F>
  void visit_own(Index round, const F& f) {
    std::size_t used = 0;
    for (int rank = 0; rank < world_.size(); ++rank) {
      const auto [from, count] = own_in(rounds_.of(rank, round));
      if (count == 0 || rank == world_.rank()) continue;
      f(rank, from, count, room_.data() + used);
      if (copied_ > 0) used += count;
    }
  }

  // f(rank, bytes) for the others' elements in this rank's piece, one rank's behind another's.
  template <class F>
  void visit_packed(Index round, const F& f) {
    const Piece piece = mine(round);
    if (piece.empty()) return;
    std::size_t used = 0;
    for (int rank = 0; rank < world_.size(); ++rank) {
      if (rank == world_.rank()) continue;
      const auto count = static_cast<std::size_t>(placement_.count_before(rank, piece.end) -
                                                  placement_.count_before(rank, piece.begin)) *
                         bytes_;
      if (count > 0) f(rank, packed_.span().subspan(used, count));
      used += count;
    }
  }

  struct Bytes {
    std::size_t first, count;
  };
  Bytes own_in(const Piece& piece) const {
    if (piece.empty()) return {0, 0};
    const Index from = placement_.count_before(world_.rank(), piece.begin);
    const Index to = placement_.count_before(world_.rank(), piece.end);
    return {static_cast<std::size_t>(from) * bytes_, static_cast<std::size_t>(to - from) * bytes_};
  }

  // Elements of a piece, so few that no rank has to copy more than most_copied in a round. Collective.
  Index fitting_piece() {
    auto elements = static_cast<Index>(piece_bytes / bytes_);
    if (!any(world_, !own_.side_by_side())) return elements;
    for (;; elements /= 2) {
      const Rounds rounds(placement_, elements);
      Index most = 0;
      for (Index round = 0; round < rounds.count(); ++round) {
        Index together = 0;
        for (int rank = 0; rank < world_.size(); ++rank)
          together += static_cast<Index>(own_in(rounds.of(rank, round)).count);
        most = std::max(most, together);
      }
      most = max(world_, most);
      copied_ = static_cast<std::size_t>(most);
      if (copied_ <= most_copied || elements <= 1) return elements;
    }
  }

  const World& world_;
  const Placement& placement_;
  const LocalPart& own_;
  std::size_t bytes_;
  std::size_t copied_ = 0;  // at most, in a round
  Rounds rounds_;
  memory::Buffer<std::byte> piece_, packed_, room_;
};

// f(offset in the file, first byte in memory, bytes) for this rank's runs, in pieces.
template <class F>
void visit_direct(const World& world, const Placement& placement, const F& f) {
  std::size_t done = 0;
  placement.visit_runs(world.rank(), 0, placement.size(), [&](Index position, std::size_t count) {
    const std::size_t bytes = count * placement.element_bytes();
    const Index offset = position * static_cast<Index>(placement.element_bytes());
    for (std::size_t at = 0; at < bytes; at += direct_piece)
      f(offset + static_cast<Index>(at), done + at, std::min(direct_piece, bytes - at));
    done += bytes;
  });
}

memory::Buffer<std::byte> room_for_rows(const World& world, const LocalPart& own, const std::string& name) {
  if (own.side_by_side()) return {};
  return {direct_piece, "rows of " + name, world.ledger()};
}

}  // namespace

void write_elements(const World& world, const Placement& placement, const LocalPart& own,
                    const std::string& name, const TakeBytes& take, Site site) {
  if (placement.has_long_runs(long_run)) {
    auto room = room_for_rows(world, own, name);
    return visit_direct(world, placement, [&](Index offset, std::size_t from, std::size_t count) {
      take(offset, own.get(from, count, room.data()));
    });
  }
  Exchange exchange(world, placement, own, name);
  for (Index round = 0; round < exchange.rounds(); ++round) {
    exchange.collect(round, site);
    const Piece piece = exchange.mine(round);
    if (!piece.empty()) take(exchange.offset(piece), exchange.bytes(piece));
  }
}

void read_elements(const World& world, const Placement& placement, const LocalPart& own,
                   const std::string& name, const GiveBytes& give, Site site) {
  if (placement.has_long_runs(long_run)) {
    auto room = room_for_rows(world, own, name);
    return visit_direct(world, placement, [&](Index offset, std::size_t from, std::size_t count) {
      const std::span<std::byte> place = own.place(from, count, room.data());
      give(offset, place);
      own.put(from, place);
    });
  }
  Exchange exchange(world, placement, own, name);
  for (Index round = 0; round < exchange.rounds(); ++round) {
    const Piece piece = exchange.mine(round);
    if (!piece.empty()) give(exchange.offset(piece), exchange.bytes(piece));
    exchange.deal_out(round, site);
  }
}

}  // namespace tutti::io
