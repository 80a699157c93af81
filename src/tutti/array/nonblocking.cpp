#include "tutti/array/nonblocking.hpp"

#include "tutti/array/operands.hpp"
#include "tutti/array/pieces.hpp"
#include "tutti/comm/nonblocking.hpp"
#include "tutti/exact/number_types.hpp"
#include "tutti/exact/reduce.hpp"

namespace tutti::array {

namespace {

constexpr comm::Operation idot_operation{"idot"};
constexpr comm::Operation isum_operation{"isum of vector"};

// The results, for instantiations: nested in macros, clang-tidy takes >> for an operator.
template <class... T>
using PendingSum = Pending<SumOf<T...>>;

}  // namespace

template <Number T, Number U>
Pending<SumOf<T, U>> idot(const Operand<T>& a, const Operand<U>& b, Site site) {
  check_operands("idot", a, b);
  ExactSum part;
  in_pieces([&](std::span<const T> x, std::span<const U> y) { exact::add_dot(part, x, y); }, a, b);
  return {a.world(), comm::start_sum(a.world(), call_with<U>(idot_operation, a, site), part),
          [a_name = a.name(), b_name = b.name()](const World& world, comm::LateOperation& operation) {
            return result_of<T, U>(comm::sum_of(world, operation), "idot of ", a_name, " and ", b_name);
          }};
}

template <Number T>
Pending<SumOf<T>> isum(const Operand<T>& x, Site site) {
  ExactSum part;
  in_pieces([&](std::span<const T> piece) { exact::add_sum(part, piece); }, x);
  return {x.world(), comm::start_sum(x.world(), call_on(isum_operation, x, site), part),
          [name = x.name()](const World& world, comm::LateOperation& operation) {
            return result_of<T>(comm::sum_of(world, operation), "isum of ", name);
          }};
}

#define TUTTI_PAIR(T, U) template PendingSum<T, U> idot<T, U>(const Operand<T>&, const Operand<U>&, Site);
#define TUTTI_INSTANTIATE(T)            \
  TUTTI_FOR_NUMBERS_WITH(TUTTI_PAIR, T) \
  template PendingSum<T> isum<T>(const Operand<T>&, Site);
TUTTI_FOR_NUMBERS(TUTTI_INSTANTIATE)
#undef TUTTI_PAIR
#undef TUTTI_INSTANTIATE

}  // namespace tutti::array
