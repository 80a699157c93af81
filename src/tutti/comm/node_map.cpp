#include "tutti/comm/node_map.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "tutti/comm/mpi_error.hpp"
#include "tutti/comm/ranks.hpp"
#include "tutti/memory/usable_cores.hpp"

namespace tutti::comm {

namespace {

int rank_in(MPI_Comm comm) {
  int rank = 0;
  check_mpi(MPI_Comm_rank(comm, &rank), "MPI_Comm_rank");
  return rank;
}

int size_of(MPI_Comm comm) {
  int size = 0;
  check_mpi(MPI_Comm_size(comm, &size), "MPI_Comm_size");
  return size;
}

// More ranks on this host than cores that they may use together?
bool too_few_cores(MPI_Comm host) {
  if (!ranks_are_processes) return false;
  memory::CoreSet cores =
      memory::usable_core_set();  // launchers may bind each rank to cores of its own: unite them
  check_mpi(MPI_Allreduce(MPI_IN_PLACE, cores.word.data(), static_cast<int>(cores.word.size()), MPI_UINT64_T,
                          MPI_BOR, host),
            "MPI_Allreduce");
  const int usable = memory::usable_cores(cores, memory::core_quota());
  return size_of(host) > usable;
}

}  // namespace

NodeMap map_nodes(MPI_Comm all, int pretended) {
  NodeMap map;
  const int rank = rank_in(all);
  std::array<char, MPI_MAX_PROCESSOR_NAME> name{};
  int length = 0;
  check_mpi(MPI_Get_processor_name(name.data(), &length), "MPI_Get_processor_name");
  map.host.assign(name.data(), static_cast<std::size_t>(length));

  MPI_Comm host = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split_type(all, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL, &host),
            "MPI_Comm_split_type");
  int oversubscribed = too_few_cores(host) ? 1 : 0;
  check_mpi(MPI_Allreduce(MPI_IN_PLACE, &oversubscribed, 1, MPI_INT, MPI_MAX, all), "MPI_Allreduce");
  map.oversubscribed = oversubscribed != 0;

  // A node is named by the rank of its first member: the host's leader, moved on for pretended nodes.
  const int host_rank = rank_in(host);
  const int host_size = size_of(host);
  const int cuts = std::min(pretended, host_size);
  std::vector<int> host_ranks(static_cast<std::size_t>(host_size));
  check_mpi(MPI_Allgather(&rank, 1, MPI_INT, host_ranks.data(), 1, MPI_INT, host), "MPI_Allgather");
  check_mpi(MPI_Comm_free(&host), "MPI_Comm_free");
  const auto cut = [&](int r) { return static_cast<int>(std::int64_t{r} * cuts / host_size); };
  int first = host_rank;
  while (first > 0 && cut(first - 1) == cut(host_rank)) --first;
  const int leader = host_ranks[static_cast<std::size_t>(first)];

  std::vector<int> leaders(static_cast<std::size_t>(size_of(all)));
  check_mpi(MPI_Allgather(&leader, 1, MPI_INT, leaders.data(), 1, MPI_INT, all), "MPI_Allgather");
  std::map<int, int> index_of;
  for (const int l : leaders) index_of.emplace(l, 0);
  map.nodes = 0;
  for (auto& entry : index_of) entry.second = map.nodes++;
  for (const int l : leaders) map.node_of.push_back(index_of.at(l));
  map.node = index_of.at(leader);
  map.node_rank = static_cast<int>(std::count(map.node_of.begin(), map.node_of.begin() + rank, map.node));
  map.node_size = static_cast<int>(std::count(map.node_of.begin(), map.node_of.end(), map.node));
  return map;
}

MPI_Comm node_communicator(MPI_Comm all, const NodeMap& map) {
  MPI_Comm node = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split(all, map.node, rank_in(all), &node), "MPI_Comm_split");
  return node;
}

}  // namespace tutti::comm
