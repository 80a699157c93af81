#include <algorithm>
#include <array>
#include <charconv>

#include "tutti/core/text.hpp"
#include "tutti/memory/proc_text.hpp"

#include "cli/verify_report.hpp"

namespace tutti::cli {

namespace {

using namespace tutti::verify;

template <class Value>
void add_once(std::vector<Value>& values, const Value& value) {
  if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

// "1, 2, 3 ranks (openmpi, mpich), 2 runs each"
std::string runs_text(const std::vector<Run>& runs) {
  std::vector<std::string> ranks;
  std::vector<std::string> mpis;
  int repetitions = 0;
  for (const Run& run : runs) {
    add_once(ranks, text(run.ranks));
    add_once(mpis, std::string(short_name(run.mpi)));
    repetitions = std::max(repetitions, run.repetition);
  }
  const char* const thing = ranks == std::vector<std::string>{"1"} ? " rank (" : " ranks (";
  return joined(ranks) + thing + joined(mpis) + ")" +
         (repetitions > 0 ? text(", ", counted(repetitions, "run"), " each") : std::string());
}

std::string count_text(const TextCount& count) {
  return counted(count.lines, "line") + ", " + counted(count.numbers, "number");
}

std::string compared_text(const Compared& compared) {
  std::vector<std::string> parts;
  if (compared.output)
    parts.push_back(compared.output->lines > 0 ? count_text(*compared.output) : "no output");
  std::string out = joined(parts);
  for (const Compared::File& file : compared.files)
    out += text(out.empty() ? "" : "; ", printable(file.path), ": ",
                file.count.is_text ? count_text(file.count.text) : counted(file.count.bytes, "byte"));
  if (compared.reductions) out += text(out.empty() ? "" : "; ", counted(*compared.reductions, "reduction"));
  return out;
}

// The part of a line around a column, printable.
std::string excerpt(const std::string& line, std::size_t column) {
  constexpr std::size_t most = 160;
  constexpr std::size_t before = 60;
  if (line.size() <= most) return printable(line);
  const std::size_t begin = column > before ? std::min(column - before, line.size() - most) : 0;
  return text(begin > 0 ? "... " : "", printable(line.substr(begin, most)),
              begin + most < line.size() ? " ..." : "");
}

std::string places(const char* thing, Index a, Index b) {
  return a == b ? text(thing, " ", a) : text(thing, " ", a, " and ", b);
}

// Two lines below the difference, one for each run.
std::string pair_text(const Difference& difference, const std::string& a, const std::string& b) {
  std::string left = difference.a.name() + ": ";
  std::string right = difference.b.name() + ": ";
  left.resize(std::max(left.size(), right.size()), ' ');
  right.resize(left.size(), ' ');
  return text("  ", left, a, "\n  ", right, b, "\n");
}

std::string numbers_text(const std::string& a, const std::string& b, const Distance& apart) {
  const std::string distance = apart_text(apart);
  const auto integer = [](const std::string& number) {
    return number.find_first_not_of("+-0123456789") == std::string::npos;
  };
  return text(printable(a), " and ", printable(b), distance.empty() ? "" : ", ", distance,
              integer(a) && integer(b) ? ", integers" : "");
}

std::string found_text(const Difference& difference, const TextDifference& found) {
  if (!found.a || !found.b) {
    const PlacedLine& line = found.a ? *found.a : *found.b;
    return text(difference.what, ", line ", line.number, ": only on ",
                (found.a ? difference.a : difference.b).name(), "\n  ", excerpt(line.line, 0), "\n");
  }
  const LineDifference& where = found.where;
  const auto column = [](std::size_t value) { return static_cast<Index>(value); };
  return text(
      difference.what, ", ", places("line", found.a->number, found.b->number), ", ",
      places("column", column(where.column_a), column(where.column_b)), ": ",
      where.ordinal > 0 ? numbers_text(where.number_a, where.number_b, where.apart) : "other text", "\n",
      pair_text(difference, excerpt(found.a->line, where.column_a), excerpt(found.b->line, where.column_b)));
}

std::string found_text(const Difference& difference, const ByteDifference& found) {
  const auto byte = [](std::optional<int> value, Index size) {
    if (!value) return text("ends, after ", counted(size, "byte"));
    std::array<char, 8> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), *value, 16);
    return (*value < 16 ? "0x0" : "0x") + std::string(digits.data(), end.ptr);
  };
  const std::string element = found.element ? text(" (element ", *found.element, ")") : std::string();
  return text(difference.what, ", byte ", found.offset, element, "\n",
              pair_text(difference, byte(found.a, found.size_a), byte(found.b, found.size_b)));
}

std::string found_text(const Difference& difference, const ElementDifference& found) {
  const std::string apart = apart_text(found.apart);
  return text(difference.what, ", element ", found.element, apart.empty() ? "" : ": ", apart, "\n",
              pair_text(difference, text(found.a, " = ", hexfloat(found.a)),
                        text(found.b, " = ", hexfloat(found.b))));
}

std::string found_text(const Difference& difference, const KindDifference& found) {
  return text(difference.what, "\n", pair_text(difference, found.a, found.b));
}

std::string reduction_name(const Reduction& reduction) {
  return text("#", reduction.sequence, " ", printable(reduction.name), " at ", printable(reduction.site));
}

std::string reduction_text(const Difference& difference, const TraceDifference& found) {
  if (found.value)
    return text("first reduction that differs: ", reduction_name(*found.a), ": ",
                *found.value > 0 ? text("result ", *found.value + 1, ": ") : std::string(),
                numbers_text(found.value_a, found.value_b, found.apart), "\n");
  const auto name = [](const std::optional<Reduction>& reduction) {
    return reduction ? reduction_name(*reduction) : "no reduction is left";
  };
  return text("first reduction that differs:\n", pair_text(difference, name(found.a), name(found.b)));
}

std::string difference_text(const Difference& difference) {
  std::string out = text("different: ", difference.a.name(), " and ", difference.b.name(), "\n");
  if (difference.found)
    out += std::visit([&](const auto& found) { return found_text(difference, found); }, *difference.found);
  if (difference.reduction) out += reduction_text(difference, *difference.reduction);
  if (difference.trace) out += "trace\n" + pair_text(difference, difference.trace->a, difference.trace->b);
  if (!difference.found)
    out +=
        "what was printed and written is the same; --ignore-call leaves calls out (of times, for instance), "
        "--no-trace "
        "all\n";
  if (difference.copies)
    out +=
        "each rank printed as much as one alone: is it the launcher of the program's MPI (--mpi), and does "
        "one "
        "rank speak for all?\n";
  return out;
}

}  // namespace

std::string apart_text(const Distance& apart) {
  if (!apart.ulp || !apart.relative) return {};
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), *apart.relative,
                                 std::chars_format::general, 2);
  return text(*apart.ulp, " ulp apart, relative ", std::string(digits.data(), end.ptr));
}

std::string verify_text(const Verdict& verdict) {
  if (verdict.difference) return difference_text(*verdict.difference);
  return text("same on ", runs_text(verdict.runs), ": ", compared_text(verdict.compared), "\n");
}

std::string failure_text(const Failure& failure) {
  std::string out = text("tutti: error: on ", failure.run.name(), ": ", failure.reason,
                         failure.last_words.empty() ? "\n" : "; its last words:\n");
  for (const std::string_view line : memory::lines(failure.last_words))
    out += text("  ", printable(line), "\n");
  return out;
}

}  // namespace tutti::cli
