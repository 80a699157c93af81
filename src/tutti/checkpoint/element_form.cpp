#include "tutti/checkpoint/element_form.hpp"

#include <bit>
#include <charconv>

namespace tutti::checkpoint {

std::string detail::notation(char kind, std::size_t bytes) {
  const bool ordered = bytes > 1 && kind != 'V';
  const char order = !ordered ? '|' : std::endian::native == std::endian::big ? '>' : '<';
  return text(order, kind, bytes);
}

std::size_t bytes_of_dtype(std::string_view notation) {
  constexpr std::size_t longest = std::size_t{1} << 30U;  // of a record
  if (notation.size() < 3) return 0;
  const char order = notation[0], kind = notation[1];
  std::size_t bytes = 0;
  const std::string_view digits = notation.substr(2);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), bytes);
  if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size() || digits.front() == '0') return 0;
  const auto is_one_of = [&](std::initializer_list<std::size_t> sizes) {
    for (const std::size_t size : sizes)
      if (bytes == size) return true;
    return false;
  };
  const bool known = kind == 'V'                  ? bytes <= longest
                     : kind == 'b'                ? bytes == 1
                     : kind == 'i' || kind == 'u' ? is_one_of({1, 2, 4, 8})
                     : kind == 'f'                ? is_one_of({2, 4, 8})
                     : kind == 'c'                ? is_one_of({8, 16})
                                                  : false;
  const bool ordered = bytes > 1 && kind != 'V';
  return known && (ordered ? order == '<' || order == '>' : order == '|') ? bytes : 0;
}

}  // namespace tutti::checkpoint
