// The closed forms against brute force: every element travels once, to where it belongs, in the order that
// both sides expect, in windows of the size that was asked for.
#include "tutti/distribution/transition.hpp"

#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::distribution {
namespace {

Layout random_layout(Index n, int ranks, std::mt19937_64& random) {
  const auto any = [&](Index low, Index high) {
    return std::uniform_int_distribution<Index>(low, high)(random);
  };
  switch (any(0, 7)) {
    case 0:
      return block;
    case 1:
      return cyclic;
    case 2:
      return block_cyclic(any(1, std::max<Index>(1, 2 * n)));
    case 3: {
      std::vector<Index> counts(static_cast<std::size_t>(ranks));
      Index left = n;
      for (Index& count : counts) left -= count = any(0, 2) == 0 ? 0 : any(0, left);
      counts[static_cast<std::size_t>(any(0, ranks - 1))] += left;
      return irregular(counts);
    }
    case 4: {
      std::vector<double> weights(static_cast<std::size_t>(ranks));
      for (double& weight : weights) weight = static_cast<double>(any(0, 3));
      weights[static_cast<std::size_t>(any(0, ranks - 1))] += 1;
      return weighted(weights);
    }
    default:
      return block_cyclic(any(1, 12));
  }
}

/// Where elements are that a rank sends, or gets, in the order in which they travel.
using Places = std::vector<std::size_t>;

class Check {
 public:
  Check(const Distribution& from, const Distribution* to, std::size_t window, std::size_t part)
      : from_(from),
        to_(to),
        transition_(to != nullptr ? Transition(from, *to, window, part)
                                  : Transition::to_all(from, window, part)),
        window_(window),
        arrivals_(static_cast<std::size_t>(to != nullptr ? 1 : from.ranks()),
                  std::vector<int>(static_cast<std::size_t>(from.size()), 0)) {}

  void run() {
    for (std::size_t stage = 0; stage < transition_.stages() && !testing::Test::HasFailure(); ++stage)
      check_stage(stage);
    for (const auto& counts : arrivals_) EXPECT_EQ(counts, std::vector<int>(counts.size(), 1));
  }

 private:
  void check_stage(std::size_t stage) {
    const int ranks = from_.ranks();
    std::vector<std::size_t> packed(static_cast<std::size_t>(ranks)), unpacked(packed.size());
    for (std::size_t k = transition_.first_distance(stage); k < transition_.end_distance(stage); ++k)
      for (int source = 0; source < ranks; ++source) {
        const int target = (source + static_cast<int>(k)) % ranks;
        const Piece piece = check_pair(stage, source, target);
        if (k == 0) continue;
        if (!piece.source) packed[static_cast<std::size_t>(source)] += piece.elements;
        if (!piece.target) unpacked[static_cast<std::size_t>(target)] += piece.elements;
      }
    for (const std::size_t elements : packed) EXPECT_LE(elements, transition_.packed_at_most());
    for (const std::size_t elements : unpacked) EXPECT_LE(elements, transition_.unpacked_at_most());
  }

  Piece check_pair(std::size_t stage, int source, int target) {
    Places sent, got;
    for (std::size_t part = 0; part < transition_.parts(); ++part)
      transition_.sections(stage, part, source, target, [&](const Section& section) {
        for (std::size_t run = 0; run < section.count; ++run)
          for (std::size_t i = 0; i < section.length; ++i) {
            sent.push_back(section.source + run * section.source_stride + i);
            got.push_back(section.target + run * section.target_stride + i);
          }
      });
    const Piece piece = transition_.piece(stage, source, target);
    EXPECT_EQ(piece.elements, sent.size());
    EXPECT_LE(sent.size(), window_);
    check_contiguous(piece.source, sent);
    check_contiguous(piece.target, got);
    for (std::size_t i = 0; i < sent.size(); ++i) {
      const Index index = from_.to_global(source, sent[i]);
      EXPECT_EQ(index, to_ != nullptr ? to_->to_global(target, got[i]) : static_cast<Index>(got[i]));
      ++arrivals_[to_ != nullptr ? 0 : static_cast<std::size_t>(target)][static_cast<std::size_t>(index)];
    }
    return piece;
  }

  static void check_contiguous(const std::optional<std::size_t>& first, const Places& places) {
    if (!first) return;
    for (std::size_t i = 0; i < places.size(); ++i) EXPECT_EQ(places[i], *first + i);
  }

