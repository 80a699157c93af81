#include "tutti/array/scans.hpp"

#include <limits>
#include <optional>

#include "tutti/array/operands.hpp"
#include "tutti/array/redistribution.hpp"
#include "tutti/comm/agree.hpp"
#include "tutti/exact/number_types.hpp"
#include "tutti/exact/prefix_sums.hpp"

namespace tutti {

namespace {

using exact::Scan;

constexpr comm::Operation exclusive_operation{"exclusive_scan of vector"};
constexpr comm::Operation inclusive_operation{"inclusive_scan of vector"};

// Returns where the sums first do not fit, if they do not.
template <class T, class R>
std::optional<std::size_t> integer_prefix_sums(Int128 sum, std::span<const T> x, std::span<R> prefixes,
                                               Scan scan) {
  const auto fits = [](Int128 value) {
    return value >= static_cast<Int128>(std::numeric_limits<R>::min()) &&
           value <= static_cast<Int128>(std::numeric_limits<R>::max());
  };
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Int128 after = sum + static_cast<Int128>(x[i]);
    const Int128 prefix = scan == Scan::inclusive ? after : sum;
    if (!fits(prefix)) return i;
    prefixes[i] = static_cast<R>(prefix);
    sum = after;
  }
  return std::nullopt;
}

/// x and `prefixes` are contiguous, and distributed alike; they may be the same vector.
template <class T>
void scan_contiguous(const DistVector<T>& x, DistVector<ScanOf<T>>& prefixes, Scan scan, Site site) {
  const World& world = x.world();
  const comm::Call call =
      array::call_on(scan == Scan::inclusive ? inclusive_operation : exclusive_operation, x.operand(), site);
  const ExactSum before = comm::sum_before(world, call, [&] {
    ExactSum part;
    exact::add_sum(part, x.local());
    return part;
  });
  if constexpr (std::floating_point<T>) {
    exact::prefix_sums(before, x.local(), prefixes.local(), scan);
  } else {
    const auto beyond = integer_prefix_sums(before.to_integer(), x.local(), prefixes.local(), scan);
    comm::agree(world, call, [&] {
      if (!beyond) return;
      throw RangeError(text(call.operation.name, ' ', x.name(), ": at element ",
                            x.distribution().to_global(world.rank(), *beyond), " the sum does not fit ",
                            comm::element_name<ScanOf<T>>().name, "; scan a vector of float64"));
    });
  }
}

template <class T>
DistVector<ScanOf<T>> scan_of(const DistVector<T>& x, Scan scan, Workspace workspace, Site site) {
  using R = ScanOf<T>;
  DistVector<R> result(x.world(), x.size(), x.distribution().layout(), x.name(), site);
  if (x.distribution().contiguous()) {
    scan_contiguous(x, result, scan, site);
    return result;
  }
  DistVector<T> blocks = redistribute(x, block, workspace, site);
  const RedistributionPlan back(blocks.distribution(), x.distribution(), workspace);
  if constexpr (std::same_as<T, R>) {
    scan_contiguous(blocks, blocks, scan, site);
    back.apply(blocks, result, site);
  } else {
    DistVector<R> sums(x.world(), x.size(), block, x.name(), site);
    scan_contiguous(blocks, sums, scan, site);
    back.apply(sums, result, site);
  }
  return result;
}

}  // namespace

template <Number T>
DistVector<ScanOf<T>> exclusive_scan(const DistVector<T>& x, Workspace workspace, Site site) {
  return scan_of(x, Scan::exclusive, workspace, site);
}

template <Number T>
DistVector<ScanOf<T>> inclusive_scan(const DistVector<T>& x, Workspace workspace, Site site) {
  return scan_of(x, Scan::inclusive, workspace, site);
}

// NOLINTBEGIN(bugprone-macro-parentheses): types
#define TUTTI_INSTANTIATE(T)                                                               \
  template DistVector<ScanOf<T>> exclusive_scan<T>(const DistVector<T>&, Workspace, Site); \
  template DistVector<ScanOf<T>> inclusive_scan<T>(const DistVector<T>&, Workspace, Site);
// NOLINTEND(bugprone-macro-parentheses)
TUTTI_FOR_NUMBERS(TUTTI_INSTANTIATE)
#undef TUTTI_INSTANTIATE

}  // namespace tutti
