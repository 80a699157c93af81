#include "tutti/launch/relay.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "tutti/launch/exit_note.hpp"
#include "tutti/memory/process_state.hpp"

#include "relayed.hpp"
#include "samples.hpp"

namespace tutti::launch {
namespace {

/// A line of shell that prints `text` exactly.
std::string print(const std::string& text) {
  std::string octal = "printf '";
  for (const char character : text) {
    char digits[8];
    std::snprintf(digits, sizeof digits, "\\%03o",
                  static_cast<unsigned>(static_cast<unsigned char>(character)));
    octal += digits;
  }
  return octal + "'";
}

/// Waits until the file that a script writes exists and has a line. @return the number in it.
pid_t number_in(const std::string& path) {
  for (int i = 0; i < 10000; ++i) {
    if (FILE* file = std::fopen(path.c_str(), "r")) {
      int number = 0;
      const int found = std::fscanf(file, "%d.", &number);
      std::fclose(file);
      if (found == 1) return number;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return -1;
}

bool dies(pid_t pid) {
  for (int i = 0; i < 10000; ++i) {
    if (memory::status_of({pid, 0}).state == memory::ProcessState::dead) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

class Relay : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = "/tmp/tutti-relay-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override {
    for (const char* name : {"/pid", "/second", "/full"}) ::unlink((folder_ + name).c_str());
    ::rmdir(folder_.c_str());
  }
  std::string folder_;
};

TEST_F(Relay, KeepsTheStreamsApartAndTheCode) {
  const Relayed result = relayed(script("echo results; echo trouble >&2; exit 65"));
  EXPECT_EQ(result.out, "results\n");
  EXPECT_EQ(result.err, "trouble\n");
  EXPECT_EQ(result.exit_code, 65);
  EXPECT_TRUE(result.output_seen);
  EXPECT_FALSE(result.error_seen);
  for (const int code : {0, 1, 125, 126, 255})
    EXPECT_EQ(relayed(script("exit " + std::to_string(code))).exit_code, code);
}

TEST_F(Relay, TellsASignalFromACode) {
  const Relayed result = relayed(script("kill -9 $$"));
  EXPECT_EQ(result.exit_code, 128 + SIGKILL);
  EXPECT_TRUE(result.launcher_killed);
  EXPECT_FALSE(relayed(script("exit 137")).launcher_killed);
}

TEST_F(Relay, TakesOutNoteAndNoise) {
  const Relayed result =
      relayed(script(print("tutti: error: b.npy\n" + exit_note(76) + samples::openmpi_exit_65) + " >&2;" +
                     print("a\n" + samples::mpich_killed) + "; exit 9"));
  EXPECT_EQ(result.err, "tutti: error: b.npy\n");
  EXPECT_EQ(result.out, "a\n");
  EXPECT_EQ(result.exit_code, 9);
  EXPECT_EQ(result.note, 76);
  EXPECT_TRUE(result.error_seen);
  EXPECT_EQ(result.launcher_text, samples::mpich_killed + samples::openmpi_exit_65);
}

TEST_F(Relay, IsExactForLargeBinaryOutput) {
  // 100 MB of one byte, then 1 MB without structure, in which every value and many starts of lines occur.
  const Relayed result =
      relayed(script("head -c 100000000 /dev/zero | tr '\\000' '\\377'; head -c 1000000 /dev/urandom | tee " +
                     folder_ + "/full"));
  EXPECT_EQ(result.exit_code, 0);
  ASSERT_EQ(result.out.size(), 101000000U);
  EXPECT_EQ(result.out.find_first_not_of('\377'), result.out.find_first_not_of('\377', 99999990));
  const int file = ::open((folder_ + "/full").c_str(), O_RDONLY);
  EXPECT_TRUE(result.out.compare(100000000, std::string::npos, contents(file)) == 0);
  ::close(file);
}

TEST_F(Relay, PassesBytesOnBeforeTheEnd) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  std::string first;
  const Relayed result = relayed(
      script("echo -n '{'; while [ ! -e " + folder_ + "/pid ]; do sleep 0.01; done"),
      [&] { ::dup2(ends[1], STDOUT_FILENO); },
      [&](pid_t) {
        char byte = 0;
        if (::read(ends[0], &byte, 1) == 1) first = byte;  // would wait for ever if it came only at the end
        std::fclose(std::fopen((folder_ + "/pid").c_str(), "w"));
      });
  EXPECT_EQ(first, "{");
  EXPECT_EQ(result.exit_code, 0);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_F(Relay, ASlowReaderOfOneStreamDoesNotStopTheOther) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  std::size_t bytes = 0;
  const Relayed result = relayed(
      script("head -c 500000 /dev/zero; head -c 3000000 /dev/zero >&2; echo 1. > " + folder_ + "/pid"),
      [&] {
        ::dup2(ends[1], STDOUT_FILENO);
        ::close(ends[0]);
      },
      [&](pid_t) {
        ::close(ends[1]);
        EXPECT_EQ(number_in(folder_ + "/pid"),
                  1);  // all of stderr has passed, and nobody has read stdout yet
        std::array<char, 4096> piece{};
        for (ssize_t count = 0; (count = ::read(ends[0], piece.data(), piece.size())) > 0;)
          bytes += static_cast<std::size_t>(count);
      });
  EXPECT_EQ(bytes, 500000U);
  EXPECT_EQ(result.err.size(), 3000000U);
  ::close(ends[0]);
}

TEST_F(Relay, EndsTheRunWhenStdoutIsFull) {
  const Relayed result = relayed(script("trap 'echo asked to end >&2; exit 1' TERM; sleep 600 & echo $!. > " +
                                        folder_ + "/pid; echo results; wait"),
                                 [] { ::dup2(::open("/dev/full", O_WRONLY), STDOUT_FILENO); });
  EXPECT_TRUE(result.threw);
  EXPECT_EQ(result.exit_code, 74);
  EXPECT_EQ(result.error_number, ENOSPC);
  EXPECT_EQ(std::string(result.message.data()).rfind("stdout: No space left on device", 0), 0U)
      << result.message.data();
  EXPECT_EQ(result.err, "asked to end\n");
  EXPECT_TRUE(dies(number_in(folder_ + "/pid"))) << "what the launcher left behind";
}

TEST_F(Relay, EndsTheRunWhenTheReaderOfStdoutIsGone) {
  const Relayed result = relayed(script("while :; do echo results; done"), [] {
    int ends[2];
    if (::pipe(ends) != 0) ::_exit(95);
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
  });
  EXPECT_EQ(result.exit_code, 74);
  EXPECT_EQ(result.error_number, EPIPE);
}

TEST_F(Relay, ClosedStdoutIsAnErrorOnlyIfSomethingIsWritten) {
  const auto close_it = [] { ::close(STDOUT_FILENO); };
  const Relayed written = relayed(script("echo results"), close_it);
  EXPECT_EQ(written.exit_code, 74);
  EXPECT_EQ(written.error_number, EBADF);
  const Relayed silent = relayed(script("echo x >&2; exit 3"), close_it);
  EXPECT_EQ(silent.exit_code, 3);
  EXPECT_EQ(silent.err, "x\n");
}

TEST_F(Relay, GoesOnWithoutStderr) {
  const Relayed result =
      relayed(script("head -c 200000 /dev/zero >&2; echo results; exit 3"), [] { ::close(STDERR_FILENO); });
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out, "results\n");
}

TEST_F(Relay, KillsALauncherThatDoesNotEnd) {
  RelayRequest request = script("trap '' TERM; setsid sh -c 'trap \"\" TERM; echo $$. > " + folder_ +
                                "/second; while :; do sleep 1; done' & while [ ! -s " + folder_ +
                                "/second ]; do sleep 0.01; done; echo results; while :; do sleep 1; done");
  request.grace_seconds = 0.2;
  const Relayed result = relayed(request, [] { ::dup2(::open("/dev/full", O_WRONLY), STDOUT_FILENO); });
  EXPECT_EQ(result.exit_code, 74);
  EXPECT_TRUE(dies(number_in(folder_ + "/second"))) << "a descendant in another session";
}

TEST_F(Relay, EndsWhatTakesTooLong) {
  RelayRequest request = script("trap 'echo asked; exit 3' TERM; echo begun; while :; do sleep 0.01; done");
  request.limit_seconds = 0.2;
  const Relayed asked = relayed(request);
  EXPECT_TRUE(asked.timed_out);
  EXPECT_EQ(asked.exit_code, 3);
  EXPECT_EQ(asked.out, "begun\nasked\n");
  EXPECT_EQ(asked.received, 0);
  request = script("trap '' TERM; while :; do sleep 0.01; done");
  request.limit_seconds = request.grace_seconds = 0.2;
  const Relayed killed = relayed(request);
  EXPECT_TRUE(killed.timed_out);
  EXPECT_EQ(killed.exit_code, 128 + SIGKILL);
  request = script("echo results");
  request.limit_seconds = 60;
  EXPECT_FALSE(relayed(request).timed_out);
}

TEST_F(Relay, WritesWhereItIsTold) {
  RelayRequest request = script("echo results; echo trouble >&2");
  request.output = ::open((folder_ + "/full").c_str(), O_RDWR | O_CREAT, 0600);
  request.error = ::open((folder_ + "/second").c_str(), O_RDWR | O_CREAT, 0600);
  const Relayed result = relayed(request);
  EXPECT_EQ(result.out + result.err, "");
  EXPECT_EQ(contents(request.output), "results\n");
  EXPECT_EQ(contents(request.error), "trouble\n");
  ::close(request.output);
  ::close(request.error);
  request.output = ::open("/dev/full", O_WRONLY);
  request.error = STDERR_FILENO;
  request.output_name = "kept";
  const Relayed full = relayed(request);
  EXPECT_EQ(std::string(full.message.data()).rfind("kept: No space left", 0), 0U) << full.message.data();
  ::close(request.output);
}

TEST_F(Relay, PassesSignalsOn) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    ::unlink((folder_ + "/pid").c_str());
    const Relayed result = relayed(script("trap 'echo got INT; exit 3' INT; trap 'echo got TERM; exit 4' "
                                          "TERM; trap 'echo got HUP; exit 5' HUP; "
                                          "echo $$. > " +
                                          folder_ + "/pid; while :; do sleep 0.01; done"),
                                   {}, [&](pid_t pid) {
                                     EXPECT_GT(number_in(folder_ + "/pid"), 0);
                                     ::kill(pid, number);
                                   });
    EXPECT_EQ(result.received, number);
    EXPECT_EQ(result.out, number == SIGINT ? "got INT\n" : number == SIGTERM ? "got TERM\n" : "got HUP\n");
    EXPECT_EQ(result.exit_code, number == SIGINT ? 3 : number == SIGTERM ? 4 : 5);
  }
}

