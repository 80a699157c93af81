#include "tutti/core/random.hpp"

#include <array>
#include <cstdint>

#include <gtest/gtest.h>

namespace tutti {
namespace {

using Words = std::array<std::uint64_t, 4>;

// Values of NumPy 1.24: numpy.random.Philox(counter=c - 1, key=k).random_raw(4), which counts up before it
// draws.
TEST(Philox, GivesNumPysNumbers) {
  struct Case {
    Words counter;
    std::array<std::uint64_t, 2> key;
    Words expected;
  };
  const Case cases[] = {
      {{0x0ULL, 0x0ULL, 0x0ULL, 0x0ULL},
       {0x0ULL, 0x0ULL},
       {0x16554d9eca36314cULL, 0xdb20fe9d672d0fdcULL, 0xd7e772cee186176bULL, 0x7e68b68aec7ba23bULL}},
      {{0x1ULL, 0x0ULL, 0x0ULL, 0x0ULL},
       {0x0ULL, 0x0ULL},
       {0x2f4ba6408e4d89bULL, 0x3dd62b0b9ca8c5b2ULL, 0x1c8667a55d902e79ULL, 0x907d7a052fd5b4dcULL}},
      {{0x5ULL, 0x2ULL, 0x0ULL, 0x0ULL},
       {0x7eaULL, 0x3ULL},
       {0x2364be5a6b2091adULL, 0x4f013e368360eb0bULL, 0xa5bca62f886d8372ULL, 0xfc763ac6c9a5c52bULL}},
      {{0xffffffffffffffffULL, 0xffffffffffffffffULL, 0xffffffffffffffffULL, 0xffffffffffffffffULL},
       {0xffffffffffffffffULL, 0xffffffffffffffffULL},
       {0x87b092c3013fe90bULL, 0x438c3c67be8d0224ULL, 0x9cc7d7c69cd777b6ULL, 0xa09caebf594f0ba0ULL}},
      {{0x243f6a8885a308d3ULL, 0x13198a2e03707344ULL, 0xa4093822299f31d0ULL, 0x82efa98ec4e6c89ULL},
       {0x452821e638d01377ULL, 0xbe5466cf34e90c6cULL},
       {0xa528f45403e61d95ULL, 0x38c72dbd566e9788ULL, 0xa5a1610e72fd18b5ULL, 0x57bd43b5e52b7fe6ULL}},
  };
  for (const Case& c : cases) EXPECT_EQ(philox(c.counter, c.key), c.expected);
}

TEST(Random, IsAFunctionOfSeedStreamAndIndex) {
  const Random a(7), b(7), other_stream(7, 1), other_seed(8);
  for (const std::int64_t index : {0LL, 1LL, 1LL << 40}) {
    EXPECT_EQ(a.bits(index, 5), b.bits(index, 5));
    EXPECT_NE(a.bits(index), other_stream.bits(index));
    EXPECT_NE(a.bits(index), other_seed.bits(index));
    EXPECT_NE(a.bits(index), a.bits(index + 1));
    EXPECT_GE(a.uniform(index), 0.0);
    EXPECT_LT(a.uniform(index), 1.0);
  }
}

}  // namespace
}  // namespace tutti
