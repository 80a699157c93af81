# tutti_which_mpi(NAME HEADER "folders") - which MPI's <mpi.h> the compiler finds, in these folders or by itself: NAME is
# openmpi, mpich, simgrid, unknown, or empty if it finds none; HEADER is the file. Installed with the package, which asks the same.
function(tutti_which_mpi name header folders)
  if(CMAKE_CXX_COMPILER)
    set(compiler ${CMAKE_CXX_COMPILER} ${CMAKE_CXX_COMPILER_ARG1})
    set(source ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/tutti_which_mpi.cpp)
  else()  # a project in C
    set(compiler ${CMAKE_C_COMPILER} ${CMAKE_C_COMPILER_ARG1})
    set(source ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/tutti_which_mpi.c)
  endif()
  file(WRITE ${source} [[
#include <mpi.h>
#if defined(OPEN_MPI)
TUTTI_MPI=openmpi
#elif defined(MPICH_VERSION)
TUTTI_MPI=mpich
#elif defined(SMPI_H)
TUTTI_MPI=simgrid
#else
TUTTI_MPI=unknown
#endif
]])
  list(TRANSFORM folders PREPEND -I)
  execute_process(COMMAND ${compiler} -E ${folders} ${source}
                  OUTPUT_VARIABLE output ERROR_QUIET)
  set(${name} "" PARENT_SCOPE)
  set(${header} "" PARENT_SCOPE)
  if(output MATCHES "TUTTI_MPI=([a-z]+)")
    set(${name} ${CMAKE_MATCH_1} PARENT_SCOPE)
    if(output MATCHES "# 1 \"([^\"]*/mpi\\.h)\"")
      file(REAL_PATH ${CMAKE_MATCH_1} found)
      set(${header} ${found} PARENT_SCOPE)
    endif()
  endif()
endfunction()
