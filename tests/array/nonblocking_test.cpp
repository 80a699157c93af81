#include "tutti/array/nonblocking.hpp"

#include <limits>

#include "tutti/comm/collectives.hpp"

#include "samples.hpp"

namespace tutti {
namespace {

using testing_world::world;

TEST(NonblockingVectors, ResultsAreThoseOfTheBlockingOnes) {
  for_each_type([]<class T>() {
    for (const Layout& layout : layouts(193, world().size())) {
      DistVector<T> x(world(), 193, layout, "x"), y(world(), 193, layout, "y");
      x.fill([](Index i) { return sample<T>(i, 1); });
      y.fill([](Index i) { return sample<T>(i, 2); });
      auto product = idot(x, y);
      auto total = isum(x);
      EXPECT_EQ(bits_of(total.get()), bits_of(sum(x)));
      EXPECT_EQ(bits_of(product.get()), bits_of(dot(x, y)));
    }
  });
}

TEST(NonblockingVectors, MayChangeMeanwhile) {
  DistVector<double> x(world(), 100, cyclic, "x");
  x.fill([](Index i) { return static_cast<double>(i); });
  Pending<double> square = idot(x, x);
  for (double& value : x.local()) value = 0;
  barrier(world());
  EXPECT_EQ(square.get(), 328350);
}

TEST(NonblockingVectors, SpecialValuesAndNothing) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  DistVector<double> x(world(), 3, cyclic, "x"), none(world(), 0, cyclic, "none");
  x.fill([](Index i) { return i == 1 ? infinity : -1.0; });
  EXPECT_EQ(isum(x).get(), infinity);
  EXPECT_EQ(bits_of(idot(none, none).get()), bits_of(0.0));
  x.fill([](Index i) { return i == 1 ? infinity : i == 2 ? -infinity : 1; });
  EXPECT_EQ(bits_of(isum(x).get()), bits_of(sum(x)));
}

TEST(NonblockingVectors, WrongOperandsAreRefusedAndTheWorldGoesOn) {
  const DistVector<double> x(world(), 3, cyclic, "x"), y(world(), 4, cyclic, "y");
  EXPECT_THROW(idot(x, y), ShapeError);  // by all ranks, each for itself
  EXPECT_EQ(isum(x).get(), 0);
}

}  // namespace
}  // namespace tutti
