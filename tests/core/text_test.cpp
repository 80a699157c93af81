#include "tutti/core/text.hpp"

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace tutti {
namespace {

std::string percent_a(double value) {
  char digits[64];
  std::snprintf(digits, sizeof digits, "%a", value);
  return digits;
}

TEST(Text, ConcatenatesItsParts) {
  EXPECT_EQ(text("n = ", 3, ", x = ", 0.1, ' ', true, std::string("!")), "n = 3, x = 0.1 true!");
  EXPECT_EQ(text(), "");
}

TEST(Text, PrintsShortestRoundTrip) {
  EXPECT_EQ(text(30296.40669908669), "30296.40669908669");
  EXPECT_EQ(text(1e22), "1e+22");
  EXPECT_EQ(text(0.1F), "0.1");
  EXPECT_EQ(text(-0.0), "-0");
  std::mt19937_64 bits(1);
  for (int i = 0; i < 10000; ++i) {
    const auto x = std::bit_cast<double>(bits());
    if (!std::isfinite(x)) continue;
    const double back = std::strtod(text(x).c_str(), nullptr);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(back), std::bit_cast<std::uint64_t>(x));
  }
}

TEST(Text, OfPartsAndCounts) {
  EXPECT_EQ(fixed_text(2.0 / 3, 2), "0.67");
  EXPECT_EQ(fixed_text(-1, 0), "-1");
  EXPECT_EQ(fixed_text(std::numeric_limits<double>::max(), 1).size(), 311U);
  EXPECT_EQ(percent_text(0.0089), "0.9 %");
  EXPECT_EQ(percent_text(1), "100.0 %");
  EXPECT_EQ(shape_text({}), "()");
  EXPECT_EQ(shape_text({5}), "(5,)");
  EXPECT_EQ(shape_text({2, 3}), "(2, 3)");
  EXPECT_EQ(counted(1, "rank"), "1 rank");
  EXPECT_EQ(counted(std::size_t{0}, "rank"), "0 ranks");
}

TEST(Text, PrintsWideIntegers) {
  EXPECT_EQ(text(Int128{0}), "0");
  EXPECT_EQ(text(Int128{-1}), "-1");
  const Int128 lowest = static_cast<Int128>(Uint128{1} << 127U);
  EXPECT_EQ(text(lowest), "-170141183460469231731687303715884105728");
  EXPECT_EQ(text(~Uint128{0}), "340282366920938463463374607431768211455");
}

TEST(Hexfloat, IsWhatPercentAWrites) {
  for (const double x : {0.0, -0.0, 1.0, -1.5, 0.1, 5e-324, 2.2250738585072009e-308, 1.7976931348623157e308})
    EXPECT_EQ(hexfloat(x), percent_a(x));
  std::mt19937_64 bits(2);
  for (int i = 0; i < 10000; ++i) {
    const auto x = std::bit_cast<double>(bits());
    if (!std::isfinite(x)) continue;
    EXPECT_EQ(hexfloat(x), percent_a(x));
  }
  EXPECT_EQ(hexfloat(std::numeric_limits<double>::quiet_NaN()), "nan");
  EXPECT_EQ(hexfloat(-std::numeric_limits<double>::infinity()), "-inf");
}

TEST(BytesText, UsesBinaryUnits) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(1023), "1023 B");
  EXPECT_EQ(bytes_text(1536), "1.50 KiB");
  EXPECT_EQ(bytes_text(std::uint64_t{1} << 30U), "1.00 GiB");
}

TEST(Printable, MakesControlCharactersVisible) {
  EXPECT_EQ(printable("plain"), "plain");
  EXPECT_EQ(printable("two\nlines\ttab"), "two\\nlines\\ttab");
  EXPECT_EQ(printable("\x1b[31mred"), "\\x1b[31mred");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(printable("gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f");
  EXPECT_EQ(printable("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b");
}

TEST(JsonString, EscapesWhatJsonMust) {
  EXPECT_EQ(json_string("plain"), "\"plain\"");
  EXPECT_EQ(json_string("a \"b\" \\ c"), R"("a \"b\" \\ c")");
  EXPECT_EQ(json_string("two\nlines"), R"("two\\nlines")");
}

}  // namespace
}  // namespace tutti
