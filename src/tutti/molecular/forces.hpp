// Forces, energies and virials of the particles of one process, from rows of neighbours.
#pragma once

#include "tutti/molecular/kernels.hpp"
#include "tutti/molecular/pair_constants.hpp"
#include "tutti/molecular/rows.hpp"

namespace tutti::molecular {

/// Computes, tile by tile. Keeps the buffers for one block.
class PairWork {
 public:
  PairWork(const Model& model, const Kernel& kernel, memory::Ledger& ledger)
      : model_(&model), kernel_(&kernel), ledger_(&ledger) {}

  /// The forces on all own particles, in quanta, into atoms.forces(). Those of all processes add up to zero,
  /// exactly.
  /// @throws OverlapError for two particles nearer than Model::smallest_distance()
  void forces(Atoms& atoms, const Rows& rows);

  /// The sums of the pairs of all own particles; of all processes, every pair is in it twice.
  /// @throws OverlapError
  PairSums energies(const Atoms& atoms, const Rows& rows);

 private:
  template <class Point>
  struct Buffers {
    memory::Buffer<Point> points;
    memory::Buffer<Force> forces;
  };
  template <class Point>
  void forces_of(Buffers<Point>& buffers, std::span<const Point> all, Atoms& atoms, const Rows& rows);
  template <class Point>
  PairSums energies_of(Buffers<Point>& buffers, std::span<const Point> all, const Atoms& atoms,
                       const Rows& rows);
  template <class Point>
  void prepare(Buffers<Point>& buffers, const Rows& rows);
  std::span<const Point32> narrowed(const Atoms& atoms);

  const Model* model_;
  const Kernel* kernel_;
  memory::Ledger* ledger_;
  memory::Buffer<Point32> narrowed_;  // of precision float: all positions
  Buffers<Point32> narrow_;
  Buffers<Point64> wide_;
  CloseRows close_;
};

}  // namespace tutti::molecular
