// MPI calls of a program's own, under the guard: all ranks make them together, or none does.
#pragma once

#include <exception>
#include <string_view>
#include <type_traits>

#include "tutti/comm/mpi.hpp"

namespace tutti {

namespace comm {
inline namespace TUTTI_FOR_MPI {
MPI_Comm begin_guarded(const World& world, std::string_view what, bool communicator, Site site);
void end_guarded(const World& world, std::string_view what, bool communicator,
                 const std::exception_ptr& failure, Site site);
/// @throws SystemError with MPI's own text if `code` is not MPI_SUCCESS.
void check_guarded(int code, std::string_view what);

template <class F, class... Communicator>
void call_guarded(std::string_view what, F& f, Communicator... communicator) {
  if constexpr (std::is_same_v<std::invoke_result_t<F&, Communicator...>, int>)
    check_guarded(f(communicator...), what);
  else
    f(communicator...);
}
}  // namespace TUTTI_FOR_MPI
}  // namespace comm

/// Collective. Runs f on every rank: MPI calls of the program's own. None of them begins before all ranks are
/// here, in the same call with the same `what`; and f succeeds on all ranks or this throws on all. Two
/// packets of 64 B.
///
/// A rank that fails in f is heard where the others come out of f. If they never do, since they wait in MPI
/// for the one that failed, the watchdog ends the job with its error after TUTTI_WATCHDOG seconds; ranks that
/// merely stay in f that long are warned of. f may use this World as well, and no other one.
/// @param f  takes nothing, or an MPI_Comm: one of this World's ranks, for such calls alone, which returns
///           errors instead of ending the program. If f returns int, that is MPI's return code.
/// @throws the error of the lowest rank whose f threw, on all ranks; SystemError for a code of MPI's that is
///         not MPI_SUCCESS; a program may catch it and go on.
template <class F>
void guarded(const World& world, std::string_view what, F&& f, Site site = {}) {
  constexpr bool takes_communicator = std::is_invocable_v<F&, MPI_Comm>;
  const MPI_Comm communicator = comm::begin_guarded(world, what, takes_communicator, site);
  std::exception_ptr failure;
  try {
    if constexpr (takes_communicator)
      comm::call_guarded(what, f, communicator);
    else
      comm::call_guarded(what, f);
  } catch (...) {
    failure = std::current_exception();
  }
  comm::end_guarded(world, what, takes_communicator, failure, site);
}

}  // namespace tutti
