// How both programs measure: the same loop, so that only what is in it differs.
#pragma once

#include <algorithm>
#include <cstdio>
#include <vector>

#include <mpi.h>

/// Microseconds of one call of f, the median of 41 batches of 5000; printed by rank 0 as one JSON object.
template <class F>
void measure(const char* what, int rank, const F& f) {
  constexpr int batches = 41, calls = 5000;
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
