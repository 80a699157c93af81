#include "tutti/memory/cgroup.hpp"

#include <algorithm>

#include "tutti/core/text.hpp"
#include "tutti/memory/proc_text.hpp"

namespace tutti::memory {

namespace {

// v1 writes "no limit" as the largest multiple of the page size, v2 as the word max.
constexpr std::uint64_t unlimited = std::uint64_t{1} << 62U;

bool lists(std::string_view list, std::string_view item) {
  while (true) {
    const std::size_t comma = list.find(',');
    if (list.substr(0, comma) == item) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

// mountinfo writes space, tab, newline and backslash as \040 \011 \012 \134.
std::string unescaped(std::string_view word) {
  std::string result;
  const auto octal = [&](std::size_t i) { return i < word.size() && word[i] >= '0' && word[i] <= '7'; };
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '\\' && octal(i + 1) && octal(i + 2) && octal(i + 3)) {
      result += static_cast<char>((word[i + 1] - '0') * 64 + (word[i + 2] - '0') * 8 + (word[i + 3] - '0'));
      i += 3;
    } else {
      result += word[i];
    }
  }
  return result;
}

struct Membership {
  int version;
  std::string path;
};

// Lines "4:memory:/job_17" (v1), "0::/job_17" (v2). A path may contain colons.
std::vector<Membership> memberships(std::string_view text, std::string_view controller) {
  std::vector<Membership> result;
  for (const std::string_view line : lines(text)) {
    const std::size_t first = line.find(':');
    if (first == std::string_view::npos) continue;
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const std::string path(line.substr(second + 1));
    if (controllers.empty()) result.push_back({2, path});
    if (lists(controllers, controller)) result.push_back({1, path});
  }
  return result;
}

struct Mount {
  std::string root;  // the part of the hierarchy that is seen at `point`
  std::string point;
};

// The mounts of the hierarchy that manages `controller` (v1), or of the unified one (v2).
std::vector<Mount> cgroup_mounts(std::string_view text, int version, std::string_view controller) {
  std::vector<Mount> result;
  for (const std::string_view line : lines(text)) {
    const auto word =
        words(line);  // id parent device root point options [optional ...] - type source options
    const auto dash = std::find(word.begin(), word.end(), "-");
    if (word.size() < 9 || word.end() - dash < 4) continue;
    const bool right =
        version == 2 ? dash[1] == "cgroup2" : dash[1] == "cgroup" && lists(dash[3], controller);
    if (right) result.push_back({unescaped(word[3]), unescaped(word[4])});
  }
  return result;
}

// `path` relative to `root`, or nothing if it does not lie below it.
std::optional<std::string> below(const std::string& path, const std::string& root) {
  if (path.find("/..") != std::string::npos) return std::nullopt;  // outside our cgroup namespace
  if (root == "/") return path == "/" ? "" : path;
  if (path == root) return "";
  if (path.compare(0, root.size() + 1, root + "/") == 0) return path.substr(root.size());
  return std::nullopt;
}

void add_with_parents(std::vector<CgroupFolder>& folders, int version, const std::string& point,
                      std::string relative) {
  while (!relative.empty()) {
    folders.push_back({version, point + relative});
    relative.resize(relative.rfind('/'));
  }
  folders.push_back({version, point});
}

std::optional<std::uint64_t> file_number(const CgroupFolder& folder, const char* name) {
  const auto text = read_text(folder.path + "/" + name);
  const auto word = text ? words(*text) : std::vector<std::string_view>{};
  const auto value = word.empty() ? std::nullopt : natural_number(word[0]);
  return value && *value < unlimited ? value : std::nullopt;
}

std::optional<CgroupMemory> memory_of(const CgroupFolder& folder) {
  const bool first = folder.version == 1;
  auto limit = file_number(folder, first ? "memory.limit_in_bytes" : "memory.max");
  const auto high = first ? std::nullopt : file_number(folder, "memory.high");
  if (high && (!limit || *high < *limit)) limit = high;
  if (!limit) return std::nullopt;
  const auto usage = file_number(folder, first ? "memory.usage_in_bytes" : "memory.current").value_or(0);
  const std::string stat = read_text(folder.path + "/memory.stat").value_or("");
  const std::string prefix = first ? "total_" : "";
  const std::uint64_t cache = number_after(stat, prefix + "inactive_file").value_or(0) +
                              number_after(stat, prefix + "active_file").value_or(0);
  return CgroupMemory{folder.path, *limit, usage > cache ? usage - cache : 0};
}

std::optional<double> cpu_quota_of(const CgroupFolder& folder) {
  std::optional<std::int64_t> quota;
  std::optional<std::int64_t> period;
  const auto read = [&](const char* name) { return read_text(folder.path + "/" + name).value_or(""); };
  if (folder.version == 1) {
    const std::string quota_text = read("cpu.cfs_quota_us");
    const std::string period_text = read("cpu.cfs_period_us");
    if (const auto word = words(quota_text); !word.empty()) quota = whole_number(word[0]);
    if (const auto word = words(period_text); !word.empty()) period = whole_number(word[0]);
  } else {
    const std::string both = read("cpu.max");  // "150000 100000" or "max 100000"
    const auto word = words(both);
    if (word.size() == 2) quota = whole_number(word[0]);
    if (word.size() == 2) period = whole_number(word[1]);
  }
  if (!quota || !period || *quota <= 0 || *period <= 0) return std::nullopt;
  return static_cast<double>(*quota) / static_cast<double>(*period);
}

}  // namespace

std::vector<CgroupFolder> cgroup_folders(std::string_view membership, std::string_view mounts,
                                         std::string_view controller) {
  std::vector<CgroupFolder> folders;
  for (const Membership& own : memberships(membership, controller)) {
    const auto candidates = cgroup_mounts(mounts, own.version, controller);
    const auto holds = [&](const Mount& mount) { return below(own.path, mount.root).has_value(); };
    const auto mount = std::find_if(candidates.begin(), candidates.end(), holds);
    if (mount != candidates.end())
      add_with_parents(folders, own.version, mount->point, *below(own.path, mount->root));
    else if (!candidates.empty())  // a container that sees only its own part: the mount point is the nearest
                                   // we have
      folders.push_back({own.version, candidates.front().point});
  }
  return folders;
}

std::vector<CgroupFolder> cgroup_folders(std::string_view controller) {
  return cgroup_folders(read_text("/proc/self/cgroup").value_or(""),
                        read_text("/proc/self/mountinfo").value_or(""), controller);
}

std::optional<CgroupMemory> tightest_memory(const std::vector<CgroupFolder>& folders) {
  std::optional<CgroupMemory> tightest;
  for (const CgroupFolder& folder : folders) {
    const auto memory = memory_of(folder);
    if (memory && (!tightest || memory->available() < tightest->available())) tightest = memory;
  }
  return tightest;
}

std::optional<double> tightest_cpu_quota(const std::vector<CgroupFolder>& folders) {
  std::optional<double> tightest;
  for (const CgroupFolder& folder : folders) {
    const auto quota = cpu_quota_of(folder);
    if (quota && (!tightest || *quota < *tightest)) tightest = quota;
  }
  return tightest;
}

}  // namespace tutti::memory
