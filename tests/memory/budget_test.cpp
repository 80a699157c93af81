#include "tutti/memory/budget.hpp"

#include <cstdlib>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"
#include "tutti/memory/system_memory.hpp"

namespace tutti::memory {
namespace {

// The variables that count, as given and no others; as before at the end.
class Environment {
 public:
  explicit Environment(const std::map<std::string, std::string>& variables) {
    for (const char* name : names) {
      const char* before = std::getenv(name);
      if (before != nullptr) before_[name] = before;
      ::unsetenv(name);
    }
    for (const auto& [name, value] : variables) ::setenv(name.c_str(), value.c_str(), 1);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() {
    for (const char* name : names) ::unsetenv(name);
    for (const auto& [name, value] : before_) ::setenv(name.c_str(), value.c_str(), 1);
  }

 private:
  static constexpr const char* names[] = {"TUTTI_MEMORY_BUDGET", "SLURM_MEM_PER_NODE", "SLURM_MEM_PER_CPU",
                                          "SLURM_CPUS_ON_NODE"};
  std::map<std::string, std::string> before_;
};

TEST(Budget, NothingIsGivenUnlessSomebodyGivesIt) {
  const Environment none({});
  const Budget budget = Budget::from_environment();
  EXPECT_FALSE(budget.is_given());
  EXPECT_EQ(budget.smallest_given().bytes, UINT64_MAX);
}

TEST(Budget, TheSmallestOfAllThatIsGivenCounts) {
  const Environment both({{"TUTTI_MEMORY_BUDGET", "3GiB"}, {"SLURM_MEM_PER_NODE", "2048"}});
  const Limit limit = Budget::from_environment().smallest_given();
  EXPECT_EQ(limit.bytes, std::uint64_t{2} << 30U);
  EXPECT_EQ(limit.origin, "SLURM_MEM_PER_NODE");
  const Environment cores({{"SLURM_MEM_PER_CPU", "100"}, {"SLURM_CPUS_ON_NODE", "16"}});
  EXPECT_EQ(Budget::from_environment().smallest_given().bytes, std::uint64_t{1600} << 20U);
}

TEST(Budget, OfSlurmOnlyWhatMakesSenseIsBelieved) {
  for (const char* value : {"0", "much", "-5", "18446744073709551615"}) {
    const Environment slurm(
        {{"SLURM_MEM_PER_NODE", value}, {"SLURM_MEM_PER_CPU", value}, {"SLURM_CPUS_ON_NODE", "2"}});
    EXPECT_FALSE(Budget::from_environment().is_given()) << value;
  }
}

TEST(Budget, OursIsAnErrorIfItIsNonsense) {
  for (const char* value : {"much", "-1", "4 apples", "0", "1e9"}) {
    const Environment ours(std::map<std::string, std::string>{{"TUTTI_MEMORY_BUDGET", value}});
    try {
      Budget::from_environment();
      FAIL() << value;
    } catch (const UsageError& error) {
      EXPECT_NE(error.message().find(std::string("TUTTI_MEMORY_BUDGET ") + value), std::string::npos)
          << error.message();
      EXPECT_NE(error.message().find("4GiB"), std::string::npos) << error.message();
    }
  }
}

TEST(Budget, WhatIsBookedAndNotYetTouchedIsNotLeft) {
  const Budget budget;
  const std::uint64_t all = budget.left_on_node(0).bytes;
  EXPECT_GT(all, 0U);
  EXPECT_LT(all, system_memory().total);
  EXPECT_LE(budget.left_on_node(all / 2).bytes, all - all / 4);
  EXPECT_EQ(budget.left_on_node(UINT64_MAX).bytes, 0U);
  EXPECT_FALSE(budget.left_on_node(0).origin.empty());
}

}  // namespace
}  // namespace tutti::memory
