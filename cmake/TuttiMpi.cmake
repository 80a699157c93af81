# One MPI, wholly: compiler flags, libraries and launcher of the same installation.
# MPI_EXECUTABLE_SUFFIX (.openmpi or .mpich) picks it where several are installed side by side; a compiler or MPI_HOME
# alone can leave another MPI's launcher, whose tests would be N programs of one rank that pass.
if(TUTTI_SIMULATED)
  include(TuttiSimgrid)
  return()
endif()
set(MPI_CXX_SKIP_MPICXX ON CACHE BOOL "leave out MPI-2's C++ bindings, which MPI-3 removed")
find_package(MPI REQUIRED COMPONENTS CXX)

include(${CMAKE_CURRENT_LIST_DIR}/TuttiWhichMpi.cmake)
tutti_which_mpi(TUTTI_MPI mpi_headers "${MPI_CXX_INCLUDE_DIRS}")
if(NOT TUTTI_MPI MATCHES "^(openmpi|mpich)$")
  message(FATAL_ERROR "tutti needs Open MPI or MPICH; the <mpi.h> found in ${MPI_CXX_INCLUDE_DIRS} is neither")
endif()

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

# The same MPI by its paths, so that the installed package can bring it: MPI::MPI_CXX would be whatever MPI the user's
# find_package(MPI) finds first.
add_library(tutti_mpi INTERFACE)
add_library(tutti::mpi ALIAS tutti_mpi)
set_target_properties(tutti_mpi PROPERTIES EXPORT_NAME mpi)
target_include_directories(tutti_mpi SYSTEM INTERFACE ${MPI_CXX_INCLUDE_DIRS})
target_compile_definitions(tutti_mpi INTERFACE ${MPI_CXX_COMPILE_DEFINITIONS})
target_compile_options(tutti_mpi INTERFACE ${MPI_CXX_COMPILE_OPTIONS})
separate_arguments(mpi_link_flags UNIX_COMMAND "${MPI_CXX_LINK_FLAGS}")
target_link_options(tutti_mpi INTERFACE ${mpi_link_flags})
# Nothing of the C++ bindings is used; their library would only be loaded.
set(TUTTI_MPI_LIBRARIES ${MPI_CXX_LIBRARIES})
list(FILTER TUTTI_MPI_LIBRARIES EXCLUDE REGEX "/libmpi(_|ch)cxx\\.")
target_link_libraries(tutti_mpi INTERFACE ${TUTTI_MPI_LIBRARIES})

# What `mpiexec -n P` needs here to start more ranks than there are cores.
if(TUTTI_MPI STREQUAL openmpi)
  set(TUTTI_OVERSUBSCRIBE_FLAGS --oversubscribe --bind-to none)
else()
  set(TUTTI_OVERSUBSCRIBE_FLAGS)
endif()
message(STATUS "tutti: MPI is ${TUTTI_MPI}, launcher ${MPIEXEC_EXECUTABLE}")
