// MPI's return codes as errors of ours. (Communicators of ours return errors instead of aborting.)
#pragma once

namespace tutti::comm {

/// @throws SystemError with MPI's own text if `code` is not MPI_SUCCESS.
void check_mpi(int code, const char* function);

}  // namespace tutti::comm
