#include "tutti/memory/usable_cores.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <sched.h>
#include <set>
#include <string>
#include <vector>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/memory/cgroup.hpp"
#include "tutti/memory/proc_text.hpp"

namespace tutti::memory {

CoreSet& CoreSet::operator|=(const CoreSet& other) {
  for (std::size_t i = 0; i < word.size(); ++i) word[i] |= other.word[i];
  return *this;
}

int CoreSet::count() const {
  int result = 0;
  for (const std::uint64_t bits : word) result += std::popcount(bits);
  return result;
}

CoreSet usable_core_set() {
  // The kernel refuses (EINVAL) a mask smaller than its own, whose size it does not tell.
  constexpr std::size_t largest_kernel = std::size_t{1} << 16U;
  for (std::size_t cores = CoreSet::capacity; cores <= largest_kernel; cores *= 2) {
    std::vector<cpu_set_t> mask(cores / (8 * sizeof(cpu_set_t)));
    const std::size_t bytes = mask.size() * sizeof(cpu_set_t);
    if (::sched_getaffinity(0, bytes, mask.data()) == 0) {
      CoreSet set;
      for (std::size_t core = 0; core < cores; ++core)
        if (CPU_ISSET_S(core, bytes, mask.data())) set.insert(core);
      return set;
    }
    if (errno != EINVAL) break;
  }
  throw SystemError(text("cores of this process: sched_getaffinity: ", errno_text(errno)),
                    {"cores", {errno, 0}});
}

int physical_cores(const CoreSet& set) {
  std::set<std::string> siblings;
  for (std::size_t core = 0; core < CoreSet::capacity; ++core) {
    if (!set.contains(core)) continue;
    const std::string folder = text("/sys/devices/system/cpu/cpu", core, "/topology/");
    siblings.insert(read_text(folder + "thread_siblings").value_or(text("core ", core)));
  }
  return static_cast<int>(siblings.size());
}

std::optional<double> core_quota() { return tightest_cpu_quota(cgroup_folders("cpu")); }

int usable_cores(const CoreSet& set, std::optional<double> quota) {
  const double cores = set.count();
  return static_cast<int>(std::max(1.0, std::min(cores, quota.value_or(cores))));
}

}  // namespace tutti::memory
