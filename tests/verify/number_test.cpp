#include "tutti/verify/number.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "tutti/core/text.hpp"

namespace tutti::verify {
namespace {

// The number at the beginning of a text that must be nothing else.
Number number(std::string_view text) {
  const auto found = number_at(text, 0);
  EXPECT_TRUE(found && found->text == text) << text;
  return found.value_or(Number{text, Spelling::special, std::nan(""), true});
}

bool same_text(std::string_view a, std::string_view b, const Tolerance& tolerance = {}) {
  const bool result = same(number(a), number(b), tolerance);
  EXPECT_EQ(result, same(number(b), number(a), tolerance)) << a << " " << b;
  return result;
}

std::string found(std::string_view line, std::size_t begin = 0) {
  const auto number = number_at(line, begin);
  return number ? std::string(number->text) : "none";
}

TEST(NumberAt, ReadsEverySpelling) {
  EXPECT_EQ(number("17").spelling, Spelling::integer);
  EXPECT_EQ(number("-17").value, -17);
  EXPECT_EQ(number("+17").value, 17);
  EXPECT_EQ(number("0xff").value, 255);
  EXPECT_EQ(number("1.5").spelling, Spelling::decimal);
  EXPECT_EQ(number(".5").value, 0.5);
  EXPECT_EQ(number("-1E-3").value, -1e-3);
  EXPECT_EQ(number("1.25D+02").value, 125);
  EXPECT_EQ(number("1.25d2").value, 125);
  EXPECT_EQ(number("0x1.8p+1").spelling, Spelling::hexfloat);
  EXPECT_EQ(number("-0X1.8P+1").value, -3);
  EXPECT_EQ(number("0x1p-1074").value, std::numeric_limits<double>::denorm_min());
  EXPECT_TRUE(std::isnan(number("NaN").value));
  EXPECT_TRUE(std::isnan(number("-nan").value));
  EXPECT_EQ(number("-Infinity").value, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(number("4.9406564584124654e-324").value, std::numeric_limits<double>::denorm_min());
  EXPECT_FALSE(number("1e400").in_range);
  EXPECT_FALSE(number("1e-400").in_range);
}

TEST(NumberAt, EndsWhereTheNumberEnds) {
  EXPECT_EQ(found("3."), "3");
  EXPECT_EQ(found("3. Next"), "3");
  EXPECT_EQ(found("12.5s"), "12.5");
  EXPECT_EQ(found("12.5 s"), "12.5");
  EXPECT_EQ(found("2nd"), "2");
  EXPECT_EQ(found("1e"), "1");
  EXPECT_EQ(found("1e+"), "1");
  EXPECT_EQ(found("3\xc2\xb5s"), "3");
  EXPECT_EQ(found("1,2"), "1");
  EXPECT_EQ(found("50%"), "50");
  EXPECT_EQ(found("0x"), "0");
  EXPECT_EQ(found("x=-2.5;", 2), "-2.5");
  EXPECT_EQ(found("2024-01-02", 4), "-01");
  EXPECT_EQ(found("1+2j", 1), "+2");
}

TEST(NumberAt, FindsNoneInsideWords) {
  for (const char* word : {"1.2.3", "3D7A", "1e5f00", "12ab34", "5_000", "abc", "", "-", "+", ".", "--",
                           "information", "nano", "1_real64", "192.168.0.1", "0x1g5"})
    EXPECT_EQ(found(word), "none") << word;
  EXPECT_EQ(found("x1", 1), "none");
  EXPECT_EQ(found("H-1", 1), "none");
  EXPECT_EQ(found("_5", 1), "none");
}

TEST(Same, IsBitByBitForDoubles) {
  EXPECT_TRUE(same_text("1", "1.0"));
  EXPECT_TRUE(same_text("1e0", "0x1p+0"));
  EXPECT_TRUE(same_text("0.1", "0x1.999999999999ap-4"));
  EXPECT_TRUE(same_text("0.10", "0.1"));
  EXPECT_TRUE(same_text("1e+06", "1000000"));
  EXPECT_FALSE(same_text("0.1", "0.10000000000000002"));
  EXPECT_FALSE(same_text("0x1.8p+0", "0x1.8000000000001p+0"));
  EXPECT_FALSE(same_text("0.0", "-0.0"));
  EXPECT_FALSE(same_text("0x0p+0", "-0x0p+0"));
  EXPECT_FALSE(same_text("1", "2"));
}

TEST(Same, HoldsForEveryDoubleInBothSpellings) {
  std::uint64_t bits = 0x9e3779b97f4a7c15U;
  for (int i = 0; i < 2000; ++i) {
    bits = bits * 6364136223846793005U + 1442695040888963407U;
    const auto value = std::bit_cast<double>(bits);
    if (std::isnan(value)) continue;
    const std::string shortest = text(value);
    const std::string hexadecimal = hexfloat(value);
    const std::string next = text(std::nextafter(value, 0.0));
    EXPECT_TRUE(same_text(shortest, hexadecimal)) << shortest;
    EXPECT_FALSE(same_text(shortest, next)) << shortest;
    EXPECT_TRUE(same_text(hexadecimal, next, {1, {}})) << shortest;
  }
}

TEST(Same, ComparesWhatNoDoubleHolds) {
  EXPECT_FALSE(same_text("9007199254740993", "9007199254740992"));
  EXPECT_FALSE(same_text("9007199254740993", "9007199254740992.0"));
  EXPECT_TRUE(same_text("9007199254740992", "9007199254740992.0"));
  EXPECT_TRUE(same_text("+00123456789012345678901234567890", "123456789012345678901234567890"));
  EXPECT_FALSE(same_text("123456789012345678901234567890", "123456789012345678901234567891"));
  EXPECT_FALSE(same_text("1.0000000000000000001", "1.0000000000000000002"));  // a long double's digits
  EXPECT_TRUE(same_text("1.00000000000000000010", "1.0000000000000000001"));
  EXPECT_FALSE(same_text("1e400", "1e401"));
  EXPECT_TRUE(same_text("1e400", "10E+399"));
  EXPECT_FALSE(same_text("1e400", "inf"));
  EXPECT_FALSE(same_text("1e-400", "0.0"));
  EXPECT_FALSE(same_text("1e99999999999999999999", "1e400"));
  EXPECT_TRUE(same_text("-0", "0"));  // integers have no signed zero
  EXPECT_TRUE(same_text("0xFF", "0xff"));
  EXPECT_TRUE(same_text("255", "0xff"));
  EXPECT_FALSE(same_text("0x1ffffffffffffffff", "0x1fffffffffffffffe"));
  EXPECT_TRUE(same_text("0x1FFFFFFFFFFFFFFFF", "0x1ffffffffffffffff"));
}

TEST(Same, KnowsSpecialNumbers) {
  EXPECT_TRUE(same_text("nan", "NaN"));
  EXPECT_TRUE(same_text("nan", "-nan"));
  EXPECT_FALSE(same_text("nan", "0.0", {1000, 0.5}));
  EXPECT_TRUE(same_text("inf", "Infinity"));
  EXPECT_FALSE(same_text("inf", "-inf", {UINT64_MAX, 0.99}));
  EXPECT_FALSE(same_text("inf", "1.7976931348623157e308", {1, 0.5}));
}

TEST(Same, WithinATolerance) {
  EXPECT_TRUE(same_text("0x1.8p+0", "0x1.8000000000002p+0", {2, {}}));
  EXPECT_FALSE(same_text("0x1.8p+0", "0x1.8000000000003p+0", {2, {}}));
  EXPECT_TRUE(same_text("100.0", "100.1", {{}, 1e-3}));
  EXPECT_FALSE(same_text("100.0", "100.2", {{}, 1e-3}));
  EXPECT_TRUE(same_text("100.0", "100.1", {1, 1e-3}));  // one of the two is enough
  EXPECT_TRUE(same_text("-0.0", "0.0", {0, {}}));
  EXPECT_FALSE(same_text("-1.0", "1.0", {{}, 0.9}));
  EXPECT_TRUE(same_text("5e-324", "-5e-324", {2, {}}));
  EXPECT_FALSE(same_text("100", "101", {1000, 0.5}));  // integers exactly
  EXPECT_TRUE(same_text("100", "100.01", {{}, 1e-3}));
  EXPECT_TRUE(same_text("1.0000000000000000001", "1.0000000000000000002", {0, {}}));
}

TEST(Distance, CountsDoublesAndParts) {
  EXPECT_EQ(distance(1.0, std::nextafter(1.0, 2.0)).ulp, 1U);
  EXPECT_EQ(distance(-1.0, std::nextafter(-1.0, 0.0)).ulp, 1U);
  EXPECT_EQ(distance(0.0, -0.0).ulp, 0U);
  EXPECT_EQ(distance(std::numeric_limits<double>::max(), std::numeric_limits<double>::lowest()).ulp,
            2U * 0x7fefffffffffffffU);
  EXPECT_EQ(distance(std::numeric_limits<double>::max(), std::numeric_limits<double>::lowest()).relative,
            2.0);
  EXPECT_EQ(distance(4.0, 5.0).relative, 0.2);
  EXPECT_EQ(distance(0.0, 0.0).relative, 0.0);
  EXPECT_EQ(distance(5e-324, 1e-323).relative, 0.5);
  EXPECT_FALSE(distance(1.0, std::nan("")).ulp);
  EXPECT_FALSE(distance(number("4"), number("2")).ulp);
  EXPECT_FALSE(distance(number("1e400"), number("2.0")).relative);
}

}  // namespace
}  // namespace tutti::verify
