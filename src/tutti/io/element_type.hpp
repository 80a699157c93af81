// What the numbers in a file are: kind, size and byte order, in NumPy's notation.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tutti {

/// The kinds of numbers that files hold. bool8 is one byte: zero is 0, anything else 1.
enum class ElementType : std::uint8_t {
  bool8,
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float16,
  float32,
  float64,
};

/// Bytes of one element: 1, 2, 4 or 8.
std::size_t element_size(ElementType type);

/// "float64": the name that NumPy gives the type ("bool" for bool8).
const char* element_name(ElementType type);

/// A kind of numbers together with the order of its bytes.
struct DataType {
  ElementType type = ElementType::float64;
  bool big_endian = false;  ///< false for the types of one byte, so that equal types compare equal

  std::size_t size() const { return element_size(type); }

  /// NumPy's notation, as its files have it: "<f8", ">i4", "|u1", "|b1".
  std::string text() const;

  friend bool operator==(const DataType&, const DataType&) = default;
};

/// The type that NumPy's notation names: a byte order ('<' little, '>' big, '=' or nothing this machine's,
/// '|' for one byte), a kind (b, i, u, f) and the bytes of an element.
/// @example parse_data_type(">i4") is {ElementType::int32, true}
/// @throws FormatError that says why a type is not read, and what to save instead: Python objects (unpickling
///         them runs code), complex numbers, text, dates, structures, long double.
DataType parse_data_type(std::string_view notation);

/// The types that we calculate with; each function template of this room exists for these.
template <class T>
concept ComputeType = std::same_as<T, float> || std::same_as<T, double> || std::same_as<T, std::int32_t> ||
    std::same_as<T, std::int64_t> || std::same_as<T, std::uint64_t>;

/// The ElementType of a compute type: element_type_of<double> is float64.
template <ComputeType T>
inline constexpr ElementType element_type_of = std::same_as<T, float>          ? ElementType::float32
                                               : std::same_as<T, double>       ? ElementType::float64
                                               : std::same_as<T, std::int32_t> ? ElementType::int32
                                               : std::same_as<T, std::int64_t> ? ElementType::int64
                                                                               : ElementType::uint64;

/// The type of a T in this machine's byte order.
DataType native_type(ElementType type);

/// The narrowest compute type that holds every value of `type` exactly:
///   bool int8 int16 int32 uint8 uint16 -> int32    uint32 int64 -> int64    uint64 -> uint64
///   float16 float32 -> float32                     float64 -> float64
ElementType compute_type(ElementType type);

/// True if every value of `type` is a value of `target`, so that conversion loses nothing.
bool holds_exactly(ElementType target, ElementType type);

}  // namespace tutti
