#include "tutti/inspect/foreign_memory.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>
#include <utility>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/memory/proc_text.hpp"

namespace tutti::inspect {

namespace {

constexpr std::uint64_t present = std::uint64_t{1} << 63U;
constexpr std::uint64_t file_or_shared = std::uint64_t{1} << 61U;
constexpr std::uint64_t one_owner = std::uint64_t{1} << 56U;

constexpr std::size_t most_pieces = 512;  // in one call; IOV_MAX is 1024

}  // namespace

std::vector<PageRun> own_pages(std::span<const std::uint64_t> entries, Merging merging) {
  const std::uint64_t asked = present | file_or_shared | (merging == Merging::on ? one_owner : 0U);
  const std::uint64_t wanted = present | (merging == Merging::on ? one_owner : 0U);
  std::vector<PageRun> runs;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if ((entries[i] & asked) != wanted) continue;
    if (!runs.empty() && runs.back().first + runs.back().count == i)
      ++runs.back().count;
    else
      runs.push_back({i, 1});
  }
  return runs;
}

Merging kernel_merging() {
  const auto run = memory::read_text("/sys/kernel/mm/ksm/run");
  return !run || run->starts_with('0') ? Merging::off : Merging::on;
}

ForeignMemory::ForeignMemory(pid_t pid)
    : pid_(pid),
      table_(::open(text("/proc/", pid, "/pagemap").c_str(), O_RDONLY | O_CLOEXEC)),
      error_(table_ < 0 ? errno : 0) {}

ForeignMemory::ForeignMemory(ForeignMemory&& other) noexcept
    : pid_(other.pid_),
      table_(std::exchange(other.table_, -1)),
      error_(other.error_),
      memory_(std::exchange(other.memory_, -1)),
      by_file_(other.by_file_) {}

ForeignMemory::~ForeignMemory() {
  for (const int descriptor : {table_, memory_})
    if (descriptor >= 0) ::close(descriptor);
}

std::size_t ForeignMemory::read_table(std::uint64_t first_page, std::span<std::uint64_t> entries) const {
  const ssize_t count = ::pread(table_, entries.data(), entries.size_bytes(),
                                static_cast<off_t>(first_page * sizeof(std::uint64_t)));
  return count < 0 ? 0 : static_cast<std::size_t>(count) / sizeof(std::uint64_t);
}

std::size_t ForeignMemory::read(std::span<const Piece> pieces) {
  std::array<iovec, most_pieces> here{};
  std::array<iovec, most_pieces> there{};
  std::size_t done = 0;
  while (done < pieces.size() && !by_file_) {
    const auto some = pieces.subspan(done, std::min(most_pieces, pieces.size() - done));
    for (std::size_t i = 0; i < some.size(); ++i) {
      here[i] = {some[i].target, some[i].bytes};
      there[i] = {reinterpret_cast<void*>(some[i].address), some[i].bytes};  // NOLINT: not ours
    }
    const ssize_t count = ::process_vm_readv(pid_, here.data(), some.size(), there.data(), some.size(), 0);
    // Some containers forbid this call and not the file.
    by_file_ = count < 0 && done == 0 && (errno == ENOSYS || errno == EPERM);
    if (count < 0) break;
    std::size_t bytes = 0;
    std::size_t complete = 0;
    while (complete < some.size() && (bytes += some[complete].bytes) <= static_cast<std::size_t>(count))
      ++complete;
    done += complete;
    if (complete < some.size()) {
      errno = EFAULT;
      return done;
    }
  }
  return by_file_ ? done + read_by_file(pieces.subspan(done)) : done;
}

std::size_t ForeignMemory::read_by_file(std::span<const Piece> pieces) {
  if (memory_ < 0) memory_ = ::open(text("/proc/", pid_, "/mem").c_str(), O_RDONLY | O_CLOEXEC);
  if (memory_ < 0) {
    if (errno == EACCES) errno = EPERM;
    return 0;
  }
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const ssize_t count =
        ::pread(memory_, pieces[i].target, pieces[i].bytes, static_cast<off_t>(pieces[i].address));
    if (count == static_cast<ssize_t>(pieces[i].bytes)) continue;
    if (count >= 0 || errno == EIO) errno = EFAULT;
    return i;
  }
  return pieces.size();
}

std::string why_unreadable(pid_t pid, int error) {
  if (error != EPERM && error != EACCES)
    return text("the memory of process ", pid, " cannot be read: ", errno_text(error));
  const std::string scope = memory::read_text("/proc/sys/kernel/yama/ptrace_scope").value_or("0");
  const std::string refused = text("no permission to look into process ", pid, ": ");
  if (scope.starts_with('2') || scope.starts_with('3'))
    return text(refused, "/proc/sys/kernel/yama/ptrace_scope is ", scope.substr(0, 1),
                "; the administrator can set it to 1, which lets a process look into its children",
                scope.starts_with('3') ? " (after a restart)" : "");
  return text(refused,
              "it has made itself unreadable (prctl PR_SET_DUMPABLE), is a setuid program, or a container "
              "forbids ptrace; run it as its owner, without setuid, and with ptrace allowed "
              "(docker: --cap-add SYS_PTRACE)");
}

}  // namespace tutti::inspect
