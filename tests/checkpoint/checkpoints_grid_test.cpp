// Arrays of several axes, on grids of ranks, with and without ghosts.
#include "tutti/array/dist_array.hpp"
#include "tutti/array/halo_array.hpp"
#include "tutti/array/reductions.hpp"
#include "tutti/checkpoint/checkpoints.hpp"

#include "io/shared_folder.hpp"
#include "mpi_main.hpp"
#include "with_ranks.hpp"

namespace tutti {
namespace {

using testing_world::world;

double value(Index i, Index j, Index k) { return static_cast<double>(10000 * i + 100 * j + k) + 0.5; }

template <class Array>
void expect_values(const Array& u) {
  std::size_t wrong = 0;
  const auto mine = u.local();
  const Indices<3> first = u.box().first;
  for (Index i = 0; i < mine.extent(0); ++i)
    for (Index j = 0; j < mine.extent(1); ++j) {
      const double* const row = &mine(i, j, 0);
      for (Index k = 0; k < mine.extent(2); ++k)
        wrong += row[k] == value(first[0] + i, first[1] + j, first[2] + k) ? 0 : 1;
    }
  EXPECT_EQ(wrong, 0U);
}

std::vector<ProcessGrid<3>> grids(int ranks) {
  std::vector<ProcessGrid<3>> all;
  for (int a = 1; a <= ranks; ++a)
    for (int b = 1; a * b <= ranks; ++b)
      if (ranks % (a * b) == 0) all.emplace_back(std::array<int, 3>{a, b, ranks / a / b});
  return all;
}

TEST(Checkpoints, OfGridsOnAnyGrid) {
  const SharedFolder folder(world());
  const Shape<3> shape{7, 6, 11};
  std::string bytes;
  for (const ProcessGrid<3>& grid : grids(world().size())) {
    SCOPED_TRACE(grid.name());
    Checkpoints checkpoints(world(), folder.path("run"), {.keep = 1});
    DistArray<double, 3> u(world(), shape, grid, "u");
    HaloArray<double, 3> v(world(), shape, grid, 2, "v");
    u.fill(value);
    v.fill_boundary([](Index, Index, Index) { return -1.0; });
    v.fill(value);
    v.exchange();
    const std::string place = checkpoints.write(5, {{"u", u}, {"v", v}});
    if (world().rank() == 0) {
      const std::string found = contents_of(place + "/u.npy");
      if (bytes.empty()) bytes = found;
      EXPECT_EQ(found, bytes);
      EXPECT_EQ(contents_of(place + "/v.npy"), bytes) << "without ghosts";
    }
    checkpoints.restore([&](const Checkpoint& saved) {
      EXPECT_EQ(saved.arrays()[0].shape, (std::vector<Index>{7, 6, 11}));
      for (const ProcessGrid<3>& other : grids(world().size())) {
        DistArray<double, 3> a(world(), shape, other, "a");
        HaloArray<double, 3> b(world(), shape, other, {1, Ends::periodic}, "b");
        saved.read("v", a);
        saved.read("u", b);
        expect_values(a);
        expect_values(b);
      }
      EXPECT_EQ(saved.read<double>("u", cyclic).size(), 7 * 6 * 11) << "flat";
      DistArray<double, 3> turned(world(), {6, 7, 11}, "turned");
      EXPECT_THROW(saved.read("u", turned), ShapeError);
    });
  }
  folder.leave();
}

void write_and_read(const SharedFolder& folder, const Shape<3>& shape, const ProcessGrid<3>& grid) {
  SCOPED_TRACE(text(shape_text<3>(shape), " on ", grid.name()));
  Checkpoints checkpoints(world(), folder.path("run"));
  HaloArray<double, 3> u(world(), shape, grid, 1, "u");
  u.fill(value);
  checkpoints.write(1, {{"u", u}});
  checkpoints.restore([&](const Checkpoint& saved) {
    HaloArray<double, 3> v(world(), shape, grid, 1, "v");
    saved.read("u", v);
    expect_values(v);
    DistArray<double, 3> best(world(), shape, "best");
    saved.read("u", best);
    expect_values(best);
  });
}

// Slabs that go straight to the file; rows that are dealt out; more ranks than planes.
TEST(Checkpoints, OfLargerGrids) {
  const SharedFolder folder(world());
  const int ranks = world().size();
  for (const Shape<3>& shape : {Shape<3>{3, 100, 150}, Shape<3>{130, 20, 30}, Shape<3>{2, 3, 30000}})
    for (const ProcessGrid<3>& grid : {ProcessGrid<3>({ranks, 1, 1}), ProcessGrid<3>({1, 1, ranks})})
      write_and_read(folder, shape, grid);
  if (ranks == 3)
    write_and_read(folder, {1, 2, 400'000}, ProcessGrid<3>({1, 1, 3}));  // rows of more than a MiB
  folder.leave();
}

// Two of the ranks own all that travels in the first round: more than is copied at once.
TEST(Checkpoints, OfAGridWhosePartsComeOneAfterAnother) {
  if (world().size() != 4) return;  // a grid for 4 ranks
  const SharedFolder folder(world());
  write_and_read(folder, {4, 700, 400}, ProcessGrid<3>({1, 2, 2}));
  folder.leave();
}

TEST(Checkpoints, OfFewerAxes) {
  const SharedFolder folder(world());
  Checkpoints checkpoints(world(), folder.path("run"));
  DistArray<std::int32_t, 2> u(world(), {20, 30}, "u");
  HaloArray<float, 1> v(world(), {50}, 1, "v");
  u.fill([](Index i, Index j) { return static_cast<std::int32_t>(100 * i + j); });
  v.fill([](Index i) { return static_cast<float>(i); });
  checkpoints.write(1, {{"u", u}, {"v", v}});
  checkpoints.restore([&](const Checkpoint& saved) {
    const auto flat = saved.read<std::int32_t>("u", cyclic);
    for (std::size_t l = 0; l < flat.local().size(); ++l) {
      const Index at = flat.distribution().to_global(world().rank(), l);
      EXPECT_EQ(flat.local()[l], 100 * (at / 30) + at % 30);
    }
    EXPECT_EQ(sum(saved.read<float>("v")), 49 * 25);
  });
  folder.leave();
}

}  // namespace
}  // namespace tutti