// As Open MPI's mpirun does it: the ranks end, each in its own way, and the launcher has not been asked yet.
TEST_F(Relay, PassesSignalsToTheRanksFirst) {
  RelayRequest request = script(
      "trap 'echo launcher asked; exit 9' TERM; TUTTI_A_RANK=1 sh -c 'trap \"echo rank asked; exit 3\" "
      "TERM; echo $$. > " +
      folder_ + "/pid; while :; do sleep 0.01; done' & wait $!; echo rank ended with $?");
  request.rank_variable = "TUTTI_A_RANK";
  const Relayed result = relayed(request, {}, [&](pid_t pid) {
    EXPECT_GT(number_in(folder_ + "/pid"), 0);
    ::kill(pid, SIGTERM);
  });
  EXPECT_EQ(result.received, SIGTERM);
  EXPECT_EQ(result.out, "rank asked\nrank ended with 3\n");
}

TEST_F(Relay, AsksTheLauncherWhereRanksDoNotEnd) {
  RelayRequest request = script(
      "trap 'echo launcher asked; kill -9 $!; exit 9' TERM; "
      "TUTTI_A_RANK=1 sh -c 'trap \"\" TERM; echo $$. > " +
      folder_ + "/pid; while :; do sleep 0.01; done' & wait $!; wait $!");
  request.rank_variable = "TUTTI_A_RANK";
  request.grace_seconds = 0.2;
  const Relayed result = relayed(request, {}, [&](pid_t pid) {
    EXPECT_GT(number_in(folder_ + "/pid"), 0);
    ::kill(pid, SIGTERM);
  });
  EXPECT_EQ(result.out, "launcher asked\n");
  EXPECT_EQ(result.exit_code, 9);
}

