// What leaves an ExactSum: integers and bytes.
#include <limits>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"
#include "tutti/exact/exact_sum.hpp"

#include "terms.hpp"

namespace tutti {
namespace {

using exact::Family;
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double smallest = 0x1p-1074;
constexpr std::int64_t lowest_integer = std::numeric_limits<std::int64_t>::min();

ExactSum sum_of(std::initializer_list<double> values) { return exact::plain_sum(values); }

TEST(ExactSumResults, ToIntegerReachesTheEndsOf128Bits) {
  ExactSum sum;
  sum.add_product(lowest_integer, lowest_integer);  // 2^126
  EXPECT_EQ(sum.to_integer(), Int128{1} << 126U);
  sum.add_product(lowest_integer, lowest_integer);
  EXPECT_THROW(sum.to_integer(), RangeError);
  sum.subtract(1);
  EXPECT_EQ(sum.to_integer(), ~(Int128{1} << 127U));
  sum.negate();
  EXPECT_EQ(sum.to_integer(), (Int128{1} << 127U) + 1);
  sum.subtract(1);
  EXPECT_EQ(sum.to_integer(), Int128{1} << 127U);
  sum.subtract(1);
  EXPECT_THROW(sum.to_integer(), RangeError);
  EXPECT_EQ(ExactSum().to_integer(), Int128{0});
  EXPECT_EQ(sum_of({-7}).to_integer(), Int128{-7});
}

TEST(ExactSumResults, ToIntegerSaysWhyNot) {
  for (const double value : {0.5, -0.25, 1e300, -1e39, nan, inf, smallest}) {
    EXPECT_THROW(sum_of({value}).to_integer(), RangeError) << value;
  }
  try {
    sum_of({2.5}).to_integer();
    FAIL();
  } catch (const RangeError& error) {
    EXPECT_EQ(error.message(), "exact sum: about 2.5 is not an integer; use round()");
  }
}

TEST(ExactSumResults, BytesRoundTrip) {
  for (const Family family : exact::families)
    for (std::size_t n = 0; n < 20; ++n) {
      const ExactSum sum = exact::plain_sum(exact::terms(family, n));
      EXPECT_EQ(ExactSum::from_bytes(sum.to_bytes()), sum);
    }
  for (const ExactSum& sum : {sum_of({nan}), sum_of({inf}), sum_of({-inf})}) {
    EXPECT_EQ(ExactSum::from_bytes(sum.to_bytes()), sum);
    EXPECT_EQ(sum.to_bytes().size(), 8U);
  }
}

std::vector<std::byte> changed(const ExactSum& sum, std::size_t place, int value) {
  auto bytes = sum.to_bytes();
  bytes.at(place) = static_cast<std::byte>(value);
  return bytes;
}

TEST(ExactSumResults, BytesAreTheSameOnEveryMachine) {
  const std::vector<int> expected{'E', 'X', 'S', 1, 8, 0, 67, 0, 0, 0, 0, 0x80, 1, 0, 0, 0};  // -1.5
  const auto bytes = sum_of({-1.5}).to_bytes();
  ASSERT_EQ(bytes.size(), expected.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) EXPECT_EQ(std::to_integer<int>(bytes[i]), expected[i]) << i;
}

TEST(ExactSumResults, RefusesBytesItDidNotWrite) {
  const ExactSum sum = sum_of({-1.5});
  for (const auto& [place, value] : std::initializer_list<std::pair<std::size_t, int>>{
           {0, 'e'}, {2, 'T'}, {3, 2}, {4, 1}, {4, 3}, {4, 9}, {5, 1}, {7, 1}, {6, 133}, {11, 0}, {12, 0}}) {
    EXPECT_THROW(ExactSum::from_bytes(changed(sum, place, value)), FormatError) << place << " " << value;
  }
  const auto bytes = sum.to_bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    if (size == 12) continue;  // one digit less is -0.5
    EXPECT_THROW(ExactSum::from_bytes(std::span(bytes).first(size)), FormatError) << size;
  }
  EXPECT_THROW(ExactSum::from_bytes(changed(ExactSum(), 6, 1)), FormatError);
  EXPECT_THROW(ExactSum::from_bytes(changed(ExactSum(), 4, 8)), FormatError) << "a negative zero";
  EXPECT_THROW(ExactSum::from_bytes(changed(ExactSum(), 4, 6)), FormatError) << "two infinities are a NaN";
  EXPECT_THROW(ExactSum::from_bytes(std::vector<std::byte>(100000)), FormatError);
}

}  // namespace
}  // namespace tutti
