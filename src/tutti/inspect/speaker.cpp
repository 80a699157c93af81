#include "tutti/inspect/speaker.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <exception>
#include <poll.h>
#include <sys/random.h>
#include <unistd.h>
#include <utility>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/inspect/foreign_memory.hpp"
#include "tutti/inspect/replicas.hpp"
#include "tutti/memory/system_memory.hpp"

namespace tutti::inspect {

namespace {

using std::chrono::milliseconds;

// An agent answers these at once, unless it is overloaded or stopped itself; then the others must not wait
// with it.
constexpr milliseconds at_once{4000};
constexpr double longest_stop = 0.25;  // s; then the program runs for four times as long before the next stop
constexpr double run_between_stops = 4;
constexpr double longest_pause = 0.5;  // s: the program may end before the comparison does
constexpr int attempts_to_stop = 4;
constexpr double patience_with_late_ranks = 1;  // s

HashKey random_key() {
  HashKey key{};
  if (::getrandom(key.data(), sizeof key, 0) != static_cast<ssize_t>(sizeof key))
    throw SystemError(text("random numbers: ", errno_text(errno)), {"getrandom", {errno, 0}});
  return key;
}

}  // namespace

Speaker::Speaker(int meeting, SpeakerOptions options)
    : meeting_(meeting), options_(std::move(options)), policy_(options_.at) {
  report_.node = options_.node;
  report_.job_ranks = options_.job_ranks;
}

Speaker::~Speaker() { ::close(meeting_); }

NodeReport Speaker::run() {
  while (!finished()) {
    const double left = peers_.empty() ? 0.05 : next_sample_ - now();
    wait(std::clamp(left, 0.0, 60.0), Newcomers::welcome);
    if (!peers_.empty() && now() >= next_sample_) sample();
  }
  return conclude();
}

bool Speaker::finished() const {
  if (!peers_.empty()) return false;
  if (come_ == 0) return now() > 5;  // whoever opened the meeting has been killed
  const bool all = options_.expected > 0 && come_ >= static_cast<std::size_t>(options_.expected);
  return all || now() > emptied_ + patience_with_late_ranks;
}

// Waits until something happens, at most so long: an agent leaves or, if `newcomers` are welcome, comes.
void Speaker::wait(double seconds, Newcomers newcomers) {
  std::vector<pollfd> ready;
  for (const Peer& peer : peers_) ready.push_back({peer.line.descriptor(), POLLIN, 0});
  if (newcomers == Newcomers::welcome) ready.push_back({meeting_, POLLIN, 0});
  const auto whole = static_cast<time_t>(seconds);
  const timespec longest{whole, static_cast<long>((seconds - static_cast<double>(whole)) * 1e9)};
  if (::ppoll(ready.data(), ready.size(), &longest, nullptr) <= 0) return;
  // Nobody speaks without being asked: what there is to read is the end.
  for (std::size_t i = 0; i < peers_.size(); ++i)
    if (ready[i].revents != 0) peers_[i].line.close();
  const bool somebody = newcomers == Newcomers::welcome && ready.back().revents != 0;
  prune();
  if (somebody) welcome();
}

void Speaker::prune() {
  const bool some = !peers_.empty();
  std::erase_if(peers_, [](const Peer& peer) { return !peer.line.open(); });
  if (some && peers_.empty()) emptied_ = now();
}

void Speaker::welcome() {
  Peer peer;
  peer.line = accept(meeting_);
  if (!peer.line.open()) return;
  receive(peer, at_once);
  if (!peer.line.open()) return;
  peer.rank = peer.reply.rank;
  if (come_++ == 0) begin_ = Clock::now();
  report_.ranks.push_back(peer.rank);
  peers_.push_back(std::move(peer));
  std::sort(peers_.begin(), peers_.end(), [](const Peer& a, const Peer& b) { return a.rank < b.rank; });
  next_sample_ = std::min(next_sample_, now() + 0.02);
}

// What a peer answers; its line is closed if it does not.
void Speaker::receive(Peer& peer, milliseconds patience) {
  std::vector<std::byte> message(longest_message);
  const auto size = peer.line.receive(message, patience);
  peer.rows.clear();
  if (!size || *size < sizeof(Reply)) return peer.line.close();
  std::memcpy(&peer.reply, message.data(), sizeof(Reply));
  if (*size != sizeof(Reply) + peer.reply.rows * sizeof(Row)) return peer.line.close();
  peer.rows.resize(peer.reply.rows);
  if (!peer.rows.empty())
    std::memcpy(peer.rows.data(), message.data() + sizeof(Reply), peer.rows.size() * sizeof(Row));
}

// @return whether all have answered. `index` of the request is that of the peer.
bool Speaker::ask(const Request& request, milliseconds patience) {
  Request own = request;
  own.count = static_cast<std::uint32_t>(peers_.size());
  for (std::size_t i = 0; i < peers_.size(); ++i) {
    own.index = static_cast<std::uint32_t>(i);
    if (!peers_[i].line.send(std::as_bytes(std::span(&own, 1)))) peers_[i].line.close();
  }
  bool all = true;
  for (Peer& peer : peers_) {
    if (peer.line.open()) receive(peer, patience);
    all = all && peer.line.open();
  }
  return all;
}

void Speaker::sample() {
  const double begin = now();
  Request request;
  request.ask = Ask::sample;
  const bool all = ask(request, for_ever);
  MemorySample memory{begin, 0};
  double cost = 0;
  for (const Peer& peer : peers_) {
    if (!peer.line.open()) continue;
    memory.bytes += peer.reply.bytes;
    cost = std::max(cost, peer.reply.cpu_seconds);
    report_.proportional = report_.proportional && peer.reply.proportional != 0;
  }
  prune();
  if (memory.bytes > 0) report_.history.add(memory);
  if (all && policy_.due(begin, memory.bytes)) scan(memory);
  next_sample_ = policy_.next(now(), cost, options_.every);
}

void Speaker::scan(const MemorySample& memory) {
  const double begin = now();
  ScanResult result;
  result.memory = memory;
  bool complete = false;
  bool nothing = false;  // to compare
  try {
    const bool hashed = hash_all(result);
    nothing = hashed && result.private_bytes == 0;
    if (hashed && !nothing) {
      const auto table = find_candidates(result);
      complete = table && compare(*table, result) && count(*table, result);
    }
  } catch (const Error& error) {
    note_trouble(error.message());
  } catch (const std::exception& error) {
    note_trouble(error.what());
  }
  prune();
  policy_.scanned(begin, now(), memory.bytes);
  report_.scan_seconds += now() - begin;
  if (!nothing) cut_at_ = complete ? -1 : begin;
  if (!complete) return;
  ++report_.scans;
  if (!report_.scan || better(result, *report_.scan)) report_.scan = std::move(result);
}

bool Speaker::hash_all(ScanResult& result) {
  const double begin = now();
  Request request;
  request.ask = Ask::scan;
  request.key = random_key();
  if (!ask(request, for_ever)) return false;
  result.seconds = now() - begin;
  for (const Peer& peer : peers_) {
    const int error = peer.reply.error;
    if (error == ECANCELED) return false;  // it is just ending
    if (error != 0 && peer.reply.process == 0) {
      note_trouble(text("rank ", peer.rank, " could not be looked through: ", errno_text(error)));
      return false;
    }
    if (error != 0)
      note_trouble(
          text("rank ", peer.rank, ": ", why_unreadable(static_cast<pid_t>(peer.reply.process), error)));
    result.private_bytes += peer.reply.bytes;
    result.zero_bytes += peer.reply.zero_bytes;
    result.skipped_bytes += peer.reply.skipped_bytes;
  }
  return true;
}

std::optional<ComparisonTable> Speaker::find_candidates(ScanResult& result) {
  std::vector<memory::SharedSegment> segments;
  std::vector<std::span<const std::uint64_t>> hashes;
  for (const Peer& peer : peers_) {
    segments.push_back(memory::SharedSegment::open(peer.reply.segment, memory::Access::read_only));
    const auto bytes = segments.back().view();
    hashes.emplace_back(reinterpret_cast<const std::uint64_t*>(bytes.data()),
                        bytes.size() / sizeof(std::uint64_t));
  }
  ComparisonTable table(find_replicas(hashes), memory::page_size());
  result.candidates = table.groups().size() * table.page_bytes();
  Request request;
  request.ask = Ask::match;
  request.segment = table.handle();
  if (!ask(request, for_ever)) return std::nullopt;
  return table;
}

// In slices: all ranks stand still together while a part of the candidates is compared, then run for a while.
bool Speaker::compare(const ComparisonTable& table, ScanResult& result) {
  for (std::size_t next = 0; next < table.batches();) {
    const double begin = now();
    const bool complete = compare_slice(table, next);
    Request request;
    request.ask = Ask::go_on;
    if (!ask(request, at_once) || !complete) return false;
    const double stopped = now() - begin;
    result.stopped_seconds += stopped;
    report_.stopped_seconds += stopped;
    report_.longest_stop_seconds = std::max(report_.longest_stop_seconds, stopped);
    if (next < table.batches()) {
      const std::size_t before = peers_.size();
      wait(std::min(run_between_stops * stopped, longest_pause), Newcomers::later);
      if (peers_.size() != before) return false;
    }
  }
  return true;
}

// A thread that waits for a disk does not stop at once: then all go on, and it is tried again.
bool Speaker::halt_all() {
  for (int attempt = 1;; ++attempt) {
    Request request;
    request.ask = Ask::halt;
    if (!ask(request, at_once)) return false;
    const auto refused =
        std::find_if(peers_.begin(), peers_.end(), [](const Peer& peer) { return peer.reply.error != 0; });
    if (refused == peers_.end()) return true;
    if (attempt == attempts_to_stop || refused->reply.error == EPERM) {
      note_trouble(text("rank ", refused->rank,
                        " could not be stopped to compare its pages: ", errno_text(refused->reply.error)));
      return false;
    }
    request.ask = Ask::go_on;
    const std::size_t before = peers_.size();
    if (!ask(request, at_once)) return false;
    wait(0.2, Newcomers::later);
    if (peers_.size() != before) return false;
  }
}

bool Speaker::compare_slice(const ComparisonTable& table, std::size_t& next) {
  const double begin = now();
  if (!halt_all()) return false;
  Request request;
  request.ask = Ask::step;
  const std::size_t first = next;
  for (;;) {  // one batch is written while the one before it is compared
    const bool more = next < table.batches() && (next == first || now() - begin < longest_stop);
    request.compare_batch = request.write_batch;
    request.write_batch = more ? next : no_batch;
    if (!more && request.compare_batch == no_batch) return true;
    if (!ask(request, at_once)) return false;
    if (more) ++next;
  }
}

bool Speaker::count(const ComparisonTable& table, ScanResult& result) {
  Request request;
  request.ask = Ask::tally;
  if (!ask(request, at_once)) return false;
  std::vector<Row> rows;
  for (const Peer& peer : peers_) rows.insert(rows.end(), peer.rows.begin(), peer.rows.end());
  result.rows = merged(rows);
  result.ranks = peers_.size();
  for (std::size_t group = 0; group < table.groups().size(); ++group) {
    const std::uint64_t copies = table.copies(group);
    if (copies == 0) continue;
    const bool all = copies == result.ranks;
    (all ? result.on_all : result.on_several) += table.page_bytes();
    (all ? result.saved_on_all : result.saved_on_several) += (copies - 1) * table.page_bytes();
  }
  return true;
}

void Speaker::note_trouble(const std::string& what) {
  if (report_.trouble.empty()) report_.trouble = what;
}

NodeReport Speaker::conclude() {
  report_.seconds = emptied_;
  std::sort(report_.ranks.begin(), report_.ranks.end());
  if (cut_at_ >= 0 && report_.trouble.empty())
    report_.trouble = text("a rank ended, or did not answer, during the comparison that began at ",
                           std::round(cut_at_ * 100) / 100, " s");
  if (!report_.scan && report_.trouble.empty())
    report_.trouble = "the program ended before its pages were compared; --at SECONDS does it at that time";
  return std::move(report_);
}

}  // namespace tutti::inspect
