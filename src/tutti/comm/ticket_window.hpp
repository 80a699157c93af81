// The window in which the first rank of a World keeps counters, and who uses which of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <mpi.h>

#include "tutti/comm/channel.hpp"
#include "tutti/core/integer.hpp"

namespace tutti::comm {

/// One for each World that ever needs it: MPI implementations limit the number of windows, and freeing one is
/// collective. A place in it is free again when all ranks say so, in the packet of the next counter.
class TicketWindow {
 public:
  static constexpr std::size_t places = 256;

  TicketWindow() = default;
  TicketWindow(const TicketWindow&) = delete;
  TicketWindow& operator=(const TicketWindow&) = delete;
  ~TicketWindow() = default;  // never calls MPI: see release()

  /// Collective. Every rank may access it from now on; it is not open if another rank fails, and throws.
  /// @param host  the name of this rank's
  void open(Channel& channel, std::string_view host, Waiting how);
  bool is_open() const { return window_ != MPI_WIN_NULL; }
  /// Collective.
  void release();

  std::array<std::uint64_t, places / 64> used{};  ///< by this rank, a bit for each place
  void use(std::size_t place, bool yes) {
    const std::uint64_t bit = std::uint64_t{1} << place % 64;
    used[place / 64] = yes ? used[place / 64] | bit : used[place / 64] & ~bit;
  }

  /// Counter `turn` (0 or 1) of a place: adds `increment`, @return what it was before.
  Index fetch_and_add(std::size_t place, int turn, Index increment);
  void set_zero(std::size_t place, int turn);

 private:
  static MPI_Aint displacement(std::size_t place, int turn);

  MPI_Win window_ = MPI_WIN_NULL;
};

}  // namespace tutti::comm
