// What the watchdog says.
#include <algorithm>
#include <map>

#include "tutti/comm/watchdog.hpp"
#include "tutti/core/text.hpp"

namespace tutti::comm {

namespace {

std::string rank_list(std::vector<int> ranks) {
  std::sort(ranks.begin(), ranks.end());
  constexpr std::size_t shown = 8;
  std::string out = ranks.size() == 1 ? "rank " : "ranks ";
  for (std::size_t i = 0; i < std::min(shown, ranks.size()); ++i) out += text(i > 0 ? ", " : "", ranks[i]);
  if (ranks.size() > shown) out += text(" and ", ranks.size() - shown, " more");
  return out;
}

// What a rank does: "waits in sum at a.cpp:8".
std::string position(const RankSlot& slot) {
  const Stage stage = slot.stage.load();
  return text(stage == Stage::outside  ? "was last in "
              : stage == Stage::inside ? "is inside "
                                       : "waits in ",
              WatchPage::read_text(slot));
}

}  // namespace

std::vector<int> Watchdog::numbers(const std::vector<Missing>& missing) const {
  std::vector<int> ranks;
  for (const Missing& m : missing) ranks.push_back(page_.slot(m.slot).rank.load());
  return ranks;
}

// "rank 1 on node n12 has not arrived at sum float64 n=1 at a.cpp:8 (#2), where ranks 0, 2 wait: stopped,
// ..."
std::string Watchdog::describe(const std::vector<Missing>& missing,
                               const std::vector<int>& waiting_ranks) const {
  const std::vector<int> ranks = numbers(missing);
  std::string out =
      text(rank_list(ranks), " on node ", node_name_, ranks.size() == 1 ? " has" : " have",
           " not arrived at ", WatchPage::read_text(page_.mine()), " (#", page_.mine().sequence.load(),
           "), where ", rank_list(waiting_ranks), waiting_ranks.size() == 1 ? " waits" : " wait");
  return text(out, "; ", describe_states(missing));
}

// "rank 1 is running (0.47 s of CPU time so far), was last in sum at a.cpp:8", of each of them
std::string Watchdog::describe_states(const std::vector<Missing>& missing) const {
  constexpr std::size_t shown = 3;
  std::string out;
  for (std::size_t i = 0; i < std::min(shown, missing.size()); ++i) {
    const RankSlot& slot = page_.slot(missing[i].slot);
    const auto& status = missing[i].status;
    out += text(i > 0 ? "; " : "", "rank ", slot.rank.load(), " is ", memory::name(status.state));
    if (status.state == memory::ProcessState::running)
      out += text(" (", status.cpu_seconds, " s of CPU time so far)");
    if (slot.world.load() != 0) out += text(", ", position(slot));
  }
  return out;
}

std::string Watchdog::describe_inside() const {
  const RankSlot& mine = page_.mine();
  std::vector<int> ranks;
  for (const RankSlot& slot : page_.slots())
    if (slot.stage.load() == Stage::inside && slot.world.load() == mine.world.load() &&
        slot.sequence.load() == mine.sequence.load())
      ranks.push_back(slot.rank.load());
  return text(rank_list(ranks), " on node ", node_name_, ranks.size() == 1 ? " is" : " are", " still inside ",
              WatchPage::read_text(mine), " (#", mine.sequence.load(),
              "), in MPI calls of the program's own");
}

std::string Watchdog::describe_deadlock() const {
  std::map<std::string, std::vector<int>> groups;
  for (const RankSlot& slot : page_.slots())
    groups[text(WatchPage::read_text(slot), " (#", slot.sequence.load(), ")")].push_back(slot.rank.load());
  std::string out = "no rank can go on:";
  for (const auto& group : groups)
    out += text(" [", rank_list(group.second), group.second.size() == 1 ? " waits in " : " wait in ",
                group.first, "]");
  return out + "; all ranks must make the same calls in the same order";
}

std::string Watchdog::describe_elsewhere() const {
  const std::string place =
      text(WatchPage::read_text(page_.mine()), " (#", page_.mine().sequence.load(), ")");
  if (!page_.shared())
    return text("rank ", page_.mine().rank.load(), " on node ", node_name_, " waits in ", place,
                "; the other ranks of its node cannot be seen from there");
  const std::string said = line_ ? line_->answers() : "";
  return text("all ranks of node ", node_name_, " wait in ", place, "; the missing one is on another node",
              said.empty() ? "" : ": ", said);
}

std::string Watchdog::describe_unheard(const std::vector<Missing>& missing) const {
  std::string out = text("; ", missing.empty() ? "ranks on other nodes" : rank_list(numbers(missing)),
                         " did not hear of it within ", settings_.limit, " s");
  if (!missing.empty())
    out += text(" (rank ", page_.slot(missing[0].slot).rank.load(), " ",
                position(page_.slot(missing[0].slot)), ")");
  return out + ", since MPI calls of the program's own cannot be interrupted; the job ends";
}

}  // namespace tutti::comm
