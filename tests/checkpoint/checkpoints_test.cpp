#include "tutti/checkpoint/checkpoints.hpp"

#include <complex>
#include <sys/stat.h>

#include "tutti/array/reductions.hpp"
#include "tutti/core/random.hpp"

#include "array/samples.hpp"
#include "io/shared_folder.hpp"
#include "mpi_main.hpp"
#include "with_ranks.hpp"

namespace tutti {
namespace {

using testing_world::world;

// The ranks of which a launch can make Worlds.
std::vector<int> rank_counts() {
  std::vector<int> counts;
  for (const int count : {1, 2, 3, 4, 7})
    if (count <= world().size()) counts.push_back(count);
  return counts;
}

struct Particle {
  std::int32_t kind;
  float mass;
  double charge;
  friend bool operator==(const Particle&, const Particle&) = default;
};

// A different value for each index.
template <class T>
T value(Index i) {
  const auto number = static_cast<double>(i) + 0.25;
  if constexpr (std::is_same_v<T, Particle>)
    return {static_cast<std::int32_t>(i), 0.5F, number};
  else if constexpr (std::is_same_v<T, std::array<double, 3>>)
    return {number, -number, 2 * number};
  else if constexpr (std::is_same_v<T, std::complex<double>>)
    return {number, -number};
  else if constexpr (std::is_same_v<T, bool>)
    return i % 3 == 0;
  else if constexpr (std::is_integral_v<T>)
    return static_cast<T>(7 * i - 3);
  else
    return static_cast<T>(number);
}

template <class T>
void expect_values(const DistVector<T>& x) {
  std::size_t wrong = 0, l = 0;
  while (l < x.local().size()) {
    const Range run = x.distribution().run(x.world().rank(), l);
    for (std::size_t i = 0; i < run.count; ++i)
      wrong += x.local()[l++] == value<T>(run.first + static_cast<Index>(i)) ? 0 : 1;
  }
  ASSERT_EQ(wrong, 0U) << x.distribution().layout().name() << ", of " << l << " elements";
}

template <class T>
void write_and_read(Index n, const Layout& from, const Layout& to, const std::string& folder) {
  Checkpoints checkpoints(world(), folder);
  DistVector<T> x(world(), n, from, "x");
  x.fill([](Index i) { return value<T>(i); });
  checkpoints.write(3, {{"x", x}});
  EXPECT_TRUE(checkpoints.restore([&](const Checkpoint& saved) {
    EXPECT_EQ(saved.step(), 3);
    const auto y = saved.read<T>("x", to);
    EXPECT_EQ(y.size(), n);
    EXPECT_EQ(y.name(), "x");
    expect_values(y);
    DistVector<T> z(world(), n, from, "z");
    saved.read("x", z);
    expect_values(z);
  }));
}

TEST(Checkpoints, EveryTypeAndLayout) {
  const SharedFolder folder(world());
  for (const Index n : {0, 1, 700})
    for (const Layout& layout : n == 700 ? layouts(n, world().size()) : std::vector{block, cyclic})
      write_and_read<double>(n, layout, block_cyclic(7), folder.path("run"));
  const auto both = [&]<class T>(T) { write_and_read<T>(100, cyclic, block, folder.path("run")); };
  both(float{});
  both(std::int8_t{});
  both(std::uint64_t{});
  both(bool{});
  both(std::complex<double>{});
  both(std::array<double, 3>{});
  both(Particle{});
  folder.leave();
}

// The bytes are the same whoever writes them. (The tests run on each of these numbers of ranks.)
TEST(Checkpoints, FromAnyRanksToAnyRanks) {
  const SharedFolder folder(world());
  const Index n = 150'007;  // two pieces of 1 MiB, of which the last is short
  const Notes notes{{"seed", 2026}, {"dt", 0.1}, {"title", "any P to any Q"}};
  std::string manifest, numbers;
  for (const int writers : rank_counts())
    for (const Layout& layout : writers == world().size()
                                    ? std::vector{block, cyclic, block_cyclic(1000), block_cyclic(140'000)}
                                    : std::vector{cyclic}) {
      SCOPED_TRACE(text(layout.name(), " on ", writers));
      const std::string name = folder.path(text("run-", writers));
      with_ranks(world(), writers, [&](World& sub) {
        DistVector<double> x(sub, n, layout, "x");
        x.fill([](Index i) { return value<double>(i); });
        Checkpoints checkpoints(sub, name, {.keep = 1});
        const std::string place = checkpoints.write(12, {{"x", x}}, notes);
        if (sub.rank() != 0) return;
        const std::string found = contents_of(place + "/manifest.json"),
                          found_numbers = contents_of(place + "/x.npy");
        if (manifest.empty()) std::tie(manifest, numbers) = std::tie(found, found_numbers);
        EXPECT_EQ(found, manifest);
        EXPECT_TRUE(found_numbers == numbers);
      });
    }
  for (const int readers : rank_counts())
    for (const Layout& layout :
         readers == world().size() ? std::vector{block, cyclic, block_cyclic(999)} : std::vector{cyclic})
      with_ranks(world(), readers, [&](World& sub) {
        Checkpoints checkpoints(sub, folder.path(text("run-", rank_counts().back())));
        Index step = 0;
        EXPECT_TRUE(checkpoints.restore([&](const Checkpoint& saved) {
          step = saved.step();
          EXPECT_EQ(saved.notes(), notes);
          expect_values(saved.read<double>("x", layout));
        }));
        EXPECT_EQ(step, 12);
      });
  folder.leave();
}

// Irregular and weighted layouts fit one number of ranks only.
TEST(Checkpoints, UnevenLayouts) {
  const SharedFolder folder(world());
  std::vector<Index> counts(static_cast<std::size_t>(world().size()), 0);
  counts.back() = 400'000;
  std::vector<double> weights(counts.size(), 0.5);
  weights.front() = 3;
  write_and_read<double>(400'000, irregular(counts), weighted(weights), folder.path("run"));
  write_and_read<double>(400'000, weighted(weights), cyclic, folder.path("run"));
  folder.leave();
}

TEST(Checkpoints, SeveralArraysAndNone) {
  const SharedFolder folder(world());
  Checkpoints checkpoints(world(), folder.path("run"));
  DistVector<double> u(world(), 1000, cyclic, "some name / of its own");
  DistVector<std::int32_t> v(world(), 10, "v");
  u.fill([](Index i) { return value<double>(i); });
  v.fill([](Index i) { return value<std::int32_t>(i); });
  checkpoints.write(0, {{"u", u}, {"v.old", v}});
  checkpoints.restore([&](const Checkpoint& saved) {
    ASSERT_EQ(saved.arrays().size(), 2U);
    EXPECT_EQ(saved.arrays()[0].name, "u");
    EXPECT_EQ(saved.arrays()[0].bytes, 8000);
    EXPECT_EQ(saved.arrays()[1].dtype, "<i4");
    EXPECT_EQ(saved.arrays()[1].shape, std::vector<Index>{10});
    expect_values(saved.read<double>("u"));
    expect_values(saved.read<std::int32_t>("v.old"));
    saved.verify();
  });
  checkpoints.write(1, {}, {{"only", "notes"}});
  checkpoints.restore([&](const Checkpoint& saved) {
    EXPECT_EQ(saved.arrays().size(), 0U);
    EXPECT_EQ(saved.notes().get<std::string>("only"), "notes");
  });
  folder.leave();
}

TEST(Checkpoints, TheNewestAreKept) {
  const SharedFolder folder(world());
  Checkpoints checkpoints(world(), folder.path("run"), {.keep = 3});
  EXPECT_FALSE(checkpoints.restore([](const Checkpoint&) { FAIL() << "there is none"; }));
  EXPECT_TRUE(checkpoints.steps().empty());
  DistVector<double> x(world(), 10, "x");
  for (const Index step : {10, 20, 30, 15, 40}) {
    x.fill([&](Index) { return static_cast<double>(step); });
    const std::string place = checkpoints.write(step, {{"x", x}});
    EXPECT_EQ(place, folder.path(text("run/0000",
                                      step == 15   ? 4
                                      : step == 40 ? 5
                                                   : step / 10,
                                      "-step-", step)));
    const auto kept = checkpoints.steps();
    EXPECT_EQ(kept.back(), step);
    EXPECT_LE(kept.size(), 3U);
  }
  EXPECT_EQ(checkpoints.steps(), (std::vector<Index>{30, 15, 40}));
  const auto value_at = [&](Index step) {
    double found = 0;
    checkpoints.restore(step, [&](const Checkpoint& saved) { found = sum(saved.read<double>("x")) / 10; });
    return found;
  };
  EXPECT_EQ(value_at(15), 15);
  EXPECT_EQ(value_at(40), 40);
  EXPECT_THROW(value_at(10), FileError);
  if (world().rank() == 0) {
    struct stat status {};
    EXPECT_EQ(::lstat(folder.path("run/latest").c_str(), &status), 0);
    EXPECT_TRUE(S_ISLNK(status.st_mode));
    EXPECT_EQ(contents_of(folder.path("run/latest/manifest.json")),
              contents_of(folder.path("run/00005-step-40/manifest.json")));
  }
  folder.leave();
}

// A job that goes back to an earlier step has another history: the newest is what was written last.
TEST(Checkpoints, TheNewestIsNotTheOneOfTheHighestStep) {
  const SharedFolder folder(world());
  DistVector<double> x(world(), 10, "x");
  {
    Checkpoints checkpoints(world(), folder.path("run"), {.keep = 5});
    for (const Index step : {100, 200}) checkpoints.write(step, {{"x", x}});
  }
  Checkpoints checkpoints(world(), folder.path("run"), {.keep = 5});
  checkpoints.write(150, {{"x", x}});
  checkpoints.write(200, {{"x", x}}, {{"history", "second"}});
  Index step = 0;
  checkpoints.restore([&](const Checkpoint& saved) { step = saved.step(); });
  EXPECT_EQ(step, 200);
  checkpoints.restore(200, [](const Checkpoint& saved) { EXPECT_TRUE(saved.notes().contains("history")); });
  EXPECT_EQ(checkpoints.steps(), (std::vector<Index>{100, 200, 150, 200}));
  folder.leave();
}

TEST(Checkpoints, WhatIsReadMustBeWhatWasWritten) {
  const SharedFolder folder(world());
  Checkpoints checkpoints(world(), folder.path("run"));
  DistVector<double> x(world(), 12, "x");
  DistVector<std::array<float, 3>> v(world(), 4, "v");
  checkpoints.write(1, {{"x", x}, {"v", v}});
  EXPECT_TRUE(checkpoints.restore([&](const Checkpoint& saved) {
    DistVector<double> shorter(world(), 11, "shorter");
    DistVector<float> other(world(), 12, "other");
    EXPECT_THROW(saved.read("x", shorter), ShapeError);
    EXPECT_THROW(saved.read("x", other), FormatError);
    EXPECT_THROW(saved.read("y", x), FormatError);
    EXPECT_THROW(saved.read<std::int64_t>("x"), FormatError);
    EXPECT_THROW((saved.read<std::array<float, 2>>("v")), FormatError);
    EXPECT_EQ(saved.read<float>("v").size(), 12) << "flat";
    EXPECT_EQ((saved.read<std::array<float, 3>>("v").size()), 4);
    EXPECT_THROW(saved.notes().get<double>("dt"), FormatError);
    EXPECT_FALSE(saved.is_damaged());
  }));
  folder.leave();
}

TEST(Checkpoints, BadArgumentsAreErrorsOnAllRanks) {
  const SharedFolder folder(world());
  EXPECT_THROW(Checkpoints(world(), ""), UsageError);
  EXPECT_THROW(Checkpoints(world(), folder.path("run"), {.keep = 0}), UsageError);
  Checkpoints checkpoints(world(), folder.path("run"));
  const DistVector<double> x(world(), 10, "x");
  EXPECT_THROW(checkpoints.write(-1, {{"x", x}}), UsageError);
  for (const char* name : {"", ".", "..", "a/b", "../x", "a b", "a\n", ".hidden", "\xc3\xa4"})
    EXPECT_THROW(checkpoints.write(1, {{name, x}}), UsageError) << name;
  EXPECT_THROW(checkpoints.write(1, {{std::string(101, 'a'), x}}), UsageError);
  EXPECT_THROW(checkpoints.write(1, {{"x", x}, {"x", x}}), UsageError);
  EXPECT_THROW(checkpoints.write(1, {{"x", x}}, {{"note", JsonText{"{]"}}}), UsageError);
  EXPECT_THROW(checkpoints.write(1, {{"x", x}}, {{"note", "\xff"}}), UsageError);
  world().split(world().rank(), [&](World& sub) {
    const DistVector<double> other(sub, 10, "other");
    EXPECT_THROW(Checkpoints(sub, folder.path("other")).write(1, {{"x", x}}), DistributionError);
  });
  EXPECT_EQ(folder.count(), 0);
  EXPECT_THROW(Checkpoints(world(), folder.path("missing/run")).write(1, {{"x", x}}), OutputError);
  if (world().size() > 1) {
    EXPECT_THROW(checkpoints.write(1, {{"x", x}}, {{"rank", world().rank()}}), MismatchError);
  }
  folder.leave();
}

// Each sub-world has checkpoints of its own.
TEST(Checkpoints, RanksMustWantTheSame) {
  if (world().size() == 1) GTEST_SKIP() << "one rank agrees with itself";
  const bool first = world().rank() == 0;
  EXPECT_THROW(Checkpoints(world(), first ? "a" : "b"), MismatchError);
  EXPECT_THROW(Checkpoints(world(), "a", {.keep = first ? 2 : 3}), MismatchError);
}

TEST(Checkpoints, OfSubWorldsAtTheSameTime) {
  const SharedFolder folder(world());
  world().split(world().rank() % 2, [&](World& sub) {
    Checkpoints checkpoints(sub, folder.path(text("half-", world().rank() % 2)));
    DistVector<double> x(sub, 1000, cyclic, "x");
    x.fill([](Index i) { return value<double>(i); });
    checkpoints.write(world().rank() % 2, {{"x", x}});
    checkpoints.restore([&](const Checkpoint& saved) {
      EXPECT_EQ(saved.step(), world().rank() % 2);
      expect_values(saved.read<double>("x"));
    });
  });
  folder.leave();
}

// What runs from step 0 to 10 at once, and what is interrupted after step 5 and continued by another number
// of ranks with another layout, are the same to the last bit.
TEST(Checkpoints, AContinuedRunHasTheSameBits) {
  const SharedFolder folder(world());
  const Index n = 5000;
  const auto advance = [](DistVector<double>& x, const Random& random, Index step) {
    const double mean = sum(x) / static_cast<double>(x.size());  // of all ranks
    for (std::size_t l = 0; l < x.local().size(); ++l) {
      const Index i = x.distribution().to_global(x.world().rank(), l);
      x.local()[l] += 0.1 * (mean - x.local()[l]) + random.uniform(i, static_cast<std::uint64_t>(step));
    }
  };
  const auto run = [&](World& sub, const Layout& layout, Index last, const std::string& name) {
    Checkpoints checkpoints(sub, folder.path(name));
    DistVector<double> x(sub, n, layout, "x");
    ExactSum total;  // of all means: a running average goes on unrounded
    Random random(2026, 3);
    Index step = 0;
    checkpoints.restore([&](const Checkpoint& saved) {
      saved.read("x", x);
      step = saved.step();
      total = saved.notes().get<ExactSum>("total");
      random = Random(saved.notes().get<std::uint64_t>("seed"), saved.notes().get<std::uint64_t>("stream"));
    });
    while (step < last) {
      advance(x, random, step++);
      total.add(sum(x));
    }
    checkpoints.write(step, {{"x", x}}, {{"total", total}, {"seed", 2026}, {"stream", 3}});
    return std::pair(norm2(x), total.round());
  };
  std::pair<double, double> whole;
  with_ranks(world(), 1, [&](World& sub) { whole = run(sub, block, 10, "whole"); });
  whole = {broadcast(world(), whole.first, 0), broadcast(world(), whole.second, 0)};
  for (const int first : rank_counts())
    for (const int second : rank_counts()) {
      if (first != world().size() && second != world().size()) continue;  // another launch's
      const std::string name = text(first, "-to-", second);
      with_ranks(world(), first, [&](World& sub) { run(sub, cyclic, 5, name); });
      with_ranks(world(), second, [&](World& sub) { EXPECT_EQ(run(sub, block, 10, name), whole) << name; });
    }
  folder.leave();
}

}  // namespace
}  // namespace tutti
