// What all peers share: the same vectors, the same measurement, the same lines of output. Only the dot
// product differs. numpy_mpi4py.py says the same in Python.
//
// PROGRAM time N ...   the time of a dot of N elements a rank, for each N
// PROGRAM bits N       the dot of N elements in all, of usual data and of data that cancel
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <mpi.h>

#include "../dot/keep.hpp"

namespace peer {

/// 64 random bits for an index (SplitMix64; Steele, Lea, Flood, doi:10.1145/2660193.2660195).
inline std::uint64_t bits(std::uint64_t index) {
  std::uint64_t z = (index + 1) * 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

/// In (-1, 1), a multiple of 2^-52: every operation is exact, so C++ and NumPy agree to the bit.
inline double uniform(std::uint64_t index) {
  const double whole = static_cast<double>(static_cast<std::int64_t>(bits(index) >> 11U));
  return whole * 0x1p-52 - 1;
}

/// Elements of a vector of `total`, by their global index: the same vector on any number of ranks.
using Element = double (*)(std::int64_t index, std::int64_t total);

inline double usual_x(std::int64_t i, std::int64_t) { return uniform(2 * static_cast<std::uint64_t>(i)); }
inline double usual_y(std::int64_t i, std::int64_t) { return uniform(2 * static_cast<std::uint64_t>(i) + 1); }

/// Pairs a b - a b of products around 2^60, in an order that parts them, and a single 1 x 1: the dot is 1.
/// `total` must be odd and no multiple of 7919, which strides through all places once.
inline std::uint64_t place(std::int64_t i, std::int64_t total) {
  return static_cast<std::uint64_t>(i) * 7919U % static_cast<std::uint64_t>(total);
}
inline double cancelling_x(std::int64_t i, std::int64_t total) {
  const std::uint64_t at = place(i, total);
  if (at + 1 == static_cast<std::uint64_t>(total)) return 1;
  const double a = uniform(at / 2 * 2) * 0x1p30;
  return at % 2 == 0 ? a : -a;
}
inline double cancelling_y(std::int64_t i, std::int64_t total) {
  const std::uint64_t at = place(i, total);
  return at + 1 == static_cast<std::uint64_t>(total) ? 1 : uniform(at / 2 * 2 + 1) * 0x1p30;
}

/// The elements of one rank, of a division into blocks.
struct Share {
  int rank, ranks;
  std::int64_t total;
  std::int64_t first() const { return total / ranks * rank + (rank < total % ranks ? rank : total % ranks); }
  std::int64_t count() const { return total / ranks + (rank < total % ranks ? 1 : 0); }
  double element(Element f, std::int64_t local) const { return f(first() + local, total); }
};

inline Share share_of(std::int64_t total) {
  Share share{0, 1, total};
  MPI_Comm_rank(MPI_COMM_WORLD, &share.rank);
  MPI_Comm_size(MPI_COMM_WORLD, &share.ranks);
  return share;
}

/// Seconds of one dot, the slowest rank's: two to warm up, then as many as 2^26 elements and a limit allow.
template <class Peer>
double seconds_of_dot(Peer& peer, std::int64_t elements) {
  std::int64_t calls = (std::int64_t{1} << 26U) / elements;
  calls = calls < 3 ? 3 : calls > 10000 ? 10000 : calls;
  for (int i = 0; i < 2; ++i) bench::keep(peer.dot());
  MPI_Barrier(MPI_COMM_WORLD);
  const double start = MPI_Wtime();
  for (std::int64_t i = 0; i < calls; ++i) bench::keep(peer.dot());
  double seconds = (MPI_Wtime() - start) / static_cast<double>(calls), slowest = 0;
  MPI_Allreduce(&seconds, &slowest, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  return slowest;
}

/// The sum of all elements' bits modulo 2^64: shows that all peers were given the same vectors.
inline unsigned long long fingerprint(const Share& share, Element f) {
  unsigned long long mine = 0, all = 0;
  for (std::int64_t i = 0; i < share.count(); ++i) {
    const double value = share.element(f, i);
    std::uint64_t word = 0;
    std::memcpy(&word, &value, sizeof word);
    mine += word;
  }
  MPI_Allreduce(&mine, &all, 1, MPI_UNSIGNED_LONG_LONG, MPI_SUM, MPI_COMM_WORLD);
  return all;
}

/// Answers the command line. MPI and the peer's library are running.
/// @tparam Peer  made from (share, x, y, context...); dot() is the global dot on every rank. Peer::name names
/// it;
///               Peer::vectors is how many vectors a call reads, Peer::dots how many dots it makes of them.
template <class Peer, class... Context>
void answer(int argc, char** argv, Context&... context) {
  const bool time = argc > 2 && std::strcmp(argv[1], "time") == 0;
  if (!time && !(argc == 3 && std::strcmp(argv[1], "bits") == 0)) {
    std::fprintf(stderr, "usage: %s time N ... | bits N\n", argv[0]);
    MPI_Abort(MPI_COMM_WORLD, EXIT_FAILURE);
  }
  for (int i = 2; i < argc; ++i) {
    const std::int64_t n = std::atoll(argv[i]);
    const Share share = share_of(time ? n * share_of(0).ranks : n);
    if (time) {
      Peer peer(share, usual_x, usual_y, context...);
      const double seconds = seconds_of_dot(peer, n);
      if (share.rank == 0)
        std::printf(
            "{\"peer\": \"%s\", \"ranks\": %d, \"elements\": %lld, \"vectors\": %d, \"dots\": %d, "
            "\"seconds\": %.9g}\n",
            Peer::name, share.ranks, static_cast<long long>(n), Peer::vectors, Peer::dots, seconds);
    } else {
      Peer usual(share, usual_x, usual_y, context...),
          cancelling(share, cancelling_x, cancelling_y, context...);
      const double first = usual.dot(), second = cancelling.dot();
      const unsigned long long given = fingerprint(share, usual_x) + 3 * fingerprint(share, usual_y) +
                                       5 * fingerprint(share, cancelling_x) +
                                       7 * fingerprint(share, cancelling_y);
      if (share.rank == 0)
        std::printf(
            "{\"peer\": \"%s\", \"ranks\": %d, \"elements\": %lld, \"given\": \"%llx\", "
            "\"usual\": \"%a\", \"cancelling\": \"%a\"}\n",
            Peer::name, share.ranks, static_cast<long long>(n), given, first, second);
    }
  }
  std::fflush(stdout);
}

}  // namespace peer
