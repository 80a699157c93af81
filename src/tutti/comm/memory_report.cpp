#include "tutti/comm/memory_report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

#include "tutti/comm/collectives.hpp"
#include "tutti/comm/context.hpp"
#include "tutti/files/atomic_file.hpp"
#include "tutti/forecast/history.hpp"
#include "tutti/launch/build_info.hpp"

namespace tutti {

namespace {

template <std::size_t n>
using Letters = std::array<char, n>;

template <std::size_t n>
Letters<n> letters(std::string_view text) {
  Letters<n> result{};
  printable(text).copy(result.data(), n - 1);
  return result;
}

template <std::size_t n>
std::string string_of(const Letters<n>& letters) {
  return {letters.data(), strnlen(letters.data(), n)};
}

// What travels to rank 0: one rank's sums, and its entries.
struct RankRecord {
  Letters<64> node{};
  std::int32_t node_number = 0;
  std::array<std::uint64_t, memory::categories> booked{};
  std::uint64_t shared = 0;  // of what the node shares, what this rank made
  std::uint64_t node_peak = 0;
  std::uint64_t start = 0, pss = 0, rss = 0, page_tables = 0;
};

struct HoldingRecord {
  Letters<128> name{};
  Letters<32> layout{};
  memory::Category category{};
  std::int32_t node = 0;
  Index elements = -1;
  std::uint64_t element_bytes = 0, rank_bytes = 0, node_bytes = 0;
  std::uint64_t counted = 0;  // of the node's bytes
};

std::uint64_t pss_of(const memory::ProcessMemory& memory) { return memory.pss.value_or(memory.rss); }

RankRecord rank_record(const World& world, const memory::Books& books) {
  RankRecord record;
  const memory::ProcessMemory now =
      books.process ? *books.process : memory::process_memory().value_or(memory::ProcessMemory{});
  record.node = letters<64>(world.node_name());
  record.node_number = world.node();
  record.booked = books.of;
  for (const memory::Holding& holding : books.holdings)
    if (holding.category == memory::Category::node_shared) record.shared += holding.counted;
  record.booked[static_cast<std::size_t>(memory::Category::program)] =
      0;  // `start` says it, with a budget or without
  record.node_peak = world.ledger().node_peak();
  record.start = pss_of(world.context().process().at_start);
  record.pss = pss_of(now);
  record.rss = now.rss;
  record.page_tables = now.page_tables;
  return record;
}

// Entries of one name and kind are one: two buffers of a file, say.
template <class Entries, class Same, class Merge>
void add_or_merge(Entries& entries, const typename Entries::value_type& entry, const Same& same,
                  const Merge& merge) {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const auto& other) { return same(other, entry); });
  if (found == entries.end())
    entries.push_back(entry);
  else
    merge(*found, entry);
}

bool same_name(const HoldingRecord& a, const HoldingRecord& b) {
  return a.name == b.name && a.category == b.category;
}

std::vector<HoldingRecord> holding_records(const World& world, const memory::Books& books) {
  std::vector<HoldingRecord> records;
  for (const memory::Holding& holding : books.holdings)
    if (holding.category != memory::Category::program)
      add_or_merge(records,
                   HoldingRecord{letters<128>(holding.name), letters<32>(holding.layout), holding.category,
                                 world.node(), holding.elements, holding.element_bytes, holding.rank_bytes,
                                 holding.node_bytes, holding.counted},
                   same_name, [](HoldingRecord& a, const HoldingRecord& b) {
                     a.rank_bytes += b.rank_bytes;
                     a.node_bytes += b.node_bytes;
                     a.counted += b.counted;
                     a.elements = a.elements < 0 || b.elements < 0 ? -1 : a.elements + b.elements;
                   });
  return records;
}

