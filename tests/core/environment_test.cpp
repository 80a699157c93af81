#include "tutti/core/environment.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

namespace tutti {
namespace {

constexpr const char* name = "TUTTI_TEST_VARIABLE";

class Environment : public testing::Test {
 protected:
  void TearDown() override { unsetenv(name); }
  static void set(const char* value) { setenv(name, value, 1); }
};

TEST_F(Environment, UnsetAndEmptyAreNothing) {
  EXPECT_FALSE(environment_text(name));
  set("");
  EXPECT_FALSE(environment_text(name));
  EXPECT_FALSE(environment_integer(name, 0));
  EXPECT_FALSE(environment_seconds(name));
  EXPECT_FALSE(environment_switch(name));
}

TEST_F(Environment, ReadsTypes) {
  set("12");
  EXPECT_EQ(environment_integer(name, 1), 12);
  set("0.25");
  EXPECT_EQ(environment_seconds(name), 0.25);
  set("on");
  EXPECT_EQ(environment_switch(name), true);
  set("0");
  EXPECT_EQ(environment_switch(name), false);
}

TEST_F(Environment, RefusesNonsenseNamingTheVariable) {
  for (const char* nonsense : {"12x", "-1", "1e3", " 1", "99999999999999999999"}) {
    set(nonsense);
    EXPECT_THROW(environment_integer(name, 0), UsageError) << nonsense;
  }
  for (const char* nonsense : {"nan", "inf", "-1", "0", "5 s"}) {
    set(nonsense);
    EXPECT_THROW(environment_seconds(name), UsageError) << nonsense;
  }
  set("maybe");
  try {
    environment_switch(name);
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_EQ(error.message(), "environment variable TUTTI_TEST_VARIABLE=maybe: give 1 or 0");
    EXPECT_EQ(error.option(), name);
    EXPECT_EQ(error.exit_code(), 64);
  }
}

}  // namespace
}  // namespace tutti
