// A rank, or all of them, are asked to end by a signal: a time limit, a user, a launcher.
#include <csignal>
#include <thread>
#include <unistd.h>

#include "tutti/comm/collectives.hpp"

#include "fault.hpp"

namespace tutti::faults {

namespace {

int signal_one(const Scene& scene) {
  work(scene.world);
  if (scene.me()) std::raise(SIGTERM);
  work(scene.world);
  return 0;
}

int interrupt_one(const Scene& scene) {
  if (scene.me()) std::raise(SIGINT);
  work(scene.world);
  return 0;
}

int signal_all(const Scene& scene) {
  work(scene.world);
  std::raise(SIGTERM);
  work(scene.world);
  return 0;
}

// The terminal and the launcher both send it.
int signal_at_once_again(const Scene& scene) {
  if (scene.me()) {
    std::raise(SIGTERM);
    std::raise(SIGTERM);
  }
  work(scene.world);
  return 0;
}

// The first one is never heard of, since the program does not come to a collective; the second one means it.
int signal_later_again(const Scene& scene) {
  if (scene.me()) {
    std::raise(SIGTERM);
    usleep(700000);
    std::raise(SIGTERM);
    for (;;) pause();
  }
  work(scene.world);
  return 0;
}

// All ranks catch it, and save what they have, by collectives. Some get their own signal late.
int signal_caught(const Scene& scene) {
  try {
    if (scene.me()) std::raise(SIGTERM);
    for (;;) work(scene.world);
  } catch (const InterruptedError& error) {
    if (error.signal() != SIGTERM || error.rank() != scene.guilty) return 1;
    if (!scene.me()) std::raise(SIGTERM);
    work(scene.world);
  }
  return 0;
}

int signal_in_sub(const Scene& scene) {
  scene.world.split(scene.colour(), [&](World& sub) {
    work(sub);
    if (scene.me()) std::raise(SIGTERM);
    work(sub);
    barrier(scene.world);
  });
  return 0;
}

// At the very end there is nothing left to be interrupted.
int signal_at_end(const Scene& scene) {
  work(scene.world);
  if (scene.me()) std::raise(SIGTERM);
  return 0;
}

// Whoever has come to the end waits there for the others, and is asked meanwhile.
int signal_while_ending(const Scene& scene) {
  work(scene.world);
  if (scene.me())
    usleep(800000);
  else
    std::thread([] {
      usleep(300000);
      ::kill(::getpid(), SIGTERM);
    }).detach();
  return 0;
}

constexpr Fault faults[] = {{"signal", signal_one},
                            {"signal-int", interrupt_one},
                            {"signal-all", signal_all},
                            {"signal-at-once-again", signal_at_once_again},
                            {"signal-later-again", signal_later_again},
                            {"signal-caught", signal_caught},
                            {"signal-in-sub", signal_in_sub},
                            {"signal-at-end", signal_at_end},
                            {"signal-while-ending", signal_while_ending}};

}  // namespace

std::span<const Fault> signal_faults() { return faults; }

}  // namespace tutti::faults
