#include "tutti/memory/process_state.hpp"

#include <chrono>
#include <pthread.h>
#include <string>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <thread>

#include <gtest/gtest.h>

#include "tutti/memory/proc_text.hpp"

#include "children.hpp"

namespace tutti::memory {
namespace {

// A line as the kernel writes it, with a name and a state of our choice.
std::string stat_line(const std::string& name, const std::string& state, const std::string& threads = "1") {
  return "5151 (" + name + ") " + state + " 5147 5147 3791 0 -1 4194304 99 0 0 0 250 150 0 0 20 0 " +
         threads +
         " 0 110309 3133440 380 18446744073709551615 94463423283200 94463423303081 0 0 0 0 0 0 0 0 0 0 17 1 "
         "0 0\n";
}

/// The state, once it is what we wait for, or after 10 s what it is.
ProcessState state_when(const ProcessIdentity& process, ProcessState wanted) {
  ProcessState state = ProcessState::unknown;
  for (int i = 0; i < 10000 && (state = status_of(process).state) != wanted; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return state;
}

int sleep_forever() {
  for (;;) ::pause();
}

TEST(ParseProcessStat, CountsFieldsFromTheLastParenthesis) {
  for (const char* name : {"cat", "a b", "x) R 1 (y", ")", "((", "", "tutti: dot"}) {
    const auto stat = parse_process_stat(stat_line(name, "S"));
    ASSERT_TRUE(stat) << name;
    EXPECT_EQ(stat->pid, 5151);
    EXPECT_EQ(stat->parent, 5147);
    EXPECT_EQ(stat->state, 'S');
    EXPECT_EQ(stat->start_time, 110309U);
    EXPECT_EQ(stat->threads, 1);
    EXPECT_DOUBLE_EQ(stat->cpu_seconds, 400.0 / static_cast<double>(::sysconf(_SC_CLK_TCK)));
  }
}

TEST(ParseProcessStat, RefusesNonsense) {
  for (const char* line : {"", "5151", "5151 (cat", "5151 (cat)", "5151 (cat) R 1 2 3", "x (cat) R", ") 5 ("})
    EXPECT_FALSE(parse_process_stat(line)) << line;
  EXPECT_FALSE(parse_process_stat("5151 (cat) RR" + stat_line("", "").substr(9)));
  EXPECT_FALSE(parse_process_stat("1 (a) R 1 1 1 0 -1 0 0 0 0 0 many 0 0 0 20 0 1 0 5"));
}

TEST(StateOf, MapsTheKernelsLetters) {
  const ProcessIdentity process{5151, 110309};
  const auto state = [&](const char* letter, const char* threads = "1") {
    return state_of(*parse_process_stat(stat_line("x", letter, threads)), process);
  };
  EXPECT_EQ(state("R"), ProcessState::running);
  EXPECT_EQ(state("S"), ProcessState::sleeping);
  EXPECT_EQ(state("D"), ProcessState::sleeping);
  EXPECT_EQ(state("T"), ProcessState::stopped);
  EXPECT_EQ(state("t"), ProcessState::traced);
  EXPECT_EQ(state("Z"), ProcessState::dead);
  EXPECT_EQ(state("Z", "3"), ProcessState::sleeping);
  EXPECT_EQ(state("X"), ProcessState::dead);
  EXPECT_EQ(state("?"), ProcessState::unknown);
}

TEST(StateOf, TakesARecycledNumberForDeath) {
  const auto stat = *parse_process_stat(stat_line("x", "R"));
  EXPECT_EQ(state_of(stat, {5151, 110308}), ProcessState::dead);
  EXPECT_EQ(state_of(stat, {5151, 0}), ProcessState::running);  // start not known: the number must do
}

TEST(ThisProcess, IsAliveAndHasAStart) {
  const ProcessIdentity self = this_process();
  EXPECT_EQ(self.pid, ::getpid());
  EXPECT_GT(self.start_time, 0U);
  EXPECT_EQ(status_of(self).state, ProcessState::running);
  EXPECT_EQ(status_of({self.pid, self.start_time + 1}).state, ProcessState::dead);
}

TEST(IdentityOf, IsWhatTheProcessSaysOfItself) {
  const ProcessIdentity self = this_process();
  EXPECT_EQ(identity_of(self.pid).start_time, self.start_time);
  EXPECT_EQ(identity_of(std::int64_t{1} << 40U).start_time, 0U);
}

TEST(StatusOf, SeesAProcessSleepStopAndDie) {
  Child child(sleep_forever);
  const auto process = identity_of(child.pid());
  EXPECT_EQ(state_when(process, ProcessState::sleeping), ProcessState::sleeping);
  child.signal(SIGSTOP);
  child.until(WSTOPPED);
  EXPECT_EQ(status_of(process).state, ProcessState::stopped);
  child.signal(SIGCONT);
  EXPECT_EQ(state_when(process, ProcessState::sleeping), ProcessState::sleeping);
  child.signal(SIGKILL);
  child.until(WEXITED);
  EXPECT_EQ(status_of(process).state, ProcessState::dead) << "a zombie is dead";
  child.wait();
  EXPECT_EQ(status_of(process).state, ProcessState::dead) << "a reaped process is dead";
}

TEST(StatusOf, SeesADebugger) {
  Child child([] {
    ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    ::raise(SIGTRAP);
    return 0;
  });
  int status = 0;
  ASSERT_EQ(::waitpid(child.pid(), &status, 0), child.pid());
  if (!WIFSTOPPED(status)) GTEST_SKIP() << "ptrace is not allowed here";
  EXPECT_EQ(status_of(identity_of(child.pid())).state, ProcessState::traced);
}

TEST(StatusOf, SeesTheThreadsBehindAMainThreadThatLeft) {
  Child child([] {
    std::thread([] { sleep_forever(); }).detach();
    ::syscall(SYS_exit, 0);  // this thread only; pthread_exit would unwind into GoogleTest
    return 1;
  });
  char letter = '?';
  for (int i = 0; i < 10000 && letter != 'Z'; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const auto line = read_text("/proc/" + std::to_string(child.pid()) + "/stat");
    ASSERT_TRUE(line);
    letter = parse_process_stat(*line)->state;
  }
  EXPECT_EQ(letter, 'Z');
  EXPECT_EQ(status_of(identity_of(child.pid())).state, ProcessState::sleeping);
}

TEST(StatusOf, CountsTheTimeOfALoop) {
  Child child([] {
    for (volatile bool on = true; on;) {
    }
    return 0;
  });
  const auto process = identity_of(child.pid());
  double seconds = 0;
  for (int i = 0; i < 2000 && seconds < 0.05; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    seconds = status_of(process).cpu_seconds;
  }
  EXPECT_GE(seconds, 0.05);
  EXPECT_EQ(status_of(process).state, ProcessState::running);
}

TEST(StatusOf, AsksNobodyForNumbersThatAreNoProcess) {
  for (const std::int64_t pid : {std::int64_t{0}, std::int64_t{-1}, INT64_MIN})
    EXPECT_EQ(status_of({pid, 0}).state, ProcessState::unknown);
  EXPECT_EQ(status_of({std::int64_t{1} << 31U, 0}).state, ProcessState::dead);
  EXPECT_EQ(status_of({(std::int64_t{1} << 32U) + ::getpid(), 0}).state, ProcessState::dead);
}

TEST(ProcessState, HasNames) {
  EXPECT_STREQ(name(ProcessState::stopped), "stopped");
  EXPECT_STREQ(name(ProcessState::traced), "traced by a debugger");
  EXPECT_STREQ(name(static_cast<ProcessState>(99)), "in an unknown state");
}

}  // namespace
}  // namespace tutti::memory
