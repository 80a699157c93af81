#include "tutti/formats/id_check.hpp"

#include <gtest/gtest.h>

namespace tutti::formats {
namespace {

using Finding = IdCheck::Finding;

TEST(IdCheck, TakesAnyOrder) {
  IdCheck in_order(200);
  for (Index id = 1; id <= 200; ++id) EXPECT_EQ(in_order.add(id), Finding::good);
  EXPECT_EQ(in_order.add(200), Finding::twice);
  IdCheck mixed(199);
  for (Index k = 0; k < 199; ++k) EXPECT_EQ(mixed.add(1 + k * 7 % 199), Finding::good);
}

TEST(IdCheck, FindsWhatIsWrong) {
  IdCheck ids(100);
  EXPECT_EQ(ids.add(0), Finding::beyond);
  EXPECT_EQ(ids.add(101), Finding::beyond);
  EXPECT_EQ(ids.add(INT64_MIN), Finding::beyond);
  EXPECT_EQ(ids.add(1), Finding::good);
  EXPECT_EQ(ids.add(2), Finding::good);
  EXPECT_EQ(ids.add(1), Finding::twice);
  EXPECT_EQ(ids.add(100), Finding::good);
  EXPECT_EQ(ids.add(100), Finding::twice);
  EXPECT_EQ(ids.add(2), Finding::twice);
}

}  // namespace
}  // namespace tutti::formats
