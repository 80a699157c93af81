// From every layout to every other, on every number of ranks, with much and with hardly any temporary memory.
#include "tutti/array/redistribution.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "tutti/comm/context.hpp"
#include "tutti/comm/nonblocking.hpp"

#include "refused.hpp"
#include "samples.hpp"

namespace tutti {
namespace {

using testing_world::world;

/// Some bytes that say which element they are.
template <std::size_t size>
struct Record {
  unsigned char bytes[size];
  friend bool operator==(const Record&, const Record&) = default;
};

template <class T>
T element(Index i) {
  T value{};
  std::uint64_t bits = Random(11).bits(i);
  for (std::size_t at = 0; at < sizeof(T); at += sizeof bits, bits = bits * 3 + 1)
    std::memcpy(reinterpret_cast<char*>(&value) + at, &bits, std::min(sizeof bits, sizeof(T) - at));
  return value;
}

template <class T>
void expect_elements(const DistVector<T>& x) {
  for (std::size_t l = 0; l < x.local().size(); ++l)
    if (std::memcmp(&x.local()[l],
                    std::array{element<T>(x.distribution().to_global(world().rank(), l))}.data(),
                    sizeof(T)) != 0)
      FAIL() << x.name() << ", " << x.distribution().layout().name() << ": element " << l << " of rank "
             << world().rank();
}

std::vector<Layout> more_layouts(Index n, int ranks) {
  std::vector<Layout> all = layouts(n, ranks);
  all.push_back(block_cyclic(4));
  all.push_back(block_cyclic(1000));
  return all;
}

template <class T>
void expect_all_pairs(Index n, Workspace workspace) {
  const std::vector<Layout> all = more_layouts(n, world().size());
  std::vector<DistVector<T>> results;
  for (const Layout& layout : all) results.emplace_back(world(), n, layout, "y");
  for (const Layout& layout : all) {
    DistVector<T> x(world(), n, layout, "x");
    x.fill(element<T>);
    for (DistVector<T>& y : results) {
      std::ranges::fill(std::as_writable_bytes(y.local()), std::byte{});
      RedistributionPlan(x.distribution(), y.distribution(), workspace).apply(x, y);
      SCOPED_TRACE(text(layout.name(), ", n = ", n));
      expect_elements(y);
    }
    expect_elements(x);
  }
}

TEST(Redistribution, FromEveryLayoutToEveryOther) {
  const Index ranks = world().size();
  for (const Index n : {Index{0}, Index{1}, ranks - 1, ranks, Index{193}, Index{20011}})
    expect_all_pairs<double>(n, {});
}

TEST(Redistribution, ElementsOfAnySize) {
  for (const Index n : {Index{5}, Index{3001}}) {
    expect_all_pairs<unsigned char>(n, {});
    expect_all_pairs<Record<3>>(n, {});
    expect_all_pairs<float>(n, {});
    expect_all_pairs<Record<24>>(n, {});
    expect_all_pairs<Record<100>>(n, {});
  }
}

TEST(Redistribution, WithRoomForAFewElements) {
  expect_all_pairs<double>(101, {5 * sizeof(double)});  // one in a window
  expect_all_pairs<double>(193, {1000});
  expect_all_pairs<Record<24>>(193, {1500});
  expect_all_pairs<double>(20011, {100000});
}

TEST(Redistribution, LargeVectors) {
  const Index n = 1500007;
  for (const auto& [from, to] : {std::pair{cyclic, block},
                                 {block, cyclic},
                                 {block_cyclic(1000), block_cyclic(37)},
                                 {block_cyclic(99991), cyclic},
                                 {block_cyclic(30011), block_cyclic(400009)},
                                 {block_cyclic(3), block}}) {
    DistVector<double> x(world(), n, from, "x");
    x.fill(element<double>);
    expect_elements(redistribute(x, to));
  }
}

TEST(Redistribution, MessagesTravelInPiecesOfWhatMpiTakes) {
  world().split(0, [](World& sub) {
    sub.context().channel().set_piece(1000);
    const Index n = 5003;
    for (const Layout& from : layouts(n, sub.size())) {
      DistVector<double> x(sub, n, from, "x");
      x.fill(element<double>);
      for (const Layout& to : layouts(n, sub.size())) expect_elements(redistribute(x, to));
    }
  });
}

TEST(Redistribution, WhereRanksPollAndInTheGroupsOfASplit) {
  world().split(world().rank() % 2, [](World& sub) {
    DistVector<double> x(sub, 1009, cyclic, "x");
    x.fill(element<double>);
    const DistVector<double> y = redistribute(x, block_cyclic(5));
    for (std::size_t l = 0; l < y.local().size(); ++l)
      EXPECT_EQ(std::bit_cast<std::uint64_t>(y.local()[l]),
                std::bit_cast<std::uint64_t>(element<double>(y.distribution().to_global(sub.rank(), l))));
  });
}

TEST(Redistribution, GoesBesideNonblockingOperations) {
  DistVector<double> x(world(), 1009, cyclic, "x");
  x.fill(element<double>);
  Pending<double> pending = isum(world(), 1.0);
  expect_elements(redistribute(x, block));
  EXPECT_EQ(pending.get(), world().size());
  expect_elements(redistribute(x, block_cyclic(5)));
}

TEST(Redistribution, OnePlanForManyVectorsOfManyTypes) {
  const Index n = 1000;
  const Distribution from(cyclic, n, world().size()), to(block_cyclic(7), n, world().size());
  const RedistributionPlan plan(from, to);
  DistVector<double> x(world(), n, cyclic, "x"), result(world(), n, block_cyclic(7), "result");
  DistVector<std::int32_t> counts(world(), n, cyclic, "counts");
  x.fill(element<double>);
  counts.fill(element<std::int32_t>);
  for (int i = 0; i < 3; ++i) {
    plan.apply(x, result);
    expect_elements(result);
  }
  EXPECT_EQ(result.name(), "result");
  const DistVector<std::int32_t> moved = plan.apply(counts);
  expect_elements(moved);
  EXPECT_EQ(moved.name(), "counts");
  EXPECT_EQ(moved.distribution(), to);
}

// What is booked while the elements move is what the plan said, and never more than the workspace.
TEST(Redistribution, TakesNoMoreMemoryThanItSays) {
  const Index n = 400009;
  for (const std::size_t bytes :
       {std::size_t{40}, std::size_t{100000}, std::size_t{3} << 20U, Workspace{}.bytes})
    for (const Layout& from : more_layouts(n, world().size()))
      for (const Layout& to : more_layouts(n, world().size())) {
        const Distribution a(from, n, world().size()), b(to, n, world().size());
        const std::size_t needed = RedistributionPlan(a, b, {bytes}).temporary_bytes(8);
        EXPECT_LE(needed, bytes) << from.name() << " to " << to.name();
        if (a.contiguous() && b.contiguous()) {
          EXPECT_EQ(needed, 0U);
        }
      }
}

TEST(Redistribution, BooksWhatItTakes) {
  const Index n = 8000009;  // more than any other test here: its books are those of the peak
  DistVector<double> x(world(), n, cyclic, "x"), y(world(), n, block, "y");
  const RedistributionPlan plan(x.distribution(), y.distribution());
  const std::uint64_t before = world().ledger().now().rank_bytes();
  plan.apply(x, y);
  EXPECT_EQ(world().ledger().now().rank_bytes(), before);
  const memory::Books peak = world().ledger().at_peak();
  EXPECT_EQ(peak.rank_bytes(), before + plan.temporary_bytes(8));
  if (world().size() > 1) {
    EXPECT_EQ(peak.holdings.back().name, "redistribution of x");
    EXPECT_EQ(peak.holdings.back().rank_bytes, plan.temporary_bytes(8));
  }
}

TEST(Redistribution, DotOfUnequalDistributionsNamesTheRemedy) {
  DistVector<double> a(world(), 1000, cyclic, "a"), b(world(), 1000, block, "b");
  for (DistVector<double>* x : {&a, &b}) x->fill([](Index i) { return sample<double>(i, 1); });
  const double same = dot(a, redistribute(b, a.distribution().layout()));
  EXPECT_EQ(same, dot(b, b));
  if (world().size() == 1) return;
  try {
    dot(a, b);
    FAIL() << "their distributions differ";
  } catch (const DistributionError& error) {
    EXPECT_NE(error.message().find("give redistribute(b, a.distribution().layout()) for b"),
              std::string::npos)
        << error.message();
  }
}

TEST(Redistribution, MisuseIsAnErrorOnAllRanks) {
  const Index n = 1000;
  DistVector<double> x(world(), n, cyclic, "x"), y(world(), n, block, "y"), z(world(), n + 1, block, "z");
  const Distribution a(cyclic, n, world().size()), b(block, n, world().size());
  expect_refused<ShapeError>("from 1000 elements to 1001", [&] { RedistributionPlan(a, z.distribution()); });
  expect_refused<DistributionError>(
      "ranks", [&] { RedistributionPlan(a, Distribution(block, n, world().size() + 1)); });
  expect_refused<DistributionError>("z is distributed block with 1001 elements",
                                    [&] { RedistributionPlan(a, b).apply(x, z); });
  expect_refused<DistributionError>("x to itself", [&] { RedistributionPlan(a, a).apply(x, x); });
  if (world().size() == 1) return;
  expect_refused<DistributionError>("y is distributed block", [&] { RedistributionPlan(a, b).apply(y, y); });
  expect_refused<DistributionError>("a workspace of 7 bytes; give at least 8",
                                    [&] { redistribute(x, block, {7}); });
  expect_refused<MismatchError>("redistribute", [&] {  // another workspace on one rank
    RedistributionPlan(a, b, {world().rank() == 0 ? 1000U : 2000U}).apply(x, y);
  });
  expect_refused<MismatchError>("new vector", [&] { redistribute(x, world().rank() == 0 ? cyclic : block); });
}

}  // namespace
}  // namespace tutti
