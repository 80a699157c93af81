#include "tutti/comm/ticket_window.hpp"

#include <optional>

#include "tutti/comm/host_turn.hpp"
#include "tutti/comm/mpi_error.hpp"
#include "tutti/core/error.hpp"

namespace tutti::comm {

namespace {

constexpr int owner = 0;

constexpr bool mixes_windows =  // of communicators without a rank in common, made at once
#if defined(OPEN_MPI)
    OMPI_MAJOR_VERSION < 5;
#else
    false;
#endif

void allocate(MPI_Comm communicator, MPI_Aint bytes, int unit, MPI_Win* window) {
  void* memory = nullptr;
  try {
    check_mpi(MPI_Win_allocate(bytes, unit, MPI_INFO_NULL, communicator, &memory, window),
              "MPI_Win_allocate");
  } catch (const SystemError& refused) {
    throw SystemError(
        text(refused.what(), "; a work queue over several nodes needs windows of MPI",
             mixes_windows ? " (Open MPI 4 has none over TCP unless OMPI_MCA_osc=sm,pt2pt is set)" : ""),
        refused.data());
  }
}

}  // namespace

MPI_Aint TicketWindow::displacement(std::size_t place, int turn) {
  return static_cast<MPI_Aint>(2 * place) + turn;
}

void TicketWindow::open(Channel& channel, std::string_view host, Waiting how) {
  constexpr int unit = sizeof(std::int64_t);
  const MPI_Aint bytes = channel.rank() == owner ? MPI_Aint{2 * places * unit} : 0;
  std::optional<HostTurn> turn;
  if (mixes_windows && !turn.emplace(channel, host, how).taken()) return;
  allocate(channel.communicator(), bytes, unit, &window_);
  check_mpi(MPI_Win_set_errhandler(window_, MPI_ERRORS_RETURN), "MPI_Win_set_errhandler");
  check_mpi(MPI_Win_lock_all(MPI_MODE_NOCHECK, window_), "MPI_Win_lock_all");
}

void TicketWindow::release() {
  if (!is_open()) return;
  check_mpi(MPI_Win_unlock_all(window_), "MPI_Win_unlock_all");
  check_mpi(MPI_Win_free(&window_), "MPI_Win_free");
}

Index TicketWindow::fetch_and_add(std::size_t place, int turn, Index increment) {
  if (!is_open()) throw DistributionError("a work queue was used after the end of its World");
  Index before = 0;
  check_mpi(
      MPI_Fetch_and_op(&increment, &before, MPI_INT64_T, owner, displacement(place, turn), MPI_SUM, window_),
      "MPI_Fetch_and_op");
  check_mpi(MPI_Win_flush(owner, window_), "MPI_Win_flush");
  return before;
}

void TicketWindow::set_zero(std::size_t place, int turn) {
  if (!is_open()) throw DistributionError("a work queue was used after the end of its World");
  const Index zero = 0;
  check_mpi(MPI_Accumulate(&zero, 1, MPI_INT64_T, owner, displacement(place, turn), 1, MPI_INT64_T,
                           MPI_REPLACE, window_),
            "MPI_Accumulate");
  check_mpi(MPI_Win_flush(owner, window_), "MPI_Win_flush");
}

}  // namespace tutti::comm
