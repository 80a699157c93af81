// How the programs of this folder measure on all ranks, and how they print it.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include <mpi.h>

namespace bench {

/// The largest of all ranks' values, on all.
inline double largest(double mine) {
  double all = 0;
  MPI_Allreduce(&mine, &all, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  return all;
}

/// Seconds of f on the slowest rank, from a common start.
template <class F>
double seconds(const F& f) {
  MPI_Barrier(MPI_COMM_WORLD);
  const double start = MPI_Wtime();
  f();
  return largest(MPI_Wtime() - start);
}

/// As JSON.
inline std::string list(const std::vector<double>& values) {
  std::string text;
  char number[32];
  for (const double value : values) {
    std::snprintf(number, sizeof number, "%s%.6g", text.empty() ? "" : ", ", value);
    text += number;
  }
  return "[" + text + "]";
}

}  // namespace bench
