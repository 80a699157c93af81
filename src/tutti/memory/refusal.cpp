#include "tutti/memory/refusal.hpp"

#include <algorithm>

#include "tutti/core/integer.hpp"
#include "tutti/core/text.hpp"

namespace tutti::memory {

namespace {

// Entries of one name and kind together (buffers of one file, say), the largest first. Of the program, only
// this rank's memory is known: the others' will be alike.
std::vector<Holding> largest(std::vector<Holding> holdings, int node_size) {
  std::vector<Holding> merged;
  for (Holding& holding : holdings) {
    if (holding.category == Category::program) holding.node_bytes *= static_cast<std::uint64_t>(node_size);
    const auto same = std::find_if(merged.begin(), merged.end(), [&](const Holding& other) {
      return other.name == holding.name && other.category == holding.category;
    });
    if (same == merged.end()) {
      merged.push_back(std::move(holding));
    } else {
      same->rank_bytes += holding.rank_bytes;
      same->node_bytes += holding.node_bytes;
    }
  }
  std::stable_sort(merged.begin(), merged.end(),
                   [](const Holding& a, const Holding& b) { return a.node_bytes > b.node_bytes; });
  return merged;
}

// What is replicated on this node could be stored once.
std::uint64_t saved_by_sharing(const Holding& holding) {
  return holding.category == Category::replicated ? holding.node_bytes - holding.rank_bytes : 0;
}

std::string remedy(const Refused& refused, const std::vector<Holding>& holders) {
  const Holding* best = &refused.wanted;
  for (const Holding& holding : holders)
    if (saved_by_sharing(holding) > saved_by_sharing(*best)) best = &holding;
  if (saved_by_sharing(*best) > 0)
    return text("share ", printable(best->name), " (NodeShared): ", bytes_text(best->node_bytes), " -> ",
                bytes_text(best->rank_bytes), " per node");
  std::uint64_t raised = 0;
  if (!add_fits(refused.used, refused.wanted.node_bytes, raised)) raised = UINT64_MAX;
  const std::string raise =
      refused.given ? text(", or raise the budget to at least ", bytes_text(raised)) : std::string();
  switch (refused.wanted.category) {
    case Category::distributed:
    case Category::halo:
      return "use more nodes, or a smaller type" + raise;
    case Category::node_shared:
      return "distribute it (DistVector), or use a smaller type" + raise;
    case Category::program:
    case Category::replicated:
    case Category::buffer:
      break;
  }
  return "use fewer ranks per node, or smaller data" + raise;
}

// "forces: 3000 elements of 8 bytes need 23.44 KiB on node n12 with 4 ranks"
std::string need(const Refused& refused) {
  const Holding& wanted = refused.wanted;
  std::string out = printable(wanted.name);
  out += wanted.elements < 0
             ? std::string(": needs ")
             : text(": ", wanted.elements, " elements of ", wanted.element_bytes, " bytes need ");
  out += bytes_text(saturated(wanted.node_bytes));
  if (!refused.node.empty()) out += " on node " + refused.node;
  if (refused.node_size > 1) out += text(" with ", refused.node_size, " ranks");
  return out;
}

}  // namespace

BudgetError refusal(const Refused& refused) {
  constexpr std::size_t shown = 3;
  const std::vector<Holding> holders = largest(refused.holdings, refused.node_size);
  const std::uint64_t limit = refused.limit.bytes;
  std::string message = need(refused);
  if (refused.given)
    message += text(", ", bytes_text(refused.used), " of the budget of ", bytes_text(limit), " (",
                    refused.limit.origin, ") are used");
  else
    message += text(", ", bytes_text(limit), " are available of ", refused.limit.origin);
  for (std::size_t i = 0; i < std::min(shown, holders.size()); ++i)
    message += text(i == 0 ? "; largest: " : ", ", printable(holders[i].name),
                    holders[i].category == Category::program ? " about " : " ",
                    bytes_text(holders[i].node_bytes), " (", name(holders[i].category), ")");
  const std::uint64_t left = refused.given ? limit - std::min(limit, refused.used) : limit;
  return BudgetError(message + "; " + remedy(refused, holders),
                     {refused.wanted.name,
                      {static_cast<std::int64_t>(saturated(refused.wanted.node_bytes)),
                       static_cast<std::int64_t>(saturated(left))}});
}

}  // namespace tutti::memory
