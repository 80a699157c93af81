#include "tutti/io/convert.hpp"

#include <bit>
#include <cfenv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#if defined(__SSE__)
#include <immintrin.h>
#endif

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

#include "temporary_folder.hpp"

namespace tutti::io {
namespace {

template <class T>
std::vector<T> converted(const char* notation, const std::string& bytes) {
  const DataType type = parse_data_type(notation);
  std::vector<T> out(bytes.size() / type.size());
  convert<T>(type, bytes_in(bytes), out);
  return out;
}

std::string text_of(std::initializer_list<int> bytes) {
  std::string result;
  for (const int byte : bytes) result += static_cast<char>(byte);
  return result;
}

// The value of a binary16 pattern by its definition.
double half_value(unsigned bits) {
  const double sign = (bits & 0x8000U) != 0 ? -1.0 : 1.0;
  const int exponent = static_cast<int>((bits >> 10U) & 31U);
  const double fraction = bits & 1023U;
  if (exponent == 31)
    return sign * (fraction == 0 ? std::numeric_limits<double>::infinity()
                                 : std::numeric_limits<double>::quiet_NaN());
  return sign * (exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25));
}

TEST(Convert, BytesByHandOfEveryTypeAndOrder) {
  EXPECT_EQ(converted<std::int32_t>("|b1", text_of({0, 1, 2, 255})), (std::vector<std::int32_t>{0, 1, 1, 1}));
  EXPECT_EQ(converted<double>("|b1", text_of({0, 128})), (std::vector<double>{0, 1}));
  EXPECT_EQ(converted<std::int32_t>("|i1", text_of({127, 128, 255})),
            (std::vector<std::int32_t>{127, -128, -1}));
  EXPECT_EQ(converted<float>("|u1", text_of({0, 128, 255})), (std::vector<float>{0, 128, 255}));
  EXPECT_EQ(converted<std::int64_t>("<i2", text_of({1, 2, 0, 0x80})),
            (std::vector<std::int64_t>{513, -32768}));
  EXPECT_EQ(converted<std::int64_t>(">i2", text_of({1, 2, 0x80, 0})),
            (std::vector<std::int64_t>{258, -32768}));
  EXPECT_EQ(converted<std::uint64_t>(">u2", text_of({255, 254})), (std::vector<std::uint64_t>{65534}));
  EXPECT_EQ(converted<double>("<i4", text_of({0, 0, 0, 0x80})), (std::vector<double>{-2147483648.0}));
  EXPECT_EQ(converted<std::int32_t>(">i4", text_of({0x7f, 255, 255, 254})),
            (std::vector<std::int32_t>{2147483646}));
  EXPECT_EQ(converted<double>(">u4", text_of({255, 255, 255, 255})), (std::vector<double>{4294967295.0}));
  EXPECT_EQ(converted<std::int64_t>("<u4", text_of({255, 255, 255, 255})),
            (std::vector<std::int64_t>{4294967295}));
  EXPECT_EQ(converted<std::int64_t>(">i8", text_of({128, 0, 0, 0, 0, 0, 0, 1})),
            (std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::min() + 1}));
  EXPECT_EQ(converted<std::uint64_t>("<u8", text_of({1, 0, 0, 0, 0, 0, 0, 255})),
            (std::vector<std::uint64_t>{0xff00000000000001ULL}));
  EXPECT_EQ(converted<float>(">f2", text_of({0x3c, 0, 0xc0, 0})), (std::vector<float>{1, -2}));
  EXPECT_EQ(converted<double>(">f4", text_of({0x3f, 0xc0, 0, 0})), (std::vector<double>{1.5}));
  EXPECT_EQ(converted<float>(">f4", text_of({0x3f, 0xc0, 0, 0})), (std::vector<float>{1.5F}));
  EXPECT_EQ(converted<double>("<f8", text_of({0, 0, 0, 0, 0, 0, 0xf8, 0x3f})), (std::vector<double>{1.5}));
  EXPECT_EQ(converted<double>(">f8", text_of({0x3f, 0xf8, 0, 0, 0, 0, 0, 0})), (std::vector<double>{1.5}));
}

TEST(Convert, EveryFloat16IsExact) {
  std::vector<std::uint16_t> halves(65536);
  for (std::size_t i = 0; i < halves.size(); ++i) halves[i] = static_cast<std::uint16_t>(i);
  const DataType native = native_type(ElementType::float16);
  std::vector<float> singles(halves.size());
  std::vector<double> doubles(halves.size());
  convert<float>(native, std::as_bytes(std::span(halves)), singles);
  convert<double>(native, std::as_bytes(std::span(halves)), doubles);
  for (unsigned bits = 0; bits < 65536; ++bits) {
    const double expected = half_value(bits);
    if (std::isnan(expected)) {
      EXPECT_TRUE(std::isnan(singles[bits]) && std::isnan(doubles[bits]));
      EXPECT_EQ(std::signbit(doubles[bits]), bits >= 0x8000U);
    } else {
      EXPECT_EQ(std::bit_cast<std::uint64_t>(doubles[bits]), std::bit_cast<std::uint64_t>(expected)) << bits;
      EXPECT_EQ(std::bit_cast<std::uint32_t>(singles[bits]),
                std::bit_cast<std::uint32_t>(static_cast<float>(expected)));
    }
  }
}

