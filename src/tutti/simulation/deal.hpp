// Things that go from rank to rank, as many as there are.
#pragma once

#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "tutti/comm/exchange.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/memory/buffer.hpp"

namespace tutti::simulation {

/// Between whom things go; who is a partner of a rank has it for a partner.
struct Partners {
  std::vector<int> ranks;
  bool everyone = false;  ///< all ranks, this one too, in their order; the same on all ranks
};

inline Partners everyone(const World& world) {
  Partners all{std::vector<int>(slot(world.size())), true};
  std::iota(all.ranks.begin(), all.ranks.end(), 0);
  return all;
}

/// Collective. How many things each partner has for this rank, which has `counts` for them. An exchange;
/// among everyone what all_to_all() of numbers takes.
inline std::vector<Index> arriving(const World& world, const Partners& partners,
                                   const std::vector<Index>& counts, Site site) {
  if (partners.everyone) return all_to_all(world, counts, site);
  std::vector<Index> coming(counts.size());
  std::vector<SendTo<Index>> out;
  std::vector<ReceiveFrom<Index>> in;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    out.push_back({partners.ranks[k], std::span(counts).subspan(k, 1)});
    in.push_back({partners.ranks[k], std::span(coming).subspan(k, 1)});
  }
  exchange(world, out, in, site);
  return coming;
}

/// Collective. Sends things to partners, and returns what these send. Three packets, the counts and the
/// things.
/// @param things  those for the first partner, then for the second ...
/// @param counts  how many for each
/// @return those of the first partner, then of the second ...
template <Movable T>
memory::Buffer<T> deal(const World& world, const Partners& partners, std::span<const T> things,
                       const std::vector<Index>& counts, const std::string& name, Site site = {}) {
  const std::vector<Index> coming = arriving(world, partners, counts, site);
  std::size_t total = 0;
  for (const Index count : coming) total += static_cast<std::size_t>(count);
  memory::Buffer<T> arrived = world.together(
      "room for " + name, [&] { return memory::Buffer<T>(total, name, world.ledger()); }, site);
  std::vector<SendTo<T>> out;
  std::vector<ReceiveFrom<T>> in;
  std::size_t sent = 0;
  std::size_t received = 0;
  for (std::size_t k = 0; k < partners.ranks.size(); ++k) {
    const auto leaving = static_cast<std::size_t>(counts[k]);
    const auto expected = static_cast<std::size_t>(coming[k]);
    if (leaving > 0) out.push_back({partners.ranks[k], things.subspan(sent, leaving)});
    if (expected > 0) in.push_back({partners.ranks[k], arrived.span().subspan(received, expected)});
    sent += leaving;
    received += expected;
  }
  exchange(world, out, in, site);
  return arrived;
}

}  // namespace tutti::simulation
