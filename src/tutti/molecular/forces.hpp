// Forces, energies and virials of the particles of one process, from rows of neighbours.
#pragma once

#include "tutti/molecular/kernels.hpp"
#include "tutti/molecular/pair_constants.hpp"
#include "tutti/molecular/rows.hpp"

namespace tutti::molecular {

/// Of which own particles.
enum class Which : std::uint8_t {
  all,
  inner,  ///< those whose tile sees own particles only
  outer   ///< the others
};

/// Computes, tile by tile. Keeps the buffers for one block.
class PairWork {
 public:
  PairWork(const Model& model, const Kernel& kernel, memory::Ledger& ledger)
      : model_(&model), kernel_(&kernel), ledger_(&ledger) {}

  /// The forces on own particles, in quanta, into `forces`. Those of all processes add up to zero, exactly.
  /// @param view  as it was when rows were made, but for where the particles are
  /// @param forces  one for each own particle
  /// @throws OverlapError for two particles nearer than Model::smallest_distance()
  void forces(const View& view, const Rows& rows, std::span<Force> forces, Which which = Which::all);
  void forces(Atoms& atoms, const Rows& rows) { this->forces(atoms.view(), rows, atoms.forces()); }

  /// The sums of the pairs of all own particles; of all processes, every pair is in it twice.
  /// @throws OverlapError
  PairSums energies(const View& view, const Rows& rows);

 private:
  template <class Point>
  struct Buffers {
    memory::Buffer<Point> points;
    memory::Buffer<Force> forces;
  };
  template <class Point>
  void forces_of(Buffers<Point>& buffers, const View& view, const Rows& rows, std::span<Force> result,
                 Which which);
  template <class Point>
  PairSums energies_of(Buffers<Point>& buffers, const View& view, const Rows& rows);
  template <class Point>
  void prepare(Buffers<Point>& buffers, const Rows& rows);
  void gather(const View& view, const TileRows& tile, Point32* points) const;
  void gather(const View& view, const TileRows& tile, Point64* points) const;

  const Model* model_;
  const Kernel* kernel_;
  memory::Ledger* ledger_;
  Buffers<Point32> narrow_;
  Buffers<Point64> wide_;
  CloseRows close_;
};

}  // namespace tutti::molecular
