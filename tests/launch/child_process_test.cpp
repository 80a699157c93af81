#include "tutti/launch/child_process.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"
#include "tutti/memory/process_state.hpp"

#include "environment_guard.hpp"

namespace tutti::launch {
namespace {

TEST(Capture, ReturnsWhatWasWritten) {
  EXPECT_EQ(capture({"sh", "-c", "echo a; echo b >&2"}, 10), "a\n");
  EXPECT_EQ(capture({"true"}, 10), "");
}

TEST(Capture, RefusesFailureEndlessnessAndFloods) {
  EXPECT_FALSE(capture({"sh", "-c", "echo a; exit 1"}, 10));
  EXPECT_FALSE(capture({"sleep", "600"}, 0.1));
  EXPECT_FALSE(capture({"cat", "/dev/zero"}, 10));
  EXPECT_FALSE(capture({"/no/such/program"}, 10));
}

TEST(FindProgram, LooksWhereTheShellLooks) {
  EXPECT_TRUE(find_program("sh"));
  EXPECT_EQ(find_program("/bin/sh"), "/bin/sh");
  EXPECT_FALSE(find_program("no such program"));
  EXPECT_FALSE(find_program(""));
  EXPECT_FALSE(find_program("/etc"));
  EXPECT_FALSE(find_program("/etc/passwd"));
  const auto path = EnvironmentGuard::with({{"PATH", "/nowhere:/bin"}});
  EXPECT_EQ(find_program("sh"), "/bin/sh");
}

TEST(Start, GivesAGroupOfItsOwnAndTheEnvironment) {
  const auto before = EnvironmentGuard::with({{"TUTTI_TEST_A", "old"}, {"TUTTI_TEST_B", "kept"}});
  const ChildProcess child =
      start({"sh", "-c", "echo $TUTTI_TEST_A $TUTTI_TEST_B; ps -o pgid= -p $$ >/dev/null; kill -STOP $$"},
            {{"TUTTI_TEST_A", "new"}}, Input::none);
  EXPECT_EQ(::getpgid(child.pid), child.pid);
  char text[64] = {};
  EXPECT_EQ(::read(child.output, text, sizeof text - 1), 9);
  EXPECT_STREQ(text, "new kept\n");
  ::kill(child.pid, SIGKILL);
  ::waitpid(child.pid, nullptr, 0);
  ::close(child.output);
  ::close(child.error);
}

TEST(Start, SaysWhatCannotBeExecuted) {
  EXPECT_THROW(start({"/no/such/program"}, {}, Input::none), FileError);
  EXPECT_THROW(start({"/etc/passwd"}, {}, Input::none), FileError);
  EXPECT_THROW(start({}, {}, Input::none), InternalError);
}

TEST(KillDescendants, ReachesGrandchildrenInOtherSessions) {
  const ChildProcess child =
      start({"sh", "-c", "setsid sh -c 'echo $$; sleep 600; true' & wait; wait; sleep 600"}, {}, Input::none);
  char text[64] = {};
  ASSERT_GT(::read(child.output, text, sizeof text - 1), 0);
  const pid_t grandchild = std::stoi(text);
  kill_descendants(child.pid);
  EXPECT_EQ(memory::status_of({grandchild, 0}).state, memory::ProcessState::dead);
  ::kill(-child.pid, SIGKILL);
  ::waitpid(child.pid, nullptr, 0);
  ::close(child.output);
  ::close(child.error);
}

}  // namespace
}  // namespace tutti::launch
