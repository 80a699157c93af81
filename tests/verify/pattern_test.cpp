#include "tutti/verify/pattern.hpp"

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

namespace tutti::verify {
namespace {

using Parts = std::vector<Part>;

TEST(Pattern, MatchesAsGrepDoes) {
  EXPECT_TRUE(Pattern("^energy", "--match").matches("energy = 3"));
  EXPECT_FALSE(Pattern("^energy", "--match").matches("the energy"));
  EXPECT_TRUE(Pattern("a|b+", "--match").matches("xbbx"));
  EXPECT_TRUE(Pattern("x$", "--match").matches(std::string("a\0bx", 4)));
  EXPECT_TRUE(Pattern("\\\\d", "--match").matches("a\\d"));
}

TEST(Pattern, FindsAllParts) {
  EXPECT_EQ(Pattern("[0-9]+", "--mask").parts("a 12 b 3"), (Parts{{2, 4}, {7, 8}}));
  EXPECT_EQ(Pattern("id=([0-9]+)", "--mask").parts("id=12 id=3"), (Parts{{3, 5}, {9, 10}}));
  EXPECT_EQ(Pattern("x(a)?", "--mask").parts("x xa"), (Parts{{3, 4}}));  // a group that took no part
  EXPECT_EQ(Pattern("b*", "--mask").parts("abba"), (Parts{{1, 3}}));     // empty matches cover nothing
  EXPECT_EQ(Pattern("^a", "--mask").parts("aa"), (Parts{{0, 1}}));
  EXPECT_EQ(Pattern("x", "--mask").parts(""), Parts{});
}

TEST(Pattern, TakesLongLines) {
  const std::string line(1 << 20, 'a');
  EXPECT_TRUE(Pattern("^(a|b)*$", "--match").matches(line));
}

TEST(Pattern, RefusesNonsense) {
  for (const char* bad : {"", "(", "[a", "a{2", "\\d+", "*("})
    EXPECT_THROW(Pattern(bad, "--mask"), UsageError) << bad;
}

}  // namespace
}  // namespace tutti::verify
