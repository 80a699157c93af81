#include "tutti/comm/mpi_library.hpp"

#include <array>
#include <string_view>

#include <mpi.h>

#include "tutti/core/text.hpp"

namespace tutti::comm {

// Open MPI: "Open MPI v4.1.4, package: Debian OpenMPI, ..."; MPICH: "MPICH Version:\t4.0.2\nMPICH Release
// date: ..."
std::string mpi_library() {
  std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> version{};
  int length = 0;
  if (MPI_Get_library_version(version.data(), &length) != MPI_SUCCESS) return "unknown";
  const std::string_view all(version.data(), static_cast<std::size_t>(length));
  const std::string_view first = all.substr(0, all.find_first_of(",\n"));
  constexpr std::string_view label = " Version:\t";
  const auto at = first.find(label);
  if (at == std::string_view::npos) return std::string(first);
  return text(first.substr(0, at), ' ', first.substr(at + label.size()));
}

}  // namespace tutti::comm
