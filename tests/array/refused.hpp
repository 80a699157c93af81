// Calls that all ranks refuse alike.
#pragma once

#include <string>

#include "tutti/comm/reductions.hpp"

#include "mpi_main.hpp"

namespace tutti {

/// f throws an Expected, in whose message is this part, and the World goes on.
template <class Expected, class F>
void expect_refused(const char* part, const F& f) {
  try {
    f();
    ADD_FAILURE() << "nothing was thrown: " << part;
  } catch (const Expected& error) {
    EXPECT_NE(error.message().find(part), std::string::npos) << error.message();
  }
  EXPECT_EQ(sum(testing_world::world(), 1), testing_world::world().size());
}

}  // namespace tutti
