#include "tutti/molecular/atoms.hpp"

#include <gtest/gtest.h>

namespace tutti::molecular {
namespace {

TEST(Atoms, LabelsHoldIdAndType) {
  for (const Index id : {Index{0}, Index{1}, Index{123456789012}, largest_id})
    for (const std::size_t type : {std::size_t{0}, std::size_t{7}, std::size_t{65535}}) {
      const Position at{1, 2, 3, Position::make_label(id, type)};
      EXPECT_EQ(at.id(), id);
      EXPECT_EQ(at.type(), type);
    }
}

TEST(Atoms, ImagesAreThreeNumbersOfBothSigns) {
  Images images;
  const std::int32_t values[] = {0, 1, -1, 1000, -1000, (1 << 20) - 1, -(1 << 20)};
  for (const std::int32_t x : values)
    for (const std::int32_t y : values)
      for (const std::int32_t z : values) {
        images.set(1, y);
        images.set(0, x);
        images.set(2, z);
        EXPECT_EQ(images[0], x);
        EXPECT_EQ(images[1], y);
        EXPECT_EQ(images[2], z);
      }
}

TEST(Atoms, OwnOnesFirstThenTheHalo) {
  memory::Ledger ledger;
  Atoms atoms(3, 2, ledger);
  EXPECT_EQ(atoms.positions().size(), 3U);
  atoms.set_halo(2);
  EXPECT_EQ(atoms.positions().size(), 5U);
  EXPECT_EQ(atoms.own_positions().size(), 3U);
  EXPECT_EQ(atoms.momenta().size(), 3U);
  EXPECT_THROW(atoms.set_halo(3), InternalError);
  EXPECT_GE(ledger.now().total(), 3 * 96U);  // booked
}

}  // namespace
}  // namespace tutti::molecular
