#include "tutti/array/reductions.hpp"

#include <cmath>

#include "tutti/array/extrema.hpp"
#include "tutti/array/operands.hpp"
#include "tutti/array/plain.hpp"
#include "tutti/comm/trace.hpp"
#include "tutti/exact/number_types.hpp"
#include "tutti/exact/reduce.hpp"
#include "tutti/exact/statistics.hpp"

namespace tutti {

namespace {

using array::call_on;
using array::call_with;
using array::check_operands;
using array::result_of;
using comm::Operation;

constexpr Operation dot_operation{"dot"};
constexpr Operation sum_operation{"sum of vector"};
constexpr Operation asum_operation{"asum"};
constexpr Operation squares_operation{"sum of squares"};
constexpr Operation variance_operation{"variance"};
constexpr Operation min_operation{"min of vector"};
constexpr Operation max_operation{"max of vector"};
constexpr Operation rounded_dot_operation{"rounded dot"};
constexpr Operation rounded_sum_operation{"rounded sum of vector"};
constexpr Operation rounded_asum_operation{"rounded asum"};
constexpr Operation rounded_squares_operation{"rounded sum of squares"};

template <class T>
ExactSum total(const DistVector<T>& x, Site site) {
  return comm::merge_sums(x.world(), call_on(sum_operation, x, site), [&] {
    ExactSum part;
    exact::add_sum(part, x.local());
    return part;
  });
}

template <class T>
ExactSum squares(const DistVector<T>& x, Site site) {
  return comm::merge_sums(x.world(), call_on(squares_operation, x, site), [&] {
    ExactSum part;
    exact::add_squares(part, x.local());
    return part;
  });
}

template <class T>
Place<T> extremum(const Operation& operation, const DistVector<T>& x, bool largest, Site site) {
  const comm::Call call = call_on(operation, x, site);
  const auto merged = comm::merge_candidates(x.world(), call, [&] {
    if (x.size() == 0) throw ShapeError(text(operation.name, ' ', x.name(), ": it has no elements"));
    array::Extrema<T> extrema;
    for (std::size_t l = 0; l < x.local().size();) {
      const Range run = x.distribution().run(x.world().rank(), l);
      extrema.add(x.local().subspan(l, run.count), run.first);
      l += run.count;
    }
    return extrema.candidates();
  });
  const Place<T> found = array::Extrema<T>::place(merged[largest ? 1 : 0], largest);
  comm::trace(x.world(), call, [&] { return std::array{comm::trace_text(found.value), text(found.index)}; });
  return found;
}

}  // namespace

Int128 array::integer_of(const ExactSum& sum, const std::string& what) {
  try {
    return sum.to_integer();
  } catch (const RangeError&) {  // its remedy, round(), is not the caller's
    throw RangeError(
        text(what, ": about ", sum.round(), " is beyond 128-bit integers; make one operand float64"));
  }
}

template <Number T, Number U>
SumOf<T, U> dot(const DistVector<T>& a, const DistVector<U>& b, Site site) {
  const ExactSum total = comm::merge_sums(a.world(), call_with<U>(dot_operation, a, site), [&] {
    check_operands("dot", a, b);
    ExactSum part;
    exact::add_dot(part, a.local(), b.local());
    return part;
  });
  return result_of<T, U>(total, "dot of ", a.name(), " and ", b.name());
}

template <Number T>
SumOf<T> sum(const DistVector<T>& x, Site site) {
  return result_of<T>(total(x, site), "sum of ", x.name());
}

template <Number T>
SumOf<T> asum(const DistVector<T>& x, Site site) {
  const ExactSum total = comm::merge_sums(x.world(), call_on(asum_operation, x, site), [&] {
    ExactSum part;
    exact::add_magnitudes(part, x.local());
    return part;
  });
  return result_of<T>(total, "asum of ", x.name());
}

template <Number T>
double norm2(const DistVector<T>& x, Site site) {
  return exact::square_root(squares(x, site));
}

template <Number T>
double mean(const DistVector<T>& x, Site site) {
  return exact::mean(total(x, site), x.size());
}

template <Number T>
double variance(const DistVector<T>& x, Index ddof, Site site) {
  const auto fill = [&](std::span<ExactSum> parts) {
    exact::add_sum(parts[0], x.local());
    exact::add_squares(parts[1], x.local());
  };
  const auto sums = comm::merge_sums(x.world(), call_on(variance_operation, x, site), 2, fill);
  return exact::variance(sums[0], sums[1], x.size(), ddof);
}

template <Number T>
Place<T> min(const DistVector<T>& x, Site site) {
  return extremum(min_operation, x, false, site);
}

template <Number T>
Place<T> max(const DistVector<T>& x, Site site) {
  return extremum(max_operation, x, true, site);
}

template <Number T, Number U>
double dot(const DistVector<T>& a, const DistVector<U>& b, Rounded /*tag*/, Site site) {
  return comm::merge_rounded(a.world(), call_on(rounded_dot_operation, a, site), [&] {
    check_operands("dot", a, b);
    double part = 0;
    array::plain_dot(part, a.local(), b.local());
    return part;
  });
}

template <Number T>
double sum(const DistVector<T>& x, Rounded /*tag*/, Site site) {
  return comm::merge_rounded(x.world(), call_on(rounded_sum_operation, x, site), [&] {
    double part = 0;
    array::plain_sum(part, x.local());
    return part;
  });
}

template <Number T>
double asum(const DistVector<T>& x, Rounded /*tag*/, Site site) {
  return comm::merge_rounded(x.world(), call_on(rounded_asum_operation, x, site), [&] {
    double part = 0;
    array::plain_asum(part, x.local());
    return part;
  });
}

template <Number T>
double norm2(const DistVector<T>& x, Rounded /*tag*/, Site site) {
  return std::sqrt(comm::merge_rounded(x.world(), call_on(rounded_squares_operation, x, site), [&] {
    double part = 0;
    array::plain_dot(part, x.local(), x.local());
    return part;
  }));
}

#define TUTTI_PAIR(T, U)                                                            \
  template SumOf<T, U> dot<T, U>(const DistVector<T>&, const DistVector<U>&, Site); \
  template double dot<T, U>(const DistVector<T>&, const DistVector<U>&, Rounded, Site);
#define TUTTI_INSTANTIATE(T)                                      \
  TUTTI_FOR_NUMBERS_WITH(TUTTI_PAIR, T)                           \
  template SumOf<T> sum<T>(const DistVector<T>&, Site);           \
  template SumOf<T> asum<T>(const DistVector<T>&, Site);          \
  template double norm2<T>(const DistVector<T>&, Site);           \
  template double mean<T>(const DistVector<T>&, Site);            \
  template double variance<T>(const DistVector<T>&, Index, Site); \
  template Place<T> min<T>(const DistVector<T>&, Site);           \
  template Place<T> max<T>(const DistVector<T>&, Site);           \
  template double sum<T>(const DistVector<T>&, Rounded, Site);    \
  template double asum<T>(const DistVector<T>&, Rounded, Site);   \
  template double norm2<T>(const DistVector<T>&, Rounded, Site);
TUTTI_FOR_NUMBERS(TUTTI_INSTANTIATE)
#undef TUTTI_PAIR
#undef TUTTI_INSTANTIATE

}  // namespace tutti
