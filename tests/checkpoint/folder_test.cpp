#include "tutti/checkpoint/folder.hpp"

#include <algorithm>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

#include "temporary_folder.hpp"

namespace tutti::checkpoint {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> names_in(const std::string& path) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(path)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> names(const std::vector<Stored>& stored) {
  std::vector<std::string> all;
  for (const Stored& one : stored) all.push_back(one.name);
  return all;
}

// @return what could not be moved or removed
std::vector<std::string> write_one(Folder& folder, Index step, int keep = 100,
                                   const std::set<Index>& damaged = {}) {
  folder.begin_writing();
  const auto draft = folder.draft(step);
  draft->make_file("manifest.json", "{}", Draft::To::medium);
  draft->complete();
  return folder.settle(draft->name(), keep, damaged);
}

TEST(Folder, NothingIsMadeBeforeSomethingIsWritten) {
  const TemporaryFolder scratch;
  Folder folder(scratch.path("run/"));
  EXPECT_EQ(folder.path(), scratch.path("run"));
  EXPECT_TRUE(folder.stored().empty());
  EXPECT_EQ(scratch.count(), 0U);
  EXPECT_THROW(Folder(""), UsageError);
}

TEST(Folder, NumbersGrowWhateverTheSteps) {
  const TemporaryFolder scratch;
  Folder folder(scratch.path("run"));
  for (const Index step : {100, 7, 7, 100}) write_one(folder, step);
  EXPECT_EQ(names(folder.stored()),
            (std::vector<std::string>{"00004-step-100", "00003-step-7", "00002-step-7", "00001-step-100"}));
  EXPECT_EQ(names_in(folder.path()), (std::vector<std::string>{".lock", "00001-step-100", "00002-step-7",
                                                               "00003-step-7", "00004-step-100", "latest"}));
  EXPECT_EQ(fs::read_symlink(folder.path() + "/latest"), "00004-step-100");
  write_one(folder, 100, 2);
  EXPECT_EQ(names(folder.stored()), (std::vector<std::string>{"00005-step-100", "00004-step-100"}));
  write_one(folder, 5);
  EXPECT_EQ(folder.stored().front().name, "00006-step-5");
}

TEST(Folder, DamagedOnesDoNotCountAmongThoseThatAreKept) {
  const TemporaryFolder scratch;
  Folder folder(scratch.path("run"));
  for (Index step = 1; step <= 4; ++step) write_one(folder, step);
  write_one(folder, 5, 2, {4});
  EXPECT_EQ(names(folder.stored()),
            (std::vector<std::string>{"00005-step-5", "00004-step-4", "00003-step-3"}));
}

TEST(Folder, OtherNamesAreNoCheckpoints) {
  const TemporaryFolder scratch;
  Folder folder(scratch.path("run"));
  write_one(folder, 1);
  for (const char* name :
       {"2-step-2", "00002-step-", "00002-step-02", "00002-step--1", "-0002-step-1", "notes",
        "00002-step-2.old", "00002 -step-2", "99999999999999999999-step-1", "9223372036854775807-step-1"})
    fs::create_directory(folder.path() + "/" + name);
  EXPECT_EQ(names(folder.stored()), std::vector<std::string>{"00001-step-1"});
  const std::size_t before = names_in(folder.path()).size();
  write_one(folder, 3, 1);
  EXPECT_EQ(folder.stored().front().name, "00002-step-3");
  EXPECT_EQ(names_in(folder.path()).size(), before) << "what is not ours stays";
  write_one(folder, 100'000'000'000);
  fs::rename(folder.path() + "/00003-step-100000000000", folder.path() + "/123456-step-100000000000");
  write_one(folder, 4);
  EXPECT_EQ(folder.stored().front().name, "123457-step-4");
}

TEST(Draft, IsGoneUnlessItIsCompleted) {
  const TemporaryFolder scratch;
  Folder folder(scratch.path("run"));
  folder.begin_writing();
  {
    const auto draft = folder.draft(1);
    draft->make_file("u.npy", "some", Draft::To::system);
    EXPECT_TRUE(fs::exists(draft->temporary() + "/u.npy"));
    EXPECT_EQ(draft->place(), scratch.path("run/00001-step-1"));
    EXPECT_THROW(draft->make_file("u.npy", "again", Draft::To::system), OutputError);
    EXPECT_TRUE(folder.stored().empty());
  }
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{".lock"});
}

// A process that died left them: the next writer removes them, but neither a foreign machine's nor a user's.
TEST(Folder, WhatDeadWritersLeftIsRemoved) {
  const TemporaryFolder scratch;
  Folder folder(scratch.path("run"));
  write_one(folder, 1);
  const std::string own = files::machine_tag(), other = "0123456789abcdef", random = ".0123456789abcdef.tmp";
  const auto make = [&](const std::string& name) {
    fs::create_directory(folder.path() + "/" + name);
    scratch.file("run/" + name + "/u.npy", "half");
    return name;
  };
  make(".00002-step-2." + own + random);
  make(".00001-step-1." + own + ".fedcba9876543210.tmp");
  ::symlink("00002-step-2", (folder.path() + "/.latest." + own + random).c_str());
  std::vector<std::string> stay{make(".00003-step-2." + other + random), make(".mine." + own + random),
                                make("00002-step-2." + own + random), make(".00002-step-2." + own + ".tmp"),
                                make(".00002-step-2.x." + own + random)};
  const auto said = folder.begin_writing();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0],
            text(folder.path(), "/", stay[0],
                 " was left behind by a job on another machine, or is still being written; remove it if that "
                 "job has ended"));
  stay.insert(stay.end(), {".lock", "00001-step-1", "latest"});
  std::sort(stay.begin(), stay.end());
  EXPECT_EQ(names_in(folder.path()), stay);
  EXPECT_EQ(folder.draft(5)->name(), "00004-step-5") << "nor is its number used again";
}

