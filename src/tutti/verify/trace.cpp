#include "tutti/verify/trace.hpp"

#include <algorithm>
#include <array>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/files/line_reader.hpp"
#include "tutti/memory/proc_text.hpp"

namespace tutti::verify {

namespace {

using files::LineReader;

class TraceReader {
 public:
  TraceReader(const Trace& trace, const TraceRules& rules)
      : trace_(trace), rules_(rules), lines_(trace.path, "trace of " + trace.run) {
    std::string_view line;
    if (!lines_.next(line) || line != head) refuse();
  }

  // The next reduction; its results are valid until the next call.
  bool next(Reduction& reduction, std::string_view& results) {
    do
      if (!read(reduction, results)) return false;
    while (std::any_of(rules_.ignore.begin(), rules_.ignore.end(), [&](const Pattern& pattern) {
      return pattern.matches(text(reduction.name, " at ", reduction.site));
    }));
    return true;
  }

 private:
  static constexpr std::string_view head = "# tutti trace 1";

  bool read(Reduction& reduction, std::string_view& results) {
    std::string_view line;
    do
      if (!lines_.next(line)) return false;
    while (line == head);
    std::array<std::string_view, 3> fields;
    for (std::string_view& field : fields) {
      const std::size_t tab = line.find('\t');
      if (tab == std::string_view::npos) refuse();
      field = line.substr(0, tab);
      line.remove_prefix(tab + 1);
    }
    const auto sequence = memory::whole_number(fields[1]);
    if (!sequence) refuse();
    reduction = {*sequence, std::string(fields[0]), std::string(fields[2])};
    results = line;
    return true;
  }

  [[noreturn]] void refuse() const {
    throw FormatError(text("trace of ", trace_.run, ": line ", std::max<Index>(lines_.number(), 1),
                           " is no reduction of tutti trace 1; was the program linked with another version?"),
                      {trace_.path, {}});
  }

  const Trace& trace_;
  const TraceRules& rules_;
  LineReader lines_;
};

// The first result that differs.
std::optional<TraceDifference> compare_results(std::string_view a, int ranks_a, std::string_view b,
                                               int ranks_b, const TraceRules& rules) {
  if (a == b) return std::nullopt;
  const Masks masks{rules.mask_ranks, false, {}};
  const auto left = memory::words(a);
  const auto right = memory::words(b);
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const std::string_view value_a = i < left.size() ? left[i] : "nothing";
    const std::string_view value_b = i < right.size() ? right[i] : "nothing";
    const auto where = compare_lines(value_a, tokens_of(value_a, masks, ranks_a), value_b,
                                     tokens_of(value_b, masks, ranks_b), rules.tolerance);
    if (where) return TraceDifference{{}, {}, i, std::string(value_a), std::string(value_b), where->apart};
  }
  return std::nullopt;
}

}  // namespace

bool Reduction::same_call(const Reduction& other) const {
  const auto without_note = [](std::string_view words) { return words.substr(0, words.find(" \"")); };
  return site == other.site && without_note(name) == without_note(other.name);
}

std::optional<TraceDifference> compare_traces(const Trace& a, const Trace& b, const TraceRules& rules) {
  TraceReader left(a, rules);
  TraceReader right(b, rules);
  Reduction one;
  Reduction other;
  std::string_view results_a;
  std::string_view results_b;
  while (true) {
    const bool more_a = left.next(one, results_a);
    const bool more_b = right.next(other, results_b);
    if (!more_a && !more_b) return std::nullopt;
    if (more_a && more_b && one.same_call(other)) {
      auto difference = compare_results(results_a, a.ranks, results_b, b.ranks, rules);
      if (!difference) continue;
      difference->a = one;
      difference->b = other;
      return difference;
    }
    TraceDifference difference;
    if (more_a) difference.a = one;
    if (more_b) difference.b = other;
    return difference;
  }
}

Index count_reductions(const Trace& trace, const TraceRules& rules) {
  TraceReader reader(trace, rules);
  Reduction reduction;
  std::string_view results;
  Index count = 0;
  while (reader.next(reduction, results)) ++count;
  return count;
}

}  // namespace tutti::verify
