#include "tutti/core/integer.hpp"

#include <gtest/gtest.h>

namespace tutti {
namespace {

TEST(CheckedCast, KeepsWhatFits) {
  EXPECT_EQ(checked_cast<int>(Index{7}), 7);
  EXPECT_EQ(checked_cast<std::size_t>(Index{1} << 40U), std::size_t{1} << 40U);
  EXPECT_EQ(checked_cast<signed char>(-128), -128);
}

TEST(CheckedCast, RefusesWhatDoesNot) {
  EXPECT_THROW(checked_cast<int>(Index{1} << 31U), InternalError);
  EXPECT_THROW(checked_cast<std::size_t>(Index{-1}), InternalError);
  EXPECT_THROW(checked_cast<Index>(~std::size_t{0}), InternalError);
}

TEST(Fits, TellsOverflow) {
  Index result = 0;
  EXPECT_TRUE(multiply_fits(Index{1} << 31U, Index{1} << 31U, result));
  EXPECT_EQ(result, Index{1} << 62U);
  EXPECT_FALSE(multiply_fits(Index{1} << 32U, Index{1} << 31U, result));
  EXPECT_TRUE(add_fits(Index{1}, Index{2}, result));
  EXPECT_FALSE(add_fits(std::numeric_limits<Index>::max(), Index{1}, result));
}

}  // namespace
}  // namespace tutti
