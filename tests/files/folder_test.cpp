#include "tutti/files/folder.hpp"

#include <cerrno>
#include <csignal>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "temporary_folder.hpp"

namespace tutti::files {
namespace {

TEST(Path, NameAndFolder) {
  EXPECT_EQ(name_of("x/y/a.npy"), "a.npy");
  EXPECT_EQ(name_of("a.npy"), "a.npy");
  EXPECT_EQ(folder_of("x/y/a.npy"), "x/y/");
  EXPECT_EQ(folder_of("a.npy"), ".");
  EXPECT_EQ(folder_of("/a.npy"), "/");
}

TEST(RandomName, IsNeverTheSame) {
  std::set<std::string> names;
  for (int i = 0; i < 1000; ++i) names.insert(random_name());
  EXPECT_EQ(names.size(), 1000U);
  EXPECT_EQ(names.begin()->size(), 16U);
  EXPECT_EQ(names.begin()->find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(FailToCreate, NoRoomIsAnotherErrorThanNoPermission) {
  for (const int number : {ENOSPC, EDQUOT, EIO}) EXPECT_THROW(fail_to_create("x", number), IoError);
  for (const int number : {EACCES, EROFS, ENOENT, ENOTDIR})
    EXPECT_THROW(fail_to_create("x", number), OutputError);
}

TEST(MachineTag, ExcludesThisMachineOnly) {
  const std::string own = machine_tag();
  ASSERT_EQ(own.size(), 16U);
  EXPECT_EQ(machine_tag(), own);
  EXPECT_TRUE(excludes(own));
  std::string other = own;
  for (char& digit : other) digit = digit == 'f' ? 'e' : 'f';
  EXPECT_FALSE(excludes(other));
  EXPECT_TRUE(excludes(other.substr(0, 8) + own.substr(8)))
      << "another name of this machine, the same kernel";
  EXPECT_FALSE(excludes("0000000000000000")) << "of a machine that knows nothing of itself";
  EXPECT_FALSE(excludes(own.substr(1)));
  EXPECT_FALSE(excludes(""));
}

TEST(FolderLock, IsOfOneProcessAndEndsWithIt) {
  const TemporaryFolder folder;
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const FolderLock lock(folder.path());
    const char answer = lock.held() ? 'y' : 'n';
    if (::write(ready[1], &answer, 1) == 1) ::pause();
    ::_exit(0);
  }
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  ASSERT_EQ(answer, 'y');
  try {
    const FolderLock lock(folder.path());
    ADD_FAILURE() << "two have it";
  } catch (const OutputError& error) {
    EXPECT_NE(error.message().find(text("is in use by process ", child, " on ")), std::string::npos)
        << error.message();
    EXPECT_NE(error.message().find("give each job a folder of its own"), std::string::npos);
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  {
    const FolderLock lock(folder.path());
    EXPECT_TRUE(lock.held());
    EXPECT_NE(contents_of(folder.path(".lock")).find(text("process ", ::getpid())), std::string::npos);
  }
  EXPECT_TRUE(FolderLock(folder.path()).held());
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(FolderLock, WhereNoneCanBeMade) {
  const TemporaryFolder folder;
  EXPECT_THROW(FolderLock(folder.path("missing")), OutputError);
  EXPECT_THROW(FolderLock(folder.file("a file", "")), OutputError);
  EXPECT_FALSE(FolderLock().held());
}

TEST(SynchronizeFolder, WorksWhereTheFolderIs) {
  const TemporaryFolder folder;
  EXPECT_NO_THROW(synchronize_folder(folder.path(), "x"));
  EXPECT_NO_THROW(synchronize_folder(folder.path("missing"), "x")) << "as safe as the system makes it";
}

}  // namespace
}  // namespace tutti::files
