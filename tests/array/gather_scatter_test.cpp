// Whole vectors on one rank and on all, from every layout and back.
#include "tutti/array/gather_scatter.hpp"

#include <numeric>

#include "refused.hpp"
#include "samples.hpp"

namespace tutti {
namespace {

using testing_world::world;

std::vector<Index> counting(Index n) {
  std::vector<Index> all(static_cast<std::size_t>(n));
  std::iota(all.begin(), all.end(), Index{100});
  return all;
}

template <class T>
DistVector<T> numbered(Index n, const Layout& layout) {
  DistVector<T> x(world(), n, layout, "x");
  x.fill([](Index i) { return static_cast<T>(i + 100); });
  return x;
}

std::vector<Index> sizes() { return {0, 1, world().size() - 1, world().size(), 193, 5003}; }

TEST(Gather, AllElementsInTheirOrderOnTheRoot) {
  for (const Index n : sizes())
    for (const Layout& layout : layouts(n, world().size()))
      for (const int root : {0, world().size() - 1}) {
        const DistVector<Index> x = numbered<Index>(n, layout);
        const std::vector<Index> all = gather(x, root);
        EXPECT_EQ(all, world().rank() == root ? counting(n) : std::vector<Index>()) << layout.name();
      }
}

TEST(Gather, AllElementsOnAllRanks) {
  for (const Index n : sizes())
    for (const Layout& layout : layouts(n, world().size()))
      EXPECT_EQ(all_gather(numbered<Index>(n, layout)), counting(n)) << layout.name();
}

TEST(Gather, WithHardlyAnyWorkspace) {
  for (const Layout& layout : layouts(193, world().size())) {
    EXPECT_EQ(all_gather(numbered<Index>(193, layout), {8}), counting(193));
    EXPECT_EQ(gather(numbered<Index>(193, layout), 0, {8}),
              world().rank() == 0 ? counting(193) : std::vector<Index>());
  }
}

TEST(Gather, LargeVectorsOfSmallElements) {
  const Index n = 2000003;
  for (const Layout& layout : {block, cyclic, block_cyclic(1000)}) {
    const std::vector<unsigned char> all = all_gather(numbered<unsigned char>(n, layout));
    ASSERT_EQ(all.size(), static_cast<std::size_t>(n));
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < all.size(); ++i)
      wrong += all[i] != static_cast<unsigned char>(i + 100) ? 1U : 0U;
    EXPECT_EQ(wrong, 0U) << layout.name();
  }
}

TEST(Scatter, EveryLayoutGetsTheElementsOfTheRoot) {
  for (const Index n : sizes())
    for (const Layout& layout : layouts(n, world().size()))
      for (const int root : {0, world().size() - 1}) {
        const std::vector<Index> all = world().rank() == root ? counting(n) : std::vector<Index>(3, -1);
        const DistVector<Index> x = scatter(world(), all, layout, root, "dealt");
        EXPECT_EQ(x.size(), n);
        EXPECT_EQ(x.name(), "dealt");
        for (std::size_t l = 0; l < x.local().size(); ++l)
          EXPECT_EQ(x.local()[l], 100 + x.distribution().to_global(world().rank(), l)) << layout.name();
      }
}

TEST(Scatter, UndoesGather) {
  const DistVector<float> x = numbered<float>(1000, block_cyclic(7));
  const DistVector<float> y = scatter(world(), gather(x, 0), cyclic, 0);
  EXPECT_EQ(all_gather(y), all_gather(x));
}

TEST(Gather, MisuseIsAnErrorOnAllRanks) {
  const DistVector<Index> x = numbered<Index>(100, cyclic);
  const std::vector<Index> all = counting(100);
  for (const int root : {-1, world().size()}) {
    expect_refused<DistributionError>("gather vector: root", [&] { gather(x, root); });
    expect_refused<DistributionError>("scatter vector: root", [&] { scatter(world(), all, block, root); });
  }
  const std::vector<Index> counts(static_cast<std::size_t>(world().size()), 1);
  expect_refused<ShapeError>("the counts add up to", [&] { scatter(world(), all, irregular(counts), 0); });
  if (world().size() == 1) return;
  const int mine = world().rank() == 0 ? 0 : 1;
  expect_refused<MismatchError>("gather vector", [&] { gather(x, mine); });
  expect_refused<MismatchError>("scatter vector", [&] { scatter(world(), all, block, mine); });
}

}  // namespace
}  // namespace tutti
