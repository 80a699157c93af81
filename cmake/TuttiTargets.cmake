# How everything here is compiled, and the rooms as targets.
add_library(tutti_warnings INTERFACE)
target_compile_options(tutti_warnings INTERFACE -Wall -Wextra -Wconversion -Wshadow $<$<BOOL:${TUTTI_WERROR}>:-Werror>)
if(CMAKE_UNITY_BUILD)  # g++ takes the files of a room for headers; to clang++, one file's names shadow another's
  target_compile_options(tutti_warnings INTERFACE
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-subobject-linkage> $<$<COMPILE_LANG_AND_ID:CXX,Clang>:-Wno-shadow>)
endif()

# tutti_alone(a.cpp ...): files that are compiled each by itself where the others of their room are compiled together, because
# both have names of their own that are the same.
macro(tutti_alone)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endmacro()

# a*b+c must not become fma(a, b, c) on one machine and not on another.
add_library(tutti_same_bits INTERFACE)
add_library(tutti::same_bits ALIAS tutti_same_bits)
set_target_properties(tutti_same_bits PROPERTIES EXPORT_NAME same_bits)
target_compile_options(tutti_same_bits INTERFACE -ffp-contract=off)

add_library(tutti_sanitize INTERFACE)
if(TUTTI_SANITIZE)
  target_compile_options(tutti_sanitize INTERFACE -fsanitize=${TUTTI_SANITIZE} -fno-omit-frame-pointer
                                                  -fno-sanitize-recover=all)
  target_link_options(tutti_sanitize INTERFACE -fsanitize=${TUTTI_SANITIZE})
  if(TUTTI_SANITIZE STREQUAL thread)  # fences here are between processes, into which it does not see
    target_compile_options(tutti_sanitize INTERFACE -Wno-tsan)
  endif()
endif()

set(tutti_includes_core "")
set(tutti_includes_files core)
set(tutti_includes_exact core)
set(tutti_includes_memory core files)
set(tutti_includes_distribution core)
set(tutti_includes_launch core files memory)
set(tutti_includes_inspect core files memory launch)
set(tutti_includes_forecast core files memory distribution launch)
set(tutti_includes_verify core files memory launch)
set(tutti_includes_comm core files exact memory distribution launch inspect forecast verify)
set(tutti_includes_array core files exact memory distribution launch inspect forecast verify comm)
set(tutti_includes_io core files exact memory distribution launch inspect forecast verify comm array)
set(tutti_includes_checkpoint core files exact memory distribution launch inspect forecast verify comm array io)
set(tutti_includes_formats core files)
set(tutti_includes_molecular core files memory formats)
set(tutti_includes_simulation core files exact memory distribution launch inspect forecast verify comm array io checkpoint
    formats molecular)
set(tutti_includes_capi core files exact memory distribution launch inspect forecast verify comm array)

# tutti_room(NAME [LIBRARY library] HEADERS a.hpp ... SOURCES a.cpp ... [PRIVATE_HEADERS b.hpp ...])
# One folder of src/tutti as an object library that sees only the rooms below it. HEADERS are installed. It becomes part of
# tutti::tutti, or of the library tutti::<library>.
function(tutti_room room)
  cmake_parse_arguments(arg "" "LIBRARY" "HEADERS;PRIVATE_HEADERS;SOURCES" ${ARGN})
  if(NOT arg_LIBRARY)
    set(arg_LIBRARY tutti)
  endif()
  add_library(tutti_${room} OBJECT ${arg_SOURCES})
  target_include_directories(tutti_${room} PUBLIC ${PROJECT_SOURCE_DIR}/src ${PROJECT_BINARY_DIR}/src)
  target_link_libraries(tutti_${room} PRIVATE tutti_warnings tutti_sanitize PUBLIC tutti_same_bits)
  list(TRANSFORM arg_HEADERS PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ REGEX "^[^/]")
  set_property(GLOBAL APPEND PROPERTY ${arg_LIBRARY}_public_headers ${arg_HEADERS})
  set_property(GLOBAL APPEND PROPERTY ${arg_LIBRARY}_rooms ${room})
endfunction()
