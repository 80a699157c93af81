#include "tutti/molecular/precision.hpp"

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

namespace tutti::molecular {
namespace {

TEST(Precision, Names) {
  for (const Precision precision : {Precision::single, Precision::full, Precision::reference})
    EXPECT_EQ(precision_named(name(precision)), precision);
  EXPECT_THROW(precision_named("single"), UsageError);
  EXPECT_THROW(precision_named(""), UsageError);
}

TEST(Precision, FinerAndFiner) {
  EXPECT_LT(force_bits(Precision::single), force_bits(Precision::full));
  EXPECT_LT(force_bits(Precision::full), force_bits(Precision::reference));
}

}  // namespace
}  // namespace tutti::molecular
