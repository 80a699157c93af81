// The kernels that lists and forces spend their time in: one table of functions for each instruction set, all
// with the same bits. What they compute is written once, in row_loops.hpp, for the vectors of each
// (lanes_*.hpp).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "tutti/molecular/atoms.hpp"
#include "tutti/molecular/motion_constants.hpp"
#include "tutti/molecular/pair_constants.hpp"

namespace tutti::molecular {

/// A particle of a block as the forces of precision float see it: 32 bits of each coordinate.
struct alignas(16) Point32 {
  std::int32_t x, y, z;
  std::uint32_t label;  ///< the lower 16 bits are the type
};
/// ... and those of the other precisions: all 64 bits.
using Point64 = Position;

/// A particle and its neighbours, by their numbers in a block.
struct Row {
  std::uint16_t self;
  std::uint16_t count;
};

/// The rows of a tile. Entries of rows follow one another; what lies up to 64 bytes behind the last can be
/// read.
struct RowBatch {
  std::span<const Row> rows;
  const std::uint16_t* entries;
};

/// Rows (their places in a batch) with a pair so close that numbers might not fit: to be done again, in wide
/// numbers.
using CloseRows = std::vector<std::uint32_t>;

/// Coordinates of a block's particles in 16 bits, relative to the tile's centre.
struct Coarse {
  std::int16_t *x, *y, *z;
};

/// Candidates for neighbours, and their names. 32 behind the last can be read.
struct Candidates {
  const std::int16_t *x, *y, *z;
  const std::uint16_t* names;
  std::size_t count;
};

/// Sums over rows of what each pair contributes, in quanta of energy. Every pair is met twice.
struct PairSums {
  Int128 energy = 0;
  std::array<Int128, 6> virial{};  ///< r_a F_b, for xx yy zz xy xz yz

  friend bool operator==(const PairSums&, const PairSums&) = default;
};

template <class Point, class Constants, class Result>
using RowFunction = void (*)(const Point* block, const RowBatch& batch, const Constants& constants,
                             Result result, CloseRows& close);
using Forces32 = RowFunction<Point32, PairConstants<float>, Force*>;
using Forces64 = RowFunction<Point64, PairConstants<double>, Force*>;
using Energies32 = RowFunction<Point32, EnergyConstants, PairSums&>;
using Energies64 = RowFunction<Point64, EnergyConstants, PairSums&>;

struct Kernel {
  const char* name;

  /// P += half_kicks * F, X += round(displacement * P), images counted, for all particles.
  /// @return the square of the longest way, length^2
  double (*advance)(Position* positions, Momentum* momenta, const Force* forces, std::size_t count,
                    std::int64_t half_kicks, const MotionConstants& constants);

  /// Copies in pieces of 64 bytes: up to 63 behind the last are read and written, too.
  void (*copy)(const void* from, std::size_t bytes, void* to);
  /// points[k] of positions[k]; may write one behind the last.
  void (*points32)(const Position* positions, std::size_t count, const Resolution& resolution,
                   Point32* points);
  /// (position - centre) * scale, toward zero and at most +-32767; a scale of 0 leaves out an axis.
  void (*coarse)(const Position* positions, std::size_t count, const std::array<std::uint64_t, axes>& centre,
                 const std::array<float, axes>& scale, const Coarse& coarse);
  /// Writes the names of the candidates whose distance from (x, y, z) is within a limit, and up to 31 more.
  /// @param limit  of the sum of squares, each divided by 2^16 and rounded down
  /// @return how many
  std::size_t (*select)(const Candidates& candidates, std::int16_t x, std::int16_t y, std::int16_t z,
                        std::uint16_t limit, std::uint16_t* selected);
  /// Forces on the particles of rows, forces[row.self]. Not of those in `close`.
  std::array<Forces32, variants> forces32;
  std::array<Forces64, variants> forces64;
  /// Added to the sums. Without the rows in `close`.
  std::array<Energies32, variants> energies32;
  std::array<Energies64, variants> energies64;
};

/// All kernels that this machine can run, the slowest first, of "portable", "avx2", "avx512".
std::span<const Kernel> kernels();

/// The kernel in use: the one that TUTTI_KERNEL names, else the fastest. "reference" is "portable".
/// @throws UsageError if TUTTI_KERNEL names none of kernels()
const Kernel& kernel();
const Kernel& kernel_named(std::string_view name);

}  // namespace tutti::molecular
