// What every ghost must be is said by a rule of one line, which knows nothing of ranks; so the same is
// expected on any number of ranks and any grid.
#include "tutti/array/halo_array.hpp"

#include <cstring>
#include <vector>

#include "tutti/array/nonblocking.hpp"
#include "tutti/comm/collectives.hpp"
#include "tutti/comm/context.hpp"
#include "tutti/comm/nonblocking.hpp"

#include "grids.hpp"

namespace tutti {
namespace {

using testing_world::world;

/// The value of a global index, also of one beyond the ends: different for each of some millions.
template <std::size_t N>
std::int64_t value_of(const Indices<N>& global) {
  std::int64_t value = 0;
  for (const Index i : global) value = value * 1009 + i + 137;
  return value;
}

template <std::size_t N>
Indices<N> wrapped(Indices<N> global, const Shape<N>& shape, const Halo<N>& halo) {
  for (std::size_t a = 0; a < N; ++a)
    if (halo.ends[a] == Ends::periodic) global[a] = ((global[a] % shape[a]) + shape[a]) % shape[a];
  return global;
}

/// How many cells of this rank are not what they should be.
template <std::size_t N>
int wrong_cells(const HaloArray<std::int64_t, N>& x) {
  int wrong = 0;
  const auto cells = x.with_ghosts();
  for_each_row(cells.box(), [&](Indices<N> i) {
    for (Index k = 0; k < cells.extent(N - 1); ++k, ++i[N - 1]) {
      Indices<N> global = i;
      for (std::size_t a = 0; a < N; ++a) global[a] += x.box().first[a];
      wrong += cells.at(i) != value_of(wrapped(global, x.shape(), x.halo())) ? 1 : 0;
    }
  });
  return wrong;
}

/// Ghosts hold nonsense, but for the boundary values beside this rank's elements.
template <std::size_t N>
void prepare(HaloArray<std::int64_t, N>& x) {
  const auto value = [](auto... i) { return value_of(Indices<sizeof...(i)>{i...}); };
  x.fill_boundary(value);
  const auto cells = x.with_ghosts();
  for_each_row(cells.box(), [&](Indices<N> i) {
    for (Index k = 0; k < cells.extent(N - 1); ++k, ++i[N - 1]) {
      Indices<N> nearest = i;
      for (std::size_t a = 0; a < N; ++a) {
        nearest[a] += x.box().first[a];
        if (x.halo().ends[a] == Ends::open) nearest[a] = std::clamp<Index>(nearest[a], 0, x.shape()[a] - 1);
      }
      if (!x.box().contains(nearest)) cells.at(i) = -1;
    }
  });
  x.fill(value);
}

template <std::size_t N>
void check(const Shape<N>& shape, const ProcessGrid<N>& grid, const Halo<N>& halo) {
  HaloArray<std::int64_t, N> x(world(), shape, grid, halo, "x");
  prepare(x);
  x.exchange();
  EXPECT_EQ(wrong_cells(x), 0) << shape_text(shape) << " on a grid of " << grid.name() << ", " << halo.name();
  prepare(x);
  x.begin_exchange();
  EXPECT_TRUE(x.exchange_under_way());
  x.end_exchange();
  EXPECT_EQ(wrong_cells(x), 0) << "the second time";
}

TEST(HaloArray, LinesHaveTheGhostsOfAnyWidth) {
  for (const Index n : {1, 2, 5, 30})
    for (const Index width : {0, 1, 2, 4, 11})
      for (const Ends ends : {Ends::open, Ends::periodic})
        check<1>({n}, ProcessGrid<1>({world().size()}), {width, ends});
}

TEST(HaloArray, PlanesHaveEdgesAndCorners) {
  for (const Shape<2>& shape : {Shape<2>{1, 6}, Shape<2>{5, 4}, Shape<2>{13, 9}})
    for (const ProcessGrid<2>& grid : grids<2>(world().size()))
      for (const std::array<Index, 2>& width :
           {std::array<Index, 2>{1, 1}, std::array<Index, 2>{2, 0}, std::array<Index, 2>{3, 7}})
        for (const Ends first : {Ends::open, Ends::periodic})
          for (const Ends last : {Ends::open, Ends::periodic}) check<2>(shape, grid, {width, {first, last}});
}

TEST(HaloArray, BlocksHaveEdgesAndCorners) {
  for (const Shape<3>& shape : {Shape<3>{3, 2, 5}, Shape<3>{8, 7, 9}})
    for (const ProcessGrid<3>& grid : grids<3>(world().size()))
      for (const std::array<Index, 3>& width : {std::array<Index, 3>{1, 1, 1}, std::array<Index, 3>{4, 2, 3}})
        for (const int periodic : {0, 2, 5, 7}) {
          std::array<Ends, 3> ends{};
          for (std::size_t a = 0; a < 3; ++a)
            ends[a] = (periodic >> a & 1) != 0 ? Ends::periodic : Ends::open;
          check<3>(shape, grid, {width, ends});
        }
}

// Pieces beyond 16 KiB: messages of their own, with and without a copy.
TEST(HaloArray, LargeFacesTravelByThemselves) {
  for (const ProcessGrid<3>& grid : grids<3>(world().size()))
    for (const Ends ends : {Ends::open, Ends::periodic}) check<3>({60, 61, 62}, grid, {1, ends});
  check<2>({20, 5000}, ProcessGrid<2>({world().size(), 1}), {2, Ends::periodic});
}

TEST(HaloArray, LongMessagesTravelInPieces) {
  world().split(0, [](World& sub) {
    sub.context().channel().set_piece(1000);
    HaloArray<std::int64_t, 3> x(sub, {12, 50, 60}, {1, Ends::periodic}, "x");
    prepare(x);
    x.exchange();
    EXPECT_EQ(wrong_cells(x), 0);
  });
}

struct Particle {
  double x, y, z;
  friend bool operator==(const Particle&, const Particle&) = default;
};

// Elements of one byte, of three, of twenty-four.
template <class T, class Make>
void check_type(const Make& make) {
  HaloArray<T, 2> x(world(), {6, 7}, {2, Ends::periodic}, "x");
  x.fill(make);
  x.exchange();
  const auto cells = x.with_ghosts();
  for (Index i = cells.lower(0); i < cells.upper(0); ++i)
    for (Index j = cells.lower(1); j < cells.upper(1); ++j)
      EXPECT_EQ(cells(i, j), make((i + x.box().first[0] + 12) % 6, (j + x.box().first[1] + 14) % 7));
}

TEST(HaloArray, MovesAnyTriviallyCopyableType) {
  check_type<char>([](Index i, Index j) { return static_cast<char>(10 * i + j); });
  check_type<std::array<char, 3>>([](Index i, Index j) {
    return std::array<char, 3>{static_cast<char>(i), static_cast<char>(j), 'x'};
  });
  check_type<float>([](Index i, Index j) { return static_cast<float>(10 * i + j); });
  check_type<Particle>([](Index i, Index j) {
    return Particle{static_cast<double>(i), static_cast<double>(j), 0.5};
  });
}

// Five steps of a smoothing of 27 points: one rank's result, computed here without ghosts, is everybody's.
TEST(HaloArray, WhatIsComputedFromGhostsHasTheSameBits) {
  constexpr Index n = 9;
  using Cube = std::vector<double>;
  const auto at = [](const Cube& x, Index i, Index j, Index k) {
    const auto place = [](Index index) { return static_cast<std::size_t>((index + n) % n); };
    return x[(place(i) * n + place(j)) * n + place(k)];
  };
  const auto smooth = [](const auto& value, Index i, Index j, Index k) {
    double sum = 0;
    for (Index a = -1; a <= 1; ++a)
      for (Index b = -1; b <= 1; ++b)
        for (Index c = -1; c <= 1; ++c) sum += value(i + a, j + b, k + c);
    return sum / 27;
  };
  HaloArray<double, 3> x(world(), {n, n, n}, {1, Ends::periodic}, "x");
  DistArray<double, 3> next(world(), x.distribution(), "next");
  x.fill([](Index i, Index j, Index k) { return sample<double>((i * n + j) * n + k, 8); });
  Cube whole(n * n * n), after(whole.size());
  for (std::size_t i = 0; i < whole.size(); ++i) whole[i] = sample<double>(static_cast<Index>(i), 8);
  for (int step = 0; step < 5; ++step) {
    const auto old = std::as_const(x).with_ghosts();
    const auto compute = [&](const Box<3>& part) {
      for_each_row(part, [&](Indices<3> i) {
        for (; i[2] < part.end(2); ++i[2]) next.local().at(i) = smooth(old, i[0], i[1], i[2]);
      });
    };
    x.begin_exchange();
    compute(x.inner());
    x.end_exchange();
    for (const Box<3>& part : x.rim()) compute(part);
    for_each_row(next.local().box(), [&](const Indices<3>& i) {
      std::copy(next.local().row(i).begin(), next.local().row(i).end(), x.local().row(i).begin());
    });
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < n; ++j)
        for (Index k = 0; k < n; ++k)
          after[static_cast<std::size_t>((i * n + j) * n + k)] =
              smooth([&](Index a, Index b, Index c) { return at(whole, a, b, c); }, i, j, k);
    std::swap(whole, after);
  }
  const auto mine = std::as_const(x).local().counted_from(x.box().first);
  for_each_row(mine.box(), [&](Indices<3> i) {
    for (; i[2] < mine.upper(2); ++i[2]) EXPECT_EQ(bits_of(mine.at(i)), bits_of(at(whole, i[0], i[1], i[2])));
  });
}

TEST(HaloArray, OtherCollectivesMayComeBetweenTheHalves) {
  HaloArray<std::int64_t, 2> x(world(), {40, 5000}, {1, Ends::periodic}, "x"), y(world(), {30, 30}, 1, "y");
  prepare(x);
  prepare(y);
  x.begin_exchange();
  EXPECT_EQ(sum(world(), 1), world().size());
  y.begin_exchange();
  Pending<double> pending = isum(world(), 1.0);
  const auto total = sum(y);
  y.end_exchange();
  EXPECT_EQ(pending.get(), world().size());
  barrier(world());
  x.end_exchange();
  EXPECT_EQ(wrong_cells(x), 0);
  EXPECT_EQ(wrong_cells(y), 0);
  EXPECT_EQ(sum(y), total);
}

TEST(HaloArray, MaySlipAwayWithMessagesUnderWay) {
  for (int turn = 0; turn < 5; ++turn) {
    HaloArray<std::int64_t, 2> x(world(), {40, 5000}, {1, Ends::periodic}, "x");
    prepare(x);
    x.begin_exchange();
    if ((world().rank() + turn) % 2 == 0) x.end_exchange();
  }
  world().split(0, [](World& sub) {
    HaloArray<double, 2> x(sub, {40, 5000}, 1, "x");
    x.begin_exchange();
  });
  HaloArray<std::int64_t, 2> x(world(), {40, 50}, 1, "x");
  prepare(x);
  x.begin_exchange();
  HaloArray<std::int64_t, 2> y = std::move(x);
  y.end_exchange();
  EXPECT_EQ(wrong_cells(y), 0);
}

TEST(HaloArray, HalvesMustAlternate) {
  HaloArray<double, 1> x(world(), {20}, 1, "x");
  EXPECT_THROW(x.end_exchange(), DistributionError);
  x.begin_exchange();
  try {
    x.begin_exchange();
    FAIL() << "it is under way";
  } catch (const DistributionError& error) {
    EXPECT_EQ(error.message(), "x: an exchange of it is under way; end that one first");
  }
  EXPECT_THROW(x.exchange(), DistributionError);
  x.end_exchange();
  x.exchange();
}

TEST(HaloArray, ARankThatFailsInBetweenIsHeardInTheNextCollective) {
  HaloArray<std::int64_t, 2> x(world(), {40, 5000}, {1, Ends::periodic}, "x");
  for (int guilty = 0; guilty < world().size(); ++guilty) {
    prepare(x);
    x.begin_exchange();
    const bool me = world().rank() == guilty;
    if (!me) {
      x.end_exchange();  // the messages come nevertheless
      EXPECT_EQ(wrong_cells(x), 0);
    }
    EXPECT_THROW(world().together("compute",
                                  [&] {
                                    if (me) throw FormatError("a bad cell");
                                  }),
                 FormatError);
    if (me) x.end_exchange();
    EXPECT_EQ(wrong_cells(x), 0);
  }
}

TEST(HaloArray, RanksThatExchangeDifferentArraysAreToldSo) {
  if (world().size() == 1) GTEST_SKIP() << "one rank agrees with itself";
  HaloArray<double, 1> x(world(), {20}, 1, "same"), y(world(), {20}, 1, "same");
  EXPECT_THROW((world().rank() == 0 ? x : y).exchange(), MismatchError);
  x.exchange();
  y.exchange();
}

TEST(HaloArray, BoundaryValuesAreTheUsers) {
  HaloArray<double, 2> x(world(), {6, 6}, 2, "x");
  const auto cells = x.with_ghosts();
  for (Index i = cells.lower(0); i < cells.upper(0); ++i)
    for (Index j = cells.lower(1); j < cells.upper(1); ++j) EXPECT_EQ(cells(i, j), 0);
  x.fill_boundary([](Index i, Index j) { return static_cast<double>(100 + 10 * i + j); });
  x.fill([](Index, Index) { return 7.0; });
  x.exchange();
  for (Index i = cells.lower(0); i < cells.upper(0); ++i)
    for (Index j = cells.lower(1); j < cells.upper(1); ++j) {
      const Index global_i = i + x.box().first[0], global_j = j + x.box().first[1];
      const bool inside = global_i >= 0 && global_i < 6 && global_j >= 0 && global_j < 6;
      EXPECT_EQ(cells(i, j), inside ? 7 : static_cast<double>(100 + 10 * global_i + global_j));
    }
}

TEST(HaloArray, RanksThatOwnNothingHaveNoGhosts) {
  HaloArray<double, 2> x(world(), {2, 3}, ProcessGrid<2>({world().size(), 1}), 3, "x");
  EXPECT_EQ(x.with_ghosts().size(), world().rank() < 2 ? x.with_ghosts().box().size() : 0);
  if (world().rank() >= 2) {
    EXPECT_EQ(x.with_ghosts().size(), 0);
  }
  x.exchange();
}

}  // namespace
}  // namespace tutti
