// Collectives that do not wait: they begin here and end in Pending::get().
//
// Collective without waiting: all ranks must make these calls, and their collectives, in one order. Only the
// first of them in each World waits for the other ranks: it makes two communicators. From then on the packets
// of that World are waited for by polling (as inside split()), so that a rank that waits in get() hears of
// failures, too.
//
// What a rank throws here, it throws alone; the others hear of it in get(), or in their next collective.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "tutti/comm/collectives.hpp"
#include "tutti/comm/pending.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/exact/accumulator.hpp"
#include "tutti/exact/exact_sum.hpp"

namespace tutti {

namespace comm {

std::shared_ptr<LateOperation> start_sum(const World& world, const Call& call, const ExactSum& part);
/// What an operation that is done has given; in the trace, too (TUTTI_TRACE).
ExactSum sum_of(const World& world, const LateOperation& operation);

/// @param bytes  lie in `storage`
std::shared_ptr<LateOperation> start_broadcast(const World& world, const ElementName& element,
                                               std::span<std::byte> bytes, std::shared_ptr<void> storage,
                                               int root, Site site);

}  // namespace comm

/// Collective, without waiting. The same bits as sum(). One wide packet of 1176 B, whatever the exponents.
Pending<double> isum(const World& world, const ExactSum& part, Site site = {});
Pending<double> isum(const World& world, const ExactAccumulator& part, Site site = {});
Pending<double> isum(const World& world, double value, Site site = {});

/// Collective, without waiting. The root's elements on all ranks; takes `values` over, and get() gives them
/// back. All ranks give the same number of elements. One wide packet, in which up to 1112 B travel; more
/// follow it by MPI's broadcast in pieces of at most 1 GiB.
template <Movable T>
Pending<std::vector<T>> ibroadcast(const World& world, std::vector<T> values, int root, Site site = {}) {
  static_assert(!std::is_same_v<T, bool>, "a vector of bool has no bytes; use std::uint8_t");
  auto kept = std::make_shared<std::vector<T>>(std::move(values));
  const auto bytes = std::as_writable_bytes(std::span(*kept));
  return {world, comm::start_broadcast(world, comm::element_name<T>(), bytes, kept, root, site),
          [kept](const World&, comm::LateOperation&) { return std::move(*kept); }};
}

}  // namespace tutti
