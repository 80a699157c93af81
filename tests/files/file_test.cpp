#include "tutti/files/file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "temporary_folder.hpp"

namespace tutti::files {
namespace {

std::string read(const InputFile& file, Index offset, std::size_t count) {
  std::string out(count, '?');
  file.read_at(offset, std::as_writable_bytes(std::span(out)));
  return out;
}

// errno and message of the FileError for a path.
std::pair<int, std::string> refusal(const std::string& path) {
  try {
    const InputFile file(path);
  } catch (const FileError& error) {
    EXPECT_EQ(error.path(), path);
    EXPECT_EQ(error.exit_code(), 66);
    return {error.error_number(), error.message()};
  }
  return {0, "accepted"};
}

TEST(InputFile, ReadsAnyPart) {
  const TemporaryFolder folder;
  const InputFile file(folder.file("a", "0123456789"));
  EXPECT_EQ(file.size(), 10);
  EXPECT_EQ(file.path(), folder.path("a"));
  EXPECT_EQ(read(file, 0, 10), "0123456789");
  EXPECT_EQ(read(file, 7, 3), "789");
  EXPECT_EQ(read(file, 10, 0), "");
  file.require_unchanged();
}

TEST(InputFile, AnEmptyFileIsAFile) {
  const TemporaryFolder folder;
  const InputFile file(folder.file("a", ""));
  EXPECT_EQ(file.size(), 0);
  EXPECT_EQ(read(file, 0, 0), "");
}

TEST(InputFile, RefusesWhatCannotBeOpened) {
  const TemporaryFolder folder;
  EXPECT_EQ(refusal(folder.path("no")), std::pair(ENOENT, folder.path("no") + ": No such file or directory"));
  EXPECT_EQ(refusal(""), std::pair(ENOENT, std::string("'': No such file or directory")));
  EXPECT_EQ(refusal(folder.path()), std::pair(EISDIR, folder.path() + ": Is a directory; name a file in it"));
  EXPECT_EQ(refusal(folder.file("a", "x") + "/b").first, ENOTDIR);
  std::filesystem::create_symlink("loop", folder.path("loop"));
  EXPECT_EQ(refusal(folder.path("loop")).first, ELOOP);
}

TEST(InputFile, RefusesAFileWithoutPermission) {
  const TemporaryFolder folder;
  folder.file("a", "x");
  std::filesystem::permissions(folder.path("a"), std::filesystem::perms::none);
  std::filesystem::permissions(folder.path(), std::filesystem::perms::all);
  const AsOrdinaryUser user;
  EXPECT_EQ(refusal(folder.path("a")), std::pair(EACCES, folder.path("a") + ": Permission denied"));
}

TEST(InputFile, RefusesWhatHasNoParts) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo(folder.path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(
      refusal(folder.path("pipe")).second,
      folder.path("pipe") + ": is a pipe, which has no parts that ranks could read; save it to a file first");
  EXPECT_EQ(refusal("/dev/null").first, ESPIPE);
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  EXPECT_EQ(refusal("/dev/fd/" + std::to_string(ends[0])).first, ESPIPE);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(InputFile, AFileThatShrinksIsAnError) {
  const TemporaryFolder folder;
  const InputFile file(folder.file("a", "0123456789"));
  std::filesystem::resize_file(folder.path("a"), 4);
  EXPECT_EQ(read(file, 0, 4), "0123");
  try {
    read(file, 2, 8);
    FAIL();
  } catch (const IoError& error) {
    EXPECT_EQ(error.exit_code(), 74);
    EXPECT_EQ(error.path(), folder.path("a"));
    EXPECT_EQ(error.message(),
              folder.path("a") +
                  ": shrank while it was read: 8 bytes from byte 2 on were wanted, it had 10 bytes "
                  "and now has 4; write it anew, then read it again");
  }
  EXPECT_THROW(file.require_unchanged(), IoError);
}

TEST(InputFile, AFileThatGrowsIsSeenOnRequest) {
  const TemporaryFolder folder;
  const InputFile file(folder.file("a", "0123456789"));
  std::filesystem::resize_file(folder.path("a"), 11);
  EXPECT_EQ(read(file, 0, 10), "0123456789");
  try {
    file.require_unchanged();
    FAIL();
  } catch (const IoError& error) {
    EXPECT_NE(error.message().find("grew while it was read, from 10 to 11 bytes"), std::string::npos);
  }
}

TEST(InputFile, BytesOutsideAreOurOwnMistake) {
  const TemporaryFolder folder;
  const InputFile file(folder.file("a", "0123456789"));
  EXPECT_THROW(read(file, 9, 2), InternalError);
  EXPECT_THROW(read(file, 11, 0), InternalError);
  EXPECT_THROW(read(file, -1, 1), InternalError);
}

TEST(InputFile, ReadsBeyondTwoGigabytesOfAHole) {
  const TemporaryFolder folder;
  folder.file("a", "");
  constexpr Index size = (Index{5} << 30U) + 3;
  std::filesystem::resize_file(folder.path("a"), static_cast<std::uintmax_t>(size));  // no blocks on the disk
  const InputFile file(folder.path("a"));
  EXPECT_EQ(file.size(), size);
  EXPECT_EQ(read(file, size - 2, 2), std::string(2, '\0'));
}

TEST(InputFile, ReadsInPiecesBeyondOneGigabyte) {
  constexpr Index size = (Index{1} << 30U) + 5;
  if (::sysconf(_SC_AVPHYS_PAGES) < (size >> 20U) * 1024)  // 4 GiB of pages of 4 KiB
    GTEST_SKIP() << "needs 1 GiB of memory, and 4 GiB are not free";
  const Descriptor hole(::memfd_create("hole", MFD_CLOEXEC));  // in memory: a disk would fill its cache
  ASSERT_EQ(::ftruncate(hole.number(), size), 0);
  ASSERT_EQ(::pwrite(hole.number(), "first", 5, 0), 5);
  ASSERT_EQ(::pwrite(hole.number(), "last", 4, size - 4), 4);
  const InputFile file("/proc/self/fd/" + std::to_string(hole.number()));
  const auto length = static_cast<std::size_t>(size);
  void* const memory = ::mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  ::madvise(memory, length, MADV_HUGEPAGE);  // ten times as fast as faulting in small pages
  const std::span<std::byte> out(static_cast<std::byte*>(memory), length);
  file.read_at(0, out);
  EXPECT_EQ(std::memcmp(out.data(), "first\0", 6), 0);
  EXPECT_EQ(std::memcmp(out.last(6).data(), "\0\0last", 6), 0);
  ::munmap(memory, length);
}

TEST(Descriptor, ClosesOnce) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  {
    Descriptor first(ends[0]);
    Descriptor second(std::move(first));
    EXPECT_FALSE(first.is_open());
    EXPECT_EQ(second.number(), ends[0]);
    Descriptor third(ends[1]);
    third = std::move(second);
    EXPECT_EQ(third.number(), ends[0]);
    char byte = 0;
    EXPECT_EQ(::write(ends[1], &byte, 1), -1) << "closed when another was moved in";
  }
  char byte = 0;
  EXPECT_EQ(::read(ends[0], &byte, 1), -1);
}

}  // namespace
}  // namespace tutti::files
