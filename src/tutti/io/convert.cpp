#include "tutti/io/convert.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::io {
namespace {

// Elements as they lie in a file: `Bits` holds one, `value()` says what it means.
struct Truth {
  using Bits = std::uint8_t;
  template <class T>
  static T value(Bits bits) {
    return static_cast<T>(bits != 0);
  }
};

template <class Integer>
struct Whole {
  using Bits = std::make_unsigned_t<Integer>;
  template <class T>
  static T value(Bits bits) {
    return static_cast<T>(static_cast<Integer>(bits));  // exact: called only where holds_exactly()
  }
};

// IEEE 754 binary32 to binary64.
std::uint64_t widened(std::uint32_t bits) {
  const std::uint64_t sign = static_cast<std::uint64_t>(bits >> 31U) << 63U;
  const std::uint32_t exponent = (bits >> 23U) & 0xffU;
  const std::uint32_t fraction = bits & 0x7fffffU;
  const std::uint64_t wide = static_cast<std::uint64_t>(fraction) << 29U;
  if (exponent == 0xff)
    return sign | 0x7ffULL << 52U | wide | static_cast<std::uint64_t>(fraction != 0) << 51U;
  if (exponent != 0) return sign | static_cast<std::uint64_t>(exponent + 896) << 52U | wide;  // 1023 - 127
  if (fraction == 0) return sign;
  const int shift = std::countl_zero(fraction) - 8;  // a subnormal: its leading one becomes the hidden bit
  return sign | static_cast<std::uint64_t>(897 - shift) << 52U |
         (static_cast<std::uint64_t>(fraction << shift) & 0x7fffffU) << 29U;
}

// IEEE 754 binary16 to binary32.
std::uint32_t widened(std::uint16_t half) {
  const std::uint32_t bits = half;
  const std::uint32_t sign = (bits >> 15U) << 31U;
  const std::uint32_t exponent = (bits >> 10U) & 0x1fU;
  const std::uint32_t fraction = bits & 0x3ffU;
  if (exponent == 0x1f)
    return sign | 0xffU << 23U | fraction << 13U | static_cast<std::uint32_t>(fraction != 0) << 22U;
  if (exponent != 0) return sign | (exponent + 112) << 23U | fraction << 13U;  // 127 - 15
  if (fraction == 0) return sign;
  const int shift = std::countl_zero(fraction) - 21;
  return sign | static_cast<std::uint32_t>(113 - shift) << 23U | ((fraction << shift) & 0x3ffU) << 13U;
}

struct Half {
  using Bits = std::uint16_t;
  template <class T>
  static T value(Bits bits) {
    if constexpr (std::is_same_v<T, double>) return std::bit_cast<T>(widened(widened(bits)));
    if constexpr (std::is_same_v<T, float>) return std::bit_cast<T>(widened(bits));
    return T{};
  }
};

struct Single {
  using Bits = std::uint32_t;
  template <class T>
  static T value(Bits bits) {
    if constexpr (std::is_same_v<T, double>) return std::bit_cast<T>(widened(bits));
    if constexpr (std::is_same_v<T, float>) return std::bit_cast<T>(bits);
    return T{};
  }
};

struct Double {
  using Bits = std::uint64_t;
  template <class T>
  static T value(Bits bits) {
    if constexpr (std::is_same_v<T, double>) return std::bit_cast<T>(bits);
    return T{};
  }
};

template <class Bits>
Bits swapped(Bits bits) {
  if constexpr (sizeof(Bits) == 8) return __builtin_bswap64(bits);
  if constexpr (sizeof(Bits) == 4) return __builtin_bswap32(bits);
  if constexpr (sizeof(Bits) == 2) return __builtin_bswap16(bits);
  return bits;
}

template <class Source, bool swap, class T>
void convert_each(const std::byte* raw, std::span<T> out) {
  using Bits = typename Source::Bits;
  for (std::size_t i = 0; i < out.size(); ++i) {
    Bits bits;
    std::memcpy(&bits, raw + i * sizeof bits, sizeof bits);
    out[i] = Source::template value<T>(swap ? swapped(bits) : bits);
  }
}

// float32 to float64 as convert_each<Single>, several times as fast: in a block without subnormals (which the
// caller may have set to count as zero) and NaN (which would raise a flag), the processor's own conversion is
// exact.
template <bool swap>
void widen_each(const std::byte* raw, std::span<double> out) {
  constexpr std::size_t block = 256;
  std::array<std::uint32_t, block> bits;
  for (; out.size() >= block; raw += sizeof bits, out = out.subspan(block)) {
    std::memcpy(bits.data(), raw, sizeof bits);
    std::uint32_t special = 0;
    for (std::uint32_t& one : bits) {
      if (swap) one = swapped(one);
      const std::uint32_t magnitude = one & 0x7fffffffU;
      special |= static_cast<std::uint32_t>(magnitude - 1 < 0x7fffffU) |
                 static_cast<std::uint32_t>(magnitude > 0x7f800000U);
    }
    if (special != 0) {
      convert_each<Single, swap>(raw, out.first(block));
    } else {
      for (std::size_t i = 0; i < block; ++i) out[i] = static_cast<double>(std::bit_cast<float>(bits[i]));
    }
  }
  convert_each<Single, swap>(raw, out);
}

template <bool swap, class T>
void convert_from(ElementType type, const std::byte* raw, std::span<T> out) {
  switch (type) {
    case ElementType::bool8:
      return convert_each<Truth, swap>(raw, out);
    case ElementType::int8:
      return convert_each<Whole<std::int8_t>, swap>(raw, out);
    case ElementType::int16:
      return convert_each<Whole<std::int16_t>, swap>(raw, out);
    case ElementType::int32:
      return convert_each<Whole<std::int32_t>, swap>(raw, out);
    case ElementType::int64:
      return convert_each<Whole<std::int64_t>, swap>(raw, out);
    case ElementType::uint8:
      return convert_each<Whole<std::uint8_t>, swap>(raw, out);
    case ElementType::uint16:
      return convert_each<Whole<std::uint16_t>, swap>(raw, out);
    case ElementType::uint32:
      return convert_each<Whole<std::uint32_t>, swap>(raw, out);
    case ElementType::uint64:
      return convert_each<Whole<std::uint64_t>, swap>(raw, out);
    case ElementType::float16:
      return convert_each<Half, swap>(raw, out);
    case ElementType::float32:
      if constexpr (std::is_same_v<T, double>) return widen_each<swap>(raw, out);
      return convert_each<Single, swap>(raw, out);
    case ElementType::float64:
      return convert_each<Double, swap>(raw, out);
  }
}

}  // namespace

