#include "tutti/distribution/process_grid.hpp"

#include <limits>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

#include "message_of.hpp"

namespace tutti {
namespace {

TEST(ProcessGrid, CountsItsRanksInCOrder) {
  const ProcessGrid<3> grid({2, 3, 4});
  EXPECT_EQ(grid.size(), 24);
  EXPECT_EQ(grid.name(), "2 x 3 x 4");
  int rank = 0;
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 4; ++k, ++rank) {
        EXPECT_EQ(grid.rank({i, j, k}), rank);
        EXPECT_EQ(grid.coordinates(rank), (std::array<int, 3>{i, j, k}));
      }
}

TEST(ProcessGrid, RefusesWhatDoesNotExist) {
  EXPECT_EQ(message_of<DistributionError>([] {
              ProcessGrid<2>({3, 0});
            }),
            "process grid 3 x 0: give 1 or more along each axis");
  EXPECT_EQ(message_of<DistributionError>([] {
              ProcessGrid<2>({1 << 20, 1 << 20});
            }),
            "process grid 1048576 x 1048576: that is more than 2147483647 ranks; give fewer");
  const ProcessGrid<2> grid({2, 3});
  EXPECT_EQ(message_of<DistributionError>([&] { grid.coordinates(6); }),
            "process grid 2 x 3: there is no rank 6; give 0 to 5");
  EXPECT_EQ(message_of<DistributionError>([&] {
              grid.rank({1, 3});
            }),
            "process grid 2 x 3: there is no coordinate 3 along axis 1; give 0 to 2");
  EXPECT_EQ(message_of<DistributionError>([] { ProcessGrid<1>::best({5}, 0); }),
            "process grid: 0 ranks; give 1 or more");
  EXPECT_EQ(message_of<ShapeError>([] {
              ProcessGrid<2>::best({5, -1}, 4);
            }),
            "shape 5 x -1: give 0 or more along each axis");
}

TEST(ProcessGrid, TheBestOneIsAsTheCommentSays) {
  const auto best = [](const Shape<3>& shape, int ranks) {
    return ProcessGrid<3>::best(shape, ranks).name();
  };
  EXPECT_EQ(best({256, 256, 256}, 1), "1 x 1 x 1");
  EXPECT_EQ(best({256, 256, 256}, 2), "2 x 1 x 1");
  EXPECT_EQ(best({256, 256, 256}, 4), "2 x 2 x 1");
  EXPECT_EQ(best({256, 256, 256}, 8), "2 x 2 x 2");
  EXPECT_EQ(best({256, 256, 256}, 7), "7 x 1 x 1");
  EXPECT_EQ(best({256, 256, 256}, 12), "3 x 2 x 2");
  EXPECT_EQ(best({10, 10, 1000}, 7), "1 x 1 x 7");
  EXPECT_EQ(best({2, 100, 100}, 4), "1 x 2 x 2");
  EXPECT_EQ(best({2, 2, 2}, 8), "2 x 2 x 2");  // all have an element, though fewer parts have less surface
  EXPECT_EQ(best({5, 5, 5}, 7), "7 x 1 x 1");  // two have nothing
  EXPECT_EQ(ProcessGrid<2>::best({3, 1000}, 4).name(), "1 x 4");
  EXPECT_EQ(ProcessGrid<2>::best({0, 7}, 6).name(), "6 x 1");
  EXPECT_EQ(ProcessGrid<1>::best({3}, 5).name(), "5");
}

// What best() is to compare, counted element by element.
struct Counted {
  int idle;
  Index surface;
  Index largest;
};

Counted count(const Shape<3>& shape, const std::array<int, 3>& grid) {
  std::array<std::vector<int>, 3> owner;  // along each axis, dealt like cards, then sorted: the block layout
  for (std::size_t a = 0; a < 3; ++a)
    for (int part = 0; part < grid[a]; ++part)
      for (Index i = part; i < shape[a]; i += grid[a]) owner[a].push_back(part);
  for (auto& each : owner) std::sort(each.begin(), each.end());
  std::vector<Index> sizes(static_cast<std::size_t>(grid[0] * grid[1] * grid[2]));
  const auto rank = [&](std::size_t i, std::size_t j, std::size_t k) {
    return (owner[0][i] * grid[1] + owner[1][j]) * grid[2] + owner[2][k];
  };
  Counted counted{0, 0, 0};
  for (std::size_t i = 0; i < owner[0].size(); ++i)
    for (std::size_t j = 0; j < owner[1].size(); ++j)
      for (std::size_t k = 0; k < owner[2].size(); ++k) {
        ++sizes[static_cast<std::size_t>(rank(i, j, k))];
        counted.surface += i + 1 < owner[0].size() && rank(i, j, k) != rank(i + 1, j, k) ? 1 : 0;
        counted.surface += j + 1 < owner[1].size() && rank(i, j, k) != rank(i, j + 1, k) ? 1 : 0;
        counted.surface += k + 1 < owner[2].size() && rank(i, j, k) != rank(i, j, k + 1) ? 1 : 0;
      }
  for (const Index size : sizes) {
    counted.idle += size == 0 ? 1 : 0;
    counted.largest = std::max(counted.largest, size);
  }
  return counted;
}

TEST(ProcessGrid, NoOtherOneIsBetter) {
  for (const Shape<3>& shape : {Shape<3>{8, 8, 8}, Shape<3>{1, 9, 4}, Shape<3>{3, 2, 11}, Shape<3>{13, 5, 1}})
    for (int ranks = 1; ranks <= 24; ++ranks) {
      const std::array<int, 3> best = ProcessGrid<3>::best(shape, ranks).extents();
      const Counted chosen = count(shape, best);
      for (int i = 1; i <= ranks; ++i)
        for (int j = 1; j <= ranks; ++j)
          for (int k = 1; k <= ranks; ++k) {
            if (i * j * k != ranks) continue;
            const Counted other = count(shape, {i, j, k});
            EXPECT_LE(std::tie(chosen.idle, chosen.surface, chosen.largest),
                      std::tie(other.idle, other.surface, other.largest))
                << shape_text(shape) << " on " << ranks << " ranks";
            if (std::tie(chosen.idle, chosen.surface, chosen.largest) ==
                std::tie(other.idle, other.surface, other.largest)) {
              EXPECT_GE(best, (std::array<int, 3>{i, j, k})) << "the first axes are to be cut";
            }
          }
    }
}

TEST(ProcessGrid, TheBestOneOfManyRanksAndElements) {
  EXPECT_EQ(ProcessGrid<3>::best({Index{1} << 20, Index{1} << 20, Index{1} << 20}, 1 << 15).name(),
            "32 x 32 x 32");
  EXPECT_EQ(ProcessGrid<2>::best({std::numeric_limits<Index>::max(), 1}, 99991).name(),
            "99991 x 1");  // a prime
  EXPECT_EQ(ProcessGrid<2>::best({1, std::numeric_limits<Index>::max()}, 99991).name(), "1 x 99991");
}

}  // namespace
}  // namespace tutti
