#include "tutti/memory/system_memory.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"
#include "tutti/memory/shared_segment.hpp"

#include "children.hpp"

namespace tutti::memory {
namespace {

TEST(ParseMeminfo, ReadsWhatTheKernelWrites) {
  const auto memory =
      parse_meminfo("MemTotal:       24684092 kB\nMemFree:  1 kB\nMemAvailable:   24405216 kB\n");
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->total, 24684092UL * 1024UL);
  EXPECT_EQ(memory->available, 24405216UL * 1024UL);
  EXPECT_FALSE(parse_meminfo("MemTotal: 1 kB\nMemFree: 1 kB\n"));  // before Linux 3.14
  EXPECT_FALSE(parse_meminfo(""));
}

TEST(SystemMemory, IsPlausible) {
  const SystemMemory memory = system_memory();
  EXPECT_GT(memory.total, std::uint64_t{64} << 20U);
  EXPECT_GT(memory.available, 0U);
  EXPECT_LE(memory.available, memory.total);
  EXPECT_LE(available_bytes(), memory.total);
}

TEST(RequireAvailable, NamesWhatItRefuses) {
  EXPECT_NO_THROW(require_available(0, "x"));
  EXPECT_NO_THROW(require_available(1 << 20U, "x"));
  try {
    require_available(UINT64_MAX, "forces");
    FAIL();
  } catch (const BudgetError& error) {
    EXPECT_EQ(error.needed(), INT64_MAX);
    EXPECT_EQ(std::string(error.what()).rfind("forces: needs 16.00 EiB, ", 0), 0U) << error.what();
  }
}

TEST(ParseProcessMemory, ReadsStatusAndRollup) {
  constexpr const char* status =
      "Name:\tVmRSS: 5 kB\nVmHWM:\t   2000 kB\nVmRSS:\t   1640 kB\nVmPTE:\t     44 kB\n";
  const auto memory = parse_process_memory(
      status, "5-7 ---p 00 00:00 0 [rollup]\nRss: 1640 kB\nPss: 431 kB\nPss_Dirty: 112 kB\n");
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->rss, 1640U * 1024U);
  EXPECT_EQ(memory->peak_rss, 2000U * 1024U);
  EXPECT_EQ(memory->page_tables, 44U * 1024U);
  EXPECT_EQ(memory->pss, 431U * 1024U);
  EXPECT_FALSE(parse_process_memory(status, "")->pss);
  EXPECT_FALSE(parse_process_memory("Name:\tzombie\nState:\tZ\n", ""));
}

TEST(ProcessMemory, OfThisProcessAndOfNone) {
  const auto memory = process_memory();
  ASSERT_TRUE(memory);
  EXPECT_GT(memory->rss, 0U);
  EXPECT_GE(memory->peak_rss, memory->rss / 2);
  EXPECT_GT(memory->page_tables, 0U);
  EXPECT_LE(memory->pss.value_or(0), 2 * memory->rss);
  EXPECT_FALSE(process_memory(std::int64_t{1} << 40U));
  EXPECT_FALSE(process_memory(-1));
}

TEST(HugePages, AreReadFromTheBrackets) {
  EXPECT_EQ(parse_huge_pages("always [madvise] never\n"), HugePages::madvise);
  EXPECT_EQ(parse_huge_pages("[always] madvise never\n"), HugePages::always);
  EXPECT_EQ(parse_huge_pages("always madvise [never]\n"), HugePages::never);
  EXPECT_EQ(parse_huge_pages(""), HugePages::unknown);
  EXPECT_STREQ(name(HugePages::madvise), "madvise");
}

TEST(PageSize, IsAPowerOfTwo) {
  EXPECT_EQ(page_size() & (page_size() - 1), 0U);
  EXPECT_EQ(huge_page_size() % page_size(), 0U);
}

TEST(SharedMemoryFilesystem, HasASizeWhereItExists) {
  const auto space = shared_memory_filesystem();
  if (!space) GTEST_SKIP() << "there is no /dev/shm here";
  EXPECT_LE(space->free, space->size);
}

/// A cgroup made by the test, with a limit of 64 MiB; needs root and a delegated memory controller.
class LimitedCgroup {
 public:
  LimitedCgroup() {
    for (const CgroupFolder& own : cgroup_folders("memory")) {
      const std::string path = own.path + "/tutti-test-" + std::to_string(::getpid());
      if (::mkdir(path.c_str(), 0700) != 0) continue;
      path_ = path;
      std::ofstream limit(path + (own.version == 1 ? "/memory.limit_in_bytes" : "/memory.max"));
      limit << (64 << 20U) << std::flush;
      if (limit.good()) return;
      remove();
    }
  }
  LimitedCgroup(const LimitedCgroup&) = delete;
  LimitedCgroup& operator=(const LimitedCgroup&) = delete;
  ~LimitedCgroup() { remove(); }
  bool made() const { return !path_.empty(); }
  bool join() const {
    std::ofstream processes(path_ + "/cgroup.procs");
    processes << 0 << std::flush;
    return processes.good();
  }

 private:
  void remove() {
    if (!path_.empty()) ::rmdir(path_.c_str());
    path_.clear();
  }
  std::string path_;
};

TEST(Cgroup, ALimitRefusesBeforeTheKernelKills) {
  const LimitedCgroup cgroup;
  if (!cgroup.made()) GTEST_SKIP() << "no cgroup can be made here (needs root and a memory controller)";
  Child child([&] {
    if (!cgroup.join()) return 77;
    if (!system_memory().cgroup || available_bytes() > (64U << 20U)) return 1;
    try {
      SharedSegment::create(std::size_t{128} << 20U, "coordinates");
    } catch (const BudgetError& error) {
      const bool named =
          std::string(error.what()).find("under the limit of 64.00 MiB of cgroup ") != std::string::npos;
      return named && error.needed() == 128 << 20 ? 0 : 2;
    }
    return 3;
  });
  const int code = child.wait();
  if (code == 77) GTEST_SKIP() << "the cgroup cannot be joined here";
  EXPECT_EQ(code, 0);
}

}  // namespace
}  // namespace tutti::memory
