#include "tutti/verify/trace.hpp"

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

#include "temporary_folder.hpp"

namespace tutti::verify {
namespace {

constexpr const char* header = "# tutti trace 1\n";

class CompareTraces : public ::testing::Test {
 protected:
  std::optional<TraceDifference> compared(const std::string& a, const std::string& b) {
    return compare_traces({folder_.file("a", header + a), "1 rank", 1},
                          {folder_.file("b", header + b), "2 ranks", 2}, rules_);
  }

  TemporaryFolder folder_;
  TraceRules rules_;
};

TEST_F(CompareTraces, NamesTheFirstReductionThatDiffers) {
  const std::string first = "sum\t1\ta.cpp:8\t0x1p+0\n";
  EXPECT_FALSE(compared(first, first));
  const auto found =
      compared(first + "gram\t2\tb.cpp:9\t1 0x1p+1\n", first + "gram\t2\tb.cpp:9\t1 0x1.8p+1\n");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->a->sequence, 2);
  EXPECT_EQ(found->a->name, "gram");
  EXPECT_EQ(found->a->site, "b.cpp:9");
  EXPECT_EQ(found->value, 1U);
  EXPECT_EQ(found->value_a, "0x1p+1");
  EXPECT_EQ(found->value_b, "0x1.8p+1");
  rules_.tolerance.relative = 0.5;
  EXPECT_FALSE(compared(first + "gram\t2\tb.cpp:9\t1 0x1p+1\n", first + "gram\t2\tb.cpp:9\t1 0x1.8p+1\n"));
}

TEST_F(CompareTraces, NamesOtherCallsAndCounts) {
  const auto call = compared("sum\t1\ta.cpp:8\t1\n", "dot\t1\ta.cpp:9\t1\n");
  ASSERT_TRUE(call);
  EXPECT_FALSE(call->value);
  EXPECT_EQ(call->b->site, "a.cpp:9");
  const auto fewer = compared("sum\t1\t-\t1\nsum\t2\t-\t1\n", "sum\t1\t-\t1\n");
  ASSERT_TRUE(fewer);
  EXPECT_EQ(fewer->a->sequence, 2);
  EXPECT_FALSE(fewer->b);
  const auto results = compared("sum\t1\t-\t1 2\n", "sum\t1\t-\t1\n");
  ASSERT_TRUE(results);
  EXPECT_EQ(results->value_b, "nothing");
}

TEST_F(CompareTraces, LeavesCallsOut) {
  const std::string two = "max\t1\ttimes.cpp:3\t0x1p+0\nsum\t2\ta.cpp:8\t1\n";
  const std::string one = "sum\t1\ta.cpp:8\t1\n";
  EXPECT_TRUE(compared(two, one));
  rules_.ignore.emplace_back("^max at times", "--ignore-call");
  EXPECT_FALSE(compared(two, one));
  EXPECT_EQ(count_reductions({folder_.file("two", header + two), "1 rank", 1}, rules_), 1);
}

TEST_F(CompareTraces, KnowsNotesAndSeveralWorlds) {
  const std::string again = std::string("sum \"of a\"\t1\t-\t1\n") + header + "sum\t1\t-\t2\n";
  EXPECT_FALSE(compared(again, "sum \"of b\"\t1\t-\t1\nsum\t2\t-\t2\n"));
}

TEST_F(CompareTraces, MasksTheNumberOfRanks) {
  EXPECT_TRUE(compared("sum\t1\t-\t0x1p+0\n", "sum\t1\t-\t0x1p+1\n"));
  rules_.mask_ranks = true;
  EXPECT_FALSE(compared("sum\t1\t-\t0x1p+0\n", "sum\t1\t-\t0x1p+1\n"));
  EXPECT_TRUE(compared("sum\t1\t-\t0x1p+0\n", "sum\t1\t-\t0x1.8p+1\n"));
}

TEST_F(CompareTraces, RefusesWhatIsNoTrace) {
  for (const char* bad : {"sum\t1\ta.cpp:8\n", "sum\n", "\n", "sum\tx\ta.cpp:8\t1\n"})
    EXPECT_THROW(compared(bad, bad), FormatError) << bad;
  const Trace old{folder_.file("old", "# tutti trace 2\n"), "1 rank", 1};
  EXPECT_THROW(count_reductions(old, rules_), FormatError);
  EXPECT_THROW(count_reductions({folder_.file("empty", ""), "1 rank", 1}, rules_), FormatError);
  EXPECT_EQ(count_reductions({folder_.file("none", header), "1 rank", 1}, rules_), 0);
}

}  // namespace
}  // namespace tutti::verify
