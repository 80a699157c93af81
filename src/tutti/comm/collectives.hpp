// Moving data between the ranks of a World: any trivially copyable type, 64-bit counts, one error for all.
#pragma once

#include <ranges>
#include <span>
#include <type_traits>
#include <vector>

#include "tutti/comm/call.hpp"
#include "tutti/comm/world.hpp"

namespace tutti {

/// What can travel as bytes: no pointers to follow, nothing to construct.
template <class T>
concept Movable = std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>;

/// A contiguous range of such elements: std::vector, std::array, std::span, DistVector's local part.
template <class R>
concept MovableRange =
    std::ranges::contiguous_range<R> && std::ranges::sized_range<R> && Movable<std::ranges::range_value_t<R>>;

namespace comm {

/// Bytes of one rank's part in an exchange; those to send are only read.
struct Bytes {
  std::byte* data;
  std::size_t size;
};

void all_to_all(const World& world, const ElementName& element, std::span<const Bytes> send,
                std::span<const Bytes> receive, Site site);
/// @throws DistributionError if no rank has that number
void check_root(const World& world, const Operation& operation, int root);
std::vector<Index> all_to_all(const World& world, std::vector<Index> numbers, Site site);
void barrier(const World& world, Site site);
void broadcast(const World& world, const ElementName& element, std::span<std::byte> bytes, int root,
               Site site);

/// Variable-size gather in two steps, so that the result can be allocated, and a failure agreed on, between
/// them.
class Gathering {
 public:
  /// @param root  -1: the result is wanted on all ranks
  Gathering(const World& world, const Operation& operation, const ElementName& element, std::size_t bytes,
            int root, Site site);
  std::size_t total() const { return total_; }  ///< bytes of the result on this rank
  memory::Ledger& ledger() const { return world_.ledger(); }
  template <class Allocate>
  void finish(std::span<const std::byte> part, const Allocate& allocate);

 private:
  bool in_one_call() const;
  void transfer(std::span<const std::byte> part, std::span<std::byte> result,
                const std::exception_ptr& failure);

  World world_;
  const Operation& operation_;
  ElementName element_;
  int root_;
  Site site_;
  std::vector<Index> bytes_of_;
  std::size_t total_ = 0;
};

extern const Operation gather_operation, all_gather_operation;

/// This rank's share of `all`, which counts on the root only. Two steps as above.
class Scattering {
 public:
  Scattering(const World& world, const ElementName& element, std::size_t all_bytes,
             std::span<const Index> counts, int root, Site site);
  std::size_t total() const {
    return static_cast<std::size_t>(bytes_of_[static_cast<std::size_t>(world_.rank())]);
  }
  memory::Ledger& ledger() const { return world_.ledger(); }
  template <class Allocate>
  void finish(std::span<const std::byte> all, const Allocate& allocate);

 private:
  void transfer(std::span<const std::byte> all, std::span<std::byte> part, const std::exception_ptr& failure);

