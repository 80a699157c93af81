// What all programs that move a vector between distributions share: the same numbers, the same measurement,
// the same lines of output. Only the moving differs.
//
// PROGRAM cyclic-to-block|block-to-cyclic N REPEATS      N float64 on all ranks together
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <mpi.h>

#include "timing.hpp"

namespace moving {

/// A division of 0 .. total - 1: which element a rank's l-th is.
struct Division {
  bool cyclic;
  std::int64_t total;
  int rank = 0, ranks = 1;

  Division(bool cyclic_, std::int64_t total_) : cyclic(cyclic_), total(total_) {
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  }
  std::int64_t count() const { return total / ranks + (rank < total % ranks ? 1 : 0); }
  std::int64_t first() const { return total / ranks * rank + (rank < total % ranks ? rank : total % ranks); }
  std::int64_t index(std::int64_t l) const { return cyclic ? l * ranks + rank : first() + l; }
};

inline void fill(const Division& division, double* x) {
  for (std::int64_t l = 0; l < division.count(); ++l) x[l] = static_cast<double>(division.index(l));
}

inline bool right_on_all(const Division& division, const double* x) {
  int wrong = 0, any = 0;
  for (std::int64_t l = 0; l < division.count(); ++l)
    if (x[l] != static_cast<double>(division.index(l))) wrong = 1;
  MPI_Allreduce(&wrong, &any, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  return any == 0;
}

/// Bytes that stand in /proc/self/status under this name; 0 if it is not there.
inline double status_bytes(const char* name) {
  std::FILE* const file = std::fopen("/proc/self/status", "r");
  double kib = 0;
  char line[256];
  while (file != nullptr && std::fgets(line, sizeof line, file) != nullptr)
    if (std::strncmp(line, name, std::strlen(name)) == 0) kib = std::atof(line + std::strlen(name));
  if (file != nullptr) std::fclose(file);
  return 1024 * kib;
}

/// How far this process's memory grows while something is done, at its peak.
class Growth {
 public:
  Growth() {
    if (std::FILE* const file = std::fopen("/proc/self/clear_refs", "w")) {  // forget the peak so far
      std::fputs("5", file);
      std::fclose(file);
    }
    before_ = status_bytes("VmRSS:");
  }
  double on_most() const { return bench::largest(status_bytes("VmHWM:") - before_); }

 private:
  double before_ = 0;
};

/// The measurement of one peer, as a line of JSON.
/// @tparam Peer  made from (source, target); source() and target() are this rank's elements of two vectors,
///               plan() prepares, move() moves the elements from the one to the other
template <class Peer>
void answer(int argc, char** argv, const char* name) {
  const bool there = argc == 4 && std::strcmp(argv[1], "cyclic-to-block") == 0;
  if (!there && !(argc == 4 && std::strcmp(argv[1], "block-to-cyclic") == 0)) {
    std::fprintf(stderr, "usage: %s cyclic-to-block|block-to-cyclic N REPEATS\n", argv[0]);
    MPI_Abort(MPI_COMM_WORLD, EXIT_FAILURE);
  }
  const std::int64_t total = std::atoll(argv[2]);
  const Division from(there, total), to(!there, total);
  Peer peer(from, to);
  fill(from, peer.source());
  std::memset(peer.target(), 255,
              static_cast<std::size_t>(to.count()) * sizeof(double));  // touches all of it
  const Growth growth;
  const double planning = bench::seconds([&] { peer.plan(); });
  std::vector<double> runs;
  bench::seconds([&] { peer.move(); });  // warms up
  const double grown = growth.on_most();
  const bool right = right_on_all(to, peer.target());
  for (int repeat = 0; repeat < std::atoi(argv[3]); ++repeat)
    runs.push_back(bench::seconds([&] { peer.move(); }));
  if (from.rank == 0)
    std::printf(
        "{\"peer\": \"%s\", \"change\": \"%s\", \"ranks\": %d, \"elements\": %lld, \"right\": %s, \"plan\": "
        "%.6g, \"seconds\": %s, \"temporary\": %.0f}\n",
        name, argv[1], from.ranks, static_cast<long long>(total), right ? "true" : "false", planning,
        bench::list(runs).c_str(), grown);
  std::fflush(stdout);
}

}  // namespace moving
