#include "tutti/io/element_type.hpp"

#include <array>
#include <bit>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti {
namespace {

constexpr bool machine_is_big_endian = std::endian::native == std::endian::big;

// A row for each ElementType, in its order. A value is sign, `digits` binary digits and, for 'f', an exponent
// whose range grows with the digits: so a type holds another if it has its kind's features and its digits.
struct Row {
  const char* name;
  char kind;
  std::uint8_t size;
  std::uint8_t digits;
};
constexpr std::array<Row, 12> rows{{{"bool", 'b', 1, 1},
                                    {"int8", 'i', 1, 7},
                                    {"int16", 'i', 2, 15},
                                    {"int32", 'i', 4, 31},
                                    {"int64", 'i', 8, 63},
                                    {"uint8", 'u', 1, 8},
                                    {"uint16", 'u', 2, 16},
                                    {"uint32", 'u', 4, 32},
                                    {"uint64", 'u', 8, 64},
                                    {"float16", 'f', 2, 11},
                                    {"float32", 'f', 4, 24},
                                    {"float64", 'f', 8, 53}}};

const Row& row(ElementType type) { return rows.at(static_cast<std::size_t>(type)); }

// Why a kind is refused, and the remedy; nothing for a kind of which some sizes are read.
const char* refusal(char kind) {
  switch (kind) {
    case 'O':
      return "holds Python objects, and loading those can run any code; save numbers, for example "
             "array.astype('<f8')";
    case 'c':
    case 'F':
    case 'D':
    case 'G':
      return "holds complex numbers; save array.real and array.imag to files of their own";
    case 'S':
    case 'U':
    case 'a':
      return "holds text; save numbers, for example array.astype('<f8')";
    case 'V':
      return "holds structures; save each field to a file of its own, for example array['x']";
    case 'M':
    case 'm':
      return "holds dates or times; save them as numbers, for example array.astype('<i8')";
    case 'g':
      return "is long double, whose format differs between machines; save array.astype('<f8')";
    default:
      return nullptr;
  }
}

[[noreturn]] void refuse(std::string_view notation, std::string_view reason) {
  constexpr std::size_t longest = 60;  // of a text that a stranger wrote
  const bool cut = notation.size() > longest;
  throw FormatError(
      text("dtype '", printable(notation.substr(0, longest)), cut ? "..." : "", "' ", std::string(reason)));
}

}  // namespace

std::size_t element_size(ElementType type) { return row(type).size; }

const char* element_name(ElementType type) { return row(type).name; }

std::string DataType::text() const {
  const char order = size() == 1 ? '|' : big_endian ? '>' : '<';
  return tutti::text(order, row(type).kind, static_cast<int>(size()));
}

DataType parse_data_type(std::string_view notation) {
  std::string_view rest = notation;
  char order = '=';
  if (!rest.empty() && std::string_view("<>|=").find(rest.front()) != std::string_view::npos) {
    order = rest.front();
    rest.remove_prefix(1);
  }
  if (!rest.empty()) {
    if (rest == "f16" || rest == "f12") refuse(notation, refusal('g'));
    if (const char* reason = refusal(rest.front())) refuse(notation, reason);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& known = rows.at(i);
    if (rest != text(known.kind, static_cast<int>(known.size)) && !(rest == "?" && known.kind == 'b'))
      continue;
    if (known.size == 1) return {static_cast<ElementType>(i), false};
    if (order == '|') refuse(notation, text("says no byte order; give '<", rest, "' or '>", rest, "'"));
    return {static_cast<ElementType>(i), order == '>' || (order == '=' && machine_is_big_endian)};
  }
  refuse(notation, "is not known; known are b1, i1, i2, i4, i8, u1, u2, u4, u8, f2, f4 and f8 after < or >");
}

DataType native_type(ElementType type) { return {type, machine_is_big_endian && element_size(type) > 1}; }

ElementType compute_type(ElementType type) {
  constexpr std::array candidates{ElementType::int32, ElementType::int64, ElementType::uint64,
                                  ElementType::float32, ElementType::float64};
  const bool real = row(type).kind == 'f';
  for (const ElementType candidate : candidates)
    if ((row(candidate).kind == 'f') == real && holds_exactly(candidate, type)) return candidate;
  throw InternalError(text("no compute type holds ", element_name(type)));
}

bool holds_exactly(ElementType target, ElementType type) {
  const Row& to = row(target);
  const Row& from = row(type);
  if (to.digits < from.digits) return false;
  if (from.kind == 'f') return to.kind == 'f';
  if (from.kind == 'i') return to.kind == 'f' || to.kind == 'i';
  return to.kind != 'b' || from.kind == 'b';
}

}  // namespace tutti
