#include "tutti/molecular/pair_counts.hpp"

#include <algorithm>
#include <cmath>

#include "tutti/molecular/rounding.hpp"

namespace tutti::molecular {

void count_pairs(const View& view, const Rows& rows, const Box& box, double range, std::span<Index> counts) {
  const NearestRounding rounding;
  const double width = range / static_cast<double>(counts.size());
  std::vector<Position> block;
  for (std::size_t index = 0; index < rows.tiles(); ++index) {
    const TileRows tile = rows[index];
    block.resize(rows.largest_block());
    for (const Run& run : tile.block)
      std::copy_n(view.positions.data() + run.first, run.size, block.data() + run.offset);
    const std::uint16_t* entry = tile.batch.entries;
    for (const Row& row : tile.batch.rows) {
      const Position& self = block[row.self];
      for (std::size_t k = 0; k < row.count; ++k, ++entry) {
        const Position& other = block[*entry];
        const double x = box.length(static_cast<std::int64_t>(self.x - other.x), 0);
        const double y = box.length(static_cast<std::int64_t>(self.y - other.y), 1);
        const double z = box.length(static_cast<std::int64_t>(self.z - other.z), 2);
        const double distance = std::sqrt(x * x + y * y + z * z);
        if (!(distance < range)) continue;
        const auto bin = static_cast<std::size_t>(distance / width);
        if (bin < counts.size()) ++counts[bin];
      }
    }
  }
}

std::vector<double> radial_distribution(std::span<const Index> counts, double range, Index particles,
                                        Index frames, double volume) {
  constexpr double pi = 3.14159265358979323846;
  const double width = range / static_cast<double>(counts.size());
  std::vector<double> made;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const double inner = width * static_cast<double>(k);
    const double outer = width * static_cast<double>(k + 1);
    const double shell = 4 * pi / 3 * (outer * outer * outer - inner * inner * inner);
    const double ideal = static_cast<double>(particles) * static_cast<double>(particles - 1) / volume *
                         shell * static_cast<double>(frames);
    made.push_back(static_cast<double>(counts[k]) / ideal);
  }
  return made;
}

}  // namespace tutti::molecular
