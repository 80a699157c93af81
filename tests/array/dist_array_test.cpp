#include "tutti/array/dist_array.hpp"

#include <array>
#include <complex>
#include <vector>

#include "tutti/array/complex_reductions.hpp"
#include "tutti/array/halo_array.hpp"
#include "tutti/array/multi_dot.hpp"
#include "tutti/array/nonblocking.hpp"
#include "tutti/array/weighted.hpp"
#include "tutti/comm/collectives.hpp"

#include "grids.hpp"
#include "message_of.hpp"

namespace tutti {
namespace {

using testing_world::world;

/// fill() with a function of the C-order index.
template <class Array, class F>
void fill_in_order(Array& x, F f) {
  const Shape<Array::axes> shape = x.shape();
  x.fill([&](auto... i) { return f(c_order(shape, Indices<Array::axes>{i...})); });
}

TEST(DistArray, EachRankStoresItsBoxAndNothingElse) {
  for_each_number_of_axes([]<std::size_t N>() {
    for (const Shape<N>& shape : shapes<N>())
      for (const ProcessGrid<N>& grid : grids<N>(world().size())) {
        DistArray<std::int64_t, N> x(world(), shape, grid, "x");
        EXPECT_EQ(x.shape(), shape);
        EXPECT_EQ(x.distribution().grid(), grid);
        EXPECT_EQ(x.box(), x.distribution().box(world().rank()));
        EXPECT_EQ(static_cast<Index>(x.elements().size()), x.box().size());
        EXPECT_EQ(x.local().box().extent, x.box().extent);
        for (const std::int64_t value : x.elements()) EXPECT_EQ(value, 0);
        fill_in_order(x, [](Index i) { return i; });
        std::size_t l = 0;
        for_each_row(x.box(), [&](Indices<N> i) {
          for (Index k = 0; k < x.box().extent[N - 1]; ++k, ++i[N - 1])
            EXPECT_EQ(x.elements()[l++], c_order(shape, i));
        });
      }
  });
}

TEST(DistArray, ViewsHaveLocalAndGlobalIndices) {
  DistArray<double, 2> x(world(), {20, 30}, "x");
  x.fill([](Index i, Index j) { return static_cast<double>(100 * i + j); });
  const Box<2> box = x.box();
  const auto local = std::as_const(x).local();
  const auto global = local.counted_from(box.first);
  for (Index i = 0; i < local.extent(0); ++i)
    for (Index j = 0; j < local.extent(1); ++j) {
      EXPECT_EQ(local(i, j), static_cast<double>(100 * (box.first[0] + i) + box.first[1] + j));
      EXPECT_EQ(&global(box.first[0] + i, box.first[1] + j), &local(i, j));
    }
}

TEST(DistArray, TakesTheGridThatSuitsIt) {
  const Shape<3> shape{40, 2, 50};
  const DistArray<float, 3> x(world(), shape, "x");
  EXPECT_EQ(x.distribution().grid(), ProcessGrid<3>::best(shape, world().size()));
  const DistArray<double, 3> y(world(), x.distribution(), "y");
  EXPECT_EQ(x.distribution(), y.distribution());
}

TEST(DistArray, MovesItsMemory) {
  DistArray<double, 2> x(world(), {30, 20}, "x");
  const double* const memory = x.elements().data();
  DistArray<double, 2> y = std::move(x);
  EXPECT_EQ(y.elements().data(), memory);
  EXPECT_EQ(y.local().data(), memory);
  y = DistArray<double, 2>(world(), {3, 4}, "z");
  EXPECT_EQ(y.name(), "z");
  EXPECT_EQ(y.size(), 12);
}

TEST(DistArray, IsBookedUnderItsName) {
  const auto held = [](const std::string& name) {
    for (const memory::Holding& holding : world().ledger().now().holdings)
      if (holding.name == name) return holding;
    return memory::Holding{};
  };
  {
    const DistArray<double, 3> x(world(), {10, 11, 12}, "the grid");
    const memory::Holding holding = held("the grid");
    EXPECT_EQ(holding.category, memory::Category::distributed);
    EXPECT_EQ(holding.rank_bytes, 8 * static_cast<std::uint64_t>(x.box().size()));
    EXPECT_EQ(holding.elements, 1320);
    EXPECT_EQ(holding.layout, "grid " + x.distribution().grid().name());
    const HaloArray<double, 3> y(world(), {10, 11, 12}, 2, "with ghosts");
    Index padded = 1;
    for (const Index n : y.box().extent) padded *= n + 4;
    if (y.box().size() == 0) padded = 0;
    EXPECT_EQ(held("with ghosts").rank_bytes, 8 * static_cast<std::uint64_t>(y.box().size()));
    EXPECT_EQ(held("with ghosts, ghosts").rank_bytes,
              8 * static_cast<std::uint64_t>(padded - y.box().size()));
    EXPECT_EQ(held("with ghosts, ghosts").category, memory::Category::halo);
  }
  EXPECT_EQ(held("the grid").name, "");
  EXPECT_EQ(held("with ghosts, ghosts").name, "");
}

/// What a vector of the same numbers, in the same order, gives.
template <class T, std::size_t N, class Array>
void check_reductions(const Array& x, const Array& y, Agreement& agreed) {
  DistVector<T> u(world(), x.size(), "u"), v(world(), x.size(), "v");
  u.fill([](Index i) { return sample<T>(i, 5); });
  v.fill([](Index i) { return sample<T>(i, 6); });
  EXPECT_EQ(agreed.bits(sum(x)), bits_of(sum(u)));
  EXPECT_EQ(agreed.bits(dot(x, y)), bits_of(dot(u, v)));
  EXPECT_EQ(agreed.bits(asum(x)), bits_of(asum(u)));
  EXPECT_EQ(agreed.bits(norm2(x)), bits_of(norm2(u)));
  EXPECT_EQ(agreed.bits(mean(x)), bits_of(mean(u)));
  EXPECT_EQ(agreed.bits(variance(x)), bits_of(variance(u)));
  EXPECT_EQ(agreed.bits(weighted_mean(y, x)), bits_of(weighted_mean(v, u)));
  EXPECT_EQ(agreed.bits(isum(x).get()), bits_of(sum(u)));
  EXPECT_EQ(agreed.bits(idot(x, y).get()), bits_of(dot(u, v)));
  EXPECT_EQ(multi_dot(x, {&x, &y}), multi_dot(u, {&u, &v}));
  EXPECT_EQ(gram({&x, &y}).values, gram({&u, &v}).values);
  if (x.size() == 0) {
    EXPECT_THROW(min(x), ShapeError);
    return;
  }
  EXPECT_EQ(min(x), min(u));
  EXPECT_EQ(max(x), max(u));
}

TEST(DistArray, ReductionsHaveTheBitsOfAVectors) {
  Agreement agreed(world());
  for_each_number_of_axes([&]<std::size_t N>() {
    const std::vector<ProcessGrid<N>> all = grids<N>(world().size());
    for (const Shape<N>& shape : shapes<N>())
      for (const ProcessGrid<N>& grid : {all.front(), all[all.size() / 2], all.back()}) {
        DistArray<double, N> x(world(), shape, grid, "x"), y(world(), shape, grid, "y");
        fill_in_order(x, [](Index i) { return sample<double>(i, 5); });
        fill_in_order(y, [](Index i) { return sample<double>(i, 6); });
        check_reductions<double, N>(x, y, agreed);
      }
  });
}

TEST(DistArray, ReductionsOfArraysWithGhostsTakeTheElementsOnce) {
  Agreement agreed(world());
  for_each_number_of_axes([&]<std::size_t N>() {
    for (const Shape<N>& shape : shapes<N>()) {
      Index n = 1;
      for (const Index extent : shape) n *= extent;
      if (n == 0) continue;
      for (const Index width : {1, 3}) {
        HaloArray<double, N> x(world(), shape, {width, Ends::periodic}, "x"), y(world(), shape, width, "y");
        fill_in_order(x, [](Index i) { return sample<double>(i, 5); });
        fill_in_order(y, [](Index i) { return sample<double>(i, 6); });
        x.exchange();
        y.fill_boundary([](auto...) { return 1e300; });
        check_reductions<double, N>(x, y, agreed);
        DistArray<double, N> z(world(), y.distribution(), "z");
        fill_in_order(z, [](Index i) { return sample<double>(i, 6); });
        EXPECT_EQ(agreed.bits(dot(x, z)), bits_of(dot(x, y))) << "of both kinds";
        EXPECT_EQ(agreed.bits(dot(z, x)), bits_of(dot(x, y)));
      }
    }
  });
}

// Ghosts along some axes only: what lies side by side are rows, planes, or all.
TEST(DistArray, ReductionsKnowWhatLiesTogether) {
  Agreement agreed(world());
  DistVector<double> u(world(), 21 * 40 * 30, "u");
  u.fill([](Index i) { return sample<double>(i, 5); });
  for (const std::array<Index, 3>& width :
       {std::array<Index, 3>{1, 1, 0}, std::array<Index, 3>{0, 1, 0}, std::array<Index, 3>{1, 0, 0},
        std::array<Index, 3>{0, 0, 1}, std::array<Index, 3>{0, 0, 0}, std::array<Index, 3>{2, 0, 1}}) {
    HaloArray<double, 3> x(world(), {21, 40, 30}, {width, {}}, "x");
    x.fill_boundary([](Index, Index, Index) { return 1e300; });
    fill_in_order(x, [](Index i) { return sample<double>(i, 5); });
    EXPECT_EQ(agreed.bits(sum(x)), bits_of(sum(u)));
    EXPECT_EQ(agreed.bits(norm2(x)), bits_of(norm2(u)));
    EXPECT_EQ(multi_dot(x, {&x}), multi_dot(u, {&u}));
    EXPECT_EQ(max(x), max(u));
  }
}

// Rows of hundreds of elements, and of thousands: pieces that kernels take whole, and pieces that are copied.
TEST(DistArray, LongAndShortRowsGiveTheSameBits) {
  Agreement agreed(world());
  DistVector<double> u(world(), 60000, "u");
  u.fill([](Index i) { return sample<double>(i, 5); });
  for (const Shape<2>& shape :
       {Shape<2>{10, 6000}, Shape<2>{100, 600}, Shape<2>{30000, 2}, Shape<2>{60000, 1}}) {
    HaloArray<double, 2> x(world(), shape, 1, "x");
    fill_in_order(x, [](Index i) { return sample<double>(i, 5); });
    EXPECT_EQ(agreed.bits(sum(x)), bits_of(sum(u)));
    EXPECT_EQ(agreed.bits(dot(x, x)), bits_of(dot(u, u)));
    EXPECT_EQ(multi_dot(x, {&x}), multi_dot(u, {&u}));
    EXPECT_EQ(min(x), min(u));
  }
}

TEST(DistArray, OtherTypesOfNumbers) {
  Agreement agreed(world());
  for_each_type([&]<class T>() {
    DistArray<T, 2> x(world(), {13, 11}, "x"), y(world(), {13, 11}, "y");
    fill_in_order(x, [](Index i) { return sample<T>(i, 5); });
    fill_in_order(y, [](Index i) { return sample<T>(i, 6); });
    check_reductions<T, 2>(x, y, agreed);
  });
  using Complex = std::complex<double>;
  const auto value = [](Index i) { return Complex(sample<double>(i, 1), sample<double>(i, 2)); };
  DistArray<Complex, 3> z(world(), {4, 5, 6}, "z");
  HaloArray<Complex, 3> h(world(), {4, 5, 6}, 1, "h");
  DistVector<Complex> w(world(), 120, "w");
  fill_in_order(z, value);
  fill_in_order(h, value);
  w.fill(value);
  EXPECT_EQ(dot(z, h), dot(w, w));
  EXPECT_EQ(dotu(h, z), dotu(w, w));
  EXPECT_EQ(sum(h), sum(w));
  EXPECT_EQ(norm2(h), norm2(w));
}

TEST(DistArray, RoundedReductionsAreTheOrdinaryLoop) {
  DistArray<double, 2> x(world(), {40, 50}, "x");
  HaloArray<double, 2> y(world(), {40, 50}, 2, "y");
  fill_in_order(x, [](Index i) { return 1 / (1 + static_cast<double>(i)); });
  fill_in_order(y, [](Index i) { return 1 / (1 + static_cast<double>(i)); });
  double mine = 0, squares = 0;
  for (const double value : x.elements()) {
    mine += value;
    squares += value * value;
  }
  EXPECT_EQ(sum(x, rounded), sum(world(), mine, rounded));
  EXPECT_EQ(sum(y, rounded), sum(world(), mine, rounded));
  EXPECT_EQ(dot(x, y, rounded), sum(world(), squares, rounded));
  EXPECT_EQ(norm2(y, rounded), norm2(x, rounded));
}

TEST(DistArray, OperandsMustBeAlike) {
  const DistArray<double, 2> x(world(), {6, 8}, "x"), longer(world(), {6, 9}, "longer");
  EXPECT_EQ(message_of<ShapeError>([&] { dot(x, longer); }),
            "dot: x has 48 elements, longer has 54; give vectors of equal length");
  const DistArray<double, 2> turned(world(), {8, 6}, "turned");
  EXPECT_NE(message_of<DistributionError>([&] { dot(x, turned); })
                .find(text("x is distributed 6 x 8 on a grid of ", x.distribution().grid().name(),
                           ", turned 8 x 6 on a grid of ")),
            std::string::npos);
  const DistVector<double> vector(world(), 48, "v");
  EXPECT_THROW(dot(x, vector), DistributionError);
  const DistArray<double, 1> line(world(), {48}, "line");
  EXPECT_EQ(dot(line, vector), 0) << "an array of one axis is divided as a vector";
  if (world().size() > 1) {
    const ProcessGrid<2> rows({world().size(), 1}), columns({1, world().size()});
    const DistArray<double, 2> other(world(), {6, 8}, x.distribution().grid() == rows ? columns : rows,
                                     "other");
    EXPECT_THROW(dot(x, other), DistributionError);
  }
}

TEST(DistArray, LivesOnASubWorld) {
  world().split(world().rank() % 2, [&](World& sub) {
    DistArray<double, 2> x(sub, {5, 4}, "x");
    x.fill([](Index i, Index j) { return static_cast<double>(4 * i + j); });
    EXPECT_EQ(sum(x), 190);
  });
}

TEST(DistArray, NonsenseIsRefusedOnAllRanks) {
  EXPECT_EQ(message_of<ShapeError>([] {
              DistArray<double, 2>(world(), {3, -1}, "x");
            }),
            "shape 3 x -1: give 0 or more along each axis");
  EXPECT_EQ(message_of<DistributionError>([] {
              DistArray<double, 2>(world(), {3, 4}, ProcessGrid<2>({2, world().size()}), "x");
            }),
            text("x: a grid of 2 x ", world().size(), " has ", 2 * world().size(), " ranks, the World has ",
                 world().size(), "; give a grid of as many, or none"));
  const bool last = world().rank() == world().size() - 1;  // it alone
  EXPECT_THROW((DistArray<double, 2>(world(), {3, last ? -1 : 4}, "x")), ShapeError);
  EXPECT_THROW((HaloArray<double, 2>(world(), {3, 4}, last ? -1 : 1, "x")), ShapeError);
  EXPECT_THROW((HaloArray<double, 2>(world(), {3, 0}, 1, "x")), ShapeError);
  EXPECT_EQ(sum(world(), 1), world().size());
}

TEST(DistArray, RanksThatWantDifferentArraysAreToldSo) {
  if (world().size() == 1) GTEST_SKIP() << "one rank agrees with itself";
  const bool first = world().rank() == 0;
  EXPECT_NE(message_of<MismatchError>([&] {
              DistArray<double, 2>(world(), {5, first ? 6 : 7}, "x");
            }).find("\"x, 5 x 6 on a grid of"),
            std::string::npos);
  EXPECT_THROW((DistArray<double, 2>(world(), first ? Shape<2>{5, 6} : Shape<2>{6, 5}, "x")), MismatchError);
  EXPECT_THROW((first ? DistArray<double, 2>(world(), {5, 5}, ProcessGrid<2>({1, world().size()}), "x")
                      : DistArray<double, 2>(world(), {5, 5}, ProcessGrid<2>({world().size(), 1}), "x")),
               MismatchError);
  EXPECT_THROW((HaloArray<double, 2>(world(), {5, 5}, first ? 1 : 2, "x")), MismatchError);
  EXPECT_THROW((HaloArray<double, 2>(world(), {5, 5}, {1, first ? Ends::open : Ends::periodic}, "x")),
               MismatchError);
  barrier(world());
}

TEST(DistArray, BeyondTheNodesMemoryIsRefusedBeforeItIsAllocated) {
  const std::string message = message_of<BudgetError>([] {
    DistArray<double, 3>(world(), {1 << 20, 1 << 20, 1 << 20}, "everything");
  });
  EXPECT_NE(message.find("everything"), std::string::npos) << message;
  EXPECT_THROW((HaloArray<double, 1>(world(), {100}, Index{1} << 58, "halo")), BudgetError);
  EXPECT_EQ(sum(world(), 1), world().size());
}

}  // namespace
}  // namespace tutti
