#include "tutti/array/multi_dot.hpp"

#include "tutti/array/operands.hpp"
#include "tutti/array/pieces.hpp"
#include "tutti/array/plain.hpp"
#include "tutti/core/hash.hpp"
#include "tutti/exact/multi_dot.hpp"
#include "tutti/exact/number_types.hpp"

namespace tutti::array {

namespace {

using comm::Call;
using comm::Operation;

constexpr Operation multi_dot_operation{"multi_dot"};
constexpr Operation gram_operation{"gram"};
constexpr Operation rounded_multi_dot_operation{"rounded multi_dot"};
constexpr Operation rounded_gram_operation{"rounded gram"};

// The results, for instantiations: nested in macros, clang-tidy takes >> for an operator.
template <class T>
using Products = std::vector<SumOf<T>>;
template <class T>
using GramOf = Gram<SumOf<T>>;
template <class T>
using Spans = std::span<const std::span<const T>>;

// Ranks must also agree on the number of vectors.
template <class T>
Call call_on_list(const Operation& operation, const Operand<T>& x, const Operands<T>& list, Site site) {
  Call call = call_on(operation, x, site);
  call.detail = core::mix(call.detail, list.size());
  return call;
}

// A list whose vectors fit x.
template <class T>
std::vector<Operand<T>> fitting(const char* operation, const Operand<T>& x, const Operands<T>& list) {
  std::vector<Operand<T>> result;
  result.reserve(list.size());
  for (std::size_t k = 0; k < list.size(); ++k) {
    if (!list[k])
      throw DistributionError(text(operation, ": vector ", k, " of the list is null; give its address"));
    check_operands(operation, x, *list[k]);
    result.push_back(*list[k]);
  }
  return result;
}

template <class T>
const Operand<T>& first_of(const Operands<T>& vectors) {
  if (vectors.empty() || !vectors[0])
    throw ShapeError("gram: there is no first vector in the list; give one or more");
  return *vectors[0];
}

// k x k values from one for each distinct pair, which convert(pair, i, j) makes a value.
template <class Value, class Convert>
Gram<Value> unfolded(std::size_t size, const Convert& convert) {
  Gram<Value> matrix{size, std::vector<Value>(size * size)};
  std::size_t pair = 0;
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = i; j < size; ++j)
      matrix.values[i * size + j] = matrix.values[j * size + i] = convert(pair++, i, j);
  return matrix;
}

}  // namespace

template <Number T>
std::vector<SumOf<T>> multi_dot(const Operand<T>& x, const Operands<T>& ys, Site site) {
  const auto fill = [&](std::span<ExactSum> totals) {
    const auto list = fitting("multi_dot", x, ys);
    in_pieces([&](std::span<const T> mine, Spans<T> theirs) { exact::add_multi_dot(totals, mine, theirs); },
              x, std::span<const Operand<T>>(list));
  };
  const std::vector<ExactSum> sums =
      comm::merge_sums(x.world(), call_on_list(multi_dot_operation, x, ys, site), ys.size(), fill);
  std::vector<SumOf<T>> results;
  results.reserve(sums.size());
  for (std::size_t k = 0; k < sums.size(); ++k)
    results.push_back(result_of<T>(sums[k], "multi_dot of ", x.name(), " and ", ys[k]->name()));
  return results;
}

template <Number T>
Gram<SumOf<T>> gram(const Operands<T>& xs, Site site) {
  const Operand<T>& first = first_of(xs);
  const auto fill = [&](std::span<ExactSum> totals) {
    const auto list = fitting("gram", first, xs);
    in_pieces([&](std::span<const T>, Spans<T> all) { exact::add_gram(totals, all); }, first,
              std::span<const Operand<T>>(list));
  };
  const std::vector<ExactSum> sums = comm::merge_sums(
      first.world(), call_on_list(gram_operation, first, xs, site), exact::pair_count(xs.size()), fill);
  return unfolded<SumOf<T>>(xs.size(), [&](std::size_t pair, std::size_t i, std::size_t j) {
    return result_of<T>(sums[pair], "gram of ", xs[i]->name(), " and ", xs[j]->name());
  });
}

template <Number T>
std::vector<double> multi_dot(const Operand<T>& x, const Operands<T>& ys, Rounded /*tag*/, Site site) {
  const auto fill = [&](std::span<double> totals) {
    const auto list = fitting("multi_dot", x, ys);
    const auto add = [&](std::span<const T> mine, Spans<T> theirs) {
      for (std::size_t k = 0; k < theirs.size(); ++k) plain_dot(totals[k], mine, theirs[k]);
    };
    in_pieces(add, x, std::span<const Operand<T>>(list));
  };
  return comm::merge_rounded(x.world(), call_on_list(rounded_multi_dot_operation, x, ys, site), ys.size(),
                             fill);
}

template <Number T>
Gram<double> gram(const Operands<T>& xs, Rounded /*tag*/, Site site) {
  const Operand<T>& first = first_of(xs);
  const auto fill = [&](std::span<double> totals) {
    const auto list = fitting("gram", first, xs);
    const auto add = [&](std::span<const T>, Spans<T> all) {
      auto total = totals.begin();
      for (std::size_t i = 0; i < all.size(); ++i)
        for (std::size_t j = i; j < all.size(); ++j) plain_dot(*total++, all[i], all[j]);
    };
    in_pieces(add, first, std::span<const Operand<T>>(list));
  };
  const std::vector<double> sums =
      comm::merge_rounded(first.world(), call_on_list(rounded_gram_operation, first, xs, site),
                          exact::pair_count(xs.size()), fill);
  return unfolded<double>(xs.size(), [&](std::size_t pair, std::size_t, std::size_t) { return sums[pair]; });
}

#define TUTTI_INSTANTIATE(T)                                                                       \
  template Products<T> multi_dot<T>(const Operand<T>&, const Operands<T>&, Site);                  \
  template GramOf<T> gram<T>(const Operands<T>&, Site);                                            \
  template std::vector<double> multi_dot<T>(const Operand<T>&, const Operands<T>&, Rounded, Site); \
  template Gram<double> gram<T>(const Operands<T>&, Rounded, Site);
TUTTI_FOR_NUMBERS(TUTTI_INSTANTIATE)
#undef TUTTI_INSTANTIATE

}  // namespace tutti::array
