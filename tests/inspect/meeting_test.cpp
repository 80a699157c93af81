#include "tutti/inspect/meeting.hpp"

#include <array>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tutti/core/text.hpp"

namespace tutti::inspect {
namespace {

using namespace std::chrono_literals;

std::string own_name(const char* what) { return text("tutti-inspect-test-", ::getpid(), "-", what); }

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

TEST(Meeting, IsOpenedOnceAndJoined) {
  const std::string name = own_name("once");
  const int meeting = open_meeting(name);
  ASSERT_GE(meeting, 0);
  EXPECT_EQ(open_meeting(name), -1);
  const Line guest = join(name);
  ASSERT_TRUE(guest.open());
  const Line host = accept(meeting);
  ASSERT_TRUE(host.open());

  std::array<std::byte, 16> buffer{};
  ASSERT_TRUE(guest.send(bytes("abc")));
  ASSERT_TRUE(guest.send(bytes("de")));
  EXPECT_EQ(host.receive(buffer, 5s), 3U);  // messages stay whole
  EXPECT_EQ(host.receive(buffer, 5s), 2U);
  EXPECT_EQ(host.receive(buffer, 1ms), std::nullopt);
  ASSERT_TRUE(guest.send(bytes("longer than the buffer")));
  EXPECT_EQ(host.receive(buffer, 5s), std::nullopt);
  ::close(meeting);
  const int again = open_meeting(name);  // the name is free with its owner's end
  EXPECT_GE(again, 0);
  ::close(again);
}

TEST(Meeting, EndsForBothSides) {
  const std::string name = own_name("end");
  const int meeting = open_meeting(name);
  Line guest = join(name);
  const Line host = accept(meeting);
  ::close(meeting);
  guest.hang_up();
  std::array<std::byte, 16> buffer{};
  EXPECT_EQ(guest.receive(buffer, for_ever), std::nullopt);
  EXPECT_EQ(host.receive(buffer, for_ever), std::nullopt);
  guest.close();
  EXPECT_FALSE(host.send(bytes("x")));  // and no SIGPIPE
  EXPECT_FALSE(guest.send(bytes("x")));
}

TEST(Meeting, NobodyIsThere) { EXPECT_FALSE(join(own_name("nobody")).open()); }

TEST(MeetingName, IsOneForTheSameDaemon) {
  EXPECT_EQ(meeting_name("", 0), meeting_name("", 0));
  EXPECT_NE(meeting_name("", 0), meeting_name("", 1));
  EXPECT_EQ(meeting_name("TUTTI_NO_SUCH_RANK", 0), meeting_name("TUTTI_NO_SUCH_RANK", 0));
  EXPECT_NE(meeting_name("TUTTI_NO_SUCH_RANK", 0), meeting_name("", 0));
}

}  // namespace
}  // namespace tutti::inspect
