#include "tutti/comm/share_on_node.hpp"

#include "tutti/comm/mpi_error.hpp"
#include "tutti/core/error.hpp"

namespace tutti::comm {

std::optional<memory::SharedSegment> share_on_node(MPI_Comm all, const NodeMap& map, std::size_t bytes,
                                                   const char* name) {
  MPI_Comm node = node_communicator(all, map);
  std::optional<memory::SharedSegment> segment;
  memory::SegmentHandle handle;
  int ok = 1;
  if (map.node_rank == 0) {
    try {
      segment = memory::SharedSegment::create(bytes, name);
      handle = segment->handle();
    } catch (const Error&) {
      ok = 0;
    }
  }
  check_mpi(MPI_Bcast(&handle, sizeof handle, MPI_BYTE, 0, node), "MPI_Bcast");
  if (map.node_rank != 0) {
    try {
      segment = memory::SharedSegment::open(handle, memory::Access::read_write);
    } catch (const Error&) {
      ok = 0;
    }
  }
  check_mpi(MPI_Allreduce(MPI_IN_PLACE, &ok, 1, MPI_INT, MPI_MIN, node), "MPI_Allreduce");
  check_mpi(MPI_Comm_free(&node), "MPI_Comm_free");
  if (ok == 0) return std::nullopt;
  segment->close_handle();
  return segment;
}

}  // namespace tutti::comm
