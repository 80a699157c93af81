// Tickets of a WorkQueue, in turn with MPI_Fetch_and_op as a program without tutti would call it; and how
// long both wait where the rank that has the counter is busy.
//
//   bench_work_queue CALLS REPEATS          (any number of ranks; TUTTI_NODES=2 for the window of MPI's)
//
// One line of JSON: for each way, the seconds of one ticket, the mean over all ranks' tickets, of each
// repeat; and the longest wait for one while rank 0 computes for 0.2 s without a call of MPI.
#include <chrono>
#include <cstdint>
#include <vector>

#include <tutti/tutti.hpp>

#include <mpi.h>

#include "positive.hpp"
#include "timing.hpp"

namespace {

using tutti::Index;

constexpr const char* usage = "bench_work_queue CALLS REPEATS";

/// The field's nxtval: a counter on rank 0.
class PlainCounter {
 public:
  PlainCounter() {
    int rank = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    std::int64_t* memory = nullptr;
    MPI_Win_allocate(rank == 0 ? sizeof *memory : 0, sizeof *memory, MPI_INFO_NULL, MPI_COMM_WORLD, &memory,
                     &window_);
    if (rank == 0) *memory = 0;
    MPI_Barrier(MPI_COMM_WORLD);
    MPI_Win_lock_all(MPI_MODE_NOCHECK, window_);
  }
  PlainCounter(const PlainCounter&) = delete;
  PlainCounter& operator=(const PlainCounter&) = delete;
  ~PlainCounter() {
    MPI_Win_unlock_all(window_);
    MPI_Win_free(&window_);
  }
  std::int64_t next() {
    const std::int64_t one = 1;
    std::int64_t before = 0;
    MPI_Fetch_and_op(&one, &before, MPI_INT64_T, 0, 0, MPI_SUM, window_);
    MPI_Win_flush(0, window_);
    return before;
  }

 private:
  MPI_Win window_ = MPI_WIN_NULL;
};

/// Seconds for each of `calls` calls of f on every rank, the mean over ranks.
template <class F>
double seconds(int calls, const F& f) {
  MPI_Barrier(MPI_COMM_WORLD);
  const double start = MPI_Wtime();
  for (int i = 0; i < calls; ++i) f();
  double mine = (MPI_Wtime() - start) / calls, all = 0;
  int size = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  MPI_Allreduce(&mine, &all, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  return all / size;
}

void compute(double for_seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(for_seconds);
  while (std::chrono::steady_clock::now() < end) {
  }
}

/// The longest that a rank other than 0 waits for one of ten tickets, while rank 0 is busy.
template <class F>
double longest_wait(const tutti::World& world, const F& f) {
  MPI_Barrier(MPI_COMM_WORLD);
  double longest = 0;
  if (world.rank() == 0) {
    compute(0.2);
  } else {
    compute(0.02);  // by now it is
    for (int i = 0; i < 10; ++i) {
      const double start = MPI_Wtime();
      f();
      longest = std::max(longest, MPI_Wtime() - start);
    }
  }
  return bench::largest(longest);
}

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) {
    if (argc != 3) throw tutti::UsageError(usage);
    const int calls = bench::positive(argv[1], usage), repeats = bench::positive(argv[2], usage);
    tutti::WorkQueue queue(world, Index{1} << 62, 1, "tickets");
    PlainCounter plain;
    std::vector<double> of_ours, of_plain, ours_waits, plain_waits;
    for (int repeat = 0; repeat < repeats; ++repeat) {
      of_ours.push_back(seconds(calls, [&] { queue.next(); }));
      of_plain.push_back(seconds(calls, [&] { plain.next(); }));
      ours_waits.push_back(longest_wait(world, [&] { queue.next(); }));
      plain_waits.push_back(longest_wait(world, [&] { plain.next(); }));
    }
    world.print(tutti::text(
        "{\"ranks\": ", world.size(), ", \"nodes\": ", world.nodes(), ", \"tutti\": ", bench::list(of_ours),
        ", \"fetch_and_op\": ", bench::list(of_plain), ", \"tutti_waits\": ", bench::list(ours_waits),
        ", \"fetch_and_op_waits\": ", bench::list(plain_waits), "}\n"));
  });
}
