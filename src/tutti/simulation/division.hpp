// Who owns which particles, and how each rank comes to see those that act on its own.
#pragma once

#include <functional>
#include <memory>

#include "tutti/comm/world.hpp"
#include "tutti/molecular/atoms.hpp"
#include "tutti/molecular/cells.hpp"
#include "tutti/simulation/placement.hpp"

namespace tutti::simulation {

using molecular::Atoms;
using molecular::Cells;
using molecular::Grid;
using molecular::Momentum;
using molecular::Position;

/// A particle on its way to another rank.
struct Traveller {
  Position position;
  Momentum momentum;
};

/// The particles of a World, each owned by one rank. Every step moves the own ones, and shows them to those
/// who see them: begin_update(), end_update(). When that is too far from where they were sorted, rebuild().
class Division {
 public:
  virtual ~Division() = default;
  Division(const Division&) = delete;
  Division& operator=(const Division&) = delete;

  /// The own particles of this rank.
  Atoms& atoms() { return *atoms_; }
  const Atoms& atoms() const { return *atoms_; }
  /// What this rank sees, its own among them, as of the last update; sorted as cells() has it.
  virtual molecular::View view() const = 0;
  virtual const Cells& cells() const = 0;

  /// Collective. Where own particles are now is on its way to those who see them. What does not see others
  /// can be computed meanwhile.
  /// @param may  whether rows still hold on this rank; what it throws, all throw
  /// @return false on all ranks if they do not on one: then nothing is shown
  virtual bool begin_update(const std::function<bool()>& may) = 0;
  /// Not collective. The view is up to date.
  virtual void end_update() = 0;
  /// Collective. Particles go to their owners and are sorted anew, and the view is up to date. Forces are
  /// those of nobody.
  virtual void rebuild() = 0;

  /// Bytes of positions that come to this rank from others with each update.
  virtual std::uint64_t bytes_an_update() const = 0;

 protected:
  Division(const World& world, std::shared_ptr<Atoms> atoms) : world_(world), atoms_(std::move(atoms)) {}

  World world_;
  std::shared_ptr<Atoms> atoms_;  // messages under way may need them longer than this
};

/// Collective.
/// @param mine  some of the particles, in any order: those of all ranks are all of them
/// @param placement  replicated, node_shared or spatial
/// @throws UsageError if there are not enough cells for a spatial one
std::unique_ptr<Division> divide(const World& world, const Grid& grid, Atoms mine, Placement placement);

}  // namespace tutti::simulation
