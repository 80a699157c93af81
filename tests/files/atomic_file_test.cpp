#include "tutti/files/atomic_file.hpp"

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "temporary_folder.hpp"

namespace tutti {
namespace {

unsigned mode_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777U : 0;
}

// errno and message of the OutputError for a target.
std::pair<int, std::string> refusal(const std::string& path) {
  try {
    AtomicFile file(path);
  } catch (const OutputError& error) {
    EXPECT_EQ(error.path(), path);
    EXPECT_EQ(error.exit_code(), 73);
    return {error.error_number(), error.message()};
  }
  return {0, "accepted"};
}

TEST(AtomicFile, AppearsAtCommit) {
  const TemporaryFolder folder;
  AtomicFile file(folder.path("a"));
  file.write_at(6, bytes_in("world"));
  file.write_at(0, bytes_in("hello "));
  EXPECT_FALSE(std::filesystem::exists(folder.path("a")));
  EXPECT_EQ(mode_of(file.temporary_path()), 0600U);
  EXPECT_EQ(std::filesystem::path(file.temporary_path()).parent_path().string() + "/", folder.path());
  file.commit();
  EXPECT_EQ(contents_of(folder.path("a")), "hello world");
  EXPECT_EQ(folder.count(), 1U);
  EXPECT_THROW(file.commit(), InternalError);
  EXPECT_THROW(file.write_at(0, bytes_in("x")), InternalError);
}

TEST(AtomicFile, NothingIsLeftWithoutCommit) {
  const TemporaryFolder folder;
  folder.file("a", "old");
  try {
    AtomicFile file(folder.path("a"));
    file.write_at(0, bytes_in("new contents"));
    throw std::runtime_error("something else failed");
  } catch (const std::runtime_error&) {
  }
  EXPECT_EQ(contents_of(folder.path("a")), "old");
  EXPECT_EQ(folder.count(), 1U);
}

TEST(AtomicFile, PermissionsAreThoseOfAnyNewFileOrTheOldOnes) {
  const TemporaryFolder folder;
  for (const unsigned mask : {022U, 077U, 002U}) {
    const auto saved = ::umask(mask);
    write_text_atomically(folder.path("new"), "x");
    ::umask(saved);
    EXPECT_EQ(mode_of(folder.path("new")), 0666U & ~mask);
    std::filesystem::remove(folder.path("new"));
  }
  folder.file("old", "x");
  ASSERT_EQ(::chmod(folder.path("old").c_str(), 0640), 0);
  write_text_atomically(folder.path("old"), "y");
  EXPECT_EQ(mode_of(folder.path("old")), 0640U);
  EXPECT_EQ(contents_of(folder.path("old")), "y");
}

TEST(AtomicFile, SymbolicLinksAreFollowed) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path("deep"));
  folder.file("deep/a", "old");
  std::filesystem::create_symlink("deep/a", folder.path("link"));
  write_text_atomically(folder.path("link"), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder.path("link")));
  EXPECT_EQ(contents_of(folder.path("deep/a")), "new");
  std::filesystem::create_symlink("nowhere/a", folder.path("dangling"));
  EXPECT_EQ(refusal(folder.path("dangling")).first, ENOENT);
}

TEST(AtomicFile, RefusesWhatCannotBeCreated) {
  const TemporaryFolder folder;
  folder.file("plain", "x");
  EXPECT_EQ(refusal(folder.path()).first, EISDIR);
  EXPECT_EQ(refusal(""),
            std::pair(ENOENT, std::string("cannot create '': No such file or directory; give a name")));
  EXPECT_EQ(refusal(folder.path("no/a")),
            std::pair(ENOENT, "cannot create " + folder.path("no/a") +
                                  ": No such file or directory; make the folder " + folder.path("no/")));
  EXPECT_EQ(refusal(folder.path("plain/a")).first, ENOTDIR);
  EXPECT_EQ(refusal("/dev/null").first, EINVAL) << "root would replace the device by a file";
  EXPECT_EQ(refusal(folder.path(std::string(300, 'a'))).first, ENAMETOOLONG);
  EXPECT_EQ(folder.count(), 1U);
  write_text_atomically(folder.path(std::string(255, 'a')), "the longest name there is");
  EXPECT_EQ(folder.count(), 2U);
}

TEST(AtomicFile, RefusesWhatIsNotPermitted) {
  const TemporaryFolder folder;
  folder.file("plain", "x");
  ASSERT_EQ(::chmod(folder.path("plain").c_str(), 0444), 0);
  ASSERT_EQ(::chmod(folder.path().c_str(), 0777), 0);
  const AsOrdinaryUser user;
  EXPECT_EQ(refusal(folder.path("plain")).first, EACCES)
      << "read-only, though its folder would allow the renaming";
  write_text_atomically(folder.path("new"), "x");
  {
    std::filesystem::create_directory(folder.path("deep"));
    ASSERT_EQ(::chmod(folder.path("deep").c_str(), 0500), 0);
    EXPECT_EQ(refusal(folder.path("deep/a")),
              std::pair(EACCES, "cannot create " + folder.path("deep/a") + ": Permission denied"));
    ASSERT_EQ(::chmod(folder.path("deep").c_str(), 0700), 0);
  }
}

TEST(AtomicFile, AFullMediumIsAnIoErrorAndLeavesTheOldFile) {
  const TemporaryFolder folder;
  folder.file("a", "old");
  struct rlimit saved {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &saved), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit small { 4096, saved.rlim_max };
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  int error_number = 0;
  std::string message;
  try {
    write_text_atomically(folder.path("a"), std::string(10000, 'x'));
  } catch (const IoError& error) {
    error_number = error.error_number();
    message = error.message();
  }
  ::setrlimit(RLIMIT_FSIZE, &saved);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(error_number, EFBIG);
  EXPECT_EQ(message, "cannot write " + folder.path("a") + ": File too large, at byte 4096");
  EXPECT_EQ(contents_of(folder.path("a")), "old");
  EXPECT_EQ(folder.count(), 1U);
}

TEST(AtomicFile, ATargetThatBecameAFolderIsNotReplaced) {
  const TemporaryFolder folder;
  {
    AtomicFile file(folder.path("a"));
    std::filesystem::create_directory(folder.path("a"));
    EXPECT_THROW(file.commit(), OutputError);
  }
  EXPECT_EQ(folder.count(), 1U);
}

TEST(OutputPart, OtherRanksWriteTheirParts) {
  const TemporaryFolder folder;
  AtomicFile file(folder.path("a"));
  {
    OutputPart one(file.temporary_path(), file.path());
    OutputPart two(file.temporary_path(), file.path());
    two.write_at(3, bytes_in("def"));
    one.write_at(0, bytes_in("abc"));
    two.synchronize();
    one.synchronize();
  }
  file.write_at(6, bytes_in("ghi"));
  file.commit();
  EXPECT_EQ(contents_of(folder.path("a")), "abcdefghi");
  try {
    OutputPart late(file.temporary_path(), file.path());
    FAIL();
  } catch (const OutputError& error) {
    EXPECT_EQ(error.path(), folder.path("a"));
    EXPECT_EQ(error.error_number(), ENOENT);
  }
}

TEST(WriteText, RelativeNamesAndEmptyTexts) {
  const TemporaryFolder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  write_text_atomically("a", "");
  std::filesystem::current_path(before);
  EXPECT_TRUE(std::filesystem::exists(folder.path("a")));
  EXPECT_EQ(folder.count(), 1U);
}

}  // namespace
}  // namespace tutti
