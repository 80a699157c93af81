#include "tutti/launch/front_end.hpp"

#include <csignal>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

#include "environment_guard.hpp"
#include "samples.hpp"

namespace tutti::launch {
namespace {

TEST(HowToStart, LaunchesOnlyWhenAskedAndNotYetDone) {
  const auto environment = EnvironmentGuard::clean();
  EXPECT_EQ(how_to_start({}, UseLauncher::yes), Start::here);
  EXPECT_EQ(how_to_start(4, UseLauncher::yes), Start::launch);
  EXPECT_EQ(how_to_start(1, UseLauncher::yes), Start::launch);
  EXPECT_EQ(how_to_start(1, UseLauncher::no), Start::here);
  EXPECT_THROW(how_to_start(2, UseLauncher::no), UsageError);  // not silently one rank
  EXPECT_THROW(how_to_start(0, UseLauncher::yes), UsageError);
  EXPECT_THROW(how_to_start(-3, UseLauncher::no), UsageError);
  const auto under = EnvironmentGuard::with({{"TUTTI_FRONT_END", "1"}});
  EXPECT_EQ(how_to_start(4, UseLauncher::yes), Start::here);
}

TEST(HowToStart, AgreesWithTheLauncherThatStartedUs) {
  const auto environment = EnvironmentGuard::clean({{"PMI_SIZE", "2"}, {"PMI_RANK", "1"}});
  EXPECT_EQ(how_to_start({}, UseLauncher::yes), Start::here);
  EXPECT_EQ(how_to_start(2, UseLauncher::yes), Start::here);
  try {
    how_to_start(4, UseLauncher::yes);
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_EQ(std::string(error.what()).rfind("-n 4: MPICH's launcher has already started 2 ranks", 0), 0U);
    EXPECT_EQ(error.exit_code(), 64);
  }
}

RelayResult ended(int code) {
  RelayResult result;
  result.exit_code = code;
  return result;
}

TEST(Judge, SuccessNeedsNoWords) {
  const Outcome outcome = judge(ended(0));
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.message, "");
}

TEST(Judge, AnAgreedErrorIsNotToldTwice) {
  RelayResult result = ended(65);
  result.error_seen = true;
  result.launcher_text = samples::openmpi_exit_65;
  EXPECT_EQ(judge(result).exit_code, 65);
  EXPECT_EQ(judge(result).message, "");
  EXPECT_EQ(judge(result).launcher_text, "");
  result = ended(9);  // MPICH killed the others
  result.exit_note = 76;
  result.launcher_text = samples::mpich_killed;
  EXPECT_EQ(judge(result).exit_code, 76);
  EXPECT_EQ(judge(result).message, "");
  result.exit_code = 0;
  EXPECT_EQ(judge(result).exit_code, 76);
}

TEST(Judge, ASignalIsNamedAlsoIfAnErrorWasPrintedBefore) {
  RelayResult result = ended(137);
  result.launcher_text = samples::openmpi_killed;
  EXPECT_EQ(judge(result).message, "rank 1 was ended by signal 9 (Killed)");
  EXPECT_EQ(judge(result).rank, 1);
  EXPECT_EQ(judge(result).launcher_text, samples::openmpi_killed);
  result = ended(9);
  result.error_seen = true;
  result.launcher_text = samples::mpich_killed;
  EXPECT_EQ(judge(result).exit_code, 137);
  EXPECT_EQ(judge(result).message, "the program was ended by signal 9 (Killed)");
  EXPECT_EQ(judge(ended(9)).exit_code, 9);  // a program may well exit with 9
}

TEST(Judge, WhatNobodyExplainsIsExplained) {
  EXPECT_EQ(judge(ended(3)).message, "the program ended with exit code 3");
  RelayResult result = ended(128 + SIGSEGV);
  result.launcher_killed = true;
  EXPECT_EQ(judge(result).message, "the launcher was ended by signal 11 (Segmentation fault)");
  result = ended(1);
  result.received = SIGINT;
  EXPECT_EQ(judge(result).exit_code, 130);
  EXPECT_EQ(judge(result).message, "ended by signal 2 (Interrupt)");
}

TEST(Judge, AProgramMayEndInOrderAfterASignal) {
  RelayResult result = ended(1);
  result.received = SIGTERM;
  result.exit_note = 143;
  result.error_seen = true;
  EXPECT_EQ(judge(result).exit_code, 143);
  EXPECT_EQ(judge(result).message, "");
  result = ended(0);
  result.received = SIGTERM;
  result.exit_note = 0;
  EXPECT_EQ(judge(result).exit_code, 0);
  EXPECT_EQ(judge(result).message, "");
  result.exit_note.reset();  // of a program that did not say so
  EXPECT_EQ(judge(result).exit_code, 143);
}

/// What report() writes: stdout and stderr.
std::pair<std::string, std::string> reported(const Outcome& outcome, Style style) {
  const int out = ::memfd_create("out", MFD_CLOEXEC);
  const int err = ::memfd_create("err", MFD_CLOEXEC);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(out, STDOUT_FILENO);
    ::dup2(err, STDERR_FILENO);
    ::_exit(report(outcome, style));
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), outcome.exit_code);
  const auto text = [](int file) {
    char bytes[4096];
    const ssize_t count = ::pread(file, bytes, sizeof bytes, 0);
    ::close(file);
    return std::string(bytes, count > 0 ? static_cast<std::size_t>(count) : 0);
  };
  return {text(out), text(err)};
}

TEST(Report, PrintsOneMessage) {
  Outcome outcome{137, "rank 1 was ended by signal 9 (Killed)", 1, "launcher's words\n", false};
  EXPECT_EQ(reported(outcome, Style::plain).second,
            "launcher's words\ntutti: error: rank 1 was ended by signal 9 (Killed)\n");
  EXPECT_EQ(
      reported(outcome, Style::json).first,
      "{\"error\":{\"type\":\"RemoteError\",\"message\":\"rank 1 was ended by signal 9 (Killed)\",\"rank\":1,"
      "\"exit\":137}}\n");
  EXPECT_EQ(reported(outcome, Style::json).second, "launcher's words\n");
  outcome.output_seen = true;  // a second object would make two
  EXPECT_EQ(reported(outcome, Style::json).first, "");
  outcome = {65, "", -1, "", false};
  EXPECT_EQ(reported(outcome, Style::plain).second, "");
}

TEST(Report, EscapesWhatJsonCannotHold) {
  const Outcome outcome{70, "a\"b\\c\n", -1, "", false};
  EXPECT_NE(reported(outcome, Style::json).first.find("\"a\\\"b\\\\c\\\\n\""), std::string::npos);
}

}  // namespace
}  // namespace tutti::launch
