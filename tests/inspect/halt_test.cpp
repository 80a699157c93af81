#include "tutti/inspect/halt.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <new>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <thread>

#include <gtest/gtest.h>

#include "tutti/memory/process_state.hpp"

#include "../memory/children.hpp"

namespace tutti::inspect {
namespace {

using namespace std::chrono_literals;

// What child and test share.
struct Board {
  std::atomic<std::uint64_t> counts[2];
  std::atomic<int> signals;
};

class HaltTest : public ::testing::Test {
 protected:
  HaltTest()
      : board_(new (::mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))
                   Board{}) {
    board() = board_;
  }
  ~HaltTest() override { ::munmap(board_, sizeof(Board)); }

  // Two threads that count, and a handler that counts signals.
  static int work() {
    ::signal(SIGUSR1, [](int) { ++board()->signals; });
    std::thread other([] {
      for (;;) ++board()->counts[1];
    });
    for (;;) ++board()->counts[0];
    return 0;
  }

  // The first thread waits in the kernel for a child to end or exec, as after vfork, and cannot be
  // stopped there; another one counts, and takes the signals.
  static int work_beside_one_that_waits() {
    struct sigaction action {};
    action.sa_handler = [](int) { ++board()->signals; };
    ::sigaction(SIGRTMIN, &action, nullptr);
    std::thread other([] {
      for (;;) ++board()->counts[1];
    });
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGRTMIN);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    ++board()->counts[0];
    if (::syscall(SYS_clone, CLONE_VFORK | SIGCHLD, 0, 0, 0, 0) == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      for (;;) ::pause();
    }
    return 0;
  }

  // The first thread ends; another one counts.
  static int work_without_the_first() {
    std::thread other([] {
      for (;;) ++board()->counts[0], ++board()->counts[1];
    });
    other.detach();
    ::syscall(SYS_exit, 0);
    return 0;
  }

  bool counting() const {
    const std::uint64_t before[2] = {board_->counts[0], board_->counts[1]};
    for (int i = 0; i < 5000; ++i) {
      if (board_->counts[0] != before[0] && board_->counts[1] != before[1]) return true;
      std::this_thread::sleep_for(1ms);
    }
    return false;
  }
  bool standing() const {
    const std::uint64_t before[2] = {board_->counts[0], board_->counts[1]};
    std::this_thread::sleep_for(30ms);
    return board_->counts[0] == before[0] && board_->counts[1] == before[1];
  }

  static Board*& board() {
    static Board* value = nullptr;  // for the handler
    return value;
  }
  Board* board_;
};

TEST_F(HaltTest, StopsAllThreadsAndLetsThemGo) {
  const memory::Child child(&work);
  ASSERT_TRUE(counting());
  for (int round = 0; round < 5; ++round) {
    {
      const Halt halt({child.pid()}, 5s);
      ASSERT_TRUE(halt.complete()) << halt.error();
      EXPECT_TRUE(standing());
    }
    EXPECT_TRUE(counting());
  }
}

TEST_F(HaltTest, KeepsSignalsForLater) {
  const memory::Child child(&work);
  ASSERT_TRUE(counting());
  {
    const Halt halt({child.pid()}, 5s);
    child.signal(SIGUSR1);
    EXPECT_TRUE(standing());
    EXPECT_EQ(board_->signals, 0);
  }
  ASSERT_TRUE(counting());
  for (int i = 0; i < 5000 && board_->signals == 0; ++i) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(board_->signals, 1);
  // Also one that comes just when it is stopped.
  for (int round = 2; round <= 50; ++round) {
    child.signal(SIGUSR1);
    { const Halt halt({child.pid()}, 5s); }
    for (int i = 0; i < 5000 && board_->signals != round; ++i) std::this_thread::sleep_for(1ms);
    ASSERT_EQ(board_->signals, round);
  }
}

TEST_F(HaltTest, LeavesAStoppedProcessStopped) {
  const memory::Child child(&work);
  ASSERT_TRUE(counting());
  child.signal(SIGSTOP);
  child.until(WSTOPPED);
  {
    const Halt halt({child.pid()}, 5s);
    EXPECT_TRUE(halt.complete());
  }
  EXPECT_TRUE(standing());
  EXPECT_EQ(memory::status_of(memory::identity_of(child.pid())).state, memory::ProcessState::stopped);
  child.signal(SIGCONT);
  EXPECT_TRUE(counting());
}

// Signals of this kind are queued, not merged: each one must arrive.
TEST_F(HaltTest, ThatFailsKeepsSignalsToo) {
  const memory::Child child(&work_beside_one_that_waits);
  for (int i = 0; i < 5000 && board_->counts[0] == 0; ++i) std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(100ms);
  std::atomic<bool> enough{false};
  int sent = 0;
  std::thread sender([&] {
    while (!enough)
      if (::sigqueue(child.pid(), SIGRTMIN, {}) == 0)
        ++sent;
      else
        std::this_thread::sleep_for(1ms);  // the queue is full
  });
  for (int round = 0; round < 30; ++round) {
    const Halt halt({child.pid()}, 5ms);
    EXPECT_EQ(halt.error(), ETIME);
  }
  enough = true;
  sender.join();
  for (int i = 0; i < 5000 && board_->signals != sent; ++i) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(board_->signals, sent);
}

TEST_F(HaltTest, OfAProcessWhoseFirstThreadHasEnded) {
  const memory::Child child(&work_without_the_first);
  ASSERT_TRUE(counting());
  std::this_thread::sleep_for(100ms);
  {
    const Halt halt({child.pid()}, 5s);
    ASSERT_TRUE(halt.complete()) << halt.error();
    EXPECT_TRUE(standing());
  }
  EXPECT_TRUE(counting());
}

TEST_F(HaltTest, OutlivesTheProcess) {
  memory::Child child(&work);
  ASSERT_TRUE(counting());
  {
    const Halt halt({child.pid()}, 5s);
    ASSERT_TRUE(halt.complete());
    child.signal(SIGKILL);  // its end is told when the halt is over
  }
  EXPECT_EQ(child.wait(), 128 + SIGKILL);
  const Halt halt({999999999}, 5s);
  EXPECT_TRUE(halt.complete());
}

}  // namespace
}  // namespace tutti::inspect
