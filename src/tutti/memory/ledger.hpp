// The ledger: what holds how much memory, under its name; now, and at the peak.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tutti/core/integer.hpp"
#include "tutti/memory/budget.hpp"
#include "tutti/memory/node_account.hpp"
#include "tutti/memory/system_memory.hpp"

namespace tutti::memory {

enum class Category : std::uint8_t {
  program,      ///< what every rank takes before it books anything: code, libraries, MPI
  distributed,  ///< each rank its part
  node_shared,  ///< one copy for all ranks of a node
  replicated,   ///< each rank all of it
  halo,         ///< copies of what neighbours own
  buffer,       ///< for the time of one operation
};
inline constexpr std::size_t categories = 6;
/// "program", "distributed", "node-shared" ...
const char* name(Category category);
/// The category of such a name; nothing for anything else.
std::optional<Category> category_of(std::string_view name);

/// One entry: an array, or the buffers of one kind. The last three say what it would be on other ranks; a
/// forecast needs them.
struct Holding {
  std::string name;
  Category category = Category::buffer;
  std::uint64_t rank_bytes = 0;  ///< that this rank has for itself; 0 for what the node shares
  std::uint64_t node_bytes = 0;  ///< that all ranks of its node have, as far as they made it together
  Index elements = -1;           ///< of the whole array; -1: not known
  std::uint64_t element_bytes = 0;
  std::string layout;         ///< "block", "cyclic" ...; empty unless it is distributed
  std::uint64_t counted = 0;  ///< set by the ledger: this rank's part of what the node has, whoever made it
};

/// The books at one moment.
struct Books {
  std::vector<Holding> holdings;               ///< in the order in which they were made
  std::array<std::uint64_t, categories> of{};  ///< bytes by category; node-shared ones are the node's
  std::optional<ProcessMemory> process;        ///< what the system said then, if that was asked for

  std::uint64_t operator[](Category category) const { return of[static_cast<std::size_t>(category)]; }
  std::uint64_t total() const;       ///< with what the node shares, whole
  std::uint64_t rank_bytes() const;  ///< without
};

class Booking;
class Reservation;

enum class Counters : std::uint8_t { shared, own };

/// One for each process: the World keeps it (World::ledger()). Any thread may book. Booking costs some 0.2
/// us; from 1 MiB on it asks the system what is left, 0.1 ms, unless it has done so within the last second.
class Ledger {
 public:
  /// For one process alone on its node.
  explicit Ledger(Budget budget = Budget());
  /// @param counters  of this node; `keeper` keeps their memory
  /// @param whose  own: the ranks of the node cannot share memory, so each counts all that it knows of
  Ledger(Budget budget, NodeCounters& counters, std::shared_ptr<void> keeper, std::string node, int node_size,
         Counters whose = Counters::shared);

  /// Not collective: this rank alone books `bytes` of its own.
  /// @throws BudgetError if the node has no room for them.
  Booking book(std::string name, Category category, std::uint64_t bytes);

  /// The first half of a booking by several ranks: one rank of each node reserves the node_bytes of all, so
  /// that nobody has allocated anything when one node refuses.
  /// @throws BudgetError naming the array, what it needs, what is used, the largest holders and the remedy.
  Reservation reserve(const Holding& holding);
  /// The second half, on every rank, when all nodes have room. The rank that reserved hands in its
  /// reservation.
  Booking enter(Holding holding, Reservation reservation);
  Booking enter(Holding holding);

  Books now() const;
  /// The books when this rank's total was largest.
  Books at_peak() const;
  /// From now on, the system is asked for this process's memory at every peak (about 1 ms).
  void measure_at_peaks();

  std::uint64_t node_booked() const;  ///< by all ranks of this node
  std::uint64_t node_peak() const;
  const Budget& budget() const;

 private:
  friend class Booking;
  friend class Reservation;
  struct State;
  std::shared_ptr<State> state_;
};

/// Holds node bytes until the ranks have agreed; gives them back unless Ledger::enter() takes them over.
class Reservation {
 public:
  Reservation() = default;
  Reservation(Reservation&& other) noexcept;
  Reservation& operator=(Reservation&& other) noexcept;
  Reservation(const Reservation&) = delete;
  Reservation& operator=(const Reservation&) = delete;
  ~Reservation();

 private:
  friend class Ledger;
  std::shared_ptr<Ledger::State> state_;
  std::uint64_t bytes_ = 0;
};

/// An entry of the ledger, as long as it lives. Move-only; what owns the memory owns it.
class Booking {
 public:
  Booking() = default;
  Booking(Booking&& other) noexcept;
  Booking& operator=(Booking&& other) noexcept;
  Booking(const Booking&) = delete;
  Booking& operator=(const Booking&) = delete;
  ~Booking();

 private:
  friend class Ledger;
  std::shared_ptr<Ledger::State> state_;
  std::list<Holding>::iterator entry_;
  std::uint64_t on_account_ = 0;  // this rank's share of the node's counter
};

}  // namespace tutti::memory
