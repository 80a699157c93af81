// How an element of an array is written: NumPy's notation for its numbers, and how many of them it is.
#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "tutti/comm/collectives.hpp"
#include "tutti/core/integer.hpp"
#include "tutti/core/text.hpp"

namespace tutti::checkpoint {

struct ElementForm {
  std::string dtype;         ///< "<f8", "<c16", "|V24"
  std::vector<Index> shape;  ///< of an element: empty for a number, {3} for std::array<double, 3>
  std::size_t bytes = 0;     ///< of an element
};

namespace detail {
template <class T>
struct ArrayOf {};
template <class T, std::size_t n>
struct ArrayOf<std::array<T, n>> {
  using Element = T;
  static constexpr auto size = static_cast<Index>(n);
};
template <class T>
concept StdArray = requires {
  ArrayOf<T>::size;
};
template <class T>
inline constexpr bool is_complex =
    std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>;

/// In this machine's byte order.
std::string notation(char kind, std::size_t bytes);
}  // namespace detail

/// Numbers and complex numbers as such, std::array as further dimensions; anything else is bytes without a
/// meaning ("|V24"), of which those between its members may be any.
template <Movable T>
ElementForm element_form() {
  using namespace detail;
  if constexpr (StdArray<T>) {
    ElementForm form = element_form<typename ArrayOf<T>::Element>();
    form.shape.insert(form.shape.begin(), ArrayOf<T>::size);
    form.bytes = sizeof(T);
    return form;
  } else {
    const char kind = std::is_same_v<T, bool> ? 'b'
                      : std::is_integral_v<T> ? (std::is_signed_v<T> ? 'i' : 'u')
                      : std::is_same_v<T, float> || std::is_same_v<T, double> ? 'f'
                      : is_complex<T>                                         ? 'c'
                                                                              : 'V';
    return {notation(kind, sizeof(T)), {}, sizeof(T)};
  }
}

/// Bytes of an element in such a notation; 0 for one that no checkpoint has.
std::size_t bytes_of_dtype(std::string_view notation);

}  // namespace tutti::checkpoint