TEST_F(Relay, KillsAtTheSecondSignal) {
  const Relayed result = relayed(script("trap 'echo 1. > " + folder_ + "/second' TERM; echo $$. > " +
                                        folder_ + "/pid; while :; do sleep 0.01; done"),
                                 {}, [&](pid_t pid) {
                                   EXPECT_GT(number_in(folder_ + "/pid"), 0);
                                   ::kill(pid, SIGTERM);
                                   EXPECT_EQ(number_in(folder_ + "/second"), 1);
                                   ::kill(pid, SIGTERM);  // the same one
                                   std::this_thread::sleep_for(std::chrono::milliseconds(600));
                                   ::kill(pid, SIGTERM);
                                 });
  EXPECT_EQ(result.received, SIGTERM);
  EXPECT_EQ(result.exit_code, 128 + SIGKILL);
}

TEST_F(Relay, AsksTheLauncherToEndWhenItIsKilledItself) {
  relayed(script("trap 'echo 1. > " + folder_ + "/second; exit' TERM; echo $$. > " + folder_ +
                 "/pid; while :; do sleep 0.01; done"),
          {}, [&](pid_t pid) {
            EXPECT_GT(number_in(folder_ + "/pid"), 0);
            ::kill(pid, SIGKILL);
          });
  EXPECT_EQ(number_in(folder_ + "/second"), 1);
}

