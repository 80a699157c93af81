#include "tutti/comm/shared_page.hpp"

#include "tutti/comm/mpi_error.hpp"
#include "tutti/core/error.hpp"

namespace tutti::comm {

WatchPage shared_page(MPI_Comm all, const NodeMap& map, int rank) {
  MPI_Comm node = node_communicator(all, map);
  std::optional<memory::SharedSegment> segment;
  memory::SegmentHandle handle;
  int ok = 1;
  if (map.node_rank == 0) {
    try {
      segment = memory::SharedSegment::create(WatchPage::bytes_for(map.node_size), "tutti watchdog");
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
  if (ok == 0) return WatchPage(rank);
  segment->close_handle();
  return WatchPage(std::move(*segment), map.node_rank, rank);
}

}  // namespace tutti::comm
