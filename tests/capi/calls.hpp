// What the tests of the C API share: a World by handle, and what a call must answer on all ranks.
#pragma once

#include <string>
#include <string_view>

#include "tutti/tutti.h"

#include "mpi_main.hpp"

namespace tutti::capi_test {

using testing_world::world;

inline int ranks() { return world().size(); }
inline int me() { return world().rank(); }
inline int last() { return ranks() - 1; }

/// A handle of the World of all ranks.
class CWorld : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(tutti_world_from(MPI_COMM_WORLD, &c), TUTTI_OK) << tutti_last_error(); }
  void TearDown() override {
    ASSERT_EQ(tutti_world_free(&c), TUTTI_OK) << tutti_last_error();
    ASSERT_EQ(c, nullptr);
  }
  /// All ranks are still in step: the World works.
  void goes_on() {
    const double one = 1;
    double sum = 0;
    ASSERT_EQ(tutti_sum(c, "goes on", 1, &one, &sum), TUTTI_OK) << tutti_last_error();
    ASSERT_EQ(sum, ranks());
  }
  /// The call has answered `status`, from `rank`, with a text that contains `part`.
  void expect_error(int answer, int status, int rank, std::string_view part) {
    EXPECT_EQ(answer, status);
    EXPECT_EQ(tutti_last_error_rank(), rank) << tutti_last_error();
    EXPECT_NE(std::string_view(tutti_last_error()).find(part), std::string_view::npos) << tutti_last_error();
    goes_on();
  }

  tutti_world* c = nullptr;
};

}  // namespace tutti::capi_test
