#include "tutti/molecular/state_hash.hpp"

#include <gtest/gtest.h>

#include "molecular/systems.hpp"

namespace tutti::molecular {
namespace {

std::uint64_t hash_of(const std::vector<Position>& positions, const std::vector<Momentum>& momenta) {
  memory::Ledger ledger;
  Atoms atoms(positions.size(), 0, ledger);
  std::copy(positions.begin(), positions.end(), atoms.positions().begin());
  std::copy(momenta.begin(), momenta.end(), atoms.momenta().begin());
  return state_hash(atoms);
}

TEST(StateHash, DoesNotKnowTheOrderAndSeesEveryBit) {
  std::vector<Position> positions{{1, 2, 3, Position::make_label(0, 0)},
                                  {4, 5, 6, Position::make_label(1, 1)}};
  std::vector<Momentum> momenta{{7, -8, 9, {}}, {10, 11, -12, {}}};
  const std::uint64_t hash = hash_of(positions, momenta);
  EXPECT_EQ(hash_of({positions[1], positions[0]}, {momenta[1], momenta[0]}), hash);
  EXPECT_NE(hash_of({positions[1], positions[0]}, momenta), hash);
  EXPECT_EQ(hash_of({positions[0]}, {momenta[0]}) + hash_of({positions[1]}, {momenta[1]}), hash);
  for (unsigned bit = 0; bit < 64; ++bit) {
    for (std::uint64_t Position::*part : {&Position::x, &Position::y, &Position::z, &Position::label}) {
      positions[1].*part ^= std::uint64_t{1} << bit;
      EXPECT_NE(hash_of(positions, momenta), hash);
      positions[1].*part ^= std::uint64_t{1} << bit;
    }
    momenta[0].y ^= std::int64_t{1} << (bit % 63);
    EXPECT_NE(hash_of(positions, momenta), hash);
    momenta[0].y ^= std::int64_t{1} << (bit % 63);
  }
  momenta[0].images.set(2, -1);
  EXPECT_NE(hash_of(positions, momenta), hash);
}

TEST(StateHash, OfNothing) { EXPECT_EQ(hash_of({}, {}), 0U); }

}  // namespace
}  // namespace tutti::molecular
