#include "tutti/molecular/melt.hpp"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "molecular/systems.hpp"

namespace tutti::molecular {
namespace {

TEST(Melt, IsAFaceCentredLattice) {
  Melt melt;
  melt.particles = 4 * 5 * 5 * 5;
  const Box box = melt.box();
  EXPECT_NEAR(static_cast<double>(melt.particles) / box.volume(), 0.8442, 1e-14);
  memory::Ledger ledger;
  Atoms atoms(500, 0, ledger);
  melt.place(atoms);
  std::set<Index> ids;
  for (const Position& a : atoms.positions()) {
    ids.insert(a.id());
    int nearest = 0;
    double least = 1e9;
    for (const Position& b : atoms.positions()) {
      if (a.id() == b.id()) continue;
      const double x = box.length(static_cast<std::int64_t>(a.x - b.x), 0);
      const double y = box.length(static_cast<std::int64_t>(a.y - b.y), 1);
      const double z = box.length(static_cast<std::int64_t>(a.z - b.z), 2);
      const double r = std::sqrt(x * x + y * y + z * z);
      least = std::min(least, r);
      if (r < box.edge(0) / 5 * 0.75) ++nearest;
    }
    EXPECT_EQ(nearest, 12);
    EXPECT_NEAR(least, box.edge(0) / 5 / std::sqrt(2.0), 1e-9);
  }
  EXPECT_EQ(ids.size(), 500U);
  EXPECT_EQ(*ids.rbegin(), 499);
}

TEST(Melt, PartsAreParts) {
  Melt melt;
  melt.particles = 108;
  memory::Ledger ledger;
  Atoms some(10, 0, ledger);
  melt.place(some, 50);
  for (Index k = 0; k < 10; ++k) {
    const Position expected = melt.start(50 + k);
    const Position& found = some.positions()[static_cast<std::size_t>(k)];
    EXPECT_TRUE(found.x == expected.x && found.y == expected.y && found.z == expected.z &&
                found.label == expected.label);
  }
}

TEST(Melt, OtherNumbersAreRefused) {
  Melt melt;
  for (const auto& [particles, nearest] :
       std::vector<std::pair<Index, Index>>{{31999, 32000}, {100, 108}, {0, 4}, {-5, 4}, {40, 32}}) {
    melt.particles = particles;
    try {
      melt.box();
      ADD_FAILURE() << particles;
    } catch (const UsageError& error) {
      EXPECT_EQ(
          error.message(),
          text("melt: ", particles,
               " particles fill no face-centred cubic lattice; the nearest number that does is ", nearest));
    }
  }
  melt.particles = 32000000;
  EXPECT_EQ(melt.lattice(), 200);
  melt.density = 0;
  EXPECT_THROW(melt.box(), UsageError);
}

}  // namespace
}  // namespace tutti::molecular
