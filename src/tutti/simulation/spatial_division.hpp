// Each rank owns the particles of a brick of cells, and sees those of the cells around it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "tutti/comm/exchange_plan.hpp"
#include "tutti/simulation/deal.hpp"
#include "tutti/simulation/decomposition.hpp"
#include "tutti/simulation/division.hpp"

namespace tutti::simulation {

/// Bricks are cut anew, by the work that their particles make, when one has become a tenth heavier than the
/// heaviest was.
class SpatialDivision final : public Division {
 public:
  SpatialDivision(const World& world, const Grid& grid, const Decomposition::Shape& shape, Atoms mine);

  molecular::View view() const override { return atoms_->view(); }
  const Cells& cells() const override { return *cells_; }
  bool begin_update(const std::function<bool()>& may) override;
  void end_update() override { plan_->end(); }
  void rebuild() override;
  std::uint64_t bytes_an_update() const override { return atoms_->halo() * sizeof(Position); }

 private:
  /// A rank whose cells are beside own ones.
  struct Neighbour {
    int rank;
    std::vector<std::uint32_t> sent;      ///< own cells that it sees, in the order of the box
    std::vector<std::uint32_t> received;  ///< cells of it that are seen here, in that order
  };
  /// What messages need as long as they are under way.
  struct Packed {
    std::shared_ptr<Atoms> atoms;
    memory::Buffer<Position> positions;
  };
  using SeenCells = std::map<int, std::vector<std::pair<Index, std::uint32_t>>>;
  using Each = std::function<void(const Decomposition::Visit&)>;

  void cut(const Each& for_each);
  SeenCells seen_cells(const std::array<molecular::StoredAxis, molecular::axes>& axis) const;
  void find_neighbours();
  void migrate(const Partners& partners);
  void depart(const Partners& partners, memory::Buffer<Traveller>& leaving, std::vector<Index>& counts);
  bool is_unbalanced();
  void show_halo();
  std::vector<std::uint32_t> exchange_sizes();
  void place_halo(std::span<const std::uint32_t> sizes);
  void plan_packing();
  void pack();

  Grid grid_;
  Decomposition::Shape shape_;
  std::optional<Decomposition> decomposition_;
  std::optional<Cells> cells_;
  std::vector<Neighbour> neighbours_;
  Partners partners_;               ///< their ranks
  Index heaviest_ = 0;              ///< when the cuts were made; 0: not yet known
  std::vector<Cells::Range> runs_;  ///< of own particles, as they are packed
  std::shared_ptr<Packed> packed_;
  std::vector<comm::Message> sends_, receives_;
  std::optional<comm::ExchangePlan> plan_;
};

}  // namespace tutti::simulation
