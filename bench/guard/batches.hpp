// How both programs measure: the same loop, so that only what is in it differs.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <vector>

#include <mpi.h>

/// How many numbers besides one.
struct Length {
  const char* name;
  std::size_t doubles;
  int calls;
};
inline constexpr Length lengths[] = {{"1000 doubles", 1000, 500}, {"1 MiB", std::size_t{1} << 17U, 10}};

/// Microseconds of one call of f, the median of 41 batches; printed by rank 0 as one JSON object.
template <class F>
void measure(const char* what, int rank, int calls, const F& f) {
  constexpr int batches = 41;
  for (int i = 0; i < calls; ++i) f();
  std::vector<double> microseconds;
  for (int batch = 0; batch < batches; ++batch) {
    MPI_Barrier(MPI_COMM_WORLD);
    const double start = MPI_Wtime();
    for (int i = 0; i < calls; ++i) f();
    microseconds.push_back((MPI_Wtime() - start) / calls * 1e6);
  }
  std::sort(microseconds.begin(), microseconds.end());
  if (rank == 0) std::printf("{\"what\": \"%s\", \"us\": %.4f}\n", what, microseconds[batches / 2]);
}

template <class F>
void measure(const char* what, int rank, const F& f) {
  measure(what, rank, 5000, f);
}
