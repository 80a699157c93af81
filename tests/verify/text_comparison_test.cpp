#include "tutti/verify/text_comparison.hpp"

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

#include "temporary_folder.hpp"

namespace tutti::verify {
namespace {

class CompareTexts : public ::testing::Test {
 protected:
  std::optional<TextDifference> compared(const std::string& a, const std::string& b) {
    return compare_texts({folder_.file("a", a), "a", 1}, {folder_.file("b", b), "b", 2}, rules_);
  }
  TextCount counted(const std::string& contents) {
    return count({folder_.file("a", contents), "a", 1}, rules_);
  }

  TemporaryFolder folder_;
  Rules rules_;
};

TEST_F(CompareTexts, InOrder) {
  EXPECT_FALSE(compared("", ""));
  EXPECT_FALSE(compared("x = 1.0\ny\n", "x = 1\ny"));
  EXPECT_FALSE(compared("x\n\n\ny\n", "x\ny\n"));  // empty lines say nothing
  const auto difference = compared("x\ny = 1\n", "x\n\ny = 2\n");
  ASSERT_TRUE(difference && difference->a && difference->b);
  EXPECT_EQ(difference->a->number, 2);
  EXPECT_EQ(difference->b->number, 3);
  EXPECT_EQ(difference->b->line, "y = 2");
  EXPECT_EQ(difference->where.ordinal, 1U);
  EXPECT_TRUE(compared("x\ny\n", "y\nx\n"));
}

TEST_F(CompareTexts, NamesALineThatIsMissing) {
  const auto longer = compared("x\n", "x\ny\n");
  ASSERT_TRUE(longer);
  EXPECT_FALSE(longer->a);
  EXPECT_EQ(longer->b->line, "y");
  const auto shorter = compared("x\ny\n", "x\n");
  ASSERT_TRUE(shorter);
  EXPECT_FALSE(shorter->b);
  EXPECT_EQ(shorter->a->number, 2);
}

TEST_F(CompareTexts, ChoosesLines) {
  rules_.match.emplace_back("^(e|f) ", "--match");
  rules_.ignore.emplace_back("time", "--ignore");
  EXPECT_FALSE(compared("hello 1\ne 2\ne time 3\n", "e 2\nhello 2\ne time 4\n"));
  EXPECT_TRUE(compared("f 1\n", "f 2\n"));
}

TEST_F(CompareTexts, Sorted) {
  rules_.sorted = true;
  EXPECT_FALSE(compared("rank 0: 1\nrank 1: 2\nend\n", "end\nrank 1: 2\nrank 0: 1.0\n"));
  EXPECT_TRUE(compared("a\na\nb\n", "a\nb\nb\n"));
  const auto difference = compared("rank 0: 1\nrank 1: 2\n", "rank 1: 3\nrank 0: 1\n");
  ASSERT_TRUE(difference && difference->a && difference->b);
  EXPECT_EQ(difference->a->number, 2);
  EXPECT_EQ(difference->b->number, 1);
  const auto only = compared("a\nc\n", "a\nb\nc\n");
  ASSERT_TRUE(only);
  EXPECT_FALSE(only->a);
  EXPECT_EQ(only->b->line, "b");
  EXPECT_FALSE(compared("nan 1\nnan 2\nnan nan\n", "nan nan\nnan 2\nnan 1\n"));
}

TEST_F(CompareTexts, SortedWithinATolerance) {
  rules_.sorted = true;
  rules_.tolerance.relative = 0.01;
  // As texts, 10.01 stands before 9.99.
  EXPECT_FALSE(compared("x 9.99\nx 500.0\n", "x 501.0\nx 10.01\n"));
  EXPECT_TRUE(compared("x 9.99\n", "x 11.0\n"));
}

TEST_F(CompareTexts, SortsNoMoreThanItCanKeep) {
  rules_.sorted = true;
  const std::string line = std::string((1 << 20) - 1, 'x') + "\n";
  std::string contents;
  for (int i = 0; i < 130; ++i) contents += line;
  EXPECT_THROW(compared(contents, ""), FormatError);
}

TEST_F(CompareTexts, CountsWhatIsCompared) {
  rules_.masks.ranks = true;
  rules_.masks.patterns.emplace_back("^pid.*", "--mask");
  rules_.ignore.emplace_back("^#", "--ignore");
  const TextCount count = counted("# 1 2 3\n\npid 17\nranks 1, sum 2.5, 3\n");
  EXPECT_EQ(count.all, 4);
  EXPECT_EQ(count.lines, 1);  // a line that is masked wholly cannot differ
  EXPECT_EQ(count.numbers, 2);
}

}  // namespace
}  // namespace tutti::verify
