#include "tutti/distribution/layout.hpp"

#include <cfenv>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#ifdef __SSE2__
#include <xmmintrin.h>
#endif

#include "tutti/core/error.hpp"

#include "message_of.hpp"

namespace tutti {
namespace {

std::vector<Index> numbers(const Layout& layout) {
  const auto sums = layout.boundaries();
  return {sums.begin(), sums.end()};
}

TEST(Layout, HasANameThatParses) {
  for (const Layout& layout : {block, cyclic, block_cyclic(2), block_cyclic(Index{1} << 62U)})
    EXPECT_EQ(parse_layout(layout.name()), layout) << layout.name();
  EXPECT_EQ(block.name(), "block");
  EXPECT_EQ(cyclic.name(), "cyclic");
  EXPECT_EQ(block_cyclic(4).name(), "block-cyclic:4");
  EXPECT_EQ(irregular({2, 0, 5}).name(), "irregular(2,0,5)");
  EXPECT_EQ(weighted({1, 2, 1}).name(), "weighted(1,2,1)");
  EXPECT_EQ(irregular(std::vector<Index>(8, 3)).name(), "irregular(3,3,3,3,3,3,3,3)");
  EXPECT_EQ(irregular(std::vector<Index>(100, 3)).name(), "irregular(3,3,3,3,3,3,3,3,... on 100 ranks)");
}

TEST(Layout, IsEqualAndHashesEqualByValue) {
  const std::vector<Layout> layouts{block,
                                    cyclic,
                                    block_cyclic(2),
                                    block_cyclic(3),
                                    irregular({2, 0, 5}),
                                    irregular({2, 5, 0}),
                                    irregular({2, 0, 5, 0}),
                                    weighted({2, 0, 5}),
                                    weighted({2, 0, 6})};
  for (std::size_t i = 0; i < layouts.size(); ++i)
    for (std::size_t j = 0; j < layouts.size(); ++j) {
      EXPECT_EQ(layouts[i] == layouts[j], i == j) << layouts[i].name() << " " << layouts[j].name();
      EXPECT_EQ(layouts[i].hash() == layouts[j].hash(), i == j);
    }
  EXPECT_EQ(Layout(), block);
  EXPECT_EQ(block_cyclic(1), cyclic);
  EXPECT_EQ(irregular({2, 0, 5}), irregular({2, 0, 5}));
  EXPECT_EQ(irregular({2, 0, 5}).hash(), irregular({2, 0, 5}).hash());
}

TEST(Layout, SurvivesBeingMovedFrom) {
  Layout source = irregular({2, 0, 5});
  const Layout moved = std::move(source);
  EXPECT_EQ(source, moved);  // NOLINT(bugprone-use-after-move): that it keeps its value is the point
}

TEST(Layout, HashIsTheSameOnEveryMachine) {
  // Computed by Python's integers from the definition in core/hash.hpp.
  EXPECT_EQ(block.hash(), 9249899679073386783U);
  EXPECT_EQ(irregular({2, 0, 5}).hash(), 18050769096109039183U);
}

TEST(Weighted, OnlyRatiosCount) {
  EXPECT_EQ(weighted({1, 3}), weighted({0.5, 1.5}));
  EXPECT_EQ(weighted({1, 3}), weighted({0x1p1000, 0x3p1000}));
  EXPECT_EQ(weighted({1, 3}), weighted({5e-324, 15e-324}));
  EXPECT_EQ(weighted({0, 7, 7}), weighted({-0.0, 1, 1}));
  EXPECT_FALSE(weighted({0.1, 0.3}) == weighted({1, 3}));  // 0.3 is not the double 3 * 0.1
}

TEST(Weighted, AreCoprimeWholeNumbers) {
  EXPECT_EQ(numbers(weighted({1, 2, 1})), (std::vector<Index>{0, 1, 3, 4}));
  EXPECT_EQ(numbers(weighted({6, 0, 9})), (std::vector<Index>{0, 2, 2, 5}));
  EXPECT_EQ(numbers(weighted({2.5})), (std::vector<Index>{0, 1}));
  // 2 ranks: 61 bits; 2^60 and 1 are exact, as are all whole numbers below 2^53.
  EXPECT_EQ(numbers(weighted({0x1p60, 1})), (std::vector<Index>{0, Index{1} << 60U, (Index{1} << 60U) + 1}));
  EXPECT_EQ(numbers(weighted({9007199254740991, 2})),
            (std::vector<Index>{0, 9007199254740991, 9007199254740993}));
}

TEST(Weighted, AreCutWhereTheCommentSays) {
  // 1000 ranks need 10 bits: what is below 2^-53 of 2, the power of two above the largest weight, is cut.
  std::vector<double> weights(1000, 0.0);
  weights[0] = 1;
  weights[1] = 0x1p-52;
  EXPECT_EQ(weighted(weights).boundaries()[2], (Index{1} << 52U) + 1);
  weights[1] = 0x1.8p-52;
  EXPECT_EQ(weighted(weights).boundaries()[2], (Index{1} << 52U) + 1);
  weights[1] = 0x1.fp-53;
  EXPECT_EQ(weighted(weights).boundaries()[2], 1);
  for (const double tiny : {5e-324, 0x1.fffffffffffffp-1022, 0x1.fffffffffffffp-100, 0x1.fffffffffffffp-64}) {
    weights[1] = tiny;
    EXPECT_EQ(weighted(weights).boundaries()[2], 1) << tiny;
  }
}

TEST(Weighted, CallersFloatingPointModeDoesNotMatter) {
  const std::vector<double> weights{0.1, 5e-324, 0.7, 1e300};
  const std::vector<double> subnormal{5e-324, 15e-324};
  const Layout expected = weighted(weights);
  for (const int mode : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
    std::fesetround(mode);
    const Layout rounded = weighted(weights);
    std::fesetround(FE_TONEAREST);
    EXPECT_EQ(rounded, expected) << mode;
  }
#ifdef __SSE2__
  const unsigned before = _mm_getcsr();
  _mm_setcsr(before | 0x8040U);  // flush subnormal results, and take subnormal operands as zero
  const Layout flushed = weighted(subnormal);
  _mm_setcsr(before);
  EXPECT_EQ(flushed, weighted({1, 3}));
#endif
}

TEST(Weighted, LargestSumDoesNotOverflow) {
  for (const std::size_t ranks : {1U, 2U, 3U, 4U, 7U, 8U, 1023U, 1024U}) {
    std::vector<double> weights(ranks, std::numeric_limits<double>::max());
    weights[0] = std::nextafter(weights[0], 0);  // no common divisor to make the numbers small
    const Layout layout = weighted(weights);
    for (std::size_t rank = 0; rank < ranks; ++rank)
      EXPECT_LT(layout.boundaries()[rank], layout.boundaries()[rank + 1]);
  }
}

TEST(Layout, RefusesNonsenseByRankAndValue) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  constexpr Index largest = std::numeric_limits<Index>::max();
  using E = DistributionError;
  EXPECT_EQ(message_of<E>([] { block_cyclic(0); }),
            "block-cyclic layout: a block of 0 elements; give a block size of at least 1");
  EXPECT_EQ(message_of<E>([] { block_cyclic(-7); }),
            "block-cyclic layout: a block of -7 elements; give a block size of at least 1");
  EXPECT_EQ(message_of<E>([] { irregular({}); }), "irregular layout: no counts; give one for each rank");
  EXPECT_EQ(message_of<E>([] {
              irregular({1, -2});
            }),
            "irregular layout: the count of rank 1 is -2; give counts of at least 0");
  EXPECT_EQ(message_of<E>([] {
              irregular({largest, 0, 1});
            }),
            "irregular layout: the counts of ranks 0 to 2 add up to more than 2^63 - 1; give smaller counts");
  EXPECT_EQ(message_of<E>([] { weighted({}); }), "weighted layout: no weights; give one for each rank");
  EXPECT_EQ(message_of<E>([] {
              weighted({1, -0.5});
            }),
            "weighted layout: the weight of rank 1 is -0.5; give finite weights of at least 0");
  EXPECT_EQ(message_of<E>([] { weighted({infinity}); }),
            "weighted layout: the weight of rank 0 is inf; give finite weights of at least 0");
  EXPECT_EQ(message_of<E>([] {
              weighted({1, 1, std::nan("")});
            }),
            "weighted layout: the weight of rank 2 is nan; give finite weights of at least 0");
  EXPECT_THROW(weighted({1, -infinity}), E);
  EXPECT_THROW(weighted({1, -5e-324}), E);
  EXPECT_THROW(weighted({1, std::copysign(std::nan(""), -1.0)}), E);
  EXPECT_EQ(message_of<E>([] {
              weighted({0, -0.0});
            }),
            "weighted layout: all 2 weights are 0; give at least one rank a weight greater than 0");
}

TEST(ParseLayout, RefusesEverythingElseNamingTheChoices) {
  EXPECT_EQ(parse_layout("block-cyclic:9223372036854775807").block_size(), std::numeric_limits<Index>::max());
  for (const char* nonsense :
       {"", "Block", "block ", " block", "blocks", "block-cyclic", "block-cyclic:", "block-cyclic:0",
        "block-cyclic:-1", "block-cyclic:+1", "block-cyclic: 1", "block-cyclic:1.5", "block-cyclic:1k",
        "block-cyclic:9223372036854775808", "cyclic:2", "irregular(2,0,5)"})
    EXPECT_THROW(parse_layout(nonsense), UsageError) << nonsense;
  EXPECT_EQ(
      message_of<UsageError>([] { parse_layout("cyc\n"); }),
      "distribution 'cyc\\n' is none of block, cyclic, block-cyclic:K; give one of them, K a whole number "
      "of elements from 1 to 2^63 - 1");
}

}  // namespace
}  // namespace tutti
