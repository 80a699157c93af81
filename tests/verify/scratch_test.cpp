#include "tutti/verify/scratch.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

#include "temporary_folder.hpp"

namespace tutti::verify {
namespace {

TEST(Scratch, TakesFilesAndLeavesNothing) {
  const TemporaryFolder folder;
  std::string inside;
  {
    const Scratch scratch;
    inside = scratch.path("kept");
    const std::string file = folder.file("x", "contents");
    scratch.take(file, "kept");
    EXPECT_FALSE(std::filesystem::exists(file));
    EXPECT_EQ(contents_of(inside), "contents");
    scratch.take(folder.file("x", "new"), "kept");
    EXPECT_EQ(contents_of(inside), "new");
    EXPECT_THROW(scratch.take(folder.path("nothing"), "kept"), IoError);
  }
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(inside).parent_path()));
}

TEST(Scratch, CrossesFileSystems) {
  const std::string other = text("/dev/shm/tutti-scratch-", ::getpid());
  std::ofstream(other) << "far";
  if (contents_of(other) != "far") GTEST_SKIP() << "/dev/shm cannot be written";
  const Scratch scratch;
  scratch.take(other, "kept");
  EXPECT_FALSE(std::filesystem::exists(other));
  EXPECT_EQ(contents_of(scratch.path("kept")), "far");
}

}  // namespace
}  // namespace tutti::verify
