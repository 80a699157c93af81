// The types of Number (reduce.hpp), for explicit instantiations: the one list of them.
#pragma once

#include <cstdint>

/// instantiate(T) for each.
#define TUTTI_FOR_NUMBERS(instantiate)                                                       \
  instantiate(float) instantiate(double) instantiate(std::int32_t) instantiate(std::int64_t) \
      instantiate(std::uint64_t)

/// instantiate(T, U) for each U: pairs, inside of the above.
#define TUTTI_FOR_NUMBERS_WITH(instantiate, T)                                                           \
  instantiate(T, float) instantiate(T, double) instantiate(T, std::int32_t) instantiate(T, std::int64_t) \
      instantiate(T, std::uint64_t)
