# The libraries: all rooms as one, and the particles as another; and the package that find_package(tutti) finds.
get_property(rooms GLOBAL PROPERTY tutti_rooms)
get_property(public_headers GLOBAL PROPERTY tutti_public_headers)

add_library(tutti)
add_library(tutti::tutti ALIAS tutti)
foreach(room ${rooms})
  target_sources(tutti PRIVATE $<TARGET_OBJECTS:tutti_${room}>)
endforeach()
target_sources(tutti PUBLIC FILE_SET HEADERS
  BASE_DIRS ${PROJECT_SOURCE_DIR}/src ${PROJECT_BINARY_DIR}/src
  FILES ${PROJECT_SOURCE_DIR}/src/tutti/tutti.hpp ${PROJECT_SOURCE_DIR}/src/tutti/tutti.h ${public_headers})
target_link_libraries(tutti PUBLIC tutti_mpi tutti_same_bits PRIVATE $<BUILD_INTERFACE:tutti_sanitize>)
target_compile_features(tutti PUBLIC cxx_std_20)
# A name for each MPI, so that neither a program nor an installation can take one for the other.
set_target_properties(tutti PROPERTIES
  OUTPUT_NAME tutti_${TUTTI_MPI} VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}
  VERIFY_INTERFACE_HEADER_SETS ON)

get_property(rooms GLOBAL PROPERTY molecular_rooms)
get_property(molecular_headers GLOBAL PROPERTY molecular_public_headers)
add_library(molecular)
add_library(tutti::molecular ALIAS molecular)
foreach(room ${rooms})
  target_sources(molecular PRIVATE $<TARGET_OBJECTS:tutti_${room}>)
endforeach()
target_sources(molecular PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/src FILES ${molecular_headers})
target_link_libraries(molecular PUBLIC tutti PRIVATE $<BUILD_INTERFACE:tutti_sanitize>)
set_target_properties(molecular PROPERTIES
  OUTPUT_NAME tutti_molecular_${TUTTI_MPI} VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}
  VERIFY_INTERFACE_HEADER_SETS ON)

if(NOT TUTTI_INSTALL)
  return()
endif()
include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/tutti)
set(TUTTI_MPI_HEADER ${mpi_headers})
install(TARGETS tutti molecular tutti_mpi tutti_same_bits EXPORT tutti
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
# Compiled with the Fortran program: a module file would belong to one version of one compiler.
install(FILES ${PROJECT_BINARY_DIR}/src/tutti/tutti.f90 DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/tutti)
install(EXPORT tutti NAMESPACE tutti:: FILE tuttiTargets.cmake DESTINATION ${package_folder})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/tuttiConfig.cmake.in ${PROJECT_BINARY_DIR}/tuttiConfig.cmake
  INSTALL_DESTINATION ${package_folder} NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/tuttiConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/tuttiConfig.cmake ${PROJECT_BINARY_DIR}/tuttiConfigVersion.cmake
              ${CMAKE_CURRENT_LIST_DIR}/TuttiWhichMpi.cmake
        DESTINATION ${package_folder})

# For builds without CMake: pkg-config finds the folder of the .pc file itself, so the package can be moved.
set(pc_mpi_include ${MPI_CXX_INCLUDE_DIRS})
list(TRANSFORM pc_mpi_include PREPEND -I)
set(pc_mpi_definitions ${MPI_CXX_COMPILE_DEFINITIONS})
list(TRANSFORM pc_mpi_definitions PREPEND -D)
list(JOIN pc_mpi_include " " pc_mpi_include)
list(JOIN pc_mpi_definitions " " pc_mpi_definitions)
list(JOIN TUTTI_MPI_LIBRARIES " " pc_mpi_libraries)
file(RELATIVE_PATH pc_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
set(pc_name tutti)
set(pc_standard " -std=c++20")
set(pc_library "")
configure_file(${CMAKE_CURRENT_LIST_DIR}/tutti.pc.in ${PROJECT_BINARY_DIR}/tutti.pc @ONLY)
set(pc_name tutti-molecular)
set(pc_library " -ltutti_molecular_${TUTTI_MPI}")
configure_file(${CMAKE_CURRENT_LIST_DIR}/tutti.pc.in ${PROJECT_BINARY_DIR}/tutti-molecular.pc @ONLY)
set(pc_library "")
set(pc_name tutti-c)  # for C: a C compiler warns of C++'s -std
set(pc_standard "")
configure_file(${CMAKE_CURRENT_LIST_DIR}/tutti.pc.in ${PROJECT_BINARY_DIR}/tutti-c.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/tutti.pc ${PROJECT_BINARY_DIR}/tutti-c.pc ${PROJECT_BINARY_DIR}/tutti-molecular.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
