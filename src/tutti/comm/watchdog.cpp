#include "tutti/comm/watchdog.hpp"

#include <algorithm>
#include <charconv>
#include <signal.h>
#include <unistd.h>

#include "tutti/core/environment.hpp"
#include "tutti/core/text.hpp"

namespace tutti::comm {

namespace {

// Where MPICH's launcher listens to this process; -1 under any other one.
int hydra_descriptor() {
  if (!environment_text("HYDI_CONTROL_FD")) return -1;
  const std::string value = environment_text("PMI_FD").value_or("");
  int descriptor = -1;
  std::from_chars(value.data(), value.data() + value.size(), descriptor);
  return descriptor;
}

// What stands in the page of a node about the end of the job.
constexpr std::uint32_t being_told = 1;
constexpr std::uint32_t told = 2;

// s that other nodes have until what they say is passed on; longer if none has said anything: they may be
// busy.
constexpr double answer_time = 0.5, longest_answer_time = 1.5;

void write_error(const std::string& line) {
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace

Watchdog::Watchdog(WatchdogSettings settings, WatchPage page, int nodes, std::string node_name, Report report)
    : settings_(settings),
      page_(std::move(page)),
      nodes_(nodes),
      node_name_(std::move(node_name)),
      report_(std::move(report)),
      hydra_(hydra_descriptor()) {
  if (!settings_.enabled) return;
  sigset_t all, before;  // the program's signal handlers belong to its own threads
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { watch(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Watchdog::~Watchdog() { stop(); }

void Watchdog::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Watchdog::add_world(std::uint64_t world, std::vector<int> slots) {
  if (!page_.shared()) slots = {page_.own()};  // the others have pages of their own
  const std::lock_guard lock(mutex_);
  worlds_[world] = std::move(slots);
}

void Watchdog::remove_world(std::uint64_t world) {
  const std::lock_guard lock(mutex_);
  worlds_.erase(world);
}

void Watchdog::note(const Call& call) {
  last_site_ = call.site;
  last_operation_ = &call.operation;
  last_detail_ = call.detail;
  WatchPage::write_text(page_.mine(), call.text());
}

void Watchdog::fails_with(std::optional<core::ErrorRecord> failure) {
  if (!failure && page_.mine().failing.load(std::memory_order_relaxed) == 0)
    return;  // only this rank writes it
  const std::lock_guard lock(mutex_);
  failing_ = std::move(failure);
  page_.mine().failing.store(failing_ ? 1 : 0);
}

void Watchdog::connect(NodeRoster roster, std::unique_ptr<NodeLine> line) {
  const std::lock_guard lock(mutex_);
  roster_ = std::move(roster);
  line_ = std::move(line);
  if (line_) page_.head().line.store(1);
}

void Watchdog::finalizing(int exit_code) {
  {
    const std::lock_guard lock(mutex_);
    finalize_deadline_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                            std::chrono::duration<double>(WatchdogSettings::finalize));
    finalize_code_ = exit_code;
  }
  wake_.notify_all();
}

void Watchdog::watch() {
  const double shortest = std::min(settings_.limit, settings_.end_limit.value_or(settings_.limit));
  const auto period = std::chrono::duration<double>(std::clamp(shortest / 10, 0.01, 0.2));
  std::uint64_t seen_world = 0, seen_sequence = 0;
  Clock::time_point since = Clock::now();
  std::unique_lock lock(mutex_);
  while (!stop_) {
    const auto before = Clock::now();
    wake_.wait_for(lock, period);
    // A job that was suspended as a whole has not waited meanwhile.
    if (const auto late = Clock::now() - before - period; late > std::chrono::seconds(1)) {
      since += std::chrono::duration_cast<Clock::duration>(late);
      positions_since_ += std::chrono::duration_cast<Clock::duration>(late);
    }
    if (page_.head().ending.load() >= told) exit_after_the_teller();
    if (line_) {
      line_->poll([this](std::uint64_t world, std::uint64_t sequence) { return answer(world, sequence); });
      if (const auto code = line_->verdict()) follow(*code);
    }
    const auto now = Clock::now();
    if (finalize_deadline_ && now > *finalize_deadline_) {
      write_error("tutti: warning: MPI_Finalize does not end; leaving it\n");
      _exit(finalize_code_ != 0 ? finalize_code_ : exit_code(ErrorType::mismatch));
    }
    const RankSlot& mine = page_.mine();
    const bool waiting = mine.stage.load(std::memory_order_acquire) != Stage::outside;
    const std::uint64_t world = mine.world.load(std::memory_order_relaxed);
    const std::uint64_t sequence = mine.sequence.load(std::memory_order_relaxed);
    if (!waiting || world != seen_world || sequence != seen_sequence) {
      seen_world = world;
      seen_sequence = sequence;
      since = now;
    } else {
      examine(std::chrono::duration<double>(now - since).count());
    }
  }
}

// Called with the mutex held, by a rank that has waited for `waited` seconds in one collective.
void Watchdog::examine(double waited) {
  const double first_look = std::min(settings_.limit, WatchdogSettings::dead);
  if (waited < first_look) return;
  std::vector<int> waiting_ranks;
  const auto missing = missing_ranks(page_.mine().world.load(), page_.mine().sequence.load(), waiting_ranks);
  const auto any = [&](memory::ProcessState state) {
    return std::any_of(missing.begin(), missing.end(),
                       [&](const Missing& m) { return m.status.state == state; });
  };
  const std::uint64_t wait = core::mix(page_.mine().world.load(), page_.mine().sequence.load()) | 1U;
  const bool over_limit = waited > settings_.limit;
  // Seen twice: at the end of a program, a rank may be gone just before this one notices its last packet.
  const bool dead = any(memory::ProcessState::dead);
  const bool surely_dead = dead && dead_in_ == wait;
  dead_in_ = dead ? wait : 0;
  const bool stopped = over_limit && any(memory::ProcessState::stopped);
  const bool inside = missing.empty() && page_.mine().stage.load() == Stage::inside;
  const bool elsewhere = missing.empty() && !inside && (nodes_ > 1 || !page_.shared());
  const auto what_is_wrong = [&] {
    return inside ? describe_inside() : elsewhere ? describe_elsewhere() : describe(missing, waiting_ranks);
  };
  if (over_limit && failing_ && (elsewhere || !missing.empty())) end_unheard(*failing_, missing);
  if (over_limit && elsewhere && ask_other_nodes(waited)) return;
  if (over_limit && !elsewhere && all_wait())
    if (const std::string lost = lost_node(); !lost.empty()) end(text(what_is_wrong(), lost));
  // The node of the missing rank knows more, so it speaks first.
  const bool out_of_time =
      settings_.end_limit && (((inside || !missing.empty()) && waited > *settings_.end_limit) ||
                              (elsewhere && waited > *settings_.end_limit + 1));
  if (surely_dead || stopped || out_of_time) end(what_is_wrong());
  if (over_limit && deadlocked(missing)) end(describe_deadlock());
  if (!over_limit || warned_ == wait || verdict_is_near()) return;
  warned_ = wait;
  if (page_.head().warned.exchange(wait) == wait) return;  // another rank of the node has told it
  if (!missing.empty() || elsewhere || inside) warn(text(what_is_wrong(), "; waiting on"));
}

// A rank with an error is about to end the job, since others do not hear of it: nothing has to be warned of.
bool Watchdog::verdict_is_near() const {
  const auto slots = page_.slots();
  return std::any_of(slots.begin(), slots.end(),
                     [](const RankSlot& slot) { return slot.failing.load() != 0; }) &&
         std::any_of(slots.begin(), slots.end(),
                     [](const RankSlot& slot) { return slot.stage.load() == Stage::inside; });
}

// The node's first rank asks the other nodes, the others leave it to speak, if it waits here as well. @return
// whether there is nothing to be said yet.
bool Watchdog::ask_other_nodes(double waited) {
  const RankSlot& mine = page_.mine();
  if (!line_) {
    const RankSlot& first = page_.slot(0);
    return page_.shared() && page_.head().line.load() != 0 && first.stage.load() == Stage::waiting &&
           first.world.load() == mine.world.load() && first.sequence.load() == mine.sequence.load() &&
           waited < settings_.end_limit.value_or(waited) + 2;
  }
  if (const std::string lost = lost_node(); !lost.empty()) end(text(describe_elsewhere(), lost));
  return waited < settings_.limit + (line_->answers().empty() ? longest_answer_time : answer_time);
}

// No rank of this node computes. They need not all wait in one collective when another node is lost: its last
// packets reached some, which went on to the next. Others may be in MPI calls of the program's own.
bool Watchdog::all_wait() const {
  const auto slots = page_.slots();
  return std::none_of(slots.begin(), slots.end(),
                      [](const RankSlot& slot) { return slot.stage.load() == Stage::outside; });
}

// Asks the other nodes. @return what is to be said of a neighbour that is there no longer, or nothing.
std::string Watchdog::lost_node() {
  if (!line_) return {};
  line_->ask(page_.mine().world.load(), page_.mine().sequence.load());
  const double patience = std::clamp(settings_.limit, 2.0, WatchdogSettings::silence);
  const int node = line_->silent(patience, settings_.limit);
  if (node < 0) return {};
  return text("; node ", node, ", which could be reached at the start, has not answered for ", patience,
              " s: it is gone, or cut off");
}

// What this node answers to another one: who of its ranks is missing in a collective, and what is the matter.
std::string Watchdog::answer(std::uint64_t world, std::uint64_t sequence) const {
  std::vector<int> waiting_ranks;
  const auto missing = missing_ranks(world, sequence, waiting_ranks);
  return missing.empty() ? "" : describe_states(missing);
}

// Where all ranks wait for packets of different collectives, and nothing has moved for as long as a rank may
// wait, nothing ever will. (Data on its way is no packet, and a rank outside, or on another node, may come.)
bool Watchdog::deadlocked(const std::vector<Missing>& missing) {
  if (missing.empty() || nodes_ > 1 || !page_.shared()) return false;
  std::vector<Position> now;
  for (const RankSlot& slot : page_.slots()) {
    now.push_back({slot.world.load(), slot.sequence.load(), slot.stage.load()});
    if (now.back().stage != Stage::waiting) return false;
  }
  if (now != positions_) {
    positions_ = std::move(now);
    positions_since_ = Clock::now();
    return false;
  }
  return std::chrono::duration<double>(Clock::now() - positions_since_).count() > settings_.limit;
}

std::vector<Watchdog::Missing> Watchdog::missing_ranks(std::uint64_t world, std::uint64_t sequence,
                                                       std::vector<int>& waiting_ranks) const {
  std::vector<Missing> missing;
  const auto members = worlds_.find(world);
  if (members == worlds_.end()) return missing;
  for (const int index : members->second) {
    const RankSlot& slot = page_.slot(index);
    const bool arrived = slot.world.load() == world && slot.sequence.load() >= sequence;
    const auto status = memory::status_of(WatchPage::process(slot));
    const bool lost =
        status.state == memory::ProcessState::dead || status.state == memory::ProcessState::stopped;
    if (arrived && !lost)  // a rank may also be lost in the midst of the collective
      waiting_ranks.push_back(slot.rank.load());
    else
      missing.push_back({index, status});
  }
  return missing;
}

void Watchdog::warn(const std::string& message) {
  write_error(text("tutti: warning: after ", settings_.limit, " s: ", message, "\n"));
}

void Watchdog::end(const std::string& message) {
  core::ErrorRecord record;
  record.type = ErrorType::mismatch;
  record.node = node_name_;
  record.message = text(message, "; the job ends");
  record.data.number[0] = static_cast<std::int64_t>(page_.mine().sequence.load());
  end(record);
}

void Watchdog::end_unheard(core::ErrorRecord failure, const std::vector<Missing>& missing) {
  failure.message += describe_unheard(missing);
  end(failure);
}

void Watchdog::end(const core::ErrorRecord& record) {
  std::uint32_t nobody = 0;
  if (page_.head().ending.compare_exchange_strong(nobody, being_told)) {
    report_(record);
    page_.head().ending.store(told + static_cast<std::uint32_t>(record.exit_code()));
    tell_verdict(roster_, record.exit_code());
    abort_by_hydra(record.exit_code());
    _exit(record.exit_code());
  }
  // Whoever tells the verdict may be stopped in the midst of it: do not wait for it forever.
  for (int i = 0; i < 200 && page_.head().ending.load() < told; ++i) usleep(10000);
  exit_after_the_teller();
}

// Another node has told why the job ends.
void Watchdog::follow(int exit_code) {
  std::uint32_t nobody = 0;
  page_.head().ending.compare_exchange_strong(nobody, told + static_cast<std::uint32_t>(exit_code));
  exit_after_the_teller();
}

// MPICH's launcher kills what is left as soon as one process has exited, and then passes on, at random, our
// status or that of one that it has killed. Where it is asked to end the job, by the line that MPI_Abort
// sends it (PMI-1, which MPI leaves idle while a collective waits), it passes on the status that it was
// given.
void Watchdog::abort_by_hydra(int code) const {
  if (hydra_ < 0) return;
  usleep(200000);  // it drops what it has not read when it ends a job: our verdict
  const std::string line = text("cmd=abort exitcode=", code, "\n");
  if (::write(hydra_, line.data(), line.size()) == static_cast<ssize_t>(line.size())) usleep(500000);
}

void Watchdog::leave_it_to_the_verdict() {
  if (page_.head().ending.load() != 0) exit_after_the_teller();
}

// The first exit is the teller's, once it has been told and the launcher knows.
void Watchdog::exit_after_the_teller() {
  if (const std::uint32_t ending = page_.head().ending.load(); line_ && ending >= told)
    tell_verdict(roster_, static_cast<int>(ending - told));
  sleep(1);
  const std::uint32_t ending = page_.head().ending.load();
  _exit(ending >= told ? static_cast<int>(ending - told) : exit_code(ErrorType::mismatch));
}

}  // namespace tutti::comm
