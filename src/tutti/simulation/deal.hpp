// Things that go from rank to rank, as many as there are.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "tutti/comm/exchange.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/memory/buffer.hpp"

namespace tutti::simulation {

/// Collective. Sends things to partners, and returns what these send. Two exchanges and one packet.
/// @param partners  other ranks; who is a partner of a rank has it for a partner
/// @param things  those for the first partner, then for the second ...
/// @param counts  how many for each
/// @return those of the first partner, then of the second ...
template <Movable T>
memory::Buffer<T> deal(const World& world, std::span<const int> partners, std::span<const T> things,
                       std::span<const Index> counts, const std::string& name, Site site = {}) {
  std::vector<Index> coming(partners.size());
  std::vector<SendTo<Index>> out_counts;
  std::vector<ReceiveFrom<Index>> in_counts;
  for (std::size_t k = 0; k < partners.size(); ++k) {
    out_counts.push_back({partners[k], counts.subspan(k, 1)});
    in_counts.push_back({partners[k], std::span(coming).subspan(k, 1)});
  }
  exchange(world, out_counts, in_counts, site);
  std::size_t total = 0;
  for (const Index count : coming) total += static_cast<std::size_t>(count);
  memory::Buffer<T> arrived = world.together(
      "room for " + name, [&] { return memory::Buffer<T>(total, name, world.ledger()); }, site);
  std::vector<SendTo<T>> out;
  std::vector<ReceiveFrom<T>> in;
  std::size_t sent = 0;
  std::size_t received = 0;
  for (std::size_t k = 0; k < partners.size(); ++k) {
    const auto leaving = static_cast<std::size_t>(counts[k]);
    const auto arriving = static_cast<std::size_t>(coming[k]);
    if (leaving > 0) out.push_back({partners[k], things.subspan(sent, leaving)});
    if (arriving > 0) in.push_back({partners[k], arrived.span().subspan(received, arriving)});
    sent += leaving;
    received += arriving;
  }
  exchange(world, out, in, site);
  return arrived;
}

/// All other ranks.
inline std::vector<int> all_others(const World& world) {
  std::vector<int> others;
  for (int rank = 0; rank < world.size(); ++rank)
    if (rank != world.rank()) others.push_back(rank);
  return others;
}

}  // namespace tutti::simulation
