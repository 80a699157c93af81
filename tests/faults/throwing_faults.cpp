// A rank throws: before, between, after collectives; errors of the family, foreign ones, not even exceptions.
#include <new>
#include <stdexcept>
#include <vector>

#include "tutti/comm/collectives.hpp"
#include "tutti/comm/reductions.hpp"

#include "fault.hpp"

namespace tutti::faults {

namespace {

[[noreturn]] void cut() {
  throw FormatError("b.npy: cut after 100 bytes; copy it again", {"b.npy", {100, 0}});
}

int before(const Scene& scene) {
  if (scene.me()) cut();
  work(scene.world);
  return 0;
}

int between(const Scene& scene) {
  work(scene.world);
  if (scene.me()) cut();
  work(scene.world);
  return 0;
}

int after(const Scene& scene) {
  work(scene.world);
  if (scene.me()) cut();
  return 0;
}

int foreign(const Scene& scene) {
  barrier(scene.world);
  if (scene.me()) throw std::logic_error("negative energy");
  work(scene.world);
  return 0;
}

int no_exception(const Scene& scene) {
  barrier(scene.world);
  if (scene.me()) throw 42;
  work(scene.world);
  return 0;
}

int bad_alloc(const Scene& scene) {
  barrier(scene.world);
  if (scene.me()) throw std::bad_alloc();
  work(scene.world);
  return 0;
}

int huge_allocation(const Scene& scene) {
  barrier(scene.world);
  std::vector<char> memory;
  if (scene.me()) memory.resize(std::size_t{1} << 62U);
  work(scene.world);
  return 0;
}

// All ranks from the guilty one on throw: the lowest speaks for all.
int several(const Scene& scene) {
  barrier(scene.world);
  if (scene.world.rank() >= scene.guilty)
    throw UsageError(text("rank ", scene.world.rank(), " was the lowest"));
  work(scene.world);
  return 0;
}

int long_text(const Scene& scene) {
  barrier(scene.world);
  if (scene.me()) throw FormatError("line 1\nline 2\x1b[31m " + std::string(5000, 'x'));
  work(scene.world);
  return 0;
}

// Not a fault: all ranks catch what they agreed on, and go on.
int caught_by_all(const Scene& scene) {
  for (int round = 0; round < 3; ++round) try {
      scene.world.together("read b.npy", [&] {
        if (scene.me()) cut();
      });
      throw InternalError("nothing was thrown");
    } catch (const FormatError&) {
    }
  work(scene.world);
  return 0;
}

int caught_then_thrown(const Scene& scene) {
  caught_by_all(scene);
  if (scene.me()) throw std::runtime_error("the second failure");
  work(scene.world);
  return 0;
}

// The guilty rank goes on as if nothing had happened, the others let the agreed error end them.
int caught_by_one(const Scene& scene) {
  try {
    scene.world.together("read b.npy", [&] {
      if (scene.me()) cut();
    });
  } catch (const FormatError&) {
    if (!scene.me()) throw;
  }
  work(scene.world);
  return 0;
}

constexpr Fault faults[] = {{"throw-before", before},
                            {"throw-between", between},
                            {"throw-after", after},
                            {"throw-foreign", foreign},
                            {"throw-int", no_exception},
                            {"throw-bad-alloc", bad_alloc},
                            {"throw-huge-allocation", huge_allocation},
                            {"throw-several", several},
                            {"throw-long-text", long_text},
                            {"caught-by-all", caught_by_all},
                            {"caught-then-thrown", caught_then_thrown},
                            {"caught-by-one", caught_by_one}};

}  // namespace

std::span<const Fault> throwing_faults() { return faults; }

}  // namespace tutti::faults