  const Distribution& from_;
  const Distribution* to_;
  Transition transition_;
  std::size_t window_;
  std::vector<std::vector<int>> arrivals_;
};

TEST(Transition, EveryElementTravelsOnceToWhereItBelongs) {
  std::mt19937_64 random(20260728);
  const auto any = [&](Index low, Index high) {
    return std::uniform_int_distribution<Index>(low, high)(random);
  };
  for (int attempt = 0; attempt < 4000 && !testing::Test::HasFailure(); ++attempt) {
    const Index n = any(0, 1) == 0 ? any(0, 20) : any(0, 400);
    const int ranks = static_cast<int>(any(1, 9));
    const Layout a = random_layout(n, ranks, random), b = random_layout(n, ranks, random);
    const Distribution from(a, n, ranks), to(b, n, ranks);
    const auto window = static_cast<std::size_t>(any(0, 3) == 0 ? any(1, 8) : any(1, 300));
    const auto part = static_cast<std::size_t>(any(1, 100));
    SCOPED_TRACE(
        text(a.name(), " to ", b.name(), ", n = ", n, " on ", ranks, ", window ", window, ", part ", part));
    Check(from, &to, window, part).run();
    if (attempt % 4 == 0) Check(from, nullptr, window, part).run();
  }
}

// All pairs of short blocks, several periods, the last one cut.
TEST(Transition, AllShortBlocks) {
  for (const int ranks : {2, 3, 4})
    for (Index b1 = 1; b1 <= 6; ++b1)
      for (Index b2 = 1; b2 <= 6; ++b2)
        for (const Index n : {Index{150}, Index{157}}) {
          const Distribution from(block_cyclic(b1), n, ranks), to(block_cyclic(b2), n, ranks);
          SCOPED_TRACE(text(b1, " to ", b2, ", n = ", n, " on ", ranks));
          Check(from, &to, 64, 7).run();
        }
}

TEST(Transition, CyclicToBlockIsContiguousWhereItComesFromAndBackWhereItGoes) {
  const Distribution a(cyclic, 1000, 4), b(block, 1000, 4);
  const Transition there(a, b, 100, 16), back(b, a, 100, 16);
  EXPECT_EQ(there.stages(), 3U);
  EXPECT_EQ(there.packed_at_most(), 0U);
  EXPECT_EQ(there.unpacked_at_most(), 100U);
  EXPECT_TRUE(there.windows_of_target());
  EXPECT_EQ(back.packed_at_most(), 100U);
  EXPECT_EQ(back.unpacked_at_most(), 0U);
  EXPECT_FALSE(back.windows_of_target());
  for (int rank = 0; rank < 4; ++rank) {
    EXPECT_EQ(there.piece(1, rank, 2).elements, 25U);
    EXPECT_TRUE(there.piece(1, rank, 2).source);
    EXPECT_FALSE(there.piece(1, rank, 2).target);
    EXPECT_TRUE(back.piece(1, 2, rank).target);
  }
}

TEST(Transition, ContiguousRangesAreNeitherPackedNorUnpacked) {
  const Distribution a(block, 1000, 4), b(irregular({10, 0, 980, 10}), 1000, 4);
  const Transition transition(a, b, 1U << 20U, 1000);
  EXPECT_EQ(transition.packed_at_most() + transition.unpacked_at_most(), 0U);
  EXPECT_EQ(transition.piece(1, 0, 1).elements, 0U);
  const Piece piece = transition.piece(2, 0, 2);  // distance 2
  EXPECT_EQ(piece.elements, 240U);
  EXPECT_EQ(piece.source, 10U);
  EXPECT_EQ(piece.target, 0U);
}

TEST(Transition, EqualDistributionsHaveNothingToSend) {
  for (const Layout& layout : {block, cyclic, block_cyclic(7)}) {
    const Distribution a(layout, 1000, 4);
    const Transition transition(a, a, 64, 16);
    EXPECT_EQ(transition.end_distance(0), 1U);
    EXPECT_EQ(transition.packed_at_most() + transition.unpacked_at_most(), 0U);
    Check(a, &a, 64, 16).run();
  }
}

// Neither time nor memory grow with n: a window is found by its number.
TEST(Transition, BillionsOfElementsAreFoundAtOnce) {
  const Index n = Index{1} << 40U;
  constexpr std::size_t window = 1U << 16U;
  for (const Layout& layout : {block, block_cyclic(3), block_cyclic(Index{1} << 30U)}) {
    const Distribution from(cyclic, n, 1000), to(layout, n, 1000);
    const Transition transition(from, to, window, 1000);
    const std::size_t stage = transition.stages() / 2;
    std::size_t elements = 0;
    for (std::size_t k = transition.first_distance(stage); k < transition.end_distance(stage); ++k) {
      const int source = static_cast<int>((17 + 1000 - k) % 1000);
      transition.sections(stage, 0, source, 17, [&](const Section& section) {
        const Index index = from.to_global(source, section.source);
        EXPECT_EQ(to.owner(index), 17);
        EXPECT_EQ(to.to_local(index), section.target);
        elements += section.elements();
      });
    }
    EXPECT_GT(elements, 0U);
  }
}

TEST(Transition, DistributionsThatDoNotFitAreRefused) {
  const Distribution a(block, 10, 2);
  try {
    Transition(a, Distribution(cyclic, 11, 2), 10, 10);
    FAIL() << "lengths differ";
  } catch (const ShapeError& error) {
    EXPECT_EQ(error.left(), 10);
    EXPECT_EQ(error.right(), 11);
  }
  EXPECT_THROW(Transition(a, Distribution(cyclic, 10, 3), 10, 10), DistributionError);
}

}  // namespace
}  // namespace tutti::distribution
