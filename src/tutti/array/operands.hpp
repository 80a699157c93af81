// What the reductions of this room ask of their operands, and say of themselves.
#pragma once

#include <concepts>

#include "tutti/array/operand.hpp"
#include "tutti/array/reductions.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::array {

template <class T>
comm::Call call_on(const comm::Operation& operation, const Operand<T>& x, Site site) {
  comm::Call call{operation, site, comm::element_name<T>(), x.size()};
  call.note = x.name();
  call.detail = x.owners_hash();
  return call;
}

/// The same for operands of two types.
template <class U, class T>
comm::Call call_with(const comm::Operation& operation, const Operand<T>& x, Site site) {
  comm::Call call = call_on(operation, x, site);
  call.detail ^= comm::element_name<U>().hash << 1U;
  return call;
}

// How to make operands alike.
template <class T, class U>
std::string remedy(const Operand<T>& a, const Operand<U>& b) {
  if (!a.is_vector() || !b.is_vector()) return "make both on the same process grid";
  return text("make both with the same layout, or give redistribute(", b.name(), ", ", a.name(),
              ".distribution().layout()) for ", b.name());
}

template <class T, class U>
void check_operands(const char* operation, const Operand<T>& a, const Operand<U>& b) {
  if (&a.world().context() != &b.world().context())
    throw DistributionError(text(operation, ": ", a.name(), " and ", b.name(), " live in different Worlds"));
  if (a.size() != b.size())
    throw ShapeError(text(operation, ": ", a.name(), " has ", a.size(), " elements, ", b.name(), " has ",
                          b.size(), "; give vectors of equal length"),
                     {{}, {a.size(), b.size()}});
  if (!a.alike(b))
    throw DistributionError(text(operation, ": ", a.name(), " is distributed ", a.owners_text(), ", ",
                                 b.name(), " ", b.owners_text(), "; ", remedy(a, b),
                                 " (nothing is redistributed silently)"));
}

template <class... T, class... Names>
SumOf<T...> result_of(const ExactSum& sum, const Names&... names) {
  if constexpr (std::same_as<SumOf<T...>, double>)
    return sum.round();
  else
    return integer_of(sum, text(names...));
}

}  // namespace tutti::array
