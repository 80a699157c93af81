#include <thread>

#include "calls.hpp"

namespace tutti::capi_test {

namespace {

class CWorlds : public CWorld {};

TEST_F(CWorlds, OneWorldForEachCommunicator) {
  tutti_world* again = nullptr;
  ASSERT_EQ(tutti_world_from_fortran(MPI_Comm_c2f(MPI_COMM_WORLD), &again), TUTTI_OK) << tutti_last_error();
  EXPECT_NE(again, c) << "each handle is freed by itself";
  EXPECT_EQ(tutti_barrier(me() == last() ? again : c, "both"), TUTTI_OK) << tutti_last_error();
  EXPECT_EQ(tutti_world_free(&again), TUTTI_OK);
  goes_on();
}

TEST_F(CWorlds, PartsOfACommunicator) {
  MPI_Comm part = MPI_COMM_NULL;
  MPI_Comm_split(MPI_COMM_WORLD, me() % 2, 0, &part);
  tutti_world* half = nullptr;
  ASSERT_EQ(tutti_world_from(part, &half), TUTTI_OK) << tutti_last_error();
  const double one = 1;
  double sum = 0;
  EXPECT_EQ(tutti_sum(half, "half", 1, &one, &sum), TUTTI_OK);
  EXPECT_EQ(sum, (ranks() + (me() % 2 == 0 ? 1 : 0)) / 2);
  // The handle outlives the communicator, and says so.
  MPI_Comm_free(&part);
  EXPECT_EQ(tutti_sum(half, "half", 1, &one, &sum), TUTTI_ERROR_REMOTE);
  EXPECT_NE(std::string(tutti_last_error()).find("after its communicator was freed"), std::string::npos)
      << tutti_last_error();
  EXPECT_EQ(tutti_world_free(&half), TUTTI_OK);
}

// A handle that is none cannot be told to others; nothing is followed, whatever its value.
TEST_F(CWorlds, WhatIsNoHandleIsRefused) {
  const auto refused = [&](tutti_world* handle, std::string_view part) {
    const double one = 1;
    double sum = 17;
    EXPECT_EQ(tutti_sum(handle, "x", 1, &one, &sum), TUTTI_ERROR_USAGE);
    EXPECT_NE(std::string_view(tutti_last_error()).find(part), std::string_view::npos) << tutti_last_error();
    EXPECT_EQ(tutti_last_error_rank(), -1);
    EXPECT_EQ(tutti_barrier(handle, "x"), TUTTI_ERROR_USAGE);
    EXPECT_EQ(tutti_together(handle, "x", 0, nullptr), TUTTI_ERROR_USAGE);
    EXPECT_EQ(tutti_guard_begin(handle, "x"), TUTTI_ERROR_USAGE);
    EXPECT_EQ(tutti_guard_end(handle, 0, nullptr), TUTTI_ERROR_USAGE);
    EXPECT_EQ(tutti_sums(handle, "x", 1, 1, &one, &sum), TUTTI_ERROR_USAGE);
    EXPECT_EQ(tutti_sum_elements(handle, "x", 1, &sum), TUTTI_ERROR_USAGE);
    tutti_node_array* array = nullptr;
    EXPECT_EQ(tutti_node_array_create(handle, "x", 1, TUTTI_DOUBLE, &array), TUTTI_ERROR_USAGE);
    EXPECT_EQ(tutti_world_free(&handle), TUTTI_ERROR_USAGE);
    EXPECT_EQ(sum, 17);
  };
  refused(nullptr, "the world is NULL; make it by tutti_world_from");
  double somewhere = 0;
  refused(reinterpret_cast<tutti_world*>(&somewhere), "this is no world");
  refused(reinterpret_cast<tutti_world*>(~std::uintptr_t{0}), "this is no world");
  tutti_world* freed = nullptr;
  ASSERT_EQ(tutti_world_from(MPI_COMM_WORLD, &freed), TUTTI_OK);
  tutti_world* const kept = freed;
  ASSERT_EQ(tutti_world_free(&freed), TUTTI_OK);
  refused(kept, "was freed before");
  tutti_node_array* array = nullptr;
  ASSERT_EQ(tutti_node_array_create(c, "x", 1, TUTTI_DOUBLE, &array), TUTTI_OK) << tutti_last_error();
  refused(reinterpret_cast<tutti_world*>(array), "this is no world");
  ASSERT_EQ(tutti_node_array_free(&array), TUTTI_OK);
  EXPECT_EQ(tutti_world_free(nullptr), TUTTI_ERROR_USAGE);
  goes_on();
}

TEST_F(CWorlds, WrongCommunicators) {
  tutti_world* none = nullptr;
  EXPECT_EQ(tutti_world_from(MPI_COMM_NULL, &none), TUTTI_ERROR_USAGE);
  EXPECT_NE(std::string(tutti_last_error()).find("MPI_COMM_NULL"), std::string::npos) << tutti_last_error();
  EXPECT_EQ(none, nullptr);
  expect_error(tutti_world_from(MPI_COMM_WORLD, me() == last() ? nullptr : &none), TUTTI_ERROR_USAGE, last(),
               "'world' is NULL");
  EXPECT_EQ(none, nullptr);
  if (ranks() < 2) return;
  MPI_Comm half = MPI_COMM_NULL, between = MPI_COMM_NULL;
  MPI_Comm_split(MPI_COMM_WORLD, me() == 0 ? 0 : 1, 0, &half);
  MPI_Intercomm_create(half, 0, MPI_COMM_WORLD, me() == 0 ? 1 : 0, 0, &between);
  EXPECT_EQ(tutti_world_from(between, &none), TUTTI_ERROR_USAGE);
  EXPECT_NE(std::string(tutti_last_error()).find("MPI_Intercomm_merge"), std::string::npos);
  MPI_Comm_free(&between);
  MPI_Comm_free(&half);
}

TEST_F(CWorlds, EachThreadHasItsLastError) {
  EXPECT_EQ(tutti_barrier(nullptr, "x"), TUTTI_ERROR_USAGE);
  const std::string mine = tutti_last_error();
  std::thread([&] {
    EXPECT_STREQ(tutti_last_error(), "");
    EXPECT_EQ(tutti_last_error_rank(), -1);
    EXPECT_EQ(tutti_node_array_free(nullptr), TUTTI_ERROR_USAGE);
    EXPECT_NE(tutti_last_error(), mine);
  }).join();
  EXPECT_EQ(tutti_last_error(), mine);
  goes_on();
  EXPECT_EQ(tutti_last_error(), mine) << "success changes nothing";
}

TEST(CVersion, IsThatOfTheLibrary) { EXPECT_STREQ(tutti_version(), TUTTI_TEST_VERSION); }

}  // namespace

}  // namespace tutti::capi_test