void require_exact(DataType type, ElementType target) {
  if (holds_exactly(target, type.type)) return;
  throw FormatError(text("elements are ", element_name(type.type), ", which ", element_name(target),
                         " cannot hold exactly; read them as ", element_name(compute_type(type.type))));
}

template <ComputeType T>
void convert(DataType type, std::span<const std::byte> raw, std::span<T> out) {
  require_exact(type, element_type_of<T>);
  if (raw.size() % type.size() != 0 || raw.size() / type.size() != out.size())
    throw InternalError(
        text("convert: ", raw.size(), " bytes are not ", out.size(), " elements of ", type.text()));
  if (raw.empty()) return;
  if (is_native<T>(type)) {
    std::memcpy(out.data(), raw.data(), raw.size());
  } else if (type.big_endian == native_type(type.type).big_endian) {
    convert_from<false>(type.type, raw.data(), out);
  } else {
    convert_from<true>(type.type, raw.data(), out);
  }
}

template void convert(DataType, std::span<const std::byte>, std::span<float>);
template void convert(DataType, std::span<const std::byte>, std::span<double>);
template void convert(DataType, std::span<const std::byte>, std::span<std::int32_t>);
template void convert(DataType, std::span<const std::byte>, std::span<std::int64_t>);
template void convert(DataType, std::span<const std::byte>, std::span<std::uint64_t>);

}  // namespace tutti::io
