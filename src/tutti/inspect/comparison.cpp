#include "tutti/inspect/comparison.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

#include "tutti/core/integer.hpp"

namespace tutti::inspect {

namespace {

// Begins the segment.
struct Header {
  std::uint64_t count = 0;
  std::uint64_t page_bytes = 0;
};
constexpr std::size_t alignment = 4096;
constexpr std::uint32_t written_bit = std::uint32_t{1} << 31U;
constexpr std::size_t pages_at_once = 256;

std::size_t aligned(std::size_t bytes) { return (bytes + alignment - 1) / alignment * alignment; }

struct Sections {
  std::size_t groups = aligned(sizeof(Header));
  std::size_t states = 0;
  std::size_t lanes = 0;
  std::size_t end = 0;

  Sections(std::size_t count, std::size_t page_bytes)
      : states(groups + aligned(count * sizeof(ReplicaGroup))),
        lanes(states + aligned(count * sizeof(std::uint32_t))),
        end(lanes + 2 * ComparisonTable::batch_pages * page_bytes) {}
};

std::atomic_ref<std::uint32_t> atomic(std::uint32_t& state) { return std::atomic_ref(state); }

}  // namespace

ComparisonTable::ComparisonTable(const std::vector<ReplicaGroup>& groups, std::size_t page_bytes)
    : segment_(memory::SharedSegment::create(Sections(groups.size(), page_bytes).end, "tutti inspect")) {
  const Header header{groups.size(), page_bytes};
  std::byte* const base = segment_.bytes().data();
  std::memcpy(base, &header, sizeof header);
  if (!groups.empty())
    std::memcpy(base + Sections(groups.size(), page_bytes).groups, groups.data(),
                groups.size() * sizeof(ReplicaGroup));
  locate();
}

ComparisonTable::ComparisonTable(const memory::SegmentHandle& handle)
    : segment_(memory::SharedSegment::open(handle, memory::Access::read_write)) {
  locate();
}

void ComparisonTable::locate() {
  std::byte* const base = segment_.bytes().data();
  Header header;
  std::memcpy(&header, base, sizeof header);
  count_ = checked_cast<std::size_t>(header.count);
  page_bytes_ = checked_cast<std::size_t>(header.page_bytes);
  const Sections sections(count_, page_bytes_);
  groups_ = reinterpret_cast<const ReplicaGroup*>(base + sections.groups);
  states_ = reinterpret_cast<std::uint32_t*>(base + sections.states);
  lanes_ = base + sections.lanes;
}

std::byte* ComparisonTable::lane(std::size_t group) const {
  const std::size_t batch = group / batch_pages;
  return lanes_ + ((batch % 2) * batch_pages + group % batch_pages) * page_bytes_;
}

void ComparisonTable::set_written(std::size_t group) const { atomic(states_[group]).fetch_or(written_bit); }

bool ComparisonTable::written(std::size_t group) const {
  return (atomic(states_[group]).load() & written_bit) != 0;
}

void ComparisonTable::add_match(std::size_t group) const { atomic(states_[group]).fetch_add(1); }

std::uint32_t ComparisonTable::copies(std::size_t group) const {
  const std::uint32_t matches = atomic(states_[group]).load() & ~written_bit;
  return matches == 0 ? 0 : matches + 1;
}

Comparison::Comparison(PageScan& scan, const PageHash& hash, const memory::SegmentHandle& table,
                       std::uint32_t rank)
    : scan_(scan),
      hash_(hash),
      rank_(rank),
      table_(table),
      holdings_(
          inspect::holdings(table_.groups(), scan.pages, [](const ScannedPage& page) { return page.hash; })),
      buffer_(pages_at_once * table_.page_bytes() / sizeof(std::uint64_t)) {}

std::span<const Holding> Comparison::holdings_of(std::size_t batch) const {
  const auto first_of = [&](std::size_t group) {
    return std::partition_point(holdings_.begin(), holdings_.end(),
                                [&](const Holding& holding) { return holding.group < group; });
  };
  const auto begin = first_of(batch * ComparisonTable::batch_pages);
  return {begin, first_of((batch + 1) * ComparisonTable::batch_pages)};
}

// Calls found(group, page's words) for each of the pages that is still there.
template <class Found>
void Comparison::read_pages(std::span<const Holding> holdings, Found found) {
  const std::size_t bytes = table_.page_bytes();
  std::array<Piece, pages_at_once> pieces{};
  while (!holdings.empty()) {
    const std::uint32_t process = place_of(scan_.pages[holdings[0].page]).process;
    std::size_t count = 0;
    for (; count < std::min(holdings.size(), pages_at_once); ++count) {
      const PagePlace place = place_of(scan_.pages[holdings[count].page]);
      if (place.process != process) break;
      pieces[count] = {place.page * bytes, reinterpret_cast<std::byte*>(buffer_.data()) + count * bytes,
                       bytes};
    }
    const std::size_t got = scan_.processes[process].memory.read(std::span(pieces).first(count));
    for (std::size_t i = 0; i < got; ++i)
      found(holdings[i].group, buffer_.data() + i * bytes / sizeof(std::uint64_t));
    holdings = holdings.subspan(got < count ? got + 1 : got);  // one that is gone is passed over
  }
}

void Comparison::write(std::size_t batch) {
  std::vector<Holding> mine;
  for (const Holding& holding : holdings_of(batch))
    if (is_reference(holding)) mine.push_back(holding);
  read_pages(mine, [&](std::size_t group, const std::uint64_t* page) {
    if (hash_(page).hash != table_.groups()[group].hash) return;  // written to since: no longer what we count
    std::memcpy(table_.lane(group), page, table_.page_bytes());
    table_.set_written(group);
  });
}

void Comparison::compare(std::size_t batch) {
  std::vector<Holding> mine;
  for (const Holding& holding : holdings_of(batch))
    if (!is_reference(holding) && table_.written(holding.group)) mine.push_back(holding);
  read_pages(mine, [&](std::size_t group, const std::uint64_t* page) {
    if (std::memcmp(table_.lane(group), page, table_.page_bytes()) == 0) table_.add_match(group);
  });
}

}  // namespace tutti::inspect
