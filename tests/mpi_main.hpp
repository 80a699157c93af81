// For tests that run on all ranks of a World together.
#pragma once

#include <gtest/gtest.h>

#include "tutti/comm/world.hpp"

namespace tutti::testing_world {

/// The World of all ranks that the test was started on. Assertions that fail on any rank fail the test
/// program on all.
World& world();

}  // namespace tutti::testing_world
