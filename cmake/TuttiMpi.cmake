# One MPI, wholly: compiler flags, libraries and launcher of the same installation.
# MPI_EXECUTABLE_SUFFIX (.openmpi or .mpich) picks it where several are installed side by side; a compiler or MPI_HOME
# alone can leave another MPI's launcher, whose tests would be N programs of one rank that pass.
find_package(MPI REQUIRED COMPONENTS CXX)

file(WRITE ${CMAKE_BINARY_DIR}/probe/mpi_name.cpp [[
#include <mpi.h>
#if defined(OPEN_MPI)
TUTTI_MPI=openmpi
#elif defined(MPICH_VERSION)
TUTTI_MPI=mpich
#endif
]])
list(TRANSFORM MPI_CXX_INCLUDE_DIRS PREPEND -I OUTPUT_VARIABLE probe_includes)
execute_process(COMMAND ${CMAKE_CXX_COMPILER} -E -P ${probe_includes} ${CMAKE_BINARY_DIR}/probe/mpi_name.cpp
                OUTPUT_VARIABLE probe_output ERROR_VARIABLE probe_error)
if(NOT probe_output MATCHES "TUTTI_MPI=(openmpi|mpich)")
  message(FATAL_ERROR "tutti needs Open MPI or MPICH; the <mpi.h> found in ${MPI_CXX_INCLUDE_DIRS} is neither\n${probe_error}")
endif()
set(TUTTI_MPI ${CMAKE_MATCH_1})

execute_process(COMMAND ${MPIEXEC_EXECUTABLE} --version OUTPUT_VARIABLE launcher_version ERROR_VARIABLE launcher_version)
if(launcher_version MATCHES "Open MPI|OpenRTE")
  set(launcher_mpi openmpi)
elseif(launcher_version MATCHES "HYDRA")
  set(launcher_mpi mpich)
else()
  set(launcher_mpi unknown)
endif()
if(NOT launcher_mpi STREQUAL TUTTI_MPI)
  message(FATAL_ERROR "${MPIEXEC_EXECUTABLE} belongs to ${launcher_mpi}, <mpi.h> to ${TUTTI_MPI}; "
                      "give -DMPI_EXECUTABLE_SUFFIX=.openmpi or .mpich in a fresh build tree")
endif()

# What `mpiexec -n P` needs here to start more ranks than there are cores.
if(TUTTI_MPI STREQUAL openmpi)
  set(TUTTI_OVERSUBSCRIBE_FLAGS --oversubscribe --bind-to none)
else()
  set(TUTTI_OVERSUBSCRIBE_FLAGS)
endif()
message(STATUS "tutti: MPI is ${TUTTI_MPI}, launcher ${MPIEXEC_EXECUTABLE}")
