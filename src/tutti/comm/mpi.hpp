// For programs that have MPI already: a World from a communicator.
#pragma once

#include <functional>
#include <type_traits>

#include <mpi.h>

#include "tutti/comm/built_for.hpp"
#include "tutti/comm/run.hpp"

#if (defined(TUTTI_FOR_OPENMPI) && !defined(OPEN_MPI)) ||    \
    (defined(TUTTI_FOR_MPICH) && !defined(MPICH_VERSION)) || \
    (defined(TUTTI_FOR_SIMGRID) && !defined(SMPI_H))
#error "this <mpi.h> is not of the MPI that this tutti was built for: see tutti/comm/built_for.hpp"
#endif

namespace tutti {

/// Collective over `communicator`. A World of its processes. It keeps a private duplicate of the
/// communicator, one for each communicator however often this is called; the duplicate is freed with
/// `communicator`, or in MPI_Finalize. A rank that leaves by an exception is heard only inside together(),
/// split() or run(): prefer those. It has books and a budget of its own, and nobody writes its report at the
/// end: ask for memory_report().
/// @throws LauncherError, UsageError (environment variables), on all ranks; UsageError if MPI is not running,
/// or
///         `communicator` is none, or one between two groups.
World world_from(MPI_Comm communicator);
/// The same for the communicator of a Fortran program.
World world_from_fortran(MPI_Fint communicator);

namespace comm {
inline namespace TUTTI_FOR_MPI {
int run(const std::function<int(World&)>& f, MPI_Comm communicator, ErrorStyle style);
}
}  // namespace comm

/// Collective over `communicator`. Runs f(world) as run(argc, argv, f) does, and leaves MPI as it was.
template <class F>
int run(MPI_Comm communicator, F&& f, ErrorStyle style = ErrorStyle::text) {
  if constexpr (std::is_void_v<std::invoke_result_t<F&, World&>>)
    return comm::run([&](World& world) { return f(world), 0; }, communicator, style);
  else
    return comm::run([&](World& world) { return static_cast<int>(f(world)); }, communicator, style);
}

}  // namespace tutti
