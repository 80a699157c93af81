#include "tutti/memory/usable_cores.hpp"

#include <sched.h>

#include <gtest/gtest.h>

#include "children.hpp"

namespace tutti::memory {
namespace {

TEST(CoreSet, CountsAndUnites) {
  CoreSet a;
  EXPECT_EQ(a.count(), 0);
  for (const std::size_t core : {0U, 63U, 64U, 1023U}) a.insert(core);
  EXPECT_EQ(a.count(), 4);
  CoreSet b;
  b.insert(64);
  b.insert(65);
  b |= a;
  EXPECT_EQ(b.count(), 5);
  EXPECT_TRUE(b.contains(63));
  EXPECT_TRUE(b.contains(1023));
  EXPECT_FALSE(b.contains(1));
}

TEST(CoreSet, FoldsCoresBeyondItsCapacity) {
  CoreSet set;
  set.insert(1024 + 5);
  EXPECT_TRUE(set.contains(5));
  EXPECT_EQ(set.count(), 1);
}

TEST(UsableCoreSet, IsTheAffinityMask) {
  const CoreSet all = usable_core_set();
  EXPECT_GE(all.count(), 1);
  Child child([&] {
    std::size_t last = 0;
    for (std::size_t core = 0; core < CoreSet::capacity; ++core)
      if (all.contains(core)) last = core;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(last, &one);
    if (::sched_setaffinity(0, sizeof one, &one) != 0) return 1;
    const CoreSet set = usable_core_set();
    return set.count() == 1 && set.contains(last) ? 0 : 2;
  });
  EXPECT_EQ(child.wait(), 0);
}

TEST(PhysicalCores, AreAtMostTheUsableOnes) {
  const CoreSet all = usable_core_set();
  EXPECT_GE(physical_cores(all), 1);
  EXPECT_LE(physical_cores(all), all.count());
  EXPECT_EQ(physical_cores(CoreSet{}), 0);
}

TEST(UsableCores, AreWholeAndAtLeastOne) {
  CoreSet four;
  for (std::size_t core = 0; core < 4; ++core) four.insert(core);
  EXPECT_EQ(usable_cores(four, {}), 4);
  EXPECT_EQ(usable_cores(four, 16.0), 4);
  EXPECT_EQ(usable_cores(four, 1.5), 1);
  EXPECT_EQ(usable_cores(four, 0.1), 1);
  EXPECT_EQ(usable_cores(CoreSet{}, {}), 1);
  EXPECT_GE(usable_cores(usable_core_set(), core_quota()), 1);
}

}  // namespace
}  // namespace tutti::memory
