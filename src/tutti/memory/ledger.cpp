#include "tutti/memory/ledger.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <numeric>

#include "tutti/core/text.hpp"
#include "tutti/memory/refusal.hpp"

namespace tutti::memory {

namespace {

constexpr std::array<const char*, categories> category_names{"program",    "distributed", "node-shared",
                                                             "replicated", "halo",        "buffer"};

// Asking the system what is left takes as long as filling a megabyte. So its answer counts for a while: until
// an eighth of what was left has been booked, or a second has passed.
constexpr std::uint64_t worth_asking = std::uint64_t{1} << 20U;
constexpr std::uint64_t trusted_part = 8;
constexpr std::chrono::seconds trusted_time{1};

// What an entry adds to its category: the ranks' own bytes, or what their node shares.
std::uint64_t weight(const Holding& holding) {
  return holding.category == Category::node_shared ? holding.node_bytes : holding.rank_bytes;
}

}  // namespace

const char* name(Category category) { return category_names[static_cast<std::size_t>(category)]; }

std::optional<Category> category_of(std::string_view name) {
  const auto found = std::find(category_names.begin(), category_names.end(), name);
  if (found == category_names.end()) return std::nullopt;
  return static_cast<Category>(found - category_names.begin());
}

std::uint64_t Books::total() const { return std::accumulate(of.begin(), of.end(), std::uint64_t{0}); }
std::uint64_t Books::rank_bytes() const { return total() - (*this)[Category::node_shared]; }

struct Ledger::State {
  mutable std::mutex mutex;
  Budget budget;
  NodeCounters own_counters{};
  NodeCounters* counters = &own_counters;
  std::shared_ptr<void> keeper;
  std::string node;
  int node_size = 1;
  Counters whose = Counters::shared;
  std::list<Holding> entries;
  Books totals;  // without holdings: those are `entries`
  std::uint64_t peak = 0;
  bool at_peak = false;  // the books are at their peak now, and that is not yet written down
  Books peak_books;
  bool measures = false;
  std::uint64_t trusted_up_to = 0;  // booked on the node: up to there the system need not be asked again
  std::chrono::steady_clock::time_point asked;

