#include "tutti/distribution/grid_distribution.hpp"

#include <limits>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

#include "message_of.hpp"

namespace tutti {
namespace {

TEST(GridDistribution, IsAsTheCommentSays) {
  const GridDistribution<2> d({4, 5}, ProcessGrid<2>({2, 2}));
  EXPECT_EQ(d.size(), 20);
  EXPECT_EQ(d.ranks(), 4);
  EXPECT_EQ(d.name(), "grid 2 x 2");
  const int owners[4][5] = {{0, 0, 0, 1, 1}, {0, 0, 0, 1, 1}, {2, 2, 2, 3, 3}, {2, 2, 2, 3, 3}};
  for (Index i = 0; i < 4; ++i)
    for (Index j = 0; j < 5; ++j) EXPECT_EQ(d.owner({i, j}), owners[i][j]);
  EXPECT_EQ(d.box(0), (Box<2>{{0, 0}, {2, 3}}));
  EXPECT_EQ(d.box(3), (Box<2>{{2, 3}, {2, 2}}));
  EXPECT_EQ(d.to_local({1, 4}), 3U);
  EXPECT_EQ(d.max_local_size(), 6U);
}

template <std::size_t N>
void check(const Shape<N>& shape, const ProcessGrid<N>& grid) {
  const GridDistribution<N> d(shape, grid);
  Index all = 0;
  std::size_t most = 0;
  for (int rank = 0; rank < d.ranks(); ++rank) {
    const Box<N> box = d.box(rank);
    std::size_t l = 0;
    for_each_row(box, [&](Indices<N> i) {
      for (Index k = 0; k < box.extent[N - 1]; ++k, ++i[N - 1], ++l) {
        EXPECT_EQ(d.owner(i), rank);
        EXPECT_EQ(d.to_local(i), l);
        EXPECT_EQ(d.to_global(rank, l), i);
      }
    });
    EXPECT_EQ(l, d.local_size(rank));
    all += box.size();
    most = std::max(most, l);
    EXPECT_THROW(d.to_global(rank, l), DistributionError);
  }
  EXPECT_EQ(all, d.size()) << "each element has one owner";
  EXPECT_EQ(most, d.max_local_size());
}

TEST(GridDistribution, EachElementHasOneOwnerAndOnePlace) {
  for (const Index n : {0, 1, 2, 7})
    for (const int p : {1, 2, 3, 8}) {
      check<1>({n}, ProcessGrid<1>({p}));
      for (const Index m : {1, 5})
        for (const int q : {1, 2, 6}) {
          check<2>({n, m}, ProcessGrid<2>({p, q}));
          check<3>({m, n, 4}, ProcessGrid<3>({q, p, 3}));
        }
    }
}

TEST(GridDistribution, EqualShapesOnEqualGridsAreEqual) {
  std::set<std::uint64_t> hashes;
  const std::vector<GridDistribution<2>> different{{{4, 6}, ProcessGrid<2>({2, 3})},
                                                   {{4, 6}, ProcessGrid<2>({3, 2})},
                                                   {{6, 4}, ProcessGrid<2>({2, 3})},
                                                   {{4, 6}, ProcessGrid<2>({1, 6})},
                                                   {{4, 7}, ProcessGrid<2>({2, 3})}};
  for (const auto& a : different) {
    hashes.insert(a.hash());
    for (const auto& b : different) EXPECT_EQ(a == b, &a == &b);
  }
  EXPECT_EQ(hashes.size(), different.size());
  EXPECT_EQ(GridDistribution<2>({4, 6}, 6), GridDistribution<2>({4, 6}, 6));
  EXPECT_EQ(GridDistribution<2>({4, 6}, 6).grid(), ProcessGrid<2>::best({4, 6}, 6));
}

TEST(GridDistribution, TakesAnyShapeThatCanBeCounted) {
  const Index most = std::numeric_limits<Index>::max();
  const GridDistribution<1> line({most}, 7);
  EXPECT_EQ(line.owner({most - 1}), 6);
  const GridDistribution<3> cube({Index{1} << 20, Index{1} << 21, Index{1} << 20}, 64);
  EXPECT_EQ(cube.size(), Index{1} << 61);
  EXPECT_EQ(cube.owner({(Index{1} << 20) - 1, (Index{1} << 21) - 1, (Index{1} << 20) - 1}), 63);
  EXPECT_EQ(message_of<ShapeError>([&] {
              GridDistribution<2>({most, 2}, 2);
            }),
            text("shape ", most, " x 2: more than 2^63 - 1 elements; give fewer"));
  EXPECT_EQ(message_of<ShapeError>([&] {
              GridDistribution<3>({0, most, 2}, 2);
            }),
            text("shape 0 x ", most, " x 2: more than 2^63 - 1 elements; give fewer"));
  EXPECT_EQ(message_of<ShapeError>([] {
              GridDistribution<2>({-3, 2}, 2);
            }),
            "shape -3 x 2: give 0 or more along each axis");
}

TEST(GridDistribution, RefusesIndicesThatDoNotExist) {
  const GridDistribution<2> d({4, 5}, 2);
  EXPECT_EQ(message_of<DistributionError>([&] {
              d.owner({4, 0});
            }),
            "array of 4 x 5: there is no index 4 along axis 0; give 0 to 3");
  EXPECT_EQ(message_of<DistributionError>([&] {
              d.to_local({0, -1});
            }),
            "array of 4 x 5: there is no index -1 along axis 1; give 0 to 4");
  EXPECT_EQ(message_of<DistributionError>([] { GridDistribution<1>({0}, 2).owner({0}); }),
            "array of 0: there is no index 0 along axis 0; it is empty");
  EXPECT_THROW(d.box(2), DistributionError);
}

TEST(Box, GoesThroughItsRowsInCOrder) {
  std::vector<Indices<3>> rows;
  for_each_row(Box<3>{{1, -1, 5}, {2, 3, 4}}, [&](const Indices<3>& i) { rows.push_back(i); });
  EXPECT_EQ(rows,
            (std::vector<Indices<3>>{{1, -1, 5}, {1, 0, 5}, {1, 1, 5}, {2, -1, 5}, {2, 0, 5}, {2, 1, 5}}));
  for_each_row(Box<3>{{}, {2, 0, 4}}, [](const Indices<3>&) { FAIL() << "there is no row"; });
  int count = 0;
  for_each_row(Box<1>{{3}, {4}}, [&](const Indices<1>& i) { count += i[0] == 3 ? 1 : 2; });
  EXPECT_EQ(count, 1);
  EXPECT_EQ(c_order<3>({4, 5, 6}, {1, 2, 3}), 45);
}

}  // namespace
}  // namespace tutti
