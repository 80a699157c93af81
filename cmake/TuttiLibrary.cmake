# The library: all rooms as one, and the package that find_package(tutti) finds.
get_property(rooms GLOBAL PROPERTY tutti_rooms)
get_property(public_headers GLOBAL PROPERTY tutti_public_headers)

add_library(tutti)
add_library(tutti::tutti ALIAS tutti)
foreach(room ${rooms})
  target_sources(tutti PRIVATE $<TARGET_OBJECTS:tutti_${room}>)
endforeach()
target_include_directories(tutti PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>
                                        $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/src>)
target_link_libraries(tutti PUBLIC MPI::MPI_CXX tutti_same_bits PRIVATE $<BUILD_INTERFACE:tutti_sanitize>)
target_compile_features(tutti PUBLIC cxx_std_20)
