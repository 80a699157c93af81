// From the bytes of a file to numbers: swapped and widened, never changed.
#pragma once

#include <cstddef>
#include <span>

#include "tutti/io/element_type.hpp"

namespace tutti::io {

/// True if the bytes in the file are a T as it lies in memory, so that reading is copying.
template <ComputeType T>
bool is_native(DataType type) {
  return type == native_type(element_type_of<T>);
}

/// @throws FormatError if a T cannot hold every value of `type` exactly, also for no elements at all, so that
///         a rank with an empty part fails like the others.
void require_exact(DataType type, ElementType target);

/// `out[i]` is the value of the i-th element of `raw`, exactly. float16 and float32 are widened by integer
/// operations: the caller's rounding mode, flush-to-zero and denormals-are-zero cannot change a value. A NaN
/// stays a NaN with its sign, made quiet when it is widened.
/// @param raw  out.size() * type.size() bytes, of any alignment; may not overlap `out`
/// @throws FormatError as require_exact().
template <ComputeType T>
void convert(DataType type, std::span<const std::byte> raw, std::span<T> out);

}  // namespace tutti::io
