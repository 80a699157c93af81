#include "tutti/io/placement.hpp"

#include <cstring>
#include <numeric>

#include <gtest/gtest.h>

namespace tutti::io {
namespace {

struct Case {
  std::string name;
  std::vector<Distribution> dimensions;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  const auto add = [&](const std::string& name, std::vector<Distribution> dimensions) {
    all.push_back({name, std::move(dimensions)});
  };
  for (const int ranks : {1, 2, 3, 7})
    for (const Index n : {0, 1, 6, 40})
      for (const Layout& layout : {block, cyclic, block_cyclic(3)}) {
        add(text(layout.name(), ' ', n, " on ", ranks), {{layout, n, ranks}});
        add(text(layout.name(), ' ', n, " x 3 on ", ranks), {{layout, n, ranks}, {block, 3, 1}});
        add(text("3 x ", layout.name(), ' ', n, " on ", ranks), {{block, 3, 1}, {layout, n, ranks}});
      }
  add("irregular", {{irregular({2, 0, 5}), 7, 3}});
  for (const Layout& layout : {block, cyclic, block_cyclic(2)}) {
    add("4 x 5 on 2 x 2 " + layout.name(), {{layout, 4, 2}, {layout, 5, 2}});
    add("4 x 5 x 6 on 2 x 1 x 3 " + layout.name(), {{layout, 4, 2}, {layout, 5, 1}, {layout, 6, 3}});
    add("4 x 5 x 6 on 1 x 3 x 1 " + layout.name(), {{layout, 4, 1}, {layout, 5, 3}, {layout, 6, 1}});
    add("2 x 3 x 4 on 3 x 2 x 2 " + layout.name(), {{layout, 2, 3}, {layout, 3, 2}, {layout, 4, 2}});
    add("4 x 0 x 6 on 2 x 1 x 3 " + layout.name(), {{layout, 4, 2}, {layout, 0, 1}, {layout, 6, 3}});
  }
  return all;
}

// The definition: the rank of each number of the file, by its indices.
std::vector<int> owners(const std::vector<Distribution>& dimensions) {
  Index size = 1;
  for (const Distribution& along : dimensions) size *= along.size();
  std::vector<int> all;
  for (Index at = 0; at < size; ++at) {
    int rank = 0, stride = 1;
    Index rest = at;
    for (std::size_t d = dimensions.size(); d-- > 0;) {
      rank += dimensions[d].owner(rest % dimensions[d].size()) * stride;
      rest /= dimensions[d].size();
      stride *= dimensions[d].ranks();
    }
    all.push_back(rank);
  }
  return all;
}

TEST(Placement, CountsAndRunsAreThoseOfTheOwners) {
  for (const Case& one : cases()) {
    SCOPED_TRACE(one.name);
    const std::vector<int> owner = owners(one.dimensions);
    const Placement placement(one.dimensions, 8);
    ASSERT_EQ(placement.bytes(), static_cast<Index>(8 * owner.size()));
    const std::size_t numbers = placement.element_bytes() / 8;  // in what the placement counts as one element
    for (int rank = 0; rank < placement.ranks(); ++rank) {
      Index count = 0;
      std::vector<Index> own;
      for (Index position = 0; position <= placement.size(); ++position) {
        ASSERT_EQ(placement.count_before(rank, position), count) << "rank " << rank << ", " << position;
        if (position == placement.size()) break;
        const auto first = static_cast<std::size_t>(position) * numbers;
        for (std::size_t i = 0; i < numbers; ++i) ASSERT_EQ(owner[first + i], owner[first]);
        if (owner[first] != rank) continue;
        ++count;
        own.push_back(position);
      }
      for (const Index begin : {Index{0}, Index{1}, placement.size() / 2})
        for (Index end = begin; end <= placement.size(); end += 3) {
          std::vector<Index> visited;
          placement.visit_runs(rank, begin, end, [&](Index position, std::size_t run) {
            for (std::size_t i = 0; i < run; ++i) visited.push_back(position + static_cast<Index>(i));
          });
          std::vector<Index> expected;
          for (const Index position : own)
            if (position >= begin && position < end) expected.push_back(position);
          ASSERT_EQ(visited, expected) << "rank " << rank << ", " << begin << " to " << end;
        }
    }
  }
}

TEST(Placement, SpreadAndPickAreEachOthersInverse) {
  for (const std::size_t bytes : std::initializer_list<std::size_t>{1, 2, 4, 8, 12, 16, 24})
    for (const Case& one : cases()) {
      SCOPED_TRACE(text(one.name, ", ", bytes, " bytes"));
      const Placement placement(one.dimensions, bytes);
      std::vector<std::byte> file(static_cast<std::size_t>(placement.bytes())), again(file.size());
      for (std::size_t i = 0; i < file.size(); ++i) file[i] = static_cast<std::byte>(7 * i + i / 256);
      const Index cut = placement.size() / 3;
      for (int rank = 0; rank < placement.ranks(); ++rank)
        for (const auto& [begin, end] : {std::pair{Index{0}, cut}, std::pair{cut, placement.size()}}) {
          const auto count = placement.count_before(rank, end) - placement.count_before(rank, begin);
          std::vector<std::byte> own(static_cast<std::size_t>(count) * placement.element_bytes());
          const std::size_t at = static_cast<std::size_t>(begin) * placement.element_bytes();
          placement.pick(rank, begin, end, file.data() + at, own.data());
          placement.spread(rank, begin, end, again.data() + at, own.data());
        }
      ASSERT_EQ(again, file);
    }
}

TEST(Placement, LongRunsAreReadAndWrittenWhereTheyStand) {
  EXPECT_TRUE(Placement({block, 10, 3}, 8).has_long_runs(1000));
  EXPECT_FALSE(Placement({cyclic, 10, 3}, 8).has_long_runs(1000));
  EXPECT_TRUE(Placement({cyclic, 10, 3}, 1000).has_long_runs(1000));
  EXPECT_TRUE(Placement({block_cyclic(125), 10000, 3}, 8).has_long_runs(1000));
  EXPECT_FALSE(Placement({block_cyclic(124), 10000, 3}, 8).has_long_runs(1000));
  EXPECT_TRUE(Placement({{block, 10, 2}, {block, 100, 1}}, 8).has_long_runs(1000)) << "slabs are one run";
  EXPECT_FALSE(Placement({{block, 10, 1}, {block, 100, 2}}, 8).has_long_runs(1000)) << "rows of 400 bytes";
  EXPECT_TRUE(Placement({{block, 10, 1}, {block, 250, 2}}, 8).has_long_runs(1000)) << "rows of 1000 bytes";
}

// What buffers must hold is one element: however long the rows are that nobody divides.
TEST(Placement, LongRowsAreNoElements) {
  const Placement few({{block, 1, 1}, {block, 3, 4}, {block, 4'000'000, 1}}, 8);
  EXPECT_EQ(few.element_bytes(), 8U);
  EXPECT_TRUE(few.has_long_runs(1U << 20U));
  const Placement planes({{block, 10, 2}, {block, 100, 1}, {block, 1000, 1}}, 8);
  EXPECT_EQ(planes.element_bytes(), 8000U);
  EXPECT_TRUE(planes.has_long_runs(1U << 30U)) << "slabs are one run";
}

// Far more elements than memory has: nothing is listed.
TEST(Placement, OfHugeArrays) {
  const Index n = Index{1} << 40U;
  const Placement placement({{block, 1000, 10}, {cyclic, n / 1024, 4}}, 8);
  EXPECT_EQ(placement.size(), n / 1024 * 1000);
  EXPECT_EQ(placement.count_before(39, placement.size()), n / 1024 / 4 * 100);
  std::vector<Index> visited;
  placement.visit_runs(39, placement.size() - 9, placement.size(),
                       [&](Index position, std::size_t) { visited.push_back(placement.size() - position); });
  EXPECT_EQ(visited, (std::vector<Index>{9, 5, 1}));
}

}  // namespace
}  // namespace tutti::io
