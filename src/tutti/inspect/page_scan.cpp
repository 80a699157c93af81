#include "tutti/inspect/page_scan.hpp"

#include <algorithm>
#include <cerrno>

#include "tutti/core/text.hpp"
#include "tutti/memory/proc_text.hpp"

namespace tutti::inspect {

namespace {

constexpr unsigned page_bits = 48;          // of a 64-bit address space, in pages: enough for any
constexpr std::size_t pages_at_once = 256;  // 1 MiB: stays in the cache between copying and hashing
constexpr std::size_t entries_at_once = 4096;
// Some programs reserve far more addresses than any machine has memory (Go, Java, sanitizers), and the page
// table of these would take minutes to read.
constexpr std::uint64_t largest_mapping = std::uint64_t{1} << 40U;

class Scanner {
 public:
  Scanner(PageScan& scan, const PageHash& hash, const std::stop_token& stop)
      : scan_(scan),
        hash_(hash),
        stop_(stop),
        buffer_(pages_at_once * hash.page_bytes() / sizeof(std::uint64_t)) {}

  void process(pid_t pid) {
    const auto maps = memory::read_text(text("/proc/", pid, "/maps"));
    if (!maps) {
      if (errno != ENOENT && errno != ESRCH) refuse(pid, errno);
      return;
    }
    index_ = scan_.processes.size();
    scan_.processes.push_back({ForeignMemory(pid), private_mappings(*maps)});
    if (const int error = memory().error(); error != 0 && error != ENOENT && error != ESRCH)
      return refuse(pid, error);
    for (const Mapping& mapping : scan_.processes.back().mappings) {
      if (stop_.stop_requested() || scan_.unreadable == pid) return;
      if (mapping.end - mapping.begin > largest_mapping)
        scan_.skipped_bytes += mapping.end - mapping.begin;
      else
        this->mapping(mapping.begin / hash_.page_bytes(), mapping.end / hash_.page_bytes());
    }
  }

 private:
  void refuse(pid_t pid, int error) {
    scan_.error = error;
    scan_.unreadable = pid;
  }

  void mapping(std::uint64_t page, std::uint64_t end) {
    std::vector<std::uint64_t> entries(entries_at_once);
    while (page < end && !stop_.stop_requested()) {
      const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(entries_at_once, end - page));
      const std::size_t got = memory().read_table(page, std::span(entries).first(wanted));
      if (got == 0) return;  // unmapped meanwhile, or the process has ended
      for (const PageRun& run : own_pages(std::span(entries).first(got), merging_))
        if (!this->run(page + run.first, run.count)) return;
      page += got;
    }
  }

  // @return false if there is no sense in going on with this process.
  bool run(std::uint64_t page, std::size_t count) {
    const std::size_t bytes = hash_.page_bytes();
    while (count > 0 && !stop_.stop_requested()) {
      const std::size_t some = std::min(count, pages_at_once);
      const std::size_t got = read(page, some);
      if (got < some && errno != EFAULT) {
        if (errno != ESRCH) refuse(memory().pid(), errno);
        return false;
      }
      for (std::size_t i = 0; i < got; ++i) add(page + i, buffer_.data() + i * bytes / sizeof(std::uint64_t));
      const std::size_t passed = std::max(got, std::size_t{1});  // one that is gone is passed over
      page += passed;
      count -= passed;
    }
    return true;
  }

  // @return how many pages from the first on are in the buffer. One piece is quickest; pages that vanish
  // while we read need one piece each.
  std::size_t read(std::uint64_t page, std::size_t count) {
    const std::size_t bytes = hash_.page_bytes();
    auto* const target = reinterpret_cast<std::byte*>(buffer_.data());
    const Piece whole{page * bytes, target, count * bytes};
    if (memory().read({&whole, 1}) == 1) return count;
    pieces_.clear();
    for (std::size_t i = 0; i < count; ++i)
      pieces_.push_back({(page + i) * bytes, target + i * bytes, bytes});
    return memory().read(pieces_);
  }

  void add(std::uint64_t page, const std::uint64_t* bytes) {
    const PageDigest digest = hash_(bytes);
    scan_.private_bytes += hash_.page_bytes();
    if (digest.zero)
      scan_.zero_bytes += hash_.page_bytes();
    else
      scan_.pages.push_back({digest.hash, static_cast<std::uint64_t>(index_) << page_bits | page});
  }

  ForeignMemory& memory() { return scan_.processes[index_].memory; }

  PageScan& scan_;
  const PageHash& hash_;
  const std::stop_token& stop_;
  const Merging merging_ = kernel_merging();
  std::vector<std::uint64_t> buffer_;
  std::vector<Piece> pieces_;
  std::size_t index_ = 0;
};

}  // namespace

PagePlace place_of(const ScannedPage& page) {
  constexpr std::uint64_t mask = (std::uint64_t{1} << page_bits) - 1;
  return {static_cast<std::uint32_t>(page.place >> page_bits), page.place & mask};
}

PageScan scan_pages(const std::vector<pid_t>& family, const PageHash& hash, const std::stop_token& stop) {
  PageScan scan;
  scan.page_bytes = hash.page_bytes();
  Scanner scanner(scan, hash, stop);
  for (const pid_t pid : family)
    if (!stop.stop_requested()) scanner.process(pid);
  if (stop.stop_requested()) return scan;  // nobody waits for it any more
  const auto before = [](const ScannedPage& a, const ScannedPage& b) {
    return a.hash != b.hash ? a.hash < b.hash : a.place < b.place;
  };
  std::sort(scan.pages.begin(), scan.pages.end(), before);
  const auto same = [](const ScannedPage& a, const ScannedPage& b) { return a.hash == b.hash; };
  scan.pages.erase(std::unique(scan.pages.begin(), scan.pages.end(), same), scan.pages.end());
  return scan;
}

const Mapping* mapping_of(const PageScan& scan, const ScannedPage& page) {
  const PagePlace place = place_of(page);
  const std::uint64_t page_bytes = scan.page_bytes;
  const std::vector<Mapping>& mappings = scan.processes[place.process].mappings;
  const auto after =
      std::upper_bound(mappings.begin(), mappings.end(), place.page * page_bytes,
                       [](std::uint64_t address, const Mapping& m) { return address < m.begin; });
  if (after == mappings.begin()) return nullptr;
  const Mapping& found = *(after - 1);
  return place.page * page_bytes < found.end ? &found : nullptr;
}

}  // namespace tutti::inspect
