#include "tutti/verify/tokens.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace tutti::verify {
namespace {

// "text|_|#3|*" for text, blank, the number 3 and something masked.
std::string shown(std::string_view line, const Masks& masks = {}, int ranks = 1) {
  std::string out;
  for (const Token& token : tokens_of(line, masks, ranks)) {
    if (!out.empty()) out += '|';
    if (token.kind == TokenKind::number) out += token.rank_count ? "P" : "#";
    if (token.kind == TokenKind::blank) out += '_';
    if (token.kind == TokenKind::masked) out += '*';
    if (token.kind == TokenKind::text || token.kind == TokenKind::number) out += token.text;
  }
  return out;
}

TEST(TokensOf, CutsALine) {
  EXPECT_EQ(shown("  dot = 3.5e-2 (4 ranks)  "), "dot|_|=|_|#3.5e-2|_|(|#4|_|ranks)");
  EXPECT_EQ(shown("a.cpp:8"), "a.cpp:|#8");
  EXPECT_EQ(shown("v1.2.3 file5.dat"), "v1.2.3|_|file5.dat");
  EXPECT_EQ(shown("(1.0,-2.0)"), "(|#1.0|,|#-2.0|)");
  EXPECT_EQ(shown("1-2"), "#1|#-2");
  EXPECT_EQ(shown("\t"), "");
  EXPECT_EQ(shown(""), "");
  EXPECT_EQ(shown("a...5"), "a...5");
}

// Whatever stands in a line: its tokens are the line without blanks at its ends, and it is the same as
// itself.
TEST(TokensOf, CoversAnyLine) {
  constexpr std::string_view alphabet("0123456789..eEdxXpP+-naif :_smh=()\t\xc2\xb5\0", 38);
  std::uint64_t state = 1;
  const Masks masks{true, true, {Pattern("1[a-f]*", "--mask")}};
  for (int i = 0; i < 20000; ++i) {
    std::string line;
    for (std::size_t length = static_cast<std::size_t>(i % 40); length > 0; --length) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      line += alphabet[(state >> 33U) % alphabet.size()];
    }
    const auto tokens = tokens_of(line, masks, 3);
    std::string together;
    for (const Token& token : tokens) {
      EXPECT_EQ(line.substr(token.begin, token.text.size()), token.text);
      together += token.text;
    }
    const std::size_t begin = std::min(line.find_first_not_of(" \t"), line.size());
    EXPECT_EQ(together, line.substr(begin, line.find_last_not_of(" \t") + 1 - begin)) << i;
    EXPECT_FALSE(compare_lines(line, tokens, line, tokens_of(line, masks, 3), {})) << line;
  }
}

TEST(TokensOf, MasksTheNumberOfRanks) {
  const Masks masks{true, false, {}};
  EXPECT_EQ(shown("4 ranks, 5 sums, 4.0, 40", masks, 4), "P4|_|ranks,|_|#5|_|sums,|_|P4.0|,|_|#40");
}

TEST(TokensOf, MasksPatterns) {
  const Masks masks{false, false, {Pattern("id=([0-9]+)", "--mask"), Pattern("1[0-9]", "--mask")}};
  EXPECT_EQ(shown("id=123 x 17 3", masks), "id=|*|_|x|_|*|_|#3");
  EXPECT_EQ(shown("id=9", masks), "id=|*");
}

std::optional<LineDifference> compared(std::string_view a, std::string_view b, const Masks& masks = {},
                                       int ranks_a = 1, int ranks_b = 2) {
  return compare_lines(a, tokens_of(a, masks, ranks_a), b, tokens_of(b, masks, ranks_b), {});
}

TEST(CompareLines, TakesBlanksAsOne) {
  EXPECT_FALSE(compared("x  =\t1.0 ", " x = 1"));
  EXPECT_TRUE(compared("x=1", "x = 1"));
}

TEST(CompareLines, NamesTheNumber) {
  const auto difference = compared("a 1 b 2.5 c", "a 1 b 2.25 c");
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->column_a, 7U);
  EXPECT_EQ(difference->column_b, 7U);
  EXPECT_EQ(difference->ordinal, 2U);
  EXPECT_EQ(difference->number_a, "2.5");
  EXPECT_EQ(difference->number_b, "2.25");
  EXPECT_EQ(difference->apart.relative, 0.1);
}

TEST(CompareLines, NamesTheText) {
  const auto words = compared("all good", "all gone");
  ASSERT_TRUE(words);
  EXPECT_EQ(words->column_a, 7U);
  EXPECT_EQ(words->ordinal, 0U);
  const auto shorter = compared("1 2", "1");
  ASSERT_TRUE(shorter);
  EXPECT_EQ(shorter->column_a, 2U);
  EXPECT_EQ(shorter->column_b, 2U);
  EXPECT_TRUE(compared("1 a", "1 2"));
}

TEST(CompareLines, LetsMaskedPartsDiffer) {
  const Masks masks{true, false, {Pattern("pid ([0-9]+)", "--mask")}};
  EXPECT_FALSE(compared("on 1 rank, pid 17", "on 2 rank, pid 18", masks));
  EXPECT_FALSE(compared("n 1 2", "n 1 2", masks));  // by chance as many as ranks, on one side of each
  EXPECT_TRUE(compared("n 1", "n 3", masks));
  EXPECT_TRUE(compared("pid 17", "pid", masks));
}

}  // namespace
}  // namespace tutti::verify
