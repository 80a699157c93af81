#include "tutti/forecast/forecast.hpp"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"
#include "tutti/distribution/distribution.hpp"
#include "tutti/memory/buffer.hpp"

namespace tutti::forecast {
namespace {

using memory::Category;

const Base& base() {
  static const Base ten_each({{1, 10, 0}, {1000000, 10000000, 0}}, Origin::measured, "MPI 1");
  return ten_each;
}

Array array(Category category, Index elements, std::uint64_t element_bytes, const Layout& layout = block) {
  return {"x", category, elements, element_bytes, layout, Origin::computed};
}

// The same by adding up every rank of every node.
struct Brute {
  std::uint64_t rank = 0, node = 0;
};
Brute brute(const Job& job) {
  Brute most;
  for (int first = 0; first < job.ranks; first += job.per_node) {
    std::uint64_t node = 0;
    for (const Array& a : job.arrays)
      if (a.category == Category::node_shared)
        node += (static_cast<std::uint64_t>(a.elements) * a.element_bytes + 4095) / 4096 * 4096;
    for (int rank = first; rank < std::min(job.ranks, first + job.per_node); ++rank) {
      std::uint64_t own = 0;
      for (const Array& a : job.arrays) {
        if (a.category == Category::node_shared) continue;
        const bool divided = a.category == Category::distributed;
        const std::uint64_t count = divided ? Distribution(a.layout, a.elements, job.ranks).local_size(rank)
                                            : static_cast<std::uint64_t>(a.elements);
        const std::uint64_t bytes = count * a.element_bytes;
        const std::uint64_t unit = bytes < (std::uint64_t{4} << 20U) ? 64 : 4096;
        own += (bytes + unit - 1) / unit * unit;
      }
      node += own;
      most.rank = std::max(most.rank, own);
    }
    most.node = std::max(most.node, node);
  }
  return most;
}

void expect_as_brute(const Job& job) {
  const Brute expected = brute(job);
  const Forecast result = forecast(job, base());
  std::uint64_t rank = 0, node = 0;
  for (std::size_t i = 1; i < memory::categories; ++i) {
    rank += result.of[i].rank;
    node += result.of[i].node;
  }
  EXPECT_EQ(rank, expected.rank);
  EXPECT_EQ(node, expected.node);
}

TEST(Forecast, CountsExactlyForEveryLayout) {
  for (const int ranks : {1, 2, 3, 7, 16, 129})
    for (const int per_node : {1, 2, 3, 5, 16, 200})
      for (const Index n : {0, 1, 6, 7, 1000, 1000003, 30000001}) {
        std::vector<double> weights(static_cast<std::size_t>(ranks));
        std::iota(weights.begin(), weights.end(), 0.5);
        for (const Layout& layout :
             {block, cyclic, block_cyclic(10), block_cyclic(4096), block_cyclic(n + 1), weighted(weights)}) {
          SCOPED_TRACE(text(ranks, " ranks, ", per_node, " per node, n ", n, ", ", layout.name()));
          expect_as_brute({ranks, per_node, {array(Category::distributed, n, 8, layout)}});
        }
      }
}

// The node that is fullest with the one array is not the one that is with the other.
TEST(Forecast, FindsTheNodeThatIsFullestWithAllArraysTogether) {
  const Layout first = irregular({500, 0, 0, 0, 0, 100});
  const Layout last = irregular({0, 0, 90, 90, 400, 20});
  expect_as_brute(
      {6,
       2,
       {array(Category::distributed, 600, 1000, first), array(Category::distributed, 600, 1000, last)}});
  expect_as_brute(
      {6,
       2,
       {array(Category::distributed, 600, 1000, first), array(Category::distributed, 600, 1100, last)}});
  expect_as_brute({6,
                   4,
                   {array(Category::distributed, 600, 1000, first), array(Category::node_shared, 600, 1100),
                    array(Category::halo, 17, 3)}});
}

TEST(Forecast, CountsEveryKind) {
  for (const int per_node : {1, 4, 7})
    expect_as_brute({9,
                     per_node,
                     {array(Category::distributed, 1000003, 8, cyclic),
                      array(Category::node_shared, 1000003, 8), array(Category::replicated, 1000003, 8),
                      array(Category::halo, 1001, 4), array(Category::buffer, 1 << 20, 1)}});
}

TEST(Forecast, RoundsAsAllocationsDo) {
  EXPECT_EQ(allocated(0), 0U);
  EXPECT_EQ(allocated(1), 64U);
  EXPECT_EQ(allocated((4 << 20U) - 1), 4U << 20U);
  EXPECT_EQ(allocated((4 << 20U) + 1), (4U << 20U) + 4096);
  EXPECT_EQ(allocated(UINT64_MAX), UINT64_MAX);
  EXPECT_EQ(page_tables_of(0), 0U);
  EXPECT_EQ(page_tables_of(4097), 16U);
  EXPECT_EQ(page_tables_of(std::uint64_t{1} << 30U), (std::uint64_t{1} << 30U) / 512);
}

// Every rank of the node that sees shared memory has tables for it.
TEST(Forecast, CountsPageTablesForEachRank) {
  const std::uint64_t gibibyte = std::uint64_t{1} << 30U;
  const Forecast result = forecast({256, 128, {array(Category::node_shared, Index{1} << 27U, 8)}}, base());
  EXPECT_EQ(result.page_tables.node, 128 * gibibyte / 512);
  EXPECT_EQ(result.page_tables.rank, gibibyte / 512);
  EXPECT_EQ(result.total.node, gibibyte + 128 * gibibyte / 512 + 1280);
  EXPECT_EQ(result.total.rank, gibibyte / 512 + 10);
  EXPECT_EQ(result.nodes, 2);
}

TEST(Forecast, IsQuickForManyRanks) {
  const Index huge = Index{1} << 60U;
  const Forecast result =
      forecast({INT32_MAX, INT32_MAX, {array(Category::distributed, huge, 8, block_cyclic(3))}}, base());
  EXPECT_GE(result.of[1].node, std::uint64_t{8} << 60U);  // 2^63 and what is rounded up
  std::vector<Index> counts(100000, 7);
  const Forecast irregular_one =
      forecast({100000, 128, {array(Category::distributed, 700000, 8, irregular(counts))}}, base());
  EXPECT_EQ(irregular_one.of[1].rank, 64U);
}

TEST(Forecast, StaysAtTheLargestNumber) {
  const Forecast result = forecast({1000, 1000, {array(Category::replicated, INT64_MAX, 16)}}, base());
  EXPECT_EQ(result.total.node, UINT64_MAX);
}

TEST(Forecast, PutsTheLargestFirst) {
  Job job{4, 4, {array(Category::distributed, 1000, 8), array(Category::replicated, 1000, 8)}};
  job.arrays[0].name = "divided";
  job.arrays[1].origin = Origin::assumed;
  const Forecast result = forecast(job, base());
  EXPECT_EQ(result.parts[0].bytes.node, 32000U);
  EXPECT_EQ(result.parts[1].name, "divided");
  EXPECT_EQ(result.total.origin, Origin::assumed);
  EXPECT_EQ(result.of[0].origin, Origin::measured);
}

TEST(Forecast, RefusesLayoutsOfOtherRanks) {
  EXPECT_THROW(forecast({3, 3, {array(Category::distributed, 4, 8, irregular({2, 2}))}}, base()), ShapeError);
  EXPECT_THROW(forecast({3, 3, {array(Category::replicated, -1, 8)}}, base()), ShapeError);
  EXPECT_THROW(forecast({0, 3, {}}, base()), ShapeError);
}

}  // namespace
}  // namespace tutti::forecast
