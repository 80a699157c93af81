#include "tutti/exact/tier.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

namespace tutti::exact {
namespace {

// In a process of its own, as the variable is read once: exits with the tier, with 99 for none, or with an
// error.
[[noreturn]] void exit_with_tier(const char* value) {
  if (value == nullptr ? unsetenv("TUTTI_TIER") != 0 : setenv("TUTTI_TIER", value, 1) != 0) _exit(98);
  try {
    const std::optional<int> tier = forced_tier();
    unsetenv("TUTTI_TIER");
    if (forced_tier() != tier) _exit(97);  // read once
    _exit(tier.value_or(99));
  } catch (const UsageError& error) {
    std::fprintf(stderr, "%s|%s\n", error.option().c_str(), error.message().c_str());
    _exit(error.exit_code());
  }
}

class Tier : public testing::Test {
 protected:
  Tier() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(Tier, IsAsForced) {
  EXPECT_EXIT(exit_with_tier("0"), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(exit_with_tier("3"), testing::ExitedWithCode(3), "");
  EXPECT_EXIT(exit_with_tier("4"), testing::ExitedWithCode(4), "");
  EXPECT_EXIT(exit_with_tier("general"), testing::ExitedWithCode(general_tier), "");
}

TEST_F(Tier, IsFreeUnlessForced) {
  EXPECT_EXIT(exit_with_tier(nullptr), testing::ExitedWithCode(99), "");
  EXPECT_EXIT(exit_with_tier(""), testing::ExitedWithCode(99), "");
}

TEST_F(Tier, OfNoSuchNameIsRefused) {
  EXPECT_EXIT(
      exit_with_tier("5"), testing::ExitedWithCode(64),
      "TUTTI_TIER\\|TUTTI_TIER: no tier is called \"5\"; choose 0, 1, 2, 3, 4 or general, or unset it");
  for (const char* name : {"-1", "12", " 1", "general ", "General", "/", ":"})
    EXPECT_EXIT(exit_with_tier(name), testing::ExitedWithCode(64),
                std::string("no tier is called \"") + name);
}

}  // namespace
}  // namespace tutti::exact
