#include "tutti/comm/host_turn.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "tutti/comm/backoff.hpp"
#include "tutti/comm/mpi_error.hpp"
#include "tutti/core/environment.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/hash.hpp"

namespace tutti::comm {

namespace {

bool has_whole_job(const Channel& channel) {
  int job = 0;
  check_mpi(MPI_Comm_size(MPI_COMM_WORLD, &job), "MPI_Comm_size");
  return channel.size() == job;
}

std::uint64_t key_of_host() {
  std::array<char, MPI_MAX_PROCESSOR_NAME> name{};
  int length = 0;
  check_mpi(MPI_Get_processor_name(name.data(), &length), "MPI_Get_processor_name");
  return core::hash({name.data(), static_cast<std::size_t>(length)}) | 1U;
}

bool first_on_host(const Channel& channel) {
  MPI_Comm host = MPI_COMM_NULL;
  check_mpi(
      MPI_Comm_split_type(channel.communicator(), MPI_COMM_TYPE_SHARED, channel.rank(), MPI_INFO_NULL, &host),
      "MPI_Comm_split_type");
  int rank = 0;
  check_mpi(MPI_Comm_rank(host, &rank), "MPI_Comm_rank");
  check_mpi(MPI_Comm_free(&host), "MPI_Comm_free");
  return rank == 0;
}

// Those who take the turn, in its order: of several hosts that call themselves the same, one does.
std::vector<int> takers(Channel& channel, std::uint64_t mine, Waiting how) {
  std::vector<std::uint64_t> keys(static_cast<std::size_t>(channel.size()));
  channel.all_gather_equal(std::as_bytes(std::span(&mine, 1)), std::as_writable_bytes(std::span(keys)), how);
  std::vector<std::pair<std::uint64_t, int>> hosts;
  for (std::size_t rank = 0; rank < keys.size(); ++rank)
    if (keys[rank] != 0) hosts.emplace_back(keys[rank], static_cast<int>(rank));
  std::sort(hosts.begin(), hosts.end());
  std::vector<int> ranks;
  for (std::size_t k = 0; k < hosts.size(); ++k)
    if (k == 0 || hosts[k].first != hosts[k - 1].first) ranks.push_back(hosts[k].second);
  return ranks;
}

// Waits until nobody has it. The holder waits for none of this World's ranks.
files::Descriptor take(std::uint64_t key, const Channel& channel) {
  const std::string job = environment_text("PMIX_NAMESPACE").value_or("");
  const std::string text = tutti::text("tutti-turn-", ::geteuid(), "-", core::mix(key, core::hash(job)));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t size = std::min(text.size(), sizeof address.sun_path - 1);
  std::memcpy(&address.sun_path[1], text.data(), size);
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + size);

  files::Descriptor name(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!name.is_open()) throw SystemError(tutti::text("socket: ", errno_text(errno)), {"socket", {errno, 0}});
  for (Backoff backoff; ::bind(name.number(), reinterpret_cast<const sockaddr*>(&address), length) != 0;
       backoff.wait()) {
    if (errno != EADDRINUSE)
      throw SystemError(tutti::text("bind: ", errno_text(errno)), {"bind", {errno, 0}});
    channel.progress();
  }
  return name;
}

}  // namespace

HostTurn::HostTurn(Channel& channel, Waiting how) {
  if (has_whole_job(channel)) return;
  const std::uint64_t key = key_of_host();
  const std::vector<int> order = takers(channel, first_on_host(channel) ? key : 0, how);
  const auto me =
      static_cast<std::size_t>(std::find(order.begin(), order.end(), channel.rank()) - order.begin());
  if (me == order.size()) return;

  std::byte turn{};
  const auto pass = [&](std::size_t with, bool receive) {
    const Message message{order[with], {&turn, 1}};
    const std::span<const Message> one(&message, 1), none;
    std::vector<MPI_Request> requests;
    channel.begin_some(receive ? none : one, receive ? one : none, requests);
    Channel::finish(requests, how);
  };
  if (me > 0) pass(me - 1, true);
  name_ = take(key, channel);
  if (me + 1 < order.size()) pass(me + 1, false);
}

}  // namespace tutti::comm
