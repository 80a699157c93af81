#include "tutti/inspect/member.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <exception>
#include <map>
#include <new>
#include <string>
#include <utility>

#include "tutti/core/error.hpp"
#include "tutti/inspect/family.hpp"
#include "tutti/memory/system_memory.hpp"

namespace tutti::inspect {

namespace {

constexpr std::chrono::milliseconds longest_halt{5000};
constexpr std::chrono::milliseconds patience_with_threads{500};

std::vector<std::byte> message_of(Reply reply, const std::vector<Row>& rows) {
  reply.rows = static_cast<std::uint32_t>(rows.size());
  std::vector<std::byte> message(sizeof reply + rows.size() * sizeof(Row));
  std::memcpy(message.data(), &reply, sizeof reply);
  if (!rows.empty()) std::memcpy(message.data() + sizeof reply, rows.data(), rows.size() * sizeof(Row));
  return message;
}

// Of this thread: on a node whose cores are all busy, waiting for one costs nothing.
double cpu_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

Reply refusal(int error) {
  Reply reply;
  reply.error = error;
  return reply;
}

void set_name(Row& row, std::string_view name) {
  name = name.substr(0, row.name.size() - 1);
  std::copy(name.begin(), name.end(), row.name.begin());
}

using FoundIn = std::map<std::pair<MappingKind, std::string>, Row>;

// As many rows as a message holds; the smallest become one.
std::vector<Row> largest(FoundIn& found) {
  std::vector<Row> rows;
  for (auto& [key, row] : found) {
    row.kind = key.first;
    set_name(row, key.second);
    rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.saved > b.saved; });
  if (rows.size() <= most_rows) return rows;
  Row& rest = rows[most_rows - 1];  // the smallest become one
  rest.kind = MappingKind::file;
  rest.name.fill('\0');
  set_name(rest, "others");
  for (std::size_t i = most_rows; i < rows.size(); ++i) {
    rest.on_all += rows[i].on_all;
    rest.on_several += rows[i].on_several;
    rest.saved += rows[i].saved;
  }
  rows.resize(most_rows);
  return rows;
}

}  // namespace

void Member::serve(const Line& line) {
  std::array<std::byte, sizeof(Request)> message{};
  for (;;) {
    const auto size = line.receive(message, halt_ ? longest_halt : for_ever);
    if (size != sizeof(Request)) break;
    Request request;
    std::memcpy(&request, message.data(), sizeof request);
    // Nothing may leave this thread: it would end the agent, and with it the program.
    Reply refused;
    try {
      std::vector<Row> rows;
      const Reply reply = answer(request, rows);
      if (line.send(message_of(reply, rows))) continue;
      break;
    } catch (const BudgetError&) {
      refused = refusal(ENOMEM);
    } catch (const std::bad_alloc&) {
      refused = refusal(ENOMEM);
    } catch (const SystemError& error) {
      refused = refusal(error.error_number() != 0 ? error.error_number() : EIO);
    } catch (const std::exception&) {
      refused = refusal(EAGAIN);  // no thread for the halt
    }
    if (!line.send(std::as_bytes(std::span(&refused, 1)))) break;
  }
  halt_.reset();
}

Reply Member::answer(const Request& request, std::vector<Row>& rows) {
  switch (request.ask) {
    case Ask::sample:
      return sample();
    case Ask::scan:
      return scan(request.key);
    case Ask::match:
      return match(request);
    case Ask::halt:
      return halt();
    case Ask::step:
      return step(request);
    case Ask::go_on:
      halt_.reset();
      return {};
    case Ask::tally:
      rows = tally();
      scan_.reset();
      return {};
  }
  return refusal(EINVAL);
}

Reply Member::sample() const {
  const double begin = cpu_seconds();
  const FamilyMemory memory = memory_of(family_of(program_));
  Reply reply;
  reply.cpu_seconds = cpu_seconds() - begin;
  reply.bytes = memory.bytes;
  reply.proportional = memory.proportional ? 1 : 0;
  return reply;
}

Reply Member::scan(const HashKey& key) {
  scan_.reset();
  PageHash hash(key, memory::page_size());
  PageScan pages = scan_pages(family_of(program_), hash, stop_);
  if (stop_.stop_requested()) return refusal(ECANCELED);
  auto segment =
      memory::SharedSegment::create(pages.pages.size() * sizeof(std::uint64_t), "tutti inspect hashes");
  std::byte* out = segment.bytes().data();
  for (const ScannedPage& page : pages.pages) {
    std::memcpy(out, &page.hash, sizeof page.hash);
    out += sizeof page.hash;
  }
  Reply reply;
  reply.error = pages.error;
  reply.process = pages.unreadable;
  reply.bytes = pages.private_bytes;
  reply.zero_bytes = pages.zero_bytes;
  reply.skipped_bytes = pages.skipped_bytes;
  reply.segment = segment.handle();
  scan_.emplace(Scan{std::move(hash), std::move(pages), std::move(segment), std::nullopt, 0});
  return reply;
}

Reply Member::match(const Request& request) {
  if (!scan_) return refusal(EINVAL);
  scan_->ranks = request.count;
  scan_->comparison.emplace(scan_->pages, scan_->hash, request.segment, request.index);
  return {};
}

Reply Member::halt() {
  halt_.emplace(family_of(program_), patience_with_threads);
  const int error = halt_->error();
  if (error != 0) halt_.reset();
  return refusal(error);
}

Reply Member::step(const Request& request) {
  if (!halt_ || !scan_ || !scan_->comparison) return refusal(EINVAL);
  if (request.compare_batch != no_batch) scan_->comparison->compare(request.compare_batch);
  if (request.write_batch != no_batch) scan_->comparison->write(request.write_batch);
  return {};
}

std::vector<Row> Member::tally() const {
  if (!scan_ || !scan_->comparison) return {};
  const Comparison& comparison = *scan_->comparison;
  FoundIn found;
  for (const Holding& holding : comparison.holdings()) {
    const std::uint64_t copies = comparison.table().copies(holding.group);
    if (copies == 0 || !comparison.is_reference(holding)) continue;
    const Mapping* const mapping = mapping_of(scan_->pages, scan_->pages.pages[holding.page]);
    if (mapping == nullptr) continue;
    Row& row = found[{mapping->kind, mapping->name}];
    const std::uint64_t bytes = comparison.table().page_bytes();
    (copies == scan_->ranks ? row.on_all : row.on_several) += bytes;
    row.saved += (copies - 1) * bytes;
  }
  return largest(found);
}

}  // namespace tutti::inspect
