// Elements by their global indices: any indices, any owners, in rounds of any size.
#include "tutti/array/get.hpp"

#include "samples.hpp"

namespace tutti {
namespace {

using testing_world::world;

struct Point {
  Index x;
  float y;
  friend bool operator==(const Point&, const Point&) = default;
};
Point point(Index i) { return {i * i + 1, static_cast<float>(i)}; }

// Any indices, another number on each rank: repeated, in no order.
std::vector<Index> some_indices(Index n, std::size_t count, std::uint64_t seed) {
  std::vector<Index> indices;
  const Random random(seed, static_cast<std::uint64_t>(world().rank()));
  while (n > 0 && indices.size() < count)
    indices.push_back(
        static_cast<Index>(random.bits(static_cast<Index>(indices.size())) % static_cast<std::uint64_t>(n)));
  return indices;
}

void expect_points(const DistVector<Point>& x, const std::vector<Index>& indices, Workspace workspace = {}) {
  const std::vector<Point> got = get(x, indices, workspace);
  ASSERT_EQ(got.size(), indices.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_EQ(got[i], point(indices[i])) << indices[i];
}

TEST(Get, AnyIndicesFromEveryLayout) {
  for (const Index n : {Index{0}, Index{1}, Index{5}, Index{193}, Index{5003}})
    for (const Layout& layout : layouts(n, world().size())) {
      DistVector<Point> x(world(), n, layout, "x");
      x.fill(point);
      SCOPED_TRACE(text(layout.name(), ", n = ", n));
      expect_points(x, some_indices(n, 300 * static_cast<std::size_t>(world().rank()), 1));
      expect_points(x, {});
      std::vector<Index> all;
      for (Index i = n; i > 0; --i) all.push_back(i - 1);
      expect_points(x, world().rank() == 0 ? all : std::vector<Index>());
    }
}

TEST(Get, InManyRounds) {
  DistVector<Point> x(world(), 1000, cyclic, "x");
  x.fill(point);
  const std::size_t one = 20 + 2 * sizeof(Point);  // bytes for an index
  for (const std::size_t indices : {1U, 2U, 7U, 100U})
    expect_points(x, some_indices(1000, 40 + 13 * static_cast<std::size_t>(world().rank()), 3),
                  {indices * one + one / 2});
}

TEST(Get, AllRanksWantWhatOneHas) {
  DistVector<Point> x(world(), 1000, block, "x");
  x.fill(point);
  const Range range = x.distribution().range(world().size() - 1);
  std::vector<Index> indices;
  for (std::size_t i = 0; i < 500; ++i) indices.push_back(range.first + static_cast<Index>(i % range.count));
  expect_points(x, indices);
  expect_points(x, indices, {5000});
}

TEST(Get, ManySmallElements) {
  const Index n = 300007;
  DistVector<unsigned char> x(world(), n, block_cyclic(5), "x");
  x.fill([](Index i) { return static_cast<unsigned char>(i % 251); });
  const std::vector<Index> indices = some_indices(n, 200000, 5);
  const std::vector<unsigned char> got = get(x, indices);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < indices.size(); ++i) wrong += got[i] != indices[i] % 251 ? 1U : 0U;
  EXPECT_EQ(wrong, 0U);
}

TEST(Get, ABadIndexIsNamedOnAllRanks) {
  const DistVector<double> x(world(), 100, cyclic, "x");
  for (int guilty = 0; guilty < world().size(); ++guilty)
    for (const Index bad : {Index{-1}, Index{100}}) {
      std::vector<Index> indices{0, 99};
      if (world().rank() == guilty) indices.push_back(bad);
      try {
        get(x, indices);
        FAIL() << "there is no such index";
      } catch (const DistributionError& error) {
        EXPECT_NE(error.message().find(text("get from x: rank ", guilty, " wants index ", bad,
                                            " (number 2 of its list); give 0 to 99")),
                  std::string::npos)
            << error.message();
        EXPECT_EQ(error.data().number[0], bad);
      }
    }
  const DistVector<double> nothing(world(), 0, cyclic, "nothing");
  EXPECT_THROW(get(nothing, std::vector<Index>{0}), DistributionError);
  EXPECT_EQ(get(nothing, {}).size(), 0U);
  EXPECT_EQ(sum(world(), 1), world().size());
}

TEST(Get, AWorkspaceForNoIndexIsRefused) {
  const DistVector<double> x(world(), 100, cyclic, "x");
  EXPECT_THROW(get(x, std::vector<Index>{0}, {35}), DistributionError);
  EXPECT_EQ(get(x, std::vector<Index>{0}, {36}).size(), 1U);
}

}  // namespace
}  // namespace tutti
