// Contenders that take turns: A B C, A B C, ... so that whatever else the machine does meets them all alike.
#pragma once

#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include <mpi.h>

namespace bench {

struct Contender {
  std::string name;
  std::function<void(std::size_t calls)> run;  ///< so many calls of what is measured
  std::size_t calls = 1;
  std::vector<double> seconds{};  ///< of one call, of each turn
};

/// Seconds of one call, the slowest rank's; all ranks start together and so share the memory's bandwidth.
inline double seconds_of_call(const Contender& contender) {
  MPI_Barrier(MPI_COMM_WORLD);
  const double start = MPI_Wtime();
  contender.run(contender.calls);
  double mine = (MPI_Wtime() - start) / static_cast<double>(contender.calls), slowest = 0;
  MPI_Allreduce(&mine, &slowest, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  return slowest;
}

/// Collective. One turn of each to warm up and to find how many calls make 3 ms, then `repeats` turns.
inline void take_turns(std::vector<Contender>& contenders, int repeats) {
  constexpr double turn = 3e-3, limit = 1e6;
  for (Contender& each : contenders) {
    for (int i = 0; i < 2; ++i)  // the first meets cold caches
      each.calls = static_cast<std::size_t>(std::clamp(turn / seconds_of_call(each), 1.0, limit));
  }
  for (int i = 0; i < repeats; ++i)
    for (Contender& each : contenders) each.seconds.push_back(seconds_of_call(each));
}

/// "[1e-3, 2e-3]"
inline std::string json(const std::vector<double>& values) {
  std::string all = "[";
  for (const double value : values) {
    char text[32];
    std::snprintf(text, sizeof text, "%s%.6g", all.size() > 1 ? ", " : "", value);
    all += text;
  }
  return all + "]";
}

}  // namespace bench
