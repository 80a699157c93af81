// Nonblocking collectives for SimGrid's SMPI, in place of its own (3.32): those send P messages from each of
// P ranks, a million for a thousand ranks, and MPI_Iallreduce leaves out what has a derived type. Included
// before everything that is compiled for the preset simgrid.
#pragma once

#include <mpi.h>

#ifdef __cplusplus
extern "C" {
#endif

int smpi_tree_iallreduce(const void* send, void* receive, int count, MPI_Datatype type, MPI_Op operation,
                         MPI_Comm comm, MPI_Request* request);
int smpi_tree_ibcast(void* data, int count, MPI_Datatype type, int root, MPI_Comm comm, MPI_Request* request);
int smpi_tree_iallgather(const void* send, int send_count, MPI_Datatype send_type, void* receive,
                         int receive_count, MPI_Datatype receive_type, MPI_Comm comm, MPI_Request* request);
int smpi_tree_test(MPI_Request* request, int* done, MPI_Status* status);
int smpi_tree_testall(int count, MPI_Request* requests, int* done, MPI_Status* statuses);
int smpi_tree_waitall(int count, MPI_Request* requests, MPI_Status* statuses);

#ifdef __cplusplus
}
#endif

#define MPI_Iallreduce smpi_tree_iallreduce
#define MPI_Iallgather smpi_tree_iallgather
#define MPI_Ibcast smpi_tree_ibcast
#define MPI_Test smpi_tree_test
#define MPI_Testall smpi_tree_testall
#define MPI_Waitall smpi_tree_waitall
