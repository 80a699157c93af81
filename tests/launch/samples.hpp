// What launchers really print; captured, byte for byte.
#pragma once

#include <string>

namespace tutti::launch::samples {

// mpirun 4.1.4, a rank that exits with 65; on stderr
const std::string openmpi_exit_65 =
    "--------------------------------------------------------------------------\n"
    "Primary job  terminated normally, but 1 process returned\n"
    "a non-zero exit code. Per user-direction, the job has been aborted.\n"
    "--------------------------------------------------------------------------\n"
    "--------------------------------------------------------------------------\n"
    "mpirun.openmpi detected that one or more processes exited with non-zero status, thus causing\n"
    "the job to be terminated. The first process to do so was:\n"
    "\n"
    "  Process name: [[30622,1],1]\n"
    "  Exit code:    65\n"
    "--------------------------------------------------------------------------\n";

// mpirun 4.1.4, rank 1 ended by SIGKILL; on stderr
const std::string openmpi_killed =
    "--------------------------------------------------------------------------\n"
    "Primary job  terminated normally, but 1 process returned\n"
    "a non-zero exit code. Per user-direction, the job has been aborted.\n"
    "--------------------------------------------------------------------------\n"
    "--------------------------------------------------------------------------\n"
    "mpirun.openmpi noticed that process rank 1 with PID 0 on node vm exited on signal 9 (Killed).\n"
    "--------------------------------------------------------------------------\n";

// mpirun 4.1.4, MPI_Abort with 65; on stderr
const std::string openmpi_abort =
    "--------------------------------------------------------------------------\n"
    "MPI_ABORT was invoked on rank 1 in communicator MPI_COMM_WORLD\n"
    "with errorcode 65.\n"
    "\n"
    "NOTE: invoking MPI_ABORT causes Open MPI to kill all MPI processes.\n"
    "You may or may not see output from other processes, depending on\n"
    "exactly when Open MPI kills them.\n"
    "--------------------------------------------------------------------------\n";

// mpirun 4.1.4, too few slots (shortened); on stderr
const std::string openmpi_no_slots =
    "--------------------------------------------------------------------------\n"
    "There are not enough slots available in the system to satisfy the 30\n"
    "slots that were requested by the application:\n"
    "\n"
    "  ./po\n"
    "\n"
    "Either request fewer slots for your application, or make more slots\n"
    "available for use.\n"
    "--------------------------------------------------------------------------\n";

// mpiexec of MPICH 4.0.2, a rank ended by SIGKILL; on stdout, exit code 9
const std::string mpich_killed =
    "\n"
    "===================================================================================\n"
    "=   BAD TERMINATION OF ONE OF YOUR APPLICATION PROCESSES\n"
    "=   PID 7080 RUNNING AT vm\n"
    "=   EXIT CODE: 9\n"
    "=   CLEANING UP REMAINING PROCESSES\n"
    "=   YOU CAN IGNORE THE BELOW CLEANUP MESSAGES\n"
    "===================================================================================\n"
    "YOUR APPLICATION TERMINATED WITH THE EXIT STRING: Killed (signal 9)\n"
    "This typically refers to a problem with your application.\n"
    "Please see the FAQ page for debugging suggestions\n";

}  // namespace tutti::launch::samples
