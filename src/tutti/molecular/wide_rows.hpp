// Rows with close pairs: the same numbers as the kernels', pair by pair, in sums of 128 bits. And where pairs
// are found that are nearer than any integer could hold.
#pragma once

#include <cstdint>
#include <optional>

#include "tutti/molecular/kernels.hpp"

namespace tutti::molecular {

/// Two particles of a block that are too near to each other.
struct Overlap {
  std::uint16_t self;
  std::uint16_t other;
  double distance;  ///< length
};

/// Does the rows in `close` of a batch, all of which are computed if it is null, into forces[row.self].
/// @return an overlap, if there is one: the forces are then not meaningful
std::optional<Overlap> wide_forces(const Point32* block, const RowBatch& batch, const Model& model,
                                   const CloseRows* close, Force* forces);
std::optional<Overlap> wide_forces(const Point64* block, const RowBatch& batch, const Model& model,
                                   const CloseRows* close, Force* forces);

/// The same for energies, added to the sums.
std::optional<Overlap> wide_energies(const Point32* block, const RowBatch& batch, const Model& model,
                                     const CloseRows* close, PairSums& sums);
std::optional<Overlap> wide_energies(const Point64* block, const RowBatch& batch, const Model& model,
                                     const CloseRows* close, PairSums& sums);

}  // namespace tutti::molecular
