#include "tutti/array/copy_runs.hpp"

#include <cstring>

namespace tutti::array {

namespace {

// With a length that the compiler knows, a run is a load and a store instead of a call.
template <std::size_t length>
void copy_short(const std::byte* from, std::size_t from_stride, std::byte* to, std::size_t to_stride,
                std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(to, from, length);
    from += from_stride;
    to += to_stride;
  }
}

void copy_any(const std::byte* from, std::size_t from_stride, std::byte* to, std::size_t to_stride,
              Runs runs) {
  for (std::size_t i = 0; i < runs.count; ++i) {
    std::memcpy(to, from, runs.length);
    from += from_stride;
    to += to_stride;
  }
}

}  // namespace

void copy_runs(const std::byte* from, std::size_t from_stride, std::byte* to, std::size_t to_stride,
               Runs runs) {
  if (runs.count == 0 || runs.length == 0) return;
  if (runs.count == 1 || (from_stride == runs.length && to_stride == runs.length)) {
    std::memcpy(to, from, runs.length * runs.count);
    return;
  }
  switch (runs.length) {
#define TUTTI_LENGTH(bytes) \
  case bytes:               \
    return copy_short<bytes>(from, from_stride, to, to_stride, runs.count);
    TUTTI_LENGTH(1)
    TUTTI_LENGTH(2)
    TUTTI_LENGTH(4)
    TUTTI_LENGTH(8)
    TUTTI_LENGTH(12)
    TUTTI_LENGTH(16)
    TUTTI_LENGTH(24)
    TUTTI_LENGTH(32)
    TUTTI_LENGTH(48)
    TUTTI_LENGTH(64)
#undef TUTTI_LENGTH
    default:
      return copy_any(from, from_stride, to, to_stride, runs);
  }
}

}  // namespace tutti::array
