// What MPI says of itself.
#pragma once

#include <string>

namespace tutti::comm {

/// "Open MPI v4.1.4" or "MPICH 4.0.2": the library that runs, which may differ from the one that tutti was
/// built with.
std::string mpi_library();

}  // namespace tutti::comm
