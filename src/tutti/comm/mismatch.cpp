#include "tutti/comm/mismatch.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "tutti/core/text.hpp"

namespace tutti::comm {

namespace {

// "rank 0,2" or "rank 0,1,2,3 and 60 more"
std::string rank_group(const std::vector<int>& ranks) {
  constexpr std::size_t shown = 4;
  std::string out = "rank ";
  for (std::size_t i = 0; i < std::min(shown, ranks.size()); ++i) out += text(i > 0 ? "," : "", ranks[i]);
  if (ranks.size() > shown) out += text(" and ", ranks.size() - shown, " more");
  return out;
}

}  // namespace

CallText call_text(int rank, const Call& call) {
  CallText mine{rank, {}};
  printable(call.text()).copy(mine.text.data(), mine.text.size() - 1);
  return mine;
}

core::ErrorRecord mismatch_record(std::span<const CallText> calls, std::uint64_t sequence,
                                  std::string_view world) {
  std::map<std::string, std::vector<int>> groups;
  for (const CallText& call : calls)
    groups[std::string(call.text.data(), strnlen(call.text.data(), call.text.size()))].push_back(call.rank);
  std::vector<std::pair<std::vector<int>, std::string>> sorted;  // by lowest rank
  for (const auto& group : groups) sorted.emplace_back(group.second, group.first);
  std::sort(sorted.begin(), sorted.end());
  core::ErrorRecord record;
  record.type = ErrorType::mismatch;
  record.data.number[0] = static_cast<std::int64_t>(sequence);
  record.message = text("collective mismatch at #", sequence, world, ":");
  for (const auto& group : sorted)
    record.message += text(" [", rank_group(group.first), ": ", group.second, "]");
  record.message += "; all ranks must make the same calls in the same order";
  return record;
}

}  // namespace tutti::comm
