#include "tutti/inspect/member.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <pthread.h>
#include <sys/socket.h>
#include <thread>

#include <gtest/gtest.h>

#include "two_ranks.hpp"

namespace tutti::inspect {
namespace {

using namespace std::chrono_literals;

// A member that looks into a rank, and the line to it.
class MemberTest : public ::testing::Test {
 protected:
  MemberTest() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) ::abort();
    here_ = Line(ends[0]);
    there_ = Line(ends[1]);
    server_ = std::thread([this] { Member(rank_.pid(), stop_.get_token()).serve(there_); });
  }
  ~MemberTest() override {
    here_.hang_up();
    server_.join();
  }

  Reply ask(Ask what) {
    Request request;
    request.ask = what;
    Reply reply;
    reply.error = -1;
    EXPECT_TRUE(here_.send(std::as_bytes(std::span(&request, 1))));
    EXPECT_EQ(here_.receive(std::as_writable_bytes(std::span(&reply, 1)), 10s), sizeof reply);
    return reply;
  }

  const Rank rank_{{1, 2, 3}};
  std::stop_source stop_;
  Line here_;
  Line there_;
  std::thread server_;
};

TEST_F(MemberTest, LooksStopsAndLetsGo) {
  EXPECT_GT(ask(Ask::sample).bytes, 0U);
  const Reply scan = ask(Ask::scan);
  EXPECT_EQ(scan.error, 0);
  EXPECT_GE(scan.bytes, 3 * memory::page_size());
  EXPECT_EQ(ask(Ask::halt).error, 0);
  EXPECT_EQ(ask(Ask::step).error, EINVAL);  // nothing to compare with
  EXPECT_EQ(ask(Ask::go_on).error, 0);
  EXPECT_EQ(ask(static_cast<Ask>(99)).error, EINVAL);
}

TEST_F(MemberTest, GoesOnWhereThereIsNoThreadForAHalt) {
  pthread_attr_t before;
  ASSERT_EQ(::pthread_getattr_default_np(&before), 0);
  pthread_attr_t huge;
  ASSERT_EQ(::pthread_attr_init(&huge), 0);
  ASSERT_EQ(::pthread_attr_setstacksize(&huge, std::size_t{1} << 50U),
            0);  // no machine has so many addresses
  ASSERT_EQ(::pthread_setattr_default_np(&huge), 0);
  const Reply halt = ask(Ask::halt);
  ASSERT_EQ(::pthread_setattr_default_np(&before), 0);
  ::pthread_attr_destroy(&huge);
  ::pthread_attr_destroy(&before);
  EXPECT_EQ(halt.error, EAGAIN);
  EXPECT_GT(ask(Ask::sample).bytes, 0U);
  EXPECT_EQ(ask(Ask::halt).error, 0);
}

TEST_F(MemberTest, GivesUpAScanWhenAsked) {
  stop_.request_stop();
  EXPECT_EQ(ask(Ask::scan).error, ECANCELED);
}

}  // namespace
}  // namespace tutti::inspect