// All exponents with chosen and random fractions, both signs.
std::vector<std::uint32_t> many_float32_patterns() {
  std::mt19937 random(5);
  std::vector<std::uint32_t> patterns;
  for (std::uint32_t high = 0; high < 512; ++high) {
    for (const std::uint32_t fraction : {0U, 1U, 2U, 0x3fffffU, 0x400000U, 0x7fffffU})
      patterns.push_back(high << 23U | fraction);
    for (int i = 0; i < 40; ++i) {
      const auto fraction = static_cast<std::uint32_t>(random() & 0x7fffffU);
      patterns.push_back(high << 23U | fraction >> (random() % 23U));
    }
  }
  return patterns;
}

TEST(Convert, Float32IsWidenedAsByTheHardware) {
  const auto patterns = many_float32_patterns();
  std::vector<double> out(patterns.size());
  convert<double>(native_type(ElementType::float32), std::as_bytes(std::span(patterns)), out);
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    const auto expected = static_cast<double>(std::bit_cast<float>(patterns[i]));
    EXPECT_EQ(std::bit_cast<std::uint64_t>(out[i]), std::bit_cast<std::uint64_t>(expected)) << patterns[i];
  }
}

TEST(Convert, Float32InLongRunsRaisesNoFlagAndNeedsNoSpecialCase) {
  const auto patterns = many_float32_patterns();
  std::vector<std::uint32_t> ordinary, swapped;
  for (const std::uint32_t bits : patterns) {
    const std::uint32_t magnitude = bits & 0x7fffffffU;
    if (magnitude == 0 || (magnitude >= 0x800000U && magnitude <= 0x7f800000U)) ordinary.push_back(bits);
  }
  ordinary.push_back(0x7f800001U);  // a signalling NaN, in the last block
  for (const std::uint32_t bits : ordinary) swapped.push_back(__builtin_bswap32(bits));
  const DataType native = native_type(ElementType::float32);
  std::vector<double> out(ordinary.size()), out_swapped(ordinary.size());
  std::feclearexcept(FE_ALL_EXCEPT);
  convert<double>(native, std::as_bytes(std::span(ordinary)), out);
  convert<double>({native.type, !native.big_endian}, std::as_bytes(std::span(swapped)), out_swapped);
  EXPECT_EQ(std::fetestexcept(FE_ALL_EXCEPT), 0);
  EXPECT_EQ(bytes_of(out), bytes_of(out_swapped));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto expected = static_cast<double>(std::bit_cast<float>(ordinary[i]));
    EXPECT_EQ(std::bit_cast<std::uint64_t>(out[i]), std::bit_cast<std::uint64_t>(expected)) << ordinary[i];
  }
}

#if defined(__SSE__)
TEST(Convert, TheCallersFloatingPointEnvironmentChangesNothing) {
  const auto patterns = many_float32_patterns();
  const auto raw = std::as_bytes(std::span(patterns));
  const std::string integers = text_of({0, 0, 0, 0, 255, 255, 255, 127, 1, 0, 0, 128});
  std::vector<double> expected(patterns.size()), out(patterns.size());
  convert<double>(parse_data_type("<f4"), raw, expected);
  const auto expected_integers = converted<double>("<i4", integers);
  const unsigned saved = _mm_getcsr();
  for (const int rounding : {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
    std::fesetround(rounding);
    _mm_setcsr(_mm_getcsr() | 0x8040U);  // flush to zero, denormals are zero
    convert<double>(parse_data_type("<f4"), raw, out);
    const auto out_integers = converted<double>("<i4", integers);
    std::fesetround(FE_TONEAREST);
    _mm_setcsr(saved);
    EXPECT_EQ(bytes_of(out), bytes_of(expected));
    EXPECT_EQ(bytes_of(out_integers), bytes_of(expected_integers));
  }
}
#endif

TEST(Convert, RefusesWhatWouldLoseValues) {
  try {
    converted<double>("<i8", text_of({1, 0, 0, 0, 0, 0, 0, 0}));
    FAIL();
  } catch (const FormatError& error) {
    EXPECT_EQ(error.message(), "elements are int64, which float64 cannot hold exactly; read them as int64");
  }
  EXPECT_THROW(converted<float>("<f8", ""), FormatError) << "also for no elements";
  EXPECT_THROW(converted<float>("<i4", ""), FormatError);
  EXPECT_THROW(converted<std::int32_t>("<f4", ""), FormatError);
  EXPECT_THROW(converted<std::uint64_t>("|i1", ""), FormatError);
  std::vector<double> two(2);
  EXPECT_THROW(convert<double>(parse_data_type("<f8"), bytes_in("12345678"), two), InternalError);
}

TEST(Convert, AnyAlignmentAndNoElements) {
  const std::string shifted = "x" + bytes_of(std::vector<float>{1.5F, -2.0F});
  std::vector<double> out(2);
  convert<double>(native_type(ElementType::float32), bytes_in(shifted).subspan(1), out);
  EXPECT_EQ(out, (std::vector<double>{1.5, -2.0}));
  convert<double>(native_type(ElementType::float64), {}, std::span<double>());
}

TEST(IsNative, OnlyTheSameTypeInThisMachinesOrder) {
  EXPECT_TRUE(is_native<double>(native_type(ElementType::float64)));
  EXPECT_TRUE(is_native<std::uint64_t>(native_type(ElementType::uint64)));
  EXPECT_FALSE(is_native<std::int64_t>(native_type(ElementType::uint64)));
  EXPECT_FALSE(is_native<float>(native_type(ElementType::float64)));
  const DataType native = native_type(ElementType::int32);
  EXPECT_FALSE(is_native<std::int32_t>({native.type, !native.big_endian}));
}

}  // namespace
}  // namespace tutti::io
