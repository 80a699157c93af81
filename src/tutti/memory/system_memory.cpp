#include "tutti/memory/system_memory.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
#include <sys/statvfs.h>
#include <unistd.h>

#include "tutti/core/error.hpp"
#include "tutti/core/integer.hpp"
#include "tutti/core/text.hpp"
#include "tutti/memory/proc_text.hpp"

namespace tutti::memory {

namespace {

// Where /proc is not mounted.
SystemMemory memory_of_sysconf() {
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  const long free_pages = ::sysconf(_SC_AVPHYS_PAGES);
  if (pages <= 0 || free_pages < 0)
    throw SystemError("memory of this node: neither /proc/meminfo nor sysconf tells it; mount /proc");
  return {static_cast<std::uint64_t>(pages) * page_size(),
          static_cast<std::uint64_t>(free_pages) * page_size(), std::nullopt};
}

}  // namespace

std::optional<SystemMemory> parse_meminfo(std::string_view text) {
  const auto total = number_after(text, "MemTotal:");
  const auto available = number_after(text, "MemAvailable:");
  if (!total || !available) return std::nullopt;
  return SystemMemory{*total, *available, std::nullopt};
}

SystemMemory system_memory() {
  const auto known = parse_meminfo(read_text("/proc/meminfo").value_or(""));
  SystemMemory memory = known ? *known : memory_of_sysconf();
  memory.cgroup = tightest_memory(cgroup_folders("memory"));
  return memory;
}

std::uint64_t available_bytes() {
  const SystemMemory memory = system_memory();
  return memory.cgroup ? std::min(memory.available, memory.cgroup->available()) : memory.available;
}

void require_available(std::uint64_t bytes, std::string_view name) {
  const SystemMemory memory = system_memory();
  const bool limited = memory.cgroup && memory.cgroup->available() < memory.available;
  const std::uint64_t available = limited ? memory.cgroup->available() : memory.available;
  if (bytes <= available - available / 32) return;
  const std::string where = limited ? text(" under the limit of ", bytes_text(memory.cgroup->limit),
                                           " of cgroup ", memory.cgroup->folder)
                                    : text(" of this node's ", bytes_text(memory.total));
  throw BudgetError(
      text(name, ": needs ", bytes_text(bytes), ", ", bytes_text(available), " are available", where,
           "; use more nodes or smaller data"),
      {std::string(name),
       {static_cast<std::int64_t>(saturated(bytes)), static_cast<std::int64_t>(saturated(available))}});
}

std::optional<ProcessMemory> parse_process_memory(std::string_view status, std::string_view smaps_rollup) {
  const auto rss = number_after(status, "VmRSS:");
  if (!rss) return std::nullopt;  // a zombie or a kernel thread has no memory
  return ProcessMemory{
      *rss, number_after(status, "VmHWM:").value_or(*rss),
      number_after(status, "VmPTE:").value_or(0) + number_after(status, "VmPMD:").value_or(0),
      number_after(smaps_rollup, "Pss:")};
}

std::optional<ProcessMemory> process_memory(std::int64_t pid) {
  const std::string folder = pid == 0 ? "/proc/self" : text("/proc/", pid);
  const auto status = read_text(folder + "/status");
  if (!status) return std::nullopt;
  return parse_process_memory(*status, read_text(folder + "/smaps_rollup").value_or(""));
}

const char* name(HugePages mode) {
  switch (mode) {
    case HugePages::always:
      return "always";
    case HugePages::madvise:
      return "madvise";
    case HugePages::never:
      return "never";
    case HugePages::unknown:
      break;
  }
  return "unknown";
}

HugePages parse_huge_pages(std::string_view text) {
  for (const HugePages mode : {HugePages::always, HugePages::madvise, HugePages::never})
    if (text.find(tutti::text("[", name(mode), "]")) != std::string_view::npos) return mode;
  return HugePages::unknown;
}

HugePages huge_pages() {
  return parse_huge_pages(read_text("/sys/kernel/mm/transparent_hugepage/enabled").value_or(""));
}

std::size_t page_size() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

std::size_t huge_page_size() {
  const std::string size = read_text("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size").value_or("");
  const auto word = words(size);
  return word.empty() ? 0 : static_cast<std::size_t>(natural_number(word[0]).value_or(0));
}

std::optional<FilesystemSpace> shared_memory_filesystem() {
  struct statvfs space {};
  if (::statvfs("/dev/shm", &space) != 0) return std::nullopt;
  return FilesystemSpace{std::uint64_t{space.f_blocks} * space.f_frsize,
                         std::uint64_t{space.f_bavail} * space.f_frsize};
}

}  // namespace tutti::memory