// On rank 0: of every name, what the rank and the node with most of it hold. What the ranks of a node count
// for adds up: sub-worlds may each have an array of that name. (A mapped file counts for no rank, but all
// know of it.)
std::vector<HoldingRecord> merged(const std::vector<HoldingRecord>& all) {
  std::vector<HoldingRecord> of_nodes, records;
  for (const HoldingRecord& record : all)
    add_or_merge(
        of_nodes, record, [](const auto& a, const auto& b) { return same_name(a, b) && a.node == b.node; },
        [](auto& a, const auto& b) {
          a.rank_bytes = std::max(a.rank_bytes, b.rank_bytes);
          a.node_bytes = std::max(a.node_bytes, b.node_bytes);
          a.counted += b.counted;
        });
  for (HoldingRecord& record : of_nodes) record.node_bytes = std::max(record.node_bytes, record.counted);
  for (const HoldingRecord& record : of_nodes)
    add_or_merge(records, record, same_name, [](auto& a, const auto& b) {
      a.rank_bytes = std::max(a.rank_bytes, b.rank_bytes);
      a.node_bytes = std::max(a.node_bytes, b.node_bytes);
    });
  std::stable_sort(records.begin(), records.end(),
                   [](const auto& a, const auto& b) { return a.node_bytes > b.node_bytes; });
  return records;
}

void add_rank(NodeMemory& node, const RankRecord& rank) {
  constexpr auto shared = static_cast<std::size_t>(memory::Category::node_shared);
  ++node.ranks;
  for (std::size_t c = 0; c < memory::categories; ++c)
    node.booked[c] = c == shared ? std::max(node.booked[c], rank.booked[c]) : node.booked[c] + rank.booked[c];
  node.peak = std::max(node.peak, rank.node_peak);
  node.start += rank.start;
  node.pss += rank.pss;
  node.rss += rank.rss;
  node.page_tables += rank.page_tables;
}

// Also remembered, so that `tutti plan` knows how far its forecasts can be trusted.
std::string compared_with_forecast(const MemoryReport& report) {
  try {
    return forecast::compare(report).text;
  } catch (const Error& error) {
    return "no forecast: " + error.message();
  }
}

// The root's records on all ranks.
template <class Record>
std::vector<Record> broadcast_records(const World& world, std::vector<Record> records, Site site) {
  records.resize(broadcast(world, records.size(), 0, site));
  broadcast(world, records, 0, site);
  return records;
}

}  // namespace

MemoryReport memory_report(const World& world, Site site) {
  const memory::Books books = world.ledger().at_peak();
  const auto ranks =
      broadcast_records(world, gather(world, std::array{rank_record(world, books)}, 0, site), site);
  const auto holdings =
      broadcast_records(world, merged(gather(world, holding_records(world, books), 0, site)), site);
  MemoryReport report;
  report.program = world.context().process().program_name;
  report.mpi = launch::built_mpi;
  report.ranks = world.size();
  report.nodes.resize(static_cast<std::size_t>(world.nodes()));
  std::vector<std::uint64_t> shared(report.nodes.size());
  for (const RankRecord& rank : ranks) {
    NodeMemory& node = report.nodes[static_cast<std::size_t>(rank.node_number)];
    node.name = string_of(rank.node);
    add_rank(node, rank);
    std::uint64_t& made = shared[static_cast<std::size_t>(rank.node_number)];
    made += rank.shared;
    std::uint64_t& all = node.booked[static_cast<std::size_t>(memory::Category::node_shared)];
    all = std::max(all, made);
  }
  for (const HoldingRecord& record : holdings)
    report.holdings.push_back({string_of(record.name), record.category, record.elements, record.element_bytes,
                               string_of(record.layout), record.rank_bytes, record.node_bytes});
  return report;
}

void comm::write_requested_report(const World& world) {
  const Settings& settings = world.context().process().settings;
  if (!settings.memory_report) return;
  const MemoryReport report = memory_report(world);
  world.together("write the memory report", [&] {
    if (world.rank() != 0) return;
    const std::string forecast = compared_with_forecast(report);
    if (settings.memory_report == "-")
      std::fputs(text(report.text(), "\n", forecast, "\n").c_str(), stderr);
    else
      write_text_atomically(*settings.memory_report, report.json());
  });
}

}  // namespace tutti
