// Messages under way, and the memory that they are read from and written to.
#pragma once

#include <memory>
#include <vector>

#include <mpi.h>

namespace tutti::comm {

/// A World keeps a list of these until they have arrived: who began them may have been destroyed meanwhile,
/// by an exception that all ranks have yet to hear of, and MPI still writes to the memory.
class Flight {
 public:
  std::vector<MPI_Request> requests;
  std::shared_ptr<const void> memory;
};

}  // namespace tutti::comm