TEST_F(Relay, TakesAStubbornLauncherAlongWhenItIsKilledItself) {
  RelayRequest request = script("trap '' TERM INT HUP; setsid sh -c 'echo $$. > " + folder_ +
                                "/second; while :; do sleep 0.01; done' & echo $$. > " + folder_ +
                                "/pid; while :; do sleep 0.01; done");
  request.grace_seconds = 0.2;
  pid_t launcher = -1;
  pid_t other = -1;
  relayed(request, {}, [&](pid_t pid) {
    launcher = number_in(folder_ + "/pid");
    other = number_in(folder_ + "/second");
    ::kill(pid, SIGKILL);
  });
  EXPECT_GT(launcher, 0);
  EXPECT_TRUE(dies(launcher));
  EXPECT_TRUE(dies(other)) << "a descendant in another session";
}

TEST_F(Relay, DoesNotWaitForWhatALauncherLeavesBehind) {
  const Relayed result =
      relayed(script("(echo $$ > /dev/null; exec sleep 600) & echo $!. > " + folder_ + "/pid; echo done"));
  EXPECT_EQ(result.out, "done\n");
  ::kill(number_in(folder_ + "/pid"), SIGKILL);
}

TEST_F(Relay, WorksWhereChildSignalsAreIgnored) {
  EXPECT_EQ(relayed(script("exit 7"), [] { ::signal(SIGCHLD, SIG_IGN); }).exit_code, 7);
}

TEST_F(Relay, GivesAnEnvironmentAndNoInput) {
  RelayRequest request = script("echo $TUTTI_PROGRESS; cat");
  request.environment = {{"TUTTI_PROGRESS", "lines"}};
  EXPECT_EQ(relayed(request).out, "lines\n");
}

TEST_F(Relay, HandsDownAPipedInput) {
  RelayRequest request = script("cat");
  request.input = Input::inherited;
  const auto piped = [] {
    int ends[2];
    if (::pipe(ends) != 0 || ::write(ends[1], "typed", 5) != 5) ::_exit(95);
    ::dup2(ends[0], STDIN_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
  };
  EXPECT_EQ(relayed(request, piped).out, "typed");
}

TEST_F(Relay, SaysWhatCannotBeStarted) {
  RelayRequest request;
  request.command = {folder_ + "/no such launcher"};
  const Relayed result = relayed(request);
  EXPECT_TRUE(result.threw);
  EXPECT_EQ(result.exit_code, 66);
  EXPECT_EQ(result.error_number, ENOENT);
}

}  // namespace
}  // namespace tutti::launch
