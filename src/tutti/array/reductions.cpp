#include "tutti/array/reductions.hpp"

#include <cmath>

#include "tutti/array/extrema.hpp"
#include "tutti/array/operands.hpp"
#include "tutti/array/pieces.hpp"
#include "tutti/array/plain.hpp"
#include "tutti/comm/trace.hpp"
#include "tutti/exact/number_types.hpp"
#include "tutti/exact/reduce.hpp"
#include "tutti/exact/statistics.hpp"

namespace tutti::array {

namespace {

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
ExactSum total(const Operand<T>& x, Site site) {
  return comm::merge_sums(x.world(), call_on(sum_operation, x, site), [&] {
    ExactSum part;
    in_pieces([&](std::span<const T> piece) { exact::add_sum(part, piece); }, x);
    return part;
  });
}

template <class T>
ExactSum squares(const Operand<T>& x, Site site) {
  return comm::merge_sums(x.world(), call_on(squares_operation, x, site), [&] {
    ExactSum part;
    in_pieces([&](std::span<const T> piece) { exact::add_squares(part, piece); }, x);
    return part;
  });
}

template <class T>
Place<T> extremum(const Operation& operation, const Operand<T>& x, bool largest, Site site) {
  const comm::Call call = call_on(operation, x, site);
  const auto merged = comm::merge_candidates(x.world(), call, [&] {
    if (x.size() == 0) throw ShapeError(text(operation.name, ' ', x.name(), ": it has no elements"));
    Extrema<T> extrema;
    x.for_each_run([&](std::span<const T> run, Index first) { extrema.add(run, first); });
    return extrema.candidates();
  });
  const Place<T> found = Extrema<T>::place(merged[largest ? 1 : 0], largest);
  comm::trace(x.world(), call, [&] { return std::array{comm::trace_text(found.value), text(found.index)}; });
  return found;
}

}  // namespace

Int128 integer_of(const ExactSum& sum, const std::string& what) {
  try {
    return sum.to_integer();
  } catch (const RangeError&) {  // its remedy, round(), is not the caller's
    throw RangeError(
        text(what, ": about ", sum.round(), " is beyond 128-bit integers; make one operand float64"));
  }
}

template <Number T, Number U>
SumOf<T, U> dot(const Operand<T>& a, const Operand<U>& b, Site site) {
  const ExactSum total = comm::merge_sums(a.world(), call_with<U>(dot_operation, a, site), [&] {
    check_operands("dot", a, b);
    ExactSum part;
    in_pieces([&](std::span<const T> x, std::span<const U> y) { exact::add_dot(part, x, y); }, a, b);
    return part;
  });
  return result_of<T, U>(total, "dot of ", a.name(), " and ", b.name());
}

template <Number T>
SumOf<T> sum(const Operand<T>& x, Site site) {
  return result_of<T>(total(x, site), "sum of ", x.name());
}

template <Number T>
SumOf<T> asum(const Operand<T>& x, Site site) {
  const ExactSum total = comm::merge_sums(x.world(), call_on(asum_operation, x, site), [&] {
    ExactSum part;
    in_pieces([&](std::span<const T> piece) { exact::add_magnitudes(part, piece); }, x);
    return part;
  });
  return result_of<T>(total, "asum of ", x.name());
}

template <Number T>
double norm2(const Operand<T>& x, Site site) {
  return exact::square_root(squares(x, site));
}

template <Number T>
double mean(const Operand<T>& x, Site site) {
  return exact::mean(total(x, site), x.size());
}

template <Number T>
double variance(const Operand<T>& x, Index ddof, Site site) {
  const auto fill = [&](std::span<ExactSum> parts) {
    in_pieces(
        [&](std::span<const T> piece) {
          exact::add_sum(parts[0], piece);
          exact::add_squares(parts[1], piece);
        },
        x);
  };
  const auto sums = comm::merge_sums(x.world(), call_on(variance_operation, x, site), 2, fill);
  return exact::variance(sums[0], sums[1], x.size(), ddof);
}

template <Number T>
Place<T> min(const Operand<T>& x, Site site) {
  return extremum(min_operation, x, false, site);
}

template <Number T>
Place<T> max(const Operand<T>& x, Site site) {
  return extremum(max_operation, x, true, site);
}

template <Number T, Number U>
double dot(const Operand<T>& a, const Operand<U>& b, Rounded /*tag*/, Site site) {
  return comm::merge_rounded(a.world(), call_on(rounded_dot_operation, a, site), [&] {
    check_operands("dot", a, b);
    double part = 0;
    in_rows([&](std::span<const T> x, std::span<const U> y) { plain_dot(part, x, y); }, a, b);
    return part;
  });
}

template <Number T>
double sum(const Operand<T>& x, Rounded /*tag*/, Site site) {
  return comm::merge_rounded(x.world(), call_on(rounded_sum_operation, x, site), [&] {
    double part = 0;
    in_rows([&](std::span<const T> piece) { plain_sum(part, piece); }, x);
    return part;
  });
}

template <Number T>
double asum(const Operand<T>& x, Rounded /*tag*/, Site site) {
  return comm::merge_rounded(x.world(), call_on(rounded_asum_operation, x, site), [&] {
    double part = 0;
    in_rows([&](std::span<const T> piece) { plain_asum(part, piece); }, x);
    return part;
  });
}

template <Number T>
double norm2(const Operand<T>& x, Rounded /*tag*/, Site site) {
  return std::sqrt(comm::merge_rounded(x.world(), call_on(rounded_squares_operation, x, site), [&] {
    double part = 0;
    in_rows([&](std::span<const T> piece) { plain_dot(part, piece, piece); }, x);
    return part;
  }));
}

#define TUTTI_PAIR(T, U)                                                      \
  template SumOf<T, U> dot<T, U>(const Operand<T>&, const Operand<U>&, Site); \
  template double dot<T, U>(const Operand<T>&, const Operand<U>&, Rounded, Site);
#define TUTTI_INSTANTIATE(T)                                   \
  TUTTI_FOR_NUMBERS_WITH(TUTTI_PAIR, T)                        \
  template SumOf<T> sum<T>(const Operand<T>&, Site);           \
  template SumOf<T> asum<T>(const Operand<T>&, Site);          \
  template double norm2<T>(const Operand<T>&, Site);           \
  template double mean<T>(const Operand<T>&, Site);            \
  template double variance<T>(const Operand<T>&, Index, Site); \
  template Place<T> min<T>(const Operand<T>&, Site);           \
  template Place<T> max<T>(const Operand<T>&, Site);           \
  template double sum<T>(const Operand<T>&, Rounded, Site);    \
  template double asum<T>(const Operand<T>&, Rounded, Site);   \
  template double norm2<T>(const Operand<T>&, Rounded, Site);
TUTTI_FOR_NUMBERS(TUTTI_INSTANTIATE)
#undef TUTTI_PAIR
#undef TUTTI_INSTANTIATE

}  // namespace tutti::array
