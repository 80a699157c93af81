// Control groups: the limits that a container, a batch system or an administrator put on this process. Both
// versions, also mixed, with or without a cgroup namespace.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::memory {

/// One folder of the cgroup file system that limits this process.
struct CgroupFolder {
  int version = 2;   ///< 1 or 2: the files in it have other names
  std::string path;  ///< "/sys/fs/cgroup/memory/job_17"
};

/// The folders of one controller ("memory", "cpu") that count for a process: its own, then its parents up to
/// the root of the mount, since each of them may have a limit.
/// @param membership  the text of /proc/<pid>/cgroup
/// @param mounts      the text of /proc/<pid>/mountinfo
std::vector<CgroupFolder> cgroup_folders(std::string_view membership, std::string_view mounts,
                                         std::string_view controller);

/// The same for this process; empty where there are no cgroups.
std::vector<CgroupFolder> cgroup_folders(std::string_view controller);

struct CgroupMemory {
  std::string folder;
  std::uint64_t limit = 0;  ///< bytes
  std::uint64_t used = 0;   ///< bytes that the kernel cannot take back: without the page cache
  std::uint64_t available() const { return limit > used ? limit - used : 0; }
};

/// The limit with the least left; nothing if no folder has one. From v1 memory.limit_in_bytes, and v2
/// memory.max and memory.high (beyond which the kernel slows a process down to a crawl).
std::optional<CgroupMemory> tightest_memory(const std::vector<CgroupFolder>& folders);

/// The smallest quota in cores, as 1.5; nothing if no folder has one. v1 cpu.cfs_quota_us, v2 cpu.max.
std::optional<double> tightest_cpu_quota(const std::vector<CgroupFolder>& folders);

}  // namespace tutti::memory
