// Each rank owns an equal range of the particles, sorted by cells, and sees all of them: in a copy of its
// own, or in that of its node.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "tutti/array/updatable_node_shared.hpp"
#include "tutti/comm/exchange_plan.hpp"
#include "tutti/distribution/distribution.hpp"
#include "tutti/simulation/division.hpp"

namespace tutti::simulation {

/// The positions of all particles, of which each rank fills a range.
class SharedPositions {
 public:
  virtual ~SharedPositions() = default;
  virtual std::span<const Position> all() const = 0;  ///< with some behind the last
  virtual Range mine() const = 0;                     ///< the same as long as it lives
  /// Collective. As Division::begin_update(). @param own  as many as mine()
  virtual bool begin(std::span<const Position> own, const std::function<bool()>& may) = 0;
  virtual void end() = 0;
};

/// Works for boxes of any size and any number of ranks, since ranks own particles and not cells. All ranks
/// sort all particles: what a step costs stops to fall where a rank has few of them.
class SharedDivision final : public Division {
 public:
  /// @param placement  replicated or node_shared
  SharedDivision(const World& world, const Grid& grid, Atoms mine, Placement placement);

  molecular::View view() const override;
  const Cells& cells() const override { return cells_; }
  bool begin_update(const std::function<bool()>& may) override {
    return positions_->begin(atoms_->own_positions(), may);
  }
  void end_update() override { positions_->end(); }
  void rebuild() override;
  std::uint64_t bytes_an_update() const override;

 private:
  void deal_out(Atoms mine);
  void hand_over(std::span<const std::uint32_t> places);
  std::size_t rank_at(std::size_t place) const;
  void update();

  Placement placement_;
  Cells cells_;
  std::size_t particles_;
  std::unique_ptr<SharedPositions> positions_;
  std::vector<Range> ranges_;  // of each rank
};

}  // namespace tutti::simulation
