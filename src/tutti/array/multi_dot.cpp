#include "tutti/array/multi_dot.hpp"

#include "tutti/array/operands.hpp"
#include "tutti/array/plain.hpp"
#include "tutti/core/hash.hpp"
#include "tutti/exact/multi_dot.hpp"
#include "tutti/exact/number_types.hpp"

namespace tutti {

namespace {

using array::check_operands;
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

// Ranks must also agree on the number of vectors.
template <class T>
Call call_on_list(const Operation& operation, const DistVector<T>& x, VectorList<T> list, Site site) {
  Call call = array::call_on(operation, x, site);
  call.detail = core::mix(call.detail, list.size());
  return call;
}

// The local parts of a list whose vectors fit x.
template <class T>
std::vector<std::span<const T>> local_parts(const char* operation, const DistVector<T>& x,
                                            VectorList<T> list) {
  std::vector<std::span<const T>> parts;
  parts.reserve(list.size());
  for (std::size_t k = 0; k < list.size(); ++k) {
    if (list[k] == nullptr)
      throw DistributionError(text(operation, ": vector ", k, " of the list is null; give its address"));
    check_operands(operation, x, *list[k]);
    parts.push_back(list[k]->local());
  }
  return parts;
}

template <class T>
const DistVector<T>& first_of(VectorList<T> vectors) {
  if (vectors.empty() || vectors[0] == nullptr)
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
std::vector<SumOf<T>> multi_dot(const DistVector<T>& x, std::type_identity_t<VectorList<T>> ys, Site site) {
  const auto fill = [&](std::span<ExactSum> totals) {
    exact::add_multi_dot<T>(totals, x.local(), local_parts("multi_dot", x, ys));
  };
  const std::vector<ExactSum> sums =
      comm::merge_sums(x.world(), call_on_list(multi_dot_operation, x, ys, site), ys.size(), fill);
  std::vector<SumOf<T>> results;
  results.reserve(sums.size());
  for (std::size_t k = 0; k < sums.size(); ++k)
    results.push_back(array::result_of<T>(sums[k], "multi_dot of ", x.name(), " and ", ys[k]->name()));
  return results;
}

template <Number T>
Gram<SumOf<T>> gram(VectorList<T> vectors, Site site) {
  const DistVector<T>& first = first_of(vectors);
  const auto fill = [&](std::span<ExactSum> totals) {
    exact::add_gram<T>(totals, local_parts("gram", first, vectors));
  };
  const std::vector<ExactSum> sums =
      comm::merge_sums(first.world(), call_on_list(gram_operation, first, vectors, site),
                       exact::pair_count(vectors.size()), fill);
  return unfolded<SumOf<T>>(vectors.size(), [&](std::size_t pair, std::size_t i, std::size_t j) {
    return array::result_of<T>(sums[pair], "gram of ", vectors[i]->name(), " and ", vectors[j]->name());
  });
}

template <Number T>
std::vector<double> multi_dot(const DistVector<T>& x, std::type_identity_t<VectorList<T>> ys, Rounded /*tag*/,
                              Site site) {
  const auto fill = [&](std::span<double> totals) {
    const auto parts = local_parts("multi_dot", x, ys);
    for (std::size_t k = 0; k < parts.size(); ++k) array::plain_dot(totals[k], x.local(), parts[k]);
  };
  return comm::merge_rounded(x.world(), call_on_list(rounded_multi_dot_operation, x, ys, site), ys.size(),
                             fill);
}

template <Number T>
Gram<double> gram(VectorList<T> vectors, Rounded /*tag*/, Site site) {
  const DistVector<T>& first = first_of(vectors);
  const auto fill = [&](std::span<double> totals) {
    const auto parts = local_parts("gram", first, vectors);
    auto total = totals.begin();
    for (std::size_t i = 0; i < parts.size(); ++i)
      for (std::size_t j = i; j < parts.size(); ++j) array::plain_dot(*total++, parts[i], parts[j]);
  };
  const std::vector<double> sums =
      comm::merge_rounded(first.world(), call_on_list(rounded_gram_operation, first, vectors, site),
                          exact::pair_count(vectors.size()), fill);
  return unfolded<double>(vectors.size(),
                          [&](std::size_t pair, std::size_t, std::size_t) { return sums[pair]; });
}

#define TUTTI_INSTANTIATE(T)                                                                     \
  template Products<T> multi_dot<T>(const DistVector<T>&, VectorList<T>, Site);                  \
  template GramOf<T> gram<T>(VectorList<T>, Site);                                               \
  template std::vector<double> multi_dot<T>(const DistVector<T>&, VectorList<T>, Rounded, Site); \
  template Gram<double> gram<T>(VectorList<T>, Rounded, Site);
TUTTI_FOR_NUMBERS(TUTTI_INSTANTIATE)
#undef TUTTI_INSTANTIATE

}  // namespace tutti
