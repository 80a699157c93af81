// A rank fails, stops, or has another list of messages, while the others exchange theirs.
#include <csignal>
#include <vector>

#include "tutti/comm/collectives.hpp"
#include "tutti/comm/exchange.hpp"
#include "tutti/comm/nonblocking.hpp"

#include "fault.hpp"

namespace tutti::faults {

namespace {

// With the next rank and the one before, in a ring.
void exchange_around(const World& world, std::size_t sent, std::size_t expected) {
  const int size = world.size(), next = (world.rank() + 1) % size, before = (world.rank() + size - 1) % size;
  const std::vector<float> mine(sent, 1);
  std::vector<float> theirs(expected), theirs_too(expected);
  exchange<float>(world, {{next, mine}, {before, mine}}, {{before, theirs}, {next, theirs_too}});
  if (theirs != std::vector<float>(expected, 1)) throw InternalError("the messages are wrong");
}

template <class Deed>
int doing(const Scene& scene, const Deed& deed) {
  exchange_around(scene.world, 1000, 1000);
  if (scene.me()) deed();
  exchange_around(scene.world, 100000, 100000);
  return 0;
}

int none(const Scene& scene) {
  return doing(scene, [] {});
}
int throw_instead(const Scene& scene) {
  return doing(scene, [] {
    throw FormatError("b.npy: cut after 100 bytes; copy it again", {"b.npy", {100, 0}});
  });
}
int stop(const Scene& scene) {
  return doing(scene, [] { std::raise(SIGSTOP); });
}
int barrier_instead(const Scene& scene) {
  return doing(scene, [&] { barrier(scene.world); });
}
int wait_instead(const Scene& scene) {
  isum(scene.world, 1.0).get();
  return doing(scene, [&] { isum(scene.world, 1.0).get(); });
}
int other_length(const Scene& scene) {
  exchange_around(scene.world, scene.me() ? 11 : 10, 10);
  return 0;
}
int missing(const Scene& scene) {
  const std::vector<float> mine(10);
  std::vector<float> theirs(10);
  std::vector<SendTo<float>> sends;
  if (!scene.me()) sends.push_back({0, mine});
  std::vector<ReceiveFrom<float>> receives;
  for (int rank = 0; scene.world.rank() == 0 && rank < scene.world.size(); ++rank)
    receives.push_back({rank, theirs});
  exchange(scene.world, sends, receives);
  return 0;
}
int no_such_rank(const Scene& scene) {
  exchange<float>(scene.world, {{scene.me() ? 1000 : scene.world.rank(), {}}}, {{scene.world.rank(), {}}});
  return 0;
}

constexpr Fault faults[] = {{"exchange-none", none},         {"exchange-throw", throw_instead},
                            {"exchange-stop", stop},         {"exchange-barrier", barrier_instead},
                            {"exchange-wait", wait_instead}, {"exchange-other-length", other_length},
                            {"exchange-missing", missing},   {"exchange-no-such-rank", no_such_rank}};

}  // namespace

std::span<const Fault> exchanging_faults() { return faults; }

}  // namespace tutti::faults
