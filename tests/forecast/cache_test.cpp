#include "tutti/forecast/cache.hpp"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "launch/environment_guard.hpp"
#include "temporary_folder.hpp"

namespace tutti::forecast {
namespace {

using launch::EnvironmentGuard;

TEST(CacheFolder, FollowsTheEnvironment) {
  const auto of = [](const char* cache, const char* home) {
    const auto guard = EnvironmentGuard::with({{"XDG_CACHE_HOME", cache}, {"HOME", home}});
    return cache_folder();
  };
  EXPECT_EQ(of("/a/b", "/home"), "/a/b/tutti");
  EXPECT_EQ(of(nullptr, "/home"), "/home/.cache/tutti");
  EXPECT_EQ(of("", "/home"), "/home/.cache/tutti");
  EXPECT_EQ(of("relative", "/home"), "/home/.cache/tutti");
  EXPECT_EQ(of(nullptr, nullptr), std::nullopt);
  EXPECT_EQ(of("relative", "relative"), std::nullopt);
}

TEST(Cached, IsThereTheNextTime) {
  const TemporaryFolder folder;
  const std::string deep = folder.path("not/yet/there");
  const auto guard = EnvironmentGuard::with({{"XDG_CACHE_HOME", deep.c_str()}});
  EXPECT_EQ(read_cached("a.txt"), std::nullopt);
  EXPECT_EQ(newest_cached("a"), std::nullopt);
  EXPECT_EQ(keep_cached("a.txt", "one\n"), "");
  EXPECT_EQ(keep_cached("a.txt", "two\n"), "");
  EXPECT_EQ(read_cached("a.txt"), "two\n");
  EXPECT_EQ(newest_cached("a"), "a.txt");
  EXPECT_EQ(newest_cached("b"), std::nullopt);
}

TEST(Cached, MayBeMissingUnwritableOrRubbish) {
  const TemporaryFolder folder;
  const std::string file = folder.file("file", "");
  {
    const auto guard = EnvironmentGuard::with({{"XDG_CACHE_HOME", file.c_str()}});
    EXPECT_NE(keep_cached("a.txt", "x").find("not kept: "), std::string::npos);
    EXPECT_EQ(read_cached("a.txt"), std::nullopt);
    EXPECT_EQ(newest_cached("a"), std::nullopt);
  }
  {
    const auto guard = EnvironmentGuard::with({{"XDG_CACHE_HOME", nullptr}, {"HOME", nullptr}});
    EXPECT_EQ(keep_cached("a.txt", "x"), "not kept: neither XDG_CACHE_HOME nor HOME names a folder");
    EXPECT_EQ(read_cached("a.txt"), std::nullopt);
  }
  const std::string locked = folder.path("locked");
  ASSERT_EQ(::mkdir(locked.c_str(), 0555), 0);
  const auto guard = EnvironmentGuard::with({{"XDG_CACHE_HOME", locked.c_str()}});
  const AsOrdinaryUser nobody;
  EXPECT_NE(keep_cached("a.txt", "x").find("ermission denied"), std::string::npos);
}

TEST(Cached, OfMoreThanAMebibyteIsNotRead) {
  const TemporaryFolder folder;
  const auto guard = EnvironmentGuard::with({{"XDG_CACHE_HOME", folder.path().c_str()}});
  ASSERT_EQ(keep_cached("a.txt", std::string((1 << 20U) + 1, 'x')), "");
  EXPECT_EQ(read_cached("a.txt"), std::nullopt);
  ASSERT_EQ(::mkdir(folder.path("tutti/b.txt").c_str(), 0755), 0);
  EXPECT_EQ(read_cached("b.txt"), std::nullopt);
}

}  // namespace
}  // namespace tutti::forecast
