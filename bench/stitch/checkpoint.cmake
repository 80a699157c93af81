# Checkpoints, and a program without tutti that writes and reads the same bytes.
add_executable(bench_checkpoint_plain ${CMAKE_CURRENT_LIST_DIR}/checkpoint_plain.cpp)
target_link_libraries(bench_checkpoint_plain PRIVATE MPI::MPI_CXX tutti_warnings)

add_executable(bench_checkpoint_tutti ${CMAKE_CURRENT_LIST_DIR}/checkpoint_tutti.cpp)
target_link_libraries(bench_checkpoint_tutti PRIVATE tutti::tutti tutti_warnings)
