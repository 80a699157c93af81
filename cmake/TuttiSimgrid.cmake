# In place of an MPI: SimGrid's SMPI, which simulates a thousand ranks and more in one process (Debian's libsimgrid-dev).
# For tests only, of what needs many ranks; nothing is installed for it. tutti_simulated() makes a program for it.
find_path(SIMGRID_INCLUDE_DIR smpi/mpi.h)
find_library(SIMGRID_LIBRARY simgrid)
find_program(MPIEXEC_EXECUTABLE smpirun)
if(NOT SIMGRID_INCLUDE_DIR OR NOT SIMGRID_LIBRARY OR NOT MPIEXEC_EXECUTABLE)
  message(FATAL_ERROR "the preset simgrid needs SimGrid with SMPI; on Debian: apt-get install libsimgrid-dev")
endif()
include(${CMAKE_CURRENT_LIST_DIR}/TuttiWhichMpi.cmake)
tutti_which_mpi(TUTTI_MPI mpi_headers "${SIMGRID_INCLUDE_DIR};${SIMGRID_INCLUDE_DIR}/smpi")
if(NOT TUTTI_MPI STREQUAL simgrid)
  message(FATAL_ERROR "the <mpi.h> in ${SIMGRID_INCLUDE_DIR}/smpi is not SimGrid's")
endif()

add_library(tutti_mpi INTERFACE)
add_library(tutti::mpi ALIAS tutti_mpi)
target_include_directories(tutti_mpi SYSTEM INTERFACE ${SIMGRID_INCLUDE_DIR} ${SIMGRID_INCLUDE_DIR}/smpi)
target_link_libraries(tutti_mpi INTERFACE ${SIMGRID_LIBRARY})
set(smpi_nonblocking ${PROJECT_SOURCE_DIR}/tests/simgrid/smpi_nonblocking)
add_library(smpi_nonblocking SHARED ${smpi_nonblocking}.cpp)
target_link_libraries(smpi_nonblocking PUBLIC tutti_mpi)
target_compile_options(tutti_mpi INTERFACE -include ${smpi_nonblocking}.hpp)

# tutti_simulated(NAME a.cpp ...) - a program whose main() each simulated rank calls: smpirun loads it like a plugin, as
# what smpicxx makes. Its globals, and tutti's, are those of all ranks (-no-privatize): there must be none that matter.
function(tutti_simulated name)
  add_library(${name} MODULE ${ARGN})
  set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX "")
  target_link_libraries(${name} PRIVATE tutti::tutti tutti_warnings)
endfunction()
message(STATUS "tutti: MPI is ${TUTTI_MPI}, launcher ${MPIEXEC_EXECUTABLE}")
