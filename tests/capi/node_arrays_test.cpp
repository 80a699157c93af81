#include <cstdint>
#include <type_traits>
#include <vector>

#include "calls.hpp"

namespace tutti::capi_test {

namespace {

class CNodeArrays : public CWorld {
 protected:
  template <class T>
  void fill(tutti_node_array* array) {
    void* part = nullptr;
    std::int64_t first = -1, count = -1;
    ASSERT_EQ(tutti_node_array_stripe(array, &part, &first, &count), TUTTI_OK) << tutti_last_error();
    for (std::int64_t i = 0; i < count; ++i) static_cast<T*>(part)[i] = static_cast<T>(3 * (first + i) + 1);
  }
  template <class T>
  void expect_filled(tutti_node_array* array, std::int64_t n) {
    const void* data = nullptr;
    std::int64_t size = -1;
    ASSERT_EQ(tutti_node_array_read(array, &data, &size), TUTTI_OK) << tutti_last_error();
    ASSERT_EQ(size, n);
    for (std::int64_t i = 0; i < n; ++i) ASSERT_EQ(static_cast<const T*>(data)[i], static_cast<T>(3 * i + 1));
  }
  template <class T>
  void round_trip(int type, std::int64_t n) {
    tutti_node_array* array = nullptr;
    ASSERT_EQ(tutti_node_array_create(c, "table", n, type, &array), TUTTI_OK) << tutti_last_error();
    fill<T>(array);
    ASSERT_EQ(tutti_node_array_publish(array, 0, nullptr), TUTTI_OK) << tutti_last_error();
    expect_filled<T>(array, n);
    ASSERT_EQ(tutti_node_array_free(&array), TUTTI_OK);
    ASSERT_EQ(array, nullptr);
  }
};

TEST_F(CNodeArrays, FilledByStripesAndReadByAll) {
  for (const std::int64_t n : {0, 1, 3, 100000}) {
    round_trip<double>(TUTTI_DOUBLE, n);
    round_trip<float>(TUTTI_FLOAT, n);
    round_trip<std::int32_t>(TUTTI_INT32, n);
    round_trip<std::int64_t>(TUTTI_INT64, n);
  }
}

TEST_F(CNodeArrays, StripesCoverTheArrayOnce) {
  tutti_node_array* array = nullptr;
  ASSERT_EQ(tutti_node_array_create(c, "table", 100, TUTTI_DOUBLE, &array), TUTTI_OK);
  std::vector<double> hits(100, 0);
  void* part = nullptr;
  std::int64_t first = 0, count = 0;
  ASSERT_EQ(tutti_node_array_stripe(array, &part, &first, &count), TUTTI_OK);
  for (std::int64_t i = first; i < first + count; ++i) hits[static_cast<std::size_t>(i)] = 1;
  ASSERT_EQ(tutti_sum_elements(c, "hits", 100, hits.data()), TUTTI_OK);
  EXPECT_EQ(hits, std::vector<double>(100, 1));
  ASSERT_EQ(tutti_node_array_free(&array), TUTTI_OK);
}

TEST_F(CNodeArrays, ARankThatFailsToFillIsHeardAndMayTryAgain) {
  tutti_node_array* array = nullptr;
  const bool bad = me() == last();
  ASSERT_EQ(tutti_node_array_create(c, "table", 1000, TUTTI_DOUBLE, &array), TUTTI_OK);
  expect_error(tutti_node_array_publish(array, bad ? TUTTI_ERROR_FILE : 0, bad ? "table.dat: cut" : nullptr),
               TUTTI_ERROR_FILE, last(), "table.dat: cut");
  const void* data = nullptr;
  EXPECT_EQ(tutti_node_array_read(array, &data, nullptr), TUTTI_ERROR_REMOTE);
  EXPECT_EQ(data, nullptr);
  fill<double>(array);
  ASSERT_EQ(tutti_node_array_publish(array, 0, nullptr), TUTTI_OK) << tutti_last_error();
  expect_filled<double>(array, 1000);
  expect_error(tutti_node_array_publish(array, 0, nullptr), TUTTI_ERROR_REMOTE, 0, "is published already");
  void* part = nullptr;
  std::int64_t first = 0, count = 0;
  EXPECT_EQ(tutti_node_array_stripe(array, &part, &first, &count), TUTTI_ERROR_REMOTE);
  EXPECT_EQ(part, nullptr);
  ASSERT_EQ(tutti_node_array_free(&array), TUTTI_OK);
}

TEST_F(CNodeArrays, WrongArgumentsOfOneRankAreErrorsOnAll) {
  const bool bad = me() == last();
  tutti_node_array* array = nullptr;
  const auto expect = [&](int answer, int status, std::string_view part) {
    expect_error(answer, status, last(), part);
    EXPECT_EQ(array, nullptr);
  };
  expect(tutti_node_array_create(c, bad ? nullptr : "t", 1, TUTTI_DOUBLE, &array), TUTTI_ERROR_USAGE,
         "name is NULL");
  expect(tutti_node_array_create(c, "t", bad ? -1 : 1, TUTTI_DOUBLE, &array), TUTTI_ERROR_USAGE, "n = -1");
  expect(tutti_node_array_create(c, "t", 1, bad ? 9 : TUTTI_DOUBLE, &array), TUTTI_ERROR_USAGE,
         "type 9; give one of");
  expect(tutti_node_array_create(c, "t", 1, TUTTI_DOUBLE, bad ? nullptr : &array), TUTTI_ERROR_USAGE,
         "'array' is NULL");
  const int answer = tutti_node_array_create(c, "t", INT64_MAX, TUTTI_DOUBLE, &array);
  expect_error(answer, TUTTI_ERROR_BUDGET, tutti_last_error_rank(), "t: ");
  if (ranks() > 1)
    expect_error(tutti_node_array_create(c, "t", bad ? 2 : 1, TUTTI_DOUBLE, &array), TUTTI_ERROR_MISMATCH, -1,
                 "n=2");
}

TEST_F(CNodeArrays, WhatIsNoHandleIsRefused) {
  tutti_node_array* array = nullptr;
  ASSERT_EQ(tutti_node_array_create(c, "t", 1, TUTTI_DOUBLE, &array), TUTTI_OK);
  EXPECT_EQ(tutti_node_array_stripe(array, nullptr, nullptr, nullptr), TUTTI_ERROR_USAGE);
  EXPECT_EQ(tutti_node_array_read(array, nullptr, nullptr), TUTTI_ERROR_USAGE);
  tutti_node_array* const kept = array;
  ASSERT_EQ(tutti_node_array_free(&array), TUTTI_OK);
  for (tutti_node_array* handle :
       {static_cast<tutti_node_array*>(nullptr), kept, reinterpret_cast<tutti_node_array*>(&array),
        reinterpret_cast<tutti_node_array*>(c)}) {
    void* part = nullptr;
    const void* data = nullptr;
    std::int64_t first = 0, count = 0;
    EXPECT_EQ(tutti_node_array_stripe(handle, &part, &first, &count), TUTTI_ERROR_USAGE);
    EXPECT_EQ(tutti_node_array_read(handle, &data, &count), TUTTI_ERROR_USAGE);
    EXPECT_EQ(tutti_node_array_publish(handle, 0, nullptr), TUTTI_ERROR_USAGE);
    EXPECT_EQ(tutti_node_array_free(&handle), TUTTI_ERROR_USAGE);
  }
  goes_on();
}

// An array keeps its World; the order in which handles are freed does not matter.
TEST_F(CNodeArrays, OutlivesTheHandleOfItsWorld) {
  tutti_world* other = nullptr;
  tutti_node_array* array = nullptr;
  ASSERT_EQ(tutti_world_from(MPI_COMM_WORLD, &other), TUTTI_OK);
  ASSERT_EQ(tutti_node_array_create(other, "t", 10, TUTTI_DOUBLE, &array), TUTTI_OK);
  ASSERT_EQ(tutti_world_free(&other), TUTTI_OK);
  fill<double>(array);
  ASSERT_EQ(tutti_node_array_publish(array, 0, nullptr), TUTTI_OK) << tutti_last_error();
  expect_filled<double>(array, 10);
  ASSERT_EQ(tutti_node_array_free(&array), TUTTI_OK);
}

}  // namespace

}  // namespace tutti::capi_test
