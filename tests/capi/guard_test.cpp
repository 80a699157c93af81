#include <array>

#include "calls.hpp"

namespace tutti::capi_test {

namespace {

class CGuard : public CWorld {};

TEST_F(CGuard, AllRanksHearTheLowestThatFailed) {
  EXPECT_EQ(tutti_together(c, "read input", 0, nullptr), TUTTI_OK) << tutti_last_error();
  const bool one = me() == last();
  expect_error(
      tutti_together(c, "read input", one ? TUTTI_ERROR_FILE : 0, one ? "in.dat: no such file" : nullptr),
      TUTTI_ERROR_FILE, last(), "in.dat: no such file");
  const std::string text = tutti::text("rank ", me(), " is out of range");
  expect_error(tutti_together(c, "check", TUTTI_ERROR_DATA, text.c_str()), TUTTI_ERROR_DATA, 0,
               "rank 0 is out of range");
}

TEST_F(CGuard, EveryStatusComesBackOrItsNumber) {
  for (const int status : {64, 65, 66, 69, 70, 71, 73, 74, 75, 76})
    expect_error(tutti_together(c, "w", me() == 0 ? status : 0, "text"), status, 0, "text");
  expect_error(tutti_together(c, "w", me() == last() ? 17 : 0, "text"), TUTTI_ERROR_REMOTE, last(),
               "text (status 17)");
  expect_error(tutti_together(c, "work", me() == last() ? -1 : 0, nullptr), TUTTI_ERROR_REMOTE, last(),
               "work: status -1");
  expect_error(tutti_together(c, "work", me() == last() ? 65 : 0, ""), TUTTI_ERROR_DATA, last(),
               "work: status 65");
}

TEST_F(CGuard, LongTextsAreCut) {
  const std::string text(5000, 'x');
  expect_error(tutti_together(c, "w", me() == last() ? 65 : 0, text.c_str()), TUTTI_ERROR_DATA, last(),
               "xxx...");
}

TEST_F(CGuard, OwnMpiCallsBetweenBeginAndEnd) {
  for (const bool fails : {false, true}) {
    ASSERT_EQ(tutti_guard_begin(c, "shift"), TUTTI_OK) << tutti_last_error();
    int received = -1;
    const int mine = me(), next = (me() + 1) % ranks(), previous = (me() + ranks() - 1) % ranks();
    MPI_Sendrecv(&mine, 1, MPI_INT, next, 0, &received, 1, MPI_INT, previous, 0, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE);
    EXPECT_EQ(received, previous);
    const bool bad = fails && me() == last();
    const int answer = tutti_guard_end(c, bad ? TUTTI_ERROR_DATA : 0, bad ? "odd number of rows" : nullptr);
    if (fails)
      expect_error(answer, TUTTI_ERROR_DATA, last(), "odd number of rows");
    else
      EXPECT_EQ(answer, TUTTI_OK) << tutti_last_error();
  }
}

// An error that all ranks have had inside keeps its rank and its text on the way out.
TEST_F(CGuard, ErrorsPassThroughNestedSections) {
  ASSERT_EQ(tutti_guard_begin(c, "outer"), TUTTI_OK);
  ASSERT_EQ(tutti_guard_begin(c, "inner"), TUTTI_OK);
  goes_on();
  double x = 1;
  const int status = tutti_sum(c, "energy", me() == last() ? -1 : 1, &x, &x);
  EXPECT_EQ(status, TUTTI_ERROR_USAGE);
  for (int level = 0; level < 2; ++level)
    expect_error(tutti_guard_end(c, status, tutti_last_error()), TUTTI_ERROR_USAGE, last(), "n = -1");
}

TEST_F(CGuard, WrongUseOfOneRankIsAnErrorOnAll) {
  const bool bad = me() == last();
  expect_error(tutti_barrier(c, bad ? nullptr : "b"), TUTTI_ERROR_USAGE, last(), "the name is NULL");
  expect_error(tutti_together(c, bad ? nullptr : "b", 0, nullptr), TUTTI_ERROR_USAGE, last(),
               "the name is NULL");
  expect_error(tutti_guard_begin(c, bad ? nullptr : "b"), TUTTI_ERROR_USAGE, last(), "the name is NULL");
  expect_error(bad ? tutti_guard_end(c, 0, nullptr) : tutti_barrier(c, "b"), TUTTI_ERROR_USAGE, last(),
               "no guarded section is open");
}

TEST_F(CGuard, AWorldIsNotFreedInsideASection) {
  ASSERT_EQ(tutti_guard_begin(c, "work"), TUTTI_OK);
  tutti_world* const before = c;
  EXPECT_EQ(tutti_world_free(&c), TUTTI_ERROR_USAGE);
  EXPECT_NE(std::string(tutti_last_error()).find("\"work\" is open"), std::string::npos)
      << tutti_last_error();
  EXPECT_EQ(c, before);
  EXPECT_EQ(tutti_guard_end(c, 0, nullptr), TUTTI_OK);
}

TEST_F(CGuard, DifferentSectionsAreNamed) {
  if (ranks() == 1) GTEST_SKIP() << "one rank cannot differ";
  const bool odd = me() == last();
  expect_error(tutti_guard_begin(c, odd ? "scatter" : "shift"), TUTTI_ERROR_MISMATCH, -1,
               "guarded \"scatter\"");
  expect_error(odd ? tutti_barrier(c, "step") : tutti_together(c, "step", 0, nullptr), TUTTI_ERROR_MISMATCH,
               -1, "barrier \"step\"");
}

}  // namespace

}  // namespace tutti::capi_test
