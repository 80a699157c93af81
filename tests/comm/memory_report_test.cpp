#include "tutti/comm/memory_report.hpp"

#include <algorithm>
#include <string>

#include "tutti/comm/collectives.hpp"
#include "tutti/memory/buffer.hpp"

#include "mpi_main.hpp"

namespace tutti {
namespace {

using memory::Category;
using testing_world::world;

const JobHolding* find(const MemoryReport& report, const std::string& name) {
  const auto found = std::find_if(report.holdings.begin(), report.holdings.end(),
                                  [&](const JobHolding& holding) { return holding.name == name; });
  return found == report.holdings.end() ? nullptr : &*found;
}

std::uint64_t of(const NodeMemory& node, Category category) {
  return node.booked[static_cast<std::size_t>(category)];
}

constexpr std::size_t mebibyte = std::size_t{1} << 20U;

// What rank r books: more on higher ranks.
std::size_t own_part(int rank) { return mebibyte * static_cast<std::size_t>(rank + 1); }

// So much that what follows is the peak, whatever this process has held before.
memory::Booking filler() {
  return world().ledger().book("filler", Category::halo, world().ledger().at_peak().total());
}

TEST(MemoryReport, HoldsWhatAllRanksHold) {
  const memory::Booking before = filler();
  const memory::Buffer<char> mine(own_part(world().rank()), "mine", world().ledger());
  const memory::Buffer<char> everything(8 * mebibyte, "everything", world().ledger(), Category::replicated);
  const MemoryReport report = memory_report(world());
  EXPECT_EQ(report.ranks, world().size());
  ASSERT_EQ(report.nodes.size(), static_cast<std::size_t>(world().nodes()));
  int ranks = 0;
  for (const NodeMemory& node : report.nodes) {
    ranks += node.ranks;
    EXPECT_FALSE(node.name.empty());
    EXPECT_GT(node.start, 0U);
    EXPECT_GT(node.rss, node.pss / 2);
    EXPECT_GT(node.pss, of(node, Category::buffer)) << "buffers of this size come zeroed, so they are there";
    EXPECT_GE(node.peak, node.booked_total());
  }
  EXPECT_EQ(ranks, world().size());
  const NodeMemory& node = report.nodes[static_cast<std::size_t>(world().node())];
  std::uint64_t on_node = 0;
  for (int rank = 0; rank < world().size(); ++rank)
    if (world().node_of(rank) == world().node()) on_node += own_part(rank);
  EXPECT_EQ(of(node, Category::buffer), on_node);
  EXPECT_EQ(of(node, Category::replicated), 8 * mebibyte * static_cast<std::size_t>(world().node_size()));
}

TEST(MemoryReport, NamesTheLargest) {
  const memory::Booking before = filler();
  const memory::Buffer<char> one(own_part(world().rank()), "pieces", world().ledger());
  const memory::Buffer<char> two(own_part(world().rank()), "pieces", world().ledger());
  const memory::Buffer<char> small(own_part(0) / 2, "small", world().ledger());
  const MemoryReport report = memory_report(world());
  const JobHolding* pieces = find(report, "pieces");
  ASSERT_NE(pieces, nullptr);
  EXPECT_EQ(pieces->category, Category::buffer);
  EXPECT_EQ(pieces->rank_bytes, 2 * own_part(world().size() - 1)) << "two entries of one name are one";
  ASSERT_NE(find(report, "small"), nullptr);
  EXPECT_TRUE(std::is_sorted(report.holdings.begin(), report.holdings.end(),
                             [](const auto& a, const auto& b) { return a.node_bytes > b.node_bytes; }));
}

// Both halves of a node have an array of one name.
TEST(MemoryReport, AddsUpWhatSubWorldsHold) {
  const memory::Booking before = filler();
  const memory::Holding shared{"halves", Category::node_shared, 0, mebibyte, -1, 0, {}};
  memory::Booking mine;
  std::uint64_t made = 0;
  world().split(world().rank() % 2, [&](const World& half) {
    mine = half.node_rank() == 0 ? half.ledger().enter(shared, half.ledger().reserve(shared))
                                 : half.ledger().enter(shared);
    made = half.node_rank() == 0 ? 1 : 0;
  });
  std::uint64_t made_on_node = 0;
  const std::vector<std::uint64_t> all = all_gather(world(), made);
  for (int rank = 0; rank < world().size(); ++rank)
    if (world().node_of(rank) == world().node()) made_on_node += all[static_cast<std::size_t>(rank)];
  const MemoryReport report = memory_report(world());
  EXPECT_EQ(of(report.nodes[static_cast<std::size_t>(world().node())], Category::node_shared),
            made_on_node * mebibyte);
  ASSERT_NE(find(report, "halves"), nullptr);
  EXPECT_GE(find(report, "halves")->node_bytes, made_on_node * mebibyte);
}

TEST(MemoryReport, IsTheSameOnAllRanksAndReadsBack) {
  const memory::Buffer<char> mine(own_part(world().rank()), "mine \"quoted\"", world().ledger());
  const std::string json = memory_report(world()).json();
  std::string first = json;
  first.resize(broadcast(world(), first.size(), 0));
  broadcast(world(), first, 0);
  EXPECT_EQ(json, first);
  EXPECT_EQ(MemoryReport::from_json(json, "here").json(), json);
}

TEST(MemoryReport, KeepsThePeakOfWhatIsGone) {
  {
    const memory::Booking before = filler();
    const memory::Buffer<char> gone(mebibyte, "gone", world().ledger());
  }
  const memory::Buffer<char> kept(mebibyte, "kept", world().ledger());
  const MemoryReport report = memory_report(world());
  EXPECT_NE(find(report, "gone"), nullptr);
  EXPECT_EQ(find(report, "kept"), nullptr) << "it came after the peak";
}

}  // namespace
}  // namespace tutti
