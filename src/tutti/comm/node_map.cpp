#include "tutti/comm/node_map.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <numeric>
#include <span>

#include "tutti/comm/channel.hpp"
#include "tutti/comm/mpi_error.hpp"
#include "tutti/comm/ranks.hpp"
#include "tutti/memory/usable_cores.hpp"

namespace tutti::comm {

namespace {

// More ranks on this host than cores that they may use together?
bool too_few_cores(Channel& host) {
  if (!ranks_are_processes) return false;
  const memory::CoreSet mine = memory::usable_core_set();
  std::vector<memory::CoreSet> sets(static_cast<std::size_t>(host.size()));
  host.all_gather_equal(std::as_bytes(std::span(&mine, 1)), std::as_writable_bytes(std::span(sets)),
                        waiting_at_start);
  memory::CoreSet cores;  // launchers may bind each rank to cores of its own
  for (const memory::CoreSet& each : sets) cores |= each;
  return host.size() > memory::usable_cores(cores, memory::core_quota());
}

// The ranks in `all` of the members of `host`.
std::vector<int> ranks_of(const Channel& host, const Channel& all) {
  MPI_Group members = MPI_GROUP_NULL, everyone = MPI_GROUP_NULL;
  check_mpi(MPI_Comm_group(host.communicator(), &members), "MPI_Comm_group");
  check_mpi(MPI_Comm_group(all.communicator(), &everyone), "MPI_Comm_group");
  std::vector<int> places(static_cast<std::size_t>(host.size())), ranks(places.size());
  std::iota(places.begin(), places.end(), 0);
  check_mpi(MPI_Group_translate_ranks(members, host.size(), places.data(), everyone, ranks.data()),
            "MPI_Group_translate_ranks");
  MPI_Group_free(&members);
  MPI_Group_free(&everyone);
  return ranks;
}

}  // namespace

MPI_Comm host_communicator(const Channel& all) {
  MPI_Comm host = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split_type(all.communicator(), MPI_COMM_TYPE_SHARED, all.rank(), MPI_INFO_NULL, &host),
            "MPI_Comm_split_type");
  return host;
}

NodeMap map_nodes(Channel& all, int pretended) {
  NodeMap map;
  const int rank = all.rank();
  std::array<char, MPI_MAX_PROCESSOR_NAME> name{};
  int length = 0;
  check_mpi(MPI_Get_processor_name(name.data(), &length), "MPI_Get_processor_name");
  map.host.assign(name.data(), static_cast<std::size_t>(length));

  Channel host(host_communicator(all), nullptr);
  const bool few_cores = too_few_cores(host);
  const std::vector<int> host_ranks = ranks_of(host, all);
  const int host_rank = host.rank(), host_size = host.size();
  host.release();

  // A node is named by the rank of its first member: the host's leader, moved on for pretended nodes.
  const int cuts = std::min(pretended, host_size);
  const auto cut = [&](int r) { return static_cast<int>(std::int64_t{r} * cuts / host_size); };
  int first = host_rank;
  while (first > 0 && cut(first - 1) == cut(host_rank)) --first;

  struct Said {
    std::int32_t leader, few_cores;
  };
  const Said mine{host_ranks[static_cast<std::size_t>(first)], few_cores ? 1 : 0};
  std::vector<Said> said(static_cast<std::size_t>(all.size()));
  all.all_gather_equal(std::as_bytes(std::span(&mine, 1)), std::as_writable_bytes(std::span(said)),
                       waiting_at_start);
  std::map<int, int> index_of;
  for (const Said& each : said) {
    index_of.emplace(each.leader, 0);
    map.oversubscribed |= each.few_cores != 0;
  }
  map.nodes = 0;
  for (auto& entry : index_of) entry.second = map.nodes++;
  for (const Said& each : said) map.node_of.push_back(index_of.at(each.leader));
  map.node = index_of.at(mine.leader);
  map.node_rank = static_cast<int>(std::count(map.node_of.begin(), map.node_of.begin() + rank, map.node));
  map.node_size = static_cast<int>(std::count(map.node_of.begin(), map.node_of.end(), map.node));
  return map;
}

MPI_Comm node_communicator(const Channel& all, const NodeMap& map) {
  MPI_Comm node = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split(all.communicator(), map.node, all.rank(), &node), "MPI_Comm_split");
  return node;
}

}  // namespace tutti::comm
