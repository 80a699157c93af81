#include "tutti/forecast/forecast.hpp"

#include <algorithm>
#include <optional>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/distribution/distribution.hpp"
#include "tutti/memory/buffer.hpp"
#include "tutti/memory/byte_size.hpp"

namespace tutti::forecast {

namespace {

using memory::Category;
using memory::saturating_product;
using memory::saturating_sum;

constexpr std::uint64_t page = 4096;
constexpr std::uint64_t table_span = std::uint64_t{2} << 20U;  // what one table of 512 entries maps

std::uint64_t rounded(std::uint64_t bytes, std::uint64_t multiple) {
  return bytes > UINT64_MAX - multiple ? UINT64_MAX : (bytes + multiple - 1) / multiple * multiple;
}

bool belongs_to_its_ranks(const Layout& layout) {
  return layout.kind() == Layout::Kind::irregular || layout.kind() == Layout::Kind::weighted;
}

// One array on the ranks of a job.
class Spread {
 public:
  Spread(const Array& array, int ranks) : array_(array) {
    if (array.elements < 0)
      throw ShapeError(text(printable(array.name), " has ", array.elements, " elements; give at least 0"));
    if (array.category == Category::distributed) distribution_.emplace(array.layout, array.elements, ranks);
  }

  /// What a rank has of its own.
  std::uint64_t own(int rank) const {
    if (array_.category == Category::node_shared) return 0;
    return allocated(saturating_product(elements(rank), array_.element_bytes));
  }
  /// What a node has for all its ranks.
  std::uint64_t shared() const {
    if (array_.category != Category::node_shared) return 0;
    return rounded(saturating_product(elements(0), array_.element_bytes), page);
  }

  /// f(bytes of its own, how many ranks) for neighbouring ranks that have the same: block and block-cyclic
  /// layouts give a rank never more than the one before it, so there are few groups, found by bisection.
  template <class F>
  void each_group(int first, int end, F f) const {
    while (first < end) {
      const std::uint64_t bytes = own(first);
      int same = first, different = falls() ? end : first + 1;
      while (different - same > 1) {
        const int middle = same + (different - same) / 2;
        (own(middle) == bytes ? same : different) = middle;
      }
      f(bytes, static_cast<std::uint64_t>(same - first) + 1);
      first = same + 1;
    }
  }

  bool falls() const { return !distribution_ || !belongs_to_its_ranks(array_.layout); }

 private:
  std::uint64_t elements(int rank) const {
    return distribution_ ? distribution_->local_size(rank) : static_cast<std::uint64_t>(array_.elements);
  }

  const Array& array_;
  std::optional<Distribution> distribution_;
};

struct Ranks {
  int first, end;
};

// The `width` neighbouring ranks of a node, or the one rank, with the most.
Ranks fullest(const std::vector<Spread>& spreads, int ranks, int width) {
  Ranks best{0, width};
  if (std::all_of(spreads.begin(), spreads.end(), [](const Spread& spread) { return spread.falls(); }))
    return best;
  std::uint64_t most = 0;
  for (int first = 0; first < ranks; first += std::min(width, ranks - first)) {
    const int end = first + std::min(width, ranks - first);
    std::uint64_t sum = 0;
    for (const Spread& spread : spreads)
      spread.each_group(first, end, [&](std::uint64_t bytes, std::uint64_t count) {
        sum = saturating_sum(sum, saturating_product(bytes, count));
      });
    if (sum <= most) continue;
    most = sum;
    best = {first, end};
  }
  return best;
}

void add(Amount& sum, const Amount& part) {
  sum.rank = saturating_sum(sum.rank, part.rank);
  sum.node = saturating_sum(sum.node, part.node);
  sum.origin = std::max(sum.origin, part.origin);  // the least certain one
}

struct Sizes {
  Amount bytes, page_tables;
};

Sizes sizes_of(const Spread& spread, int rank, const Ranks& node) {
  const std::uint64_t shared = spread.shared();
  Sizes sizes;
  sizes.bytes.rank = spread.own(rank);
  sizes.bytes.node = shared;
  sizes.page_tables.rank = page_tables_of(saturating_sum(sizes.bytes.rank, shared));
  spread.each_group(node.first, node.end, [&](std::uint64_t own, std::uint64_t count) {
    const std::uint64_t tables = page_tables_of(saturating_sum(own, shared));
    sizes.bytes.node = saturating_sum(sizes.bytes.node, saturating_product(own, count));
    sizes.page_tables.node = saturating_sum(sizes.page_tables.node, saturating_product(tables, count));
  });
  return sizes;
}

void add_base(Forecast& forecast, const Base& base, int ranks_on_node) {
  const BasePoint at = base.at(ranks_on_node);
  const auto ranks = static_cast<std::uint64_t>(ranks_on_node);
  const Origin origin = base.origin();
  forecast.program_origin = base.origin_text(ranks_on_node);
  forecast.of[static_cast<std::size_t>(Category::program)] = {at.pss / ranks, at.pss, origin};
  add(forecast.page_tables, {at.page_tables / ranks, at.page_tables, origin});
}

}  // namespace

std::uint64_t allocated(std::uint64_t bytes) {
  return rounded(bytes, bytes < memory::Allocation::large ? memory::Allocation::alignment : page);
}

std::uint64_t page_tables_of(std::uint64_t bytes) {
  // Small ones lie beside others under one table; a large one has tables for itself.
  if (bytes < memory::Allocation::large) return rounded(bytes, page) / page * 8;
  return rounded(bytes, table_span) / table_span * page;
}

Forecast forecast(const Job& job, const Base& base) {
  if (job.ranks < 1 || job.per_node < 1)
    throw ShapeError(text("a forecast for ", job.ranks, " ranks, ", job.per_node,
                          " on a node; give numbers of at least 1"));
  std::vector<Spread> spreads;
  spreads.reserve(job.arrays.size());
  for (const Array& array : job.arrays) spreads.emplace_back(array, job.ranks);
  const Ranks node = fullest(spreads, job.ranks, job.ranks_on_fullest_node());
  const int rank = fullest(spreads, job.ranks, 1).first;

  Forecast result;
  result.ranks = job.ranks;
  result.per_node = job.per_node;
  result.nodes = job.nodes();
  for (std::size_t i = 0; i < spreads.size(); ++i) {
    const Array& array = job.arrays[i];
    Sizes sizes = sizes_of(spreads[i], rank, node);
    sizes.bytes.origin = array.origin;
    add(result.of[static_cast<std::size_t>(array.category)], sizes.bytes);
    add(result.page_tables, sizes.page_tables);
    result.parts.push_back({array.name, array.category, array.element_bytes, sizes.bytes});
  }
  std::stable_sort(result.parts.begin(), result.parts.end(),
                   [](const Part& a, const Part& b) { return a.bytes.node > b.bytes.node; });
  add_base(result, base, node.end - node.first);
  for (const Amount& amount : result.of) add(result.total, amount);
  add(result.total, result.page_tables);
  return result;
}

}  // namespace tutti::forecast
