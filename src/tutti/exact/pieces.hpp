// What the reductions of several arrays have in common: equal lengths, and piece after piece.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::exact {

/// @throws ShapeError if the lengths of two operands differ.
inline void check_lengths(const char* operation, std::size_t left, std::size_t right) {
  if (left != right)
    throw ShapeError(text(operation, ": ", left, " elements times ", right, "; give vectors of equal length"),
                     {"", {static_cast<std::int64_t>(left), static_cast<std::int64_t>(right)}});
}

/// work(first, count) for one piece of n elements after another; an empty one for n = 0 is left out.
template <class Work>
void in_pieces(std::size_t n, std::size_t piece, const Work& work) {
  for (std::size_t first = 0; first < n; first += piece) work(first, std::min(piece, n - first));
}

}  // namespace tutti::exact
