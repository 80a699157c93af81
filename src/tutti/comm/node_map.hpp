// Which ranks share a node: from MPI, or from TUTTI_NODES, which makes one host pretend to be several (for
// tests).
#pragma once

#include <string>
#include <vector>

#include <mpi.h>

namespace tutti::comm {

class Channel;

struct NodeMap {
  int node = 0;  ///< index of this rank's node, 0 .. nodes-1, in the order of the nodes' lowest ranks
  int nodes = 1;
  int node_rank = 0;  ///< 0 .. node_size-1 among the ranks of this node
  int node_size = 1;
  std::vector<int> node_of;  ///< node index of every rank
  std::vector<int> slots;    ///< of this node's ranks, in their order: each one's place in the node's pages
  std::string host;          ///< name of this host
  bool oversubscribed = false;  ///< some node has more ranks than cores that they may use: waits must yield
};

/// Collective. @param pretended  nodes that each real node is cut into (TUTTI_NODES), 1: none
NodeMap map_nodes(Channel& all, int pretended);

/// Collective over `all`. Communicators of this rank's host, and of its node as the map says; the caller
/// frees them.
MPI_Comm host_communicator(const Channel& all);
MPI_Comm node_communicator(const Channel& all, const NodeMap& map);

}  // namespace tutti::comm
