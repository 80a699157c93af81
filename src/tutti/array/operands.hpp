// What the reductions of this room ask of their operands, and say of themselves.
#pragma once

#include <concepts>

#include "tutti/array/dist_vector.hpp"
#include "tutti/array/reductions.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::array {

template <class T>
comm::Call call_on(const comm::Operation& operation, const DistVector<T>& x, Site site) {
  comm::Call call{operation, site, comm::element_name<T>(), x.size()};
  call.note = x.name();
  call.detail = x.distribution().hash();
  return call;
}

/// The same for operands of two types.
template <class U, class T>
comm::Call call_with(const comm::Operation& operation, const DistVector<T>& x, Site site) {
  comm::Call call = call_on(operation, x, site);
  call.detail ^= comm::element_name<U>().hash << 1U;
  return call;
}

template <class T, class U>
void check_operands(const char* operation, const DistVector<T>& a, const DistVector<U>& b) {
  if (&a.world().context() != &b.world().context())
    throw DistributionError(text(operation, ": ", a.name(), " and ", b.name(), " live in different Worlds"));
  if (a.size() != b.size())
    throw ShapeError(text(operation, ": ", a.name(), " has ", a.size(), " elements, ", b.name(), " has ",
                          b.size(), "; give vectors of equal length"),
                     {{}, {a.size(), b.size()}});
  if (a.distribution() != b.distribution())
    throw DistributionError(text(
        operation, ": ", a.name(), " is distributed ", a.distribution().layout().name(), ", ", b.name(), " ",
        b.distribution().layout().name(), "; make both with the same layout, or give redistribute(", b.name(),
        ", ", a.name(), ".distribution().layout()) for ", b.name(), " (nothing is redistributed silently)"));
}

template <class... T, class... Names>
SumOf<T...> result_of(const ExactSum& sum, const Names&... names) {
  if constexpr (std::same_as<SumOf<T...>, double>)
    return sum.round();
  else
    return integer_of(sum, text(names...));
}

}  // namespace tutti::array
