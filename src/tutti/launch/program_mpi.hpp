// Which MPI a program or a launcher belongs to, found out without starting the program.
#pragma once

#include <string>
#include <string_view>

#include "tutti/launch/launcher.hpp"

namespace tutti::launch {

/// The MPI that an executable is linked with, directly or through its libraries; unknown for scripts, static
/// programs, and programs that load their MPI later (Python with mpi4py). Asks the program's own dynamic
/// loader (as ldd does), which knows all its search paths; takes some ms.
/// @param path  of the executable; what is no such file is unknown
LauncherKind mpi_of_program(const std::string& path);

/// From the list of libraries that a loader prints. Open MPI's library is libmpi.so.20 and up; MPICH's is
/// libmpich.so, or libmpi.so.12 in the ABI that it shares with Intel MPI and MVAPICH.
LauncherKind mpi_of_libraries(std::string_view list);

/// The kind of a launcher, from what it prints for --version; unknown if it cannot be run.
LauncherKind kind_of_launcher(const std::string& path);
LauncherKind kind_of_version(std::string_view version);

}  // namespace tutti::launch
