// .npy files by hand: the header spelled here, not by the code under test.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "temporary_folder.hpp"

namespace tutti {

/// A .npy file of version 1.0 around raw bytes.
/// @example npy_bytes("<f8", "(2, 3)", bytes, true): Fortran order
inline std::string npy_bytes(std::string_view type, std::string_view shape, std::string_view data,
                             bool fortran_order = false) {
  std::string header = "{'descr': '" + std::string(type) +
                       "', 'fortran_order': " + (fortran_order ? "True" : "False") +
                       ", 'shape': " + std::string(shape) + ", }";
  header.append(64 - (10 + header.size() + 1) % 64, ' ');
  header += '\n';
  std::string out("\x93NUMPY\x01", 7);
  out += '\0';
  out += static_cast<char>(header.size() & 0xffU);
  out += static_cast<char>(header.size() >> 8U);
  return out + header + std::string(data);
}

/// The elements of a (d0, d1, d2) array, given by a function of its three indices, in C or Fortran order.
template <class T, class F>
std::vector<T> cube(std::int64_t d0, std::int64_t d1, std::int64_t d2, bool fortran_order, const F& f) {
  std::vector<T> values(static_cast<std::size_t>(d0 * d1 * d2));
  for (std::int64_t i = 0; i < d0; ++i)
    for (std::int64_t j = 0; j < d1; ++j)
      for (std::int64_t k = 0; k < d2; ++k)
        values[static_cast<std::size_t>(fortran_order ? i + d0 * (j + d1 * k) : (i * d1 + j) * d2 + k)] =
            static_cast<T>(f(i, j, k));
  return values;
}

}  // namespace tutti