  Limit left_for(std::uint64_t bytes);
  void reserve(const Holding& holding);
  Books books() const;
  void write_down_peak();
  std::list<Holding>::iterator add(Holding holding);
  void remove(std::list<Holding>::iterator entry) noexcept;
};

Limit Ledger::State::left_for(std::uint64_t bytes) {
  const std::scoped_lock lock(mutex);
  const std::uint64_t booked = counters->booked.load();
  const auto now = std::chrono::steady_clock::now();
  std::uint64_t after = 0;
  if (add_fits(booked, bytes, after) && after <= trusted_up_to && now - asked < trusted_time) return {};
  Limit left = budget.left_on_node(booked);
  trusted_up_to = booked + left.bytes / trusted_part;
  asked = now;
  return left;
}

void Ledger::State::reserve(const Holding& holding) {
  const auto refuse = [&](const Limit& limit, bool given) {
    const std::scoped_lock lock(mutex);
    return refusal(
        {holding, limit, counters->booked.load(), given, node, node_size, {entries.begin(), entries.end()}});
  };
  if (holding.node_bytes >= worth_asking) {
    const Limit left = left_for(holding.node_bytes);
    if (holding.node_bytes > left.bytes) throw refuse(left, false);
  }
  const Limit given = budget.smallest_given();
  if (!counters->reserve(holding.node_bytes, given.bytes)) throw refuse(given, true);
}

Books Ledger::State::books() const {
  Books books = totals;
  books.holdings.assign(entries.begin(), entries.end());
  if (measures) books.process = process_memory();
  return books;
}

// Called before the first change that leaves a peak: so an increase costs nothing but a comparison.
void Ledger::State::write_down_peak() {
  if (!at_peak) return;
  peak_books = books();
  at_peak = false;
}

std::list<Holding>::iterator Ledger::State::add(Holding holding) {
  const std::scoped_lock lock(mutex);
  entries.push_back(std::move(holding));
  totals.of[static_cast<std::size_t>(entries.back().category)] += weight(entries.back());
  if (totals.total() > peak) {
    peak = totals.total();
    at_peak = true;
  }
  return std::prev(entries.end());
}

void Ledger::State::remove(std::list<Holding>::iterator entry) noexcept {
  const std::scoped_lock lock(mutex);
  try {
    write_down_peak();
  } catch (...) {  // out of memory: the figures of this peak are lost, not the books
    at_peak = false;
  }
  totals.of[static_cast<std::size_t>(entry->category)] -= weight(*entry);
  entries.erase(entry);
}

Ledger::Ledger(Budget budget) : state_(std::make_shared<State>()) { state_->budget = std::move(budget); }

Ledger::Ledger(Budget budget, NodeCounters& counters, std::shared_ptr<void> keeper, std::string node,
               int node_size, Counters whose)
    : Ledger(std::move(budget)) {
  state_->counters = &counters;
  state_->keeper = std::move(keeper);
  state_->node = std::move(node);
  state_->node_size = node_size;
  state_->whose = whose;
}

Booking Ledger::book(std::string name, Category category, std::uint64_t bytes) {
  Holding holding{std::move(name), category, bytes, bytes, -1, 0, {}};
  Reservation reservation = reserve(holding);
  return enter(std::move(holding), std::move(reservation));
}

Reservation Ledger::reserve(const Holding& holding) {
  state_->reserve(holding);
  Reservation reservation;
  reservation.state_ = state_;
  reservation.bytes_ = holding.node_bytes;
  return reservation;
}

Booking Ledger::enter(Holding holding, Reservation reservation) {
  const bool reserved = reservation.state_ != nullptr;
  const bool shared = holding.category == Category::node_shared;
  const std::uint64_t whole = holding.node_bytes;
  Booking booking;
  holding.counted = !shared ? holding.rank_bytes : reserved ? whole : 0;
  // Where the ranks share no counters, each has reserved for all of them.
  booking.on_account_ = state_->whose == Counters::shared ? holding.counted : reserved ? whole : 0;
  booking.entry_ = state_->add(std::move(holding));
  booking.state_ = state_;
  reservation.state_.reset();  // its bytes are the bookings' now: each rank gives back its own
  return booking;
}

Booking Ledger::enter(Holding holding) { return enter(std::move(holding), Reservation()); }

Books Ledger::now() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->books();
}

Books Ledger::at_peak() const {
  const std::scoped_lock lock(state_->mutex);
  state_->write_down_peak();
  return state_->peak_books;
}

void Ledger::measure_at_peaks() {
  const std::scoped_lock lock(state_->mutex);
  state_->measures = true;
}

std::uint64_t Ledger::node_booked() const { return state_->counters->booked.load(); }
std::uint64_t Ledger::node_peak() const { return state_->counters->peak.load(); }
const Budget& Ledger::budget() const { return state_->budget; }

Reservation::Reservation(Reservation&& other) noexcept
    : state_(std::move(other.state_)), bytes_(std::exchange(other.bytes_, 0)) {}

Reservation& Reservation::operator=(Reservation&& other) noexcept {
  std::swap(state_, other.state_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

Reservation::~Reservation() {
  if (state_) state_->counters->release(bytes_);
}

Booking::Booking(Booking&& other) noexcept
    : state_(std::move(other.state_)),
      entry_(other.entry_),
      on_account_(std::exchange(other.on_account_, 0)) {}

Booking& Booking::operator=(Booking&& other) noexcept {
  const Booking ended(std::move(*this));
  state_ = std::move(other.state_);
  entry_ = other.entry_;
  on_account_ = std::exchange(other.on_account_, 0);
  return *this;
}

Booking::~Booking() {
  if (!state_) return;
  state_->remove(entry_);
  state_->counters->release(on_account_);
}

}  // namespace tutti::memory
