#include "tutti/files/append_file.hpp"

#include <array>
#include <filesystem>
#include <optional>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

#include "temporary_folder.hpp"

namespace tutti::files {
namespace {

TEST(AppendFile, KeepsWhatIsMarked) {
  const TemporaryFolder folder;
  const std::string path = folder.file("log", "what was there before");
  {
    AppendFile file = AppendFile::create(path);
    EXPECT_EQ(contents_of(path), "");
    file.append("one\n");
    EXPECT_EQ(file.size(), 4);
    EXPECT_EQ(file.marked(), 0);
    file.mark();
    EXPECT_EQ(contents_of(path), "one\n");
    file.append(std::string(3U << 20U, 'x'));  // more than waits: written, and not yet whole
    EXPECT_EQ(std::filesystem::file_size(path), 4 + (3U << 20U));
    EXPECT_EQ(file.marked(), 4);
  }
  EXPECT_EQ(contents_of(path), "one\n");
}

TEST(AppendFile, GoesOnBehindAMark) {
  const TemporaryFolder folder;
  const std::string path = folder.file("log", "one\ntwo\nthr");
  {
    AppendFile file = AppendFile::resume(path, 8);
    EXPECT_EQ(contents_of(path), "one\ntwo\n");
    file.append("three\n");
    file.synchronize();
    std::array<char, 3> read{};
    file.read(4, std::as_writable_bytes(std::span(read)));
    EXPECT_EQ(std::string(read.data(), 3), "two");
    file.overwrite(4, bytes_in("2wo"));
    EXPECT_THROW(file.overwrite(12, bytes_in("2wo")), InternalError);
    EXPECT_THROW(file.read(12, std::as_writable_bytes(std::span(read))), IoError);
  }
  EXPECT_EQ(contents_of(path), "one\n2wo\nthree\n");
  EXPECT_THROW(AppendFile::resume(path, 15), FormatError);
  EXPECT_THROW(AppendFile::resume(path, -1), FormatError);
  EXPECT_EQ(contents_of(path), "one\n2wo\nthree\n");
}

TEST(AppendFile, TakesBytesAtAnyPlaceBehindTheMark) {
  const TemporaryFolder folder;
  const std::string path = folder.path("log");
  AppendFile file = AppendFile::create(path);
  file.append("head");
  file.mark();
  file.append("ab");
  file.place(8, bytes_in("z"));
  file.place(6, bytes_in("xy"));
  EXPECT_EQ(file.size(), 9);
  file.append("!");
  file.mark();
  EXPECT_EQ(contents_of(path), "headabxyz!");
  EXPECT_THROW(file.place(9, bytes_in("z")), InternalError);
}

TEST(AppendFile, SaysWhatCannotBeWritten) {
  const TemporaryFolder folder;
  EXPECT_THROW(AppendFile::create(folder.path("no/log")), OutputError);
  EXPECT_THROW(AppendFile::create(folder.path()), OutputError);
  EXPECT_THROW(AppendFile::create(""), OutputError);
  EXPECT_THROW(AppendFile::create("/dev/null"), OutputError);
  EXPECT_THROW(AppendFile::resume(folder.path("log"), 0), OutputError);
  const std::string closed = folder.file("closed", "x");
  std::filesystem::permissions(closed, std::filesystem::perms::owner_read);
  std::filesystem::permissions(folder.path(), std::filesystem::perms::all);
  const AsOrdinaryUser user;
  EXPECT_THROW(AppendFile::create(closed), OutputError);
}

}  // namespace
}  // namespace tutti::files
