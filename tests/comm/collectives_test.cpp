#include "tutti/comm/collectives.hpp"

#include <array>
#include <numeric>
#include <vector>

#include "tutti/comm/context.hpp"

#include "mpi_main.hpp"

namespace tutti {
namespace {

using testing_world::world;

struct Record {
  int a;
  double b;
  friend bool operator==(const Record&, const Record&) = default;
};

TEST(Broadcast, ValuesAndRanges) {
  for (int root = 0; root < world().size(); ++root) {
    EXPECT_EQ(broadcast(world(), world().rank() == root ? 42 + root : -1, root), 42 + root);
    EXPECT_EQ(broadcast(world(), Record{world().rank(), 0.5}, root), (Record{root, 0.5}));
    std::vector<Index> values(1000, world().rank());
    broadcast(world(), values, root);
    EXPECT_EQ(values, std::vector<Index>(1000, root));
    std::vector<double> nothing;
    broadcast(world(), nothing, root);
  }
}

TEST(Broadcast, InPieces) {
  comm::Channel& channel = world().context().channel();
  channel.set_piece(17);
  std::vector<int> values(1000);
  if (world().rank() == 0) std::iota(values.begin(), values.end(), 7);
  broadcast(world(), values, 0);
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(values[i], 7 + static_cast<int>(i));
  channel.set_piece(comm::Channel::default_piece);
}

TEST(Broadcast, RootThatDoesNotExistIsAnErrorOnAllRanks) {
  EXPECT_THROW(broadcast(world(), 1, world().size()), DistributionError);
  EXPECT_THROW(broadcast(world(), 1, -1), DistributionError);
}

// Rank r gives r + 1 elements: r, r, ...
std::vector<int> part_of(int rank) { return std::vector<int>(static_cast<std::size_t>(rank) + 1, rank); }

std::vector<int> whole(int ranks) {
  std::vector<int> all;
  for (int r = 0; r < ranks; ++r)
    for (const int value : part_of(r)) all.push_back(value);
  return all;
}

TEST(Gather, PartsOfAnyLength) {
  for (const std::size_t piece : {comm::Channel::default_piece, std::size_t{3}}) {
    world().context().channel().set_piece(piece);
    for (int root = 0; root < world().size(); ++root) {
      const auto all = gather(world(), part_of(world().rank()), root);
      EXPECT_EQ(all, world().rank() == root ? whole(world().size()) : std::vector<int>{});
    }
    EXPECT_EQ(all_gather(world(), part_of(world().rank())), whole(world().size()));
  }
  world().context().channel().set_piece(comm::Channel::default_piece);
}

TEST(Gather, NothingAndSingleValues) {
  EXPECT_TRUE(all_gather(world(), std::vector<double>{}).empty());
  const auto ranks = all_gather(world(), world().rank());
  for (int r = 0; r < world().size(); ++r) EXPECT_EQ(ranks[static_cast<std::size_t>(r)], r);
}

TEST(Scatter, IsTheReverseOfGather) {
  for (int root = 0; root < world().size(); ++root) {
    std::vector<Index> counts;
    for (int r = 0; r < world().size(); ++r) counts.push_back(r + 1);
    const bool mine = world().rank() == root;
    const auto part = scatter(world(), mine ? whole(world().size()) : std::vector<int>{},
                              mine ? counts : std::vector<Index>{}, root);
    EXPECT_EQ(part, part_of(world().rank()));
  }
}

TEST(Scatter, CountsThatDoNotFitAreAnErrorOnAllRanks) {
  const std::vector<int> three{1, 2, 3};
  const std::vector<Index> too_many(static_cast<std::size_t>(world().size()) + 1, 0);
  EXPECT_THROW(scatter(world(), three, too_many, 0), ShapeError);
  std::vector<Index> too_few(static_cast<std::size_t>(world().size()), 0);
  EXPECT_THROW(scatter(world(), three, too_few, 0), ShapeError);
  too_few[0] = -3;
  EXPECT_THROW(scatter(world(), three, too_few, 0), ShapeError);
}

TEST(AllToAll, NumbersComeFromTheirRanks) {
  const int me = world().rank(), ranks = world().size();
  std::vector<Index> numbers;
  for (int to = 0; to < ranks; ++to) numbers.push_back(Index{1'000'000'000'000} * me + to);
  const std::vector<Index> come = all_to_all(world(), numbers);
  for (int from = 0; from < ranks; ++from)
    EXPECT_EQ(come.at(static_cast<std::size_t>(from)), Index{1'000'000'000'000} * from + me);
  EXPECT_THROW(all_to_all(world(), std::vector<Index>(static_cast<std::size_t>(ranks) + (me == 0 ? 1 : 0))),
               ShapeError);
}

TEST(AllToAll, PartsOfAnyLength) {
  const int me = world().rank(), ranks = world().size();
  std::vector<std::vector<int>> out, in;  // rank r sends s + 2 r elements to rank s
  std::vector<std::span<const int>> send;
  std::vector<std::span<int>> receive;
  for (int other = 0; other < ranks; ++other) {
    out.emplace_back(static_cast<std::size_t>(other + 2 * me), me);
    in.emplace_back(static_cast<std::size_t>(me + 2 * other));
  }
  for (const auto& part : out) send.emplace_back(part);
  for (auto& part : in) receive.emplace_back(part);
  all_to_all(world(), send, receive);
  for (int other = 0; other < ranks; ++other)
    EXPECT_EQ(in[static_cast<std::size_t>(other)],
              std::vector<int>(static_cast<std::size_t>(me + 2 * other), other));
  if (ranks == 1) return;
  if (me == 0) receive[1] = {};
  EXPECT_THROW(all_to_all(world(), send, receive), ShapeError);
}

TEST(AllGather, EqualPartsAndOthersAreTheSame) {
  for (const int longer : {0, 1}) {  // rank 0's part
    const std::vector<int> part(static_cast<std::size_t>(world().rank() == 0 ? 3 + longer : 3),
                                world().rank());
    std::vector<int> expected(3 + static_cast<std::size_t>(longer), 0);
    for (int rank = 1; rank < world().size(); ++rank) expected.insert(expected.end(), 3, rank);
    const auto all = all_gather(world(), part);
    EXPECT_EQ(std::vector<int>(all.begin(), all.end()), expected);
  }
}

TEST(Barrier, Returns) { barrier(world()); }

}  // namespace
}  // namespace tutti
