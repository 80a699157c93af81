#include "tutti/formats/type_names.hpp"

#include <gtest/gtest.h>

namespace tutti::formats {
namespace {

TEST(TypeNames, NumbersWhatItFinds) {
  TypeNames names({});
  EXPECT_EQ(names.number_of("A"), 0U);
  EXPECT_EQ(names.number_of("B"), 1U);
  EXPECT_EQ(names.number_of("A"), 0U);
  EXPECT_EQ(names.list(), "A, B");
  for (std::size_t i = 2; i < TypeNames::most; ++i) EXPECT_EQ(names.number_of(std::to_string(i)), i);
  EXPECT_EQ(names.number_of("one more"), std::nullopt);
}

TEST(TypeNames, KnowsWhatItWasTold) {
  TypeNames names({"A", "B"});
  EXPECT_EQ(names.number_of("B"), 1U);
  EXPECT_EQ(names.number_of("C"), std::nullopt);
  EXPECT_TRUE(names.closed());
}

}  // namespace
}  // namespace tutti::formats