  World world_;
  ElementName element_;
  int root_;
  Site site_;
  std::vector<Index> bytes_of_;
};

/// What the second step of a gather or scatter brings.
template <class T, class Exchange>
std::vector<T> received(Exchange& exchange, std::span<const T> mine) {
  std::vector<T> result;
  memory::Booking booking;  // until the caller has it: what is his, he books himself
  exchange.finish(std::as_bytes(mine), [&](std::size_t bytes) {
    booking = exchange.ledger().book("result of a collective", memory::Category::buffer, bytes);
    result.resize(bytes / sizeof(T));
    return std::as_writable_bytes(std::span(result));
  });
  return result;
}

}  // namespace comm

/// Collective. Returns when all ranks have called it. One packet.
inline void barrier(const World& world, Site site = {}) { comm::barrier(world, site); }

/// Collective. The root's elements on all ranks, in place; all ranks give the same number of elements.
/// One packet, and MPI's broadcast in pieces of at most 1 GiB.
template <MovableRange Values>
void broadcast(const World& world, Values&& values, int root, Site site = {}) {
  using T = std::ranges::range_value_t<Values>;
  comm::broadcast(world, comm::element_name<T>(), std::as_writable_bytes(std::span(values)), root, site);
}

/// Collective. The root's value on all ranks.
template <Movable T>
requires(!std::ranges::range<T>) T broadcast(const World& world, T value, int root, Site site = {}) {
  comm::broadcast(world, comm::element_name<T>(), std::as_writable_bytes(std::span(&value, 1)), root, site);
  return value;
}

/// Collective. All ranks' parts, which may differ in length, one after another in the order of the ranks, on
/// the root; empty on the other ranks. Two packets, 8 B a rank of lengths, and the data.
template <MovableRange Values>
auto gather(const World& world, const Values& part, int root, Site site = {}) {
  using T = std::ranges::range_value_t<Values>;
  const std::span<const T> mine(part);
  comm::Gathering gathering(world, comm::gather_operation, comm::element_name<T>(), mine.size_bytes(), root,
                            site);
  return comm::received(gathering, mine);
}

/// Collective. The same, on all ranks.
template <MovableRange Values>
auto all_gather(const World& world, const Values& part, Site site = {}) {
  using T = std::ranges::range_value_t<Values>;
  const std::span<const T> mine(part);
  comm::Gathering gathering(world, comm::all_gather_operation, comm::element_name<T>(), mine.size_bytes(), -1,
                            site);
  return comm::received(gathering, mine);
}

/// Collective. One value of each rank, on all ranks: element r is rank r's.
template <Movable T>
requires(!std::ranges::range<T>) std::vector<T> all_gather(const World& world, const T& value,
                                                           Site site = {}) {
  return all_gather(world, std::span(&value, 1), site);
}

/// Collective. The root's elements dealt out: the first counts[0] to rank 0, the next counts[1] to rank 1,
/// and so on. `all` and `counts` (one number a rank, together all.size()) count on the root only.
/// @throws ShapeError on all ranks if the counts do not fit.
template <MovableRange Values>
auto scatter(const World& world, const Values& all, std::span<const Index> counts, int root, Site site = {}) {
  using T = std::ranges::range_value_t<Values>;
  const std::span<const T> everything(all);
  comm::Scattering scattering(world, comm::element_name<T>(), everything.size_bytes(), counts, root, site);
  return comm::received(scattering, everything);
}

/// Collective. Any rank to any rank: send[r] goes to rank r, receive[r] comes from it. One span for each
/// rank; their lengths must be what the other side says. Two packets, log2(P) messages of 4 P
/// bytes, and the data, in place.
/// @throws ShapeError on all ranks if lengths differ.
template <Movable T>
void all_to_all(const World& world, const std::vector<std::span<const T>>& send,
                const std::vector<std::span<T>>& receive, Site site = {}) {
  std::vector<comm::Bytes> out, in;
  for (const auto part : send)
    out.push_back({const_cast<std::byte*>(std::as_bytes(part).data()), part.size_bytes()});
  for (const auto part : receive) in.push_back({std::as_writable_bytes(part).data(), part.size_bytes()});
  comm::all_to_all(world, comm::element_name<T>(), out, in, site);
}

/// Collective. A number for each rank, to each rank: those that the ranks have for this one, in the order of
/// the ranks. One packet, and log2(P) messages of 4 P bytes.
/// @throws ShapeError on all ranks if one does not give as many numbers as there are ranks.
inline std::vector<Index> all_to_all(const World& world, std::vector<Index> numbers, Site site = {}) {
  return comm::all_to_all(world, std::move(numbers), site);
}

namespace comm {

template <class Allocate>
void Gathering::finish(std::span<const std::byte> part, const Allocate& allocate) {
  std::span<std::byte> result;
  std::exception_ptr failure;
  try {
    result = allocate(total_);
  } catch (...) {
    failure = std::current_exception();
  }
  transfer(part, result, failure);
}

template <class Allocate>
void Scattering::finish(std::span<const std::byte> all, const Allocate& allocate) {
  std::span<std::byte> part;
  std::exception_ptr failure;
  try {
    part = allocate(total());
  } catch (...) {
    failure = std::current_exception();
  }
  transfer(all, part, failure);
}

}  // namespace comm

}  // namespace tutti
