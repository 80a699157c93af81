#include "tutti/io/npy_header.hpp"

#include <algorithm>
#include <limits>
#include <string_view>

#include "tutti/io/npy_dictionary.hpp"

namespace tutti::io {
namespace {

constexpr std::string_view magic("\x93NUMPY", 6);
constexpr std::size_t alignment = 64;  // of the data in files that we write, as NumPy's

[[noreturn]] void fail(const std::string& path, std::string_view reason) {
  throw FormatError(text(path, ": ", reason), {path, {}});
}

// Also the nonzero dimensions of an empty array must have a product: offsets are made of it.
bool is_sane(const std::vector<Index>& shape, std::size_t element_bytes) {
  auto bytes = static_cast<Index>(element_bytes);
  for (const Index dimension : shape) {
    if (dimension < 0) return false;
    if (dimension > 0 && !multiply_fits(bytes, dimension, bytes)) return false;
  }
  constexpr Index room = Index{1} << 20U;  // for the offset of the data
  return shape.size() <= most_dimensions && bytes < std::numeric_limits<Index>::max() - room;
}

void require_magic(std::string_view file, const std::string& path) {
  if (file.empty()) fail(path, "is empty; a .npy file begins with a header");
  if (file.substr(0, 2) == "PK") fail(path, "is an .npz archive; save the array with numpy.save");
  if (file.substr(0, magic.size()) != magic.substr(0, std::min(magic.size(), file.size())))
    fail(path,
         "is not a .npy file: it does not begin with NumPy's magic bytes; state the dtype if it is raw");
}

}  // namespace

Index NpyHeader::size() const {
  Index product = 1;
  for (const Index dimension : shape) {
    if (dimension == 0) return 0;
    if (!multiply_fits(product, dimension, product)) throw InternalError("a shape's product overflows");
  }
  return product;
}

NpyHeader parse_npy_header(std::span<const std::byte> beginning, const std::string& path) {
  const std::string_view file(reinterpret_cast<const char*>(beginning.data()), beginning.size());
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(file[i]));
  };
  const auto cut = [&](std::size_t needed) {
    fail(path, text("is cut in its header: ", needed, " bytes expected, ", file.size(),
                    " present; write it again"));
  };
  require_magic(file, path);
  if (file.size() < 8) cut(10);
  if (byte(6) < 1 || byte(6) > 3 || byte(7) != 0)
    fail(path, text("has .npy version ", byte(6), ".", byte(7), "; known are 1.0, 2.0 and 3.0"));
  const std::size_t length_bytes = byte(6) == 1 ? 2 : 4;
  const std::size_t first = 8 + length_bytes;
  if (file.size() < first) cut(first);
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) length |= byte(8 + i) << (8 * i);
  if (length > longest_npy_header)
    fail(path, text("has an absurd header of ", length, " bytes; at most ", longest_npy_header, " are read"));
  if (file.size() - first < length) cut(first + length);
  NpyHeader header = parse_npy_dictionary(file.substr(first, length), path);
  if (!is_sane(header.shape, header.type.size()))
    fail(path, "has an absurd shape, of more bytes than 64 bits count; write the file again");
  header.data_offset = static_cast<Index>(first + length);
  return header;
}

bool has_npy_magic(std::span<const std::byte> beginning) {
  return std::string_view(reinterpret_cast<const char*>(beginning.data()), beginning.size())
      .starts_with(magic);
}

std::string format_npy_header(const NpyHeader& header) {
  if (!is_sane(header.shape, header.type.size())) throw InternalError("a .npy header of an impossible shape");
  return format_npy_header(header.type.text(), header.fortran_order, header.shape);
}

std::string format_npy_header(std::string_view notation, bool fortran_order,
                              const std::vector<Index>& shape) {
  fortran_order = fortran_order && !has_one_order(shape);
  std::string extents;
  for (const Index dimension : shape) extents += text(extents.empty() ? "" : ", ", dimension);
  if (shape.size() == 1) extents += ',';
  std::string dictionary =
      text("{'descr': '", notation, "', 'fortran_order': ", fortran_order ? "True" : "False", ", 'shape': (",
           extents, "), }");
  if (!shape.empty()) {
    constexpr std::size_t growth_digits = 21;  // NumPy's room for the dimension that appending makes longer
    const Index growing = fortran_order ? shape.back() : shape.front();
    dictionary.append(growth_digits - text(growing).size(), ' ');
  }
  // As NumPy: at least one space, so 64 of them where none would do. Version 1.0 suffices for 64 dimensions.
  const std::size_t prefix = magic.size() + 4;
  dictionary.append(alignment - (prefix + dictionary.size() + 1) % alignment, ' ');
  dictionary += '\n';
  std::string result(magic);
  result +=
      {'\1', '\0', static_cast<char>(dictionary.size() & 0xffU), static_cast<char>(dictionary.size() >> 8U)};
  return result + dictionary;
}

bool has_one_order(const std::vector<Index>& shape) {
  if (std::count(shape.begin(), shape.end(), 0) > 0) return true;
  return std::count_if(shape.begin(), shape.end(), [](Index dimension) { return dimension > 1; }) <= 1;
}

}  // namespace tutti::io
