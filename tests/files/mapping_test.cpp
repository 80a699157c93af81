#include "tutti/files/mapping.hpp"

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

#include "temporary_folder.hpp"

namespace tutti::files {
namespace {

std::string text_of(const Mapping& mapping) {
  return {reinterpret_cast<const char*>(mapping.view().data()), mapping.view().size()};
}

TEST(Mapping, IsTheBeginningOfAFile) {
  const TemporaryFolder folder;
  const InputFile file(folder.file("a", "all that is written"));
  EXPECT_EQ(text_of(Mapping(file, 19)), "all that is written");
  EXPECT_EQ(text_of(Mapping(file, 3)), "all");
  EXPECT_TRUE(Mapping(file, 0).view().empty());
  EXPECT_TRUE(Mapping().view().empty());
  EXPECT_THROW(Mapping(file, 20), InternalError);
}

TEST(Mapping, OutlivesTheOpenFileAndItsName) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a", "still here");
  const Mapping mapping(InputFile(path), 10);
  ::unlink(path.c_str());
  EXPECT_EQ(text_of(mapping), "still here");
}

TEST(Mapping, Moves) {
  const TemporaryFolder folder;
  const InputFile file(folder.file("a", "one two"));
  Mapping one(file, 3), other(file, 7);
  other = std::move(one);
  EXPECT_EQ(text_of(other), "one");
  const Mapping last(std::move(other));
  EXPECT_EQ(text_of(last), "one");
  EXPECT_TRUE(other.view().empty());  // NOLINT(bugprone-use-after-move): that is the test
}

TEST(Mapping, CannotBeWritten) {
  const TemporaryFolder folder;
  const InputFile file(folder.file("a", "constant"));
  const Mapping mapping(file, 8);
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGSEGV, [](int) { ::_exit(42); });
    *const_cast<volatile std::byte*>(mapping.view().data()) = std::byte{1};
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 42);
  EXPECT_EQ(text_of(mapping), "constant");
}

}  // namespace
}  // namespace tutti::files
