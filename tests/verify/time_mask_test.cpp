#include "tutti/verify/time_mask.hpp"

#include <gtest/gtest.h>

namespace tutti::verify {
namespace {

// The line with * for what is masked.
std::string masked(std::string_view line) {
  std::string out;
  std::size_t end = 0;
  for (const Token& token : tokens_of(line, {false, true, {}}, 1)) {
    out += line.substr(end, token.begin - end);
    out += token.kind == TokenKind::masked ? "*" : std::string(token.text);
    end = token.begin + token.text.size();
  }
  return out;
}

TEST(MaskTimes, NumbersWithAUnit) {
  EXPECT_EQ(masked("read 0.25 s, compute 3ms"), "read *, compute *");
  EXPECT_EQ(masked("2 minutes and 3.5 seconds."), "* and *.");
  EXPECT_EQ(masked("(12 \xc2\xb5s)"), "(*)");
  EXPECT_EQ(masked("1h30"), "1h30");
  EXPECT_EQ(masked("3 s/step, 4 steps/s"), "*/step, 4 steps/s");
  EXPECT_EQ(masked("2 min 30 s"), "2 min *");
  EXPECT_EQ(masked("17 atoms 3 shells"), "17 atoms 3 shells");
}

TEST(MaskTimes, SymbolsOfOtherUnitsAreNone) {
  for (const char* line : {"E = -76.0267 H", "0.5 S", "12 MS", "3 US"}) EXPECT_EQ(masked(line), line);
}

TEST(MaskTimes, NamesAreNoUnits) {
  EXPECT_EQ(masked("max 3.0 min 1.0"), "max 3.0 min 1.0");
  EXPECT_EQ(masked("x 3 s = 4"), "x 3 s = 4");
  EXPECT_EQ(masked("n 3 h: 4"), "n 3 h: 4");
}

TEST(MaskTimes, NumbersAfterAWord) {
  EXPECT_EQ(masked("time = 0.25"), "time = *");
  EXPECT_EQ(masked("Elapsed: 3, energy -1.5"), "Elapsed: *, energy -1.5");
  EXPECT_EQ(masked("Wall time (s)  4.5"), "Wall time (s)  *");
  EXPECT_EQ(masked("total_time=1e-3"), "total_time=*");
  EXPECT_EQ(masked("took 3"), "took *");
  EXPECT_EQ(masked("time step 5 energy 3"), "time step 5 energy 3");
  EXPECT_EQ(masked("times 3 energy 4"), "times * energy 4");
  EXPECT_EQ(masked("took 5 seconds 3 times"), "took * 3 times");
  EXPECT_EQ(masked("sometimes 3"), "sometimes 3");
}

TEST(MaskTimes, Clocks) {
  EXPECT_EQ(masked("at 12:34:56.789 on 3"), "at * on 3");
  EXPECT_EQ(masked("12:34 and 1:77:3"), "12:34 and 1:77:3");
}

}  // namespace
}  // namespace tutti::verify
