// The ladder with an engine that computes one number at a time, sees every rounding by itself, and may refuse
// for no reason.
#include "tutti/exact/ladder.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "terms.hpp"

namespace tutti::exact {
namespace {

/// What the engine was asked, and how often it refuses without a reason: 1 in so many times, 0 for never.
struct Diary {
  std::vector<int> tiers;  // of the blocks that were taken
  std::size_t general = 0;
  std::size_t looks = 0;
  std::uint64_t refuses_blocks = 0;
  std::uint64_t refuses_sums = 0;
  std::uint64_t refuses_room = 0;
  Index draws = 0;

  bool refuses(std::uint64_t one_in) { return one_in != 0 && Random(7).bits(draws++) % one_in == 0; }
};
Diary diary;

// Whether a + b is exact and finite (D. E. Knuth's TwoSum finds the error).
bool exactly(double a, double b, double& sum) {
  sum = a + b;
  const double rest = sum - a;
  return std::isfinite(sum) && (a - (sum - rest)) + (b - rest) == 0;
}

struct Engine {
  using Terms = TermsOf<Operation::sum, double>;
  template <int K>
  using Chain = exact::Chain<K, false, K == 0 ? 8 : 4, 7>;
  static constexpr std::size_t block_size = 64;
  static constexpr bool has_plain = true;
  static constexpr int drift = 6;
  static constexpr int bits = 53;