TEST(Folder, IsOfOneWriterAtATime) {
  const TemporaryFolder scratch;
  Folder first(scratch.path("run")), second(scratch.path("run"));
  write_one(first, 1);
  EXPECT_THROW(second.begin_writing(), OutputError);
  EXPECT_EQ(second.stored().size(), 1U) << "reading is for all";
  write_one(first, 2);
}

TEST(Folder, WhatCannotBeMade) {
  const TemporaryFolder scratch;
  EXPECT_THROW(Folder(scratch.path("missing/run")).begin_writing(), OutputError);
  EXPECT_THROW(Folder(scratch.file("file", "")).begin_writing(), OutputError);
  fs::create_directory(scratch.path("run"));
  ::chmod(scratch.path("run").c_str(), 0555);
  ::chmod(scratch.path().c_str(), 0755);
  {
    const AsOrdinaryUser user;
    EXPECT_THROW(Folder(scratch.path("run")).begin_writing(), OutputError);
    EXPECT_THROW(Folder(scratch.path("other")).begin_writing(), OutputError);
  }
  ::chmod(scratch.path("run").c_str(), 0000);
  {
    const AsOrdinaryUser user;
    EXPECT_THROW(Folder(scratch.path("run")).stored(), FileError);
  }
  ::chmod(scratch.path("run").c_str(), 0755);
}

// Where somebody has put something else of this name: the checkpoint is there all the same.
TEST(Draft, WhereLatestCannotBeMoved) {
  const TemporaryFolder scratch;
  Folder folder(scratch.path("run"));
  write_one(folder, 1);
  fs::remove(folder.path() + "/latest");
  fs::create_directory(folder.path() + "/latest");
  for (const Index step : {2, 3, 4}) {
    const std::vector<std::string> left = write_one(folder, step, 2);
    ASSERT_EQ(left.size(), 1U);
    EXPECT_NE(left[0].find("it should lead to 0000" + text(step)), std::string::npos) << left[0];
  }
  EXPECT_EQ(names_in(folder.path()),
            (std::vector<std::string>{".lock", "00003-step-3", "00004-step-4", "latest"}));
}

}  // namespace
}  // namespace tutti::checkpoint
