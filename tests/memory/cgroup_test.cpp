#include "tutti/memory/cgroup.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

namespace tutti::memory {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> paths(const std::vector<CgroupFolder>& folders) {
  std::vector<std::string> result;
  for (const CgroupFolder& folder : folders)
    result.push_back(std::to_string(folder.version) + " " + folder.path);
  return result;
}

using Paths = std::vector<std::string>;

constexpr const char* v2_mounts =
    "24 30 0:22 / /sys rw,nosuid - sysfs sysfs rw\n"
    "25 24 0:23 / /sys/fs/cgroup rw,nosuid,nodev shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";

TEST(CgroupFolders, OfVersion2WalkUpToTheMount) {
  EXPECT_EQ(paths(cgroup_folders("0::/system.slice/slurm/job_7\n", v2_mounts, "memory")),
            (Paths{"2 /sys/fs/cgroup/system.slice/slurm/job_7", "2 /sys/fs/cgroup/system.slice/slurm",
                   "2 /sys/fs/cgroup/system.slice", "2 /sys/fs/cgroup"}));
  EXPECT_EQ(paths(cgroup_folders("0::/\n", v2_mounts, "memory")), (Paths{"2 /sys/fs/cgroup"}));
}

TEST(CgroupFolders, OfVersion1TakeTheHierarchyOfTheController) {
  constexpr const char* membership = "9:name=systemd:/\n4:memory:/batch/job 7\n3:cpu,cpuacct:/c\n0::/\n";
  constexpr const char* mounts =
      "34 31 0:31 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct\n"
      "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 master:2 - cgroup cgroup rw,memory\n";
  EXPECT_EQ(paths(cgroup_folders(membership, mounts, "memory")),
            (Paths{"1 /sys/fs/cgroup/memory/batch/job 7", "1 /sys/fs/cgroup/memory/batch",
                   "1 /sys/fs/cgroup/memory"}));
  EXPECT_EQ(paths(cgroup_folders(membership, mounts, "cpu")),
            (Paths{"1 /sys/fs/cgroup/cpu,cpuacct/c", "1 /sys/fs/cgroup/cpu,cpuacct"}));
  EXPECT_TRUE(cgroup_folders(membership, mounts, "blkio").empty());
}

TEST(CgroupFolders, InAContainerCountFromWhatIsMounted) {
  // Version 1 without a cgroup namespace: the path is the host's, and only our part of it is mounted.
  EXPECT_EQ(paths(cgroup_folders(
                "4:memory:/docker/abc/inner\n",
                "35 31 0:32 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n", "memory")),
            (Paths{"1 /sys/fs/cgroup/memory/inner", "1 /sys/fs/cgroup/memory"}));
  // "/docker/abcd" does not lie below "/docker/abc": the mount is all that we have.
  EXPECT_EQ(paths(cgroup_folders("4:memory:/docker/abcd\n",
                                 "35 31 0:32 /docker/abc /cg rw - cgroup cgroup rw,memory\n", "memory")),
            (Paths{"1 /cg"}));
  // Moved out of our own cgroup namespace.
  EXPECT_EQ(paths(cgroup_folders("0::/../other\n", v2_mounts, "memory")), (Paths{"2 /sys/fs/cgroup"}));
  EXPECT_EQ(paths(cgroup_folders("0::/a\n", "25 24 0:23 / /my\\040cg rw - cgroup2 none rw\n", "memory")),
            (Paths{"2 /my cg/a", "2 /my cg"}));
}

TEST(CgroupFolders, OfNonsenseAreNone) {
  EXPECT_TRUE(cgroup_folders("", "", "memory").empty());
  EXPECT_TRUE(cgroup_folders("garbage\n4\n4:memory\n", "a b c\n- - - -\n", "memory").empty());
  EXPECT_TRUE(cgroup_folders("0::/a\n", "", "memory").empty());
}

TEST(CgroupFolders, OfThisProcessExist) {
  for (const CgroupFolder& folder : cgroup_folders("memory"))
    EXPECT_TRUE(fs::is_directory(folder.path)) << folder.path;
}

/// A tree of files that looks like a cgroup file system; removed at the end.
class FakeCgroups : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "tutti-cgroup-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    fs::create_directories(root_ / "job" / "step");
  }
  void TearDown() override { fs::remove_all(root_); }
  void write(const std::string& file, const std::string& value) {
    std::ofstream(root_ / file) << value << "\n";
  }
  std::vector<CgroupFolder> folders(int version) const {
    return {{version, root_ / "job/step"}, {version, root_ / "job"}, {version, root_}};
  }
  fs::path root_;
};

TEST_F(FakeCgroups, WithoutLimitsLimitNothing) {
  EXPECT_FALSE(tightest_memory(folders(2)));
  write("memory.limit_in_bytes", "9223372036854771712");
  write("job/memory.max", "max");
  write("job/step/memory.max", "nonsense");
  EXPECT_FALSE(tightest_memory(folders(1)));
  EXPECT_FALSE(tightest_memory(folders(2)));
  EXPECT_FALSE(tightest_memory({}));
}

TEST_F(FakeCgroups, TheOneWithTheLeastLeftCounts) {
  write("job/step/memory.max", "1000000");
  write("job/step/memory.current", "100000");
  write("job/memory.max", "2000000");
  write("job/memory.current", "1900000");
  write("job/memory.stat", "anon 1\ninactive_file 300000\nactive_file 100000\nfile 999999");
  const auto tightest = tightest_memory(folders(2));
  ASSERT_TRUE(tightest);
  EXPECT_EQ(tightest->folder, (root_ / "job").string());
  EXPECT_EQ(tightest->limit, 2000000U);
  EXPECT_EQ(tightest->used, 1500000U);  // the page cache can be taken back
  EXPECT_EQ(tightest->available(), 500000U);
}

TEST_F(FakeCgroups, OfVersion1CountTheWholeSubtree) {
  write("job/memory.limit_in_bytes", "4096000");
  write("job/memory.usage_in_bytes", "5096000");
  write("job/memory.stat", "inactive_file 7\ntotal_inactive_file 40000\ntotal_active_file 2000");
  const auto tightest = tightest_memory(folders(1));
  ASSERT_TRUE(tightest);
  EXPECT_EQ(tightest->used, 5096000U - 42000U);
  EXPECT_EQ(tightest->available(), 0U);
}

TEST_F(FakeCgroups, TheBrakeOfVersion2IsALimit) {
  write("memory.max", "1000000");
  write("memory.high", "600000");
  write("memory.current", "0");
  EXPECT_EQ(tightest_memory(folders(2))->limit, 600000U);
  write("memory.high", "max");
  EXPECT_EQ(tightest_memory(folders(2))->limit, 1000000U);
}

TEST_F(FakeCgroups, QuotasAreCores) {
  EXPECT_FALSE(tightest_cpu_quota(folders(2)));
  write("cpu.max", "400000 100000");
  write("job/cpu.max", "150000 100000");
  write("job/step/cpu.max", "max 100000");
  EXPECT_EQ(tightest_cpu_quota(folders(2)), 1.5);
  write("job/cpu.cfs_quota_us", "-1");
  write("job/cpu.cfs_period_us", "100000");
  EXPECT_FALSE(tightest_cpu_quota(folders(1)));
  write("job/cpu.cfs_quota_us", "200000");
  EXPECT_EQ(tightest_cpu_quota(folders(1)), 2.0);
  write("job/cpu.cfs_period_us", "0");
  EXPECT_FALSE(tightest_cpu_quota(folders(1)));
}

}  // namespace
}  // namespace tutti::memory
