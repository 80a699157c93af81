#include "tutti/simulation/placement.hpp"

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

namespace tutti::simulation {
namespace {

TEST(Placement, HasNames) {
  for (const Placement each :
       {Placement::automatic, Placement::replicated, Placement::node_shared, Placement::spatial})
    EXPECT_EQ(placement_named(name(each)), each);
  EXPECT_THROW(placement_named("everywhere"), UsageError);
}

}  // namespace
}  // namespace tutti::simulation
