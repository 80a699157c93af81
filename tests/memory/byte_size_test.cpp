#include "tutti/memory/byte_size.hpp"

#include <gtest/gtest.h>

namespace tutti::memory {
namespace {

TEST(ParseBytes, BinaryAndDecimalUnits) {
  EXPECT_EQ(parse_bytes("0"), 0U);
  EXPECT_EQ(parse_bytes("4096"), 4096U);
  EXPECT_EQ(parse_bytes("17 B"), 17U);
  EXPECT_EQ(parse_bytes("1K"), 1024U);
  EXPECT_EQ(parse_bytes("1kb"), 1000U);
  EXPECT_EQ(parse_bytes("4GiB"), std::uint64_t{4} << 30U);
  EXPECT_EQ(parse_bytes("4g"), std::uint64_t{4} << 30U);
  EXPECT_EQ(parse_bytes("256GB"), 256'000'000'000U);
  EXPECT_EQ(parse_bytes("1.5 TiB"), (std::uint64_t{3} << 40U) / 2);
  EXPECT_EQ(parse_bytes("0.3KB"), 300U);
  EXPECT_EQ(parse_bytes("1PB"), 1'000'000'000'000'000U);
  EXPECT_EQ(parse_bytes("9223372036854775807"), 9223372036854775807U);  // no double has these digits
}

TEST(ParseBytes, NonsenseIsNothing) {
  for (const char* text : {"",
                           " ",
                           "GiB",
                           "-1",
                           "+1",
                           "4 GiB ",
                           "4  GiB",
                           "4GiBs",
                           "4 apples",
                           "0x10",
                           "inf",
                           "nan",
                           "1e9",
                           "1,5G",
                           ".5G",
                           "4.GiB.",
                           "9223372036854775808",
                           "8192P",
                           "99999999999999999999",
                           "1 "})
    EXPECT_FALSE(parse_bytes(text)) << '"' << text << '"';
}

}  // namespace
}  // namespace tutti::memory
