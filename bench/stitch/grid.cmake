# Halos, queues of work, and a solver made of them.
foreach(program cg halo_exchange work_queue)
  add_executable(bench_${program} ${CMAKE_CURRENT_LIST_DIR}/${program}.cpp)
  target_link_libraries(bench_${program} PRIVATE tutti::tutti MPI::MPI_CXX tutti_warnings)
endforeach()
