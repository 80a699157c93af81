#include "tutti/inspect/program.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"
#include "tutti/inspect/family.hpp"

#include "../memory/children.hpp"

namespace tutti::inspect {
namespace {

// Runs it in a process of its own group, as a launcher starts a rank. @return its exit code or 128 + signal.
int run(const std::vector<std::string>& command) {
  memory::Child child([&] {
    ::setpgid(0, 0);
    Program program(command);
    program.await_end();
    return end_like(program.status());
  });
  return child.wait();
}

TEST(Program, EndsAreImitated) {
  EXPECT_EQ(run({"true"}), 0);
  EXPECT_EQ(run({"sh", "-c", "exit 3"}), 3);
  EXPECT_EQ(run({"sh", "-c", "exit 255"}), 255);
  EXPECT_EQ(run({"sh", "-c", "kill -9 $$"}), 128 + SIGKILL);
  EXPECT_EQ(run({"sh", "-c", "kill -TERM $$"}), 128 + SIGTERM);
  EXPECT_EQ(run({"sh", "-c", "kill -SEGV $$"}), 128 + SIGSEGV);
}

TEST(Program, ThatCannotBeExecuted) {
  memory::Child child([] {
    try {
      const Program program({"/no/such/program"});
    } catch (const FileError& error) {
      return error.error_number() == ENOENT ? 7 : 1;
    }
    return 0;
  });
  EXPECT_EQ(child.wait(), 7);
}

// Counts SIGUSR1 until SIGUSR2; a shell runs a trap once sleep has ended.
const std::vector<std::string> counter{
    "sh", "-c",
    "n=0; trap 'n=$((n+1))' USR1; trap 'exit $n' USR2; while :; do sleep 0.01; done 2> /dev/null"};

// The count, after one SIGUSR1 to `target(pid)`.
template <class Target>
int count_of(Target target) {
  memory::Pipe ready;
  memory::Child child([&] {
    ::setpgid(0, 0);
    ready.send(1);
    Program program(counter);
    program.await_end();
    return end_like(program.status());
  });
  ready.receive<int>();
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  ::kill(target(child.pid()), SIGUSR1);
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  child.signal(SIGUSR2);
  return child.wait();
}

TEST(Program, GetsASignalOnce) {
  EXPECT_EQ(count_of([](pid_t pid) { return pid; }), 1);
  EXPECT_EQ(count_of([](pid_t pid) { return -pid; }), 1);
}

TEST(Program, IsNotToldWhatItsAgentSendsItself) {
  memory::Pipe ready;
  memory::Child child([&] {
    ::setpgid(0, 0);
    Program program(counter);
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    ::kill(::getpid(), SIGUSR1);
    ready.send(1);
    program.await_end();
    return end_like(program.status());
  });
  ready.receive<int>();
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  child.signal(SIGUSR2);
  EXPECT_EQ(child.wait(), 0);
}

TEST(Program, EndsWithItsAgent) {
  using std::chrono::milliseconds;
  memory::Child child([&] {
    const Program program({"sleep", "300"});
    program.await_end();
    return 0;
  });
  std::vector<pid_t> family;  // the agent, the program, and the witness of signals
  for (int i = 0; i < 5000 && family.size() < 3; ++i) {
    std::this_thread::sleep_for(milliseconds(1));
    family = family_of(child.pid());
  }
  ASSERT_EQ(family.size(), 3U);
  child.signal(SIGKILL);
  child.wait();
  const auto alive = [](pid_t pid) { return ::kill(pid, 0) == 0; };
  for (int i = 0; i < 5000 && std::any_of(family.begin(), family.end(), alive); ++i)
    std::this_thread::sleep_for(milliseconds(1));
  EXPECT_TRUE(std::none_of(family.begin(), family.end(), alive));
}

}  // namespace
}  // namespace tutti::inspect