  template <int K>
  static bool has_room(const Chain<K>&) {
    return !diary.refuses(diary.refuses_room);
  }
  template <int K>
  static bool advance(Chain<K>& chain, const Terms& terms, std::size_t n) {
    if (diary.refuses(diary.refuses_blocks)) return false;
    auto row = chain.row;
    for (std::size_t i = 0; i < n; ++i) {
      double r = terms.x[i];
      for (int k = 0; k < K; ++k) {
        double& accumulator = row[static_cast<std::size_t>(k)][i % chain.width];
        const double t = accumulator + r;
        double q = 0;
        if (!exactly(t, -accumulator, q) || !exactly(r, -q, r)) return false;
        accumulator = t;
      }
      double& last = row[K][i % chain.width];
      if (!exactly(last, r, last)) return false;
    }
    chain.row = row;
    diary.tiers.push_back(K);
    return true;
  }
  template <int K>
  static void clear(Chain<K>& chain) {
    for (int k = 0; k < chain.rows; ++k) chain.row[static_cast<std::size_t>(k)].fill(chain.offset(k));
  }
  template <int K>
  static bool collapse(const Chain<K>& chain, std::int64_t* units) {
    for (int k = 0; k < chain.rows; ++k)
      if (!collapse_one(chain, k, units[k])) return false;
    return true;
  }
  template <int K>
  static bool collapse_one(const Chain<K>& chain, int k, std::int64_t& units) {
    if (diary.refuses(diary.refuses_sums)) return false;
    units = 0;
    for (const double value : chain.row[static_cast<std::size_t>(k)]) {
      double part = 0;
      if (!exactly(value, -chain.offset(k), part)) return false;
      part = std::ldexp(part, -chain.unit_exponent(k));
      if (part != std::trunc(part) || std::abs(part) >= 0x1p57) return false;
      units += static_cast<std::int64_t>(part);
    }
    return true;
  }
  static int highest(const Terms& terms, std::size_t n) { return bounds(terms, n).high; }
  static Binades binades(const Terms& terms, std::size_t n) {
    ++diary.looks;
    return bounds(terms, n);
  }
  static Binades bounds(const Terms& terms, std::size_t n) {
    Binades all;
    for (std::size_t i = 0; i < n; ++i) {
      if (terms.x[i] == 0) continue;
      const int exponent = std::isfinite(terms.x[i]) ? std::ilogb(terms.x[i]) : 1024;
      all.low = std::min(all.low, exponent);
      all.high = std::max(all.high, exponent + 1);
    }
    return all.none() ? Binades{0, 0} : all;
  }
  static void general(ExactSum& total, const Terms& terms, std::size_t n) {
    diary.general += n;
    for (std::size_t i = 0; i < n; ++i) total.add(terms.x[i]);
  }
};

ExactSum climbed(const std::vector<double>& values, const Diary& start = {}) {
  diary = start;
  ExactSum total;
  Ladder<Engine> ladder(total);
  ladder.add({values.data(), false}, values.size());
  ladder.finish();
  return total;
}

std::vector<double> operator+(std::vector<double> first, const std::vector<double>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

class LadderTest : public testing::Test {
 protected:
  void SetUp() override {
    if (forced_tier()) GTEST_SKIP() << "TUTTI_TIER is set: the ladder has no choice";
  }
};

TEST_F(LadderTest, IsExactWhateverAnEngineRefuses) {
  for (const std::uint64_t blocks : {0U, 2U, 5U})
    for (const std::uint64_t sums : {0U, 1U, 3U}) {
      Diary mood;
      mood.refuses_blocks = blocks;
      mood.refuses_sums = sums;
      for (const Family family : families)
        for (const std::size_t n : {0U, 1U, 7U, 8U, 63U, 64U, 65U, 1000U, 5003U}) {
          const std::vector<double> values = terms(family, n);
          EXPECT_EQ(climbed(values, mood), plain_sum(values))
              << static_cast<int>(family) << ", n = " << n << ", " << blocks << ' ' << sums;
        }
      const auto changing = terms(Family::one_binade, 700) + terms(Family::wide, 300) +
                            std::vector<double>(500, 3.0) + terms(Family::any_finite, 200) +
                            terms(Family::normal, 900);
      EXPECT_EQ(climbed(changing, mood), plain_sum(changing)) << blocks << ' ' << sums;
    }
}

TEST_F(LadderTest, TakesOrdinaryTermsAtTierOne) {
  climbed(terms(Family::one_binade, 64 * 1000));
  EXPECT_EQ(diary.general, 0U);
  EXPECT_EQ(diary.tiers, std::vector<int>(1000, 1));
  EXPECT_LE(diary.looks, 2U) << "with the first offsets, or with new ones when the accumulators have grown";
}

TEST_F(LadderTest, TakesWholeNumbersAtTierZero) {
  climbed(std::vector<double>(64 * 100, 3.0) + std::vector<double>(64 * 100, -5.0));
  EXPECT_EQ(diary.general, 0U);
  EXPECT_EQ(diary.tiers.back(), 0);
  EXPECT_GE(std::count(diary.tiers.begin(), diary.tiers.end(), 0), 190);
}

TEST_F(LadderTest, ClimbsNoHigherThanItMust) {
  const auto highest_for = [](int binades) {
    std::vector<double> values = terms(Family::one_binade, 64);
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = std::ldexp(values[i], static_cast<int>(i) * binades / 63);
    const ExactSum total = climbed(values);
    EXPECT_EQ(total, plain_sum(values));
    return diary.general != 0 ? general_tier : *std::max_element(diary.tiers.begin(), diary.tiers.end());
  };
  EXPECT_EQ(highest_for(30), 1);
  EXPECT_EQ(highest_for(70), 2);
  EXPECT_EQ(highest_for(120), 3);
  EXPECT_EQ(highest_for(165), 4);
  EXPECT_EQ(highest_for(300), general_tier);
}

TEST_F(LadderTest, ComesDownAgain) {
  climbed(terms(Family::wide, 64 * 10) + terms(Family::one_binade, 64 * 500));
  EXPECT_GE(diary.general, 64U * 10);
  EXPECT_EQ(diary.tiers.back(), 1);
  EXPECT_GE(std::count(diary.tiers.begin(), diary.tiers.end(), 1), 470);
}

TEST_F(LadderTest, SeldomLooksForWhatDoesNotCome) {
  const std::size_t n = 64 * 5000;
  climbed(terms(Family::any_finite, n));
  EXPECT_EQ(diary.general, n);
  EXPECT_LE(diary.looks, 5000U / 256 + 12);
}

TEST(Chain, HasRoomForItsExponents) {
  exact::Chain<4, true, 8, 7> chain;
  EXPECT_TRUE(chain.choose_exponents({-20, 20}, 53));
  EXPECT_GE(chain.unit_exponent(chain.rows - 1), -1000);
  EXPECT_EQ(chain.offset(0), std::ldexp(1.5, 27));
  EXPECT_EQ(chain.offset(4), 0);
  EXPECT_EQ(chain.offset_exponent(5), chain.offset_exponent(0) - 53);
  EXPECT_TRUE(chain.choose_exponents({900, 993}, 53));
  EXPECT_FALSE(chain.choose_exponents({900, 994}, 53)) << "the sum of some terms would overflow";
  EXPECT_FALSE(chain.choose_exponents({-800, -720}, 53)) << "units would be subnormal";
}

}  // namespace
}  // namespace tutti::exact
