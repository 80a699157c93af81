#include "tutti/comm/host_turn.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "tutti/comm/backoff.hpp"
#include "tutti/comm/mpi_error.hpp"
#include "tutti/comm/node_map.hpp"
#include "tutti/core/environment.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/hash.hpp"
#include "tutti/files/abstract_name.hpp"
#include "tutti/memory/proc_text.hpp"

namespace tutti::comm {

namespace {

bool has_whole_job(const Channel& channel) {
  int result = MPI_UNEQUAL;
  check_mpi(MPI_Comm_compare(channel.communicator(), MPI_COMM_WORLD, &result), "MPI_Comm_compare");
  return result != MPI_UNEQUAL;
}

// Hosts may have one name; what a kernel calls its start is its own. Never 0.
std::uint64_t key_of(std::string_view host) {
  constexpr const char* path = "/proc/sys/kernel/random/boot_id";
  const auto start = memory::read_text(path);
  if (!start) throw SystemError(text(path, " cannot be read: it tells hosts of one name apart"), {path, {}});
  return core::hash(*start, core::hash(host)) | 1U;
}

bool first_on_host(const Channel& channel) {
  Channel host(host_communicator(channel), nullptr);
  const bool first = host.rank() == 0;
  host.release();
  return first;
}

// Those who take the turn, in its order: of several hosts with one key, one does.
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
  const files::AbstractName name(text("tutti-turn-", ::geteuid(), "-", core::mix(key, core::hash(job))));
  files::Descriptor holder(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!holder.is_open()) throw SystemError(text("socket: ", errno_text(errno)), {"socket", {errno, 0}});
  for (Backoff backoff; ::bind(holder.number(), name.get(), name.length) != 0; backoff.wait()) {
    if (errno != EADDRINUSE) throw SystemError(text("bind: ", errno_text(errno)), {"bind", {errno, 0}});
    channel.progress();
  }
  return holder;
}

}  // namespace

HostTurn::HostTurn(Channel& channel, std::string_view host, Waiting how) {
  if (has_whole_job(channel)) return;
  std::uint64_t key = 1;
  try {
    key = key_of(host);
  } catch (...) {
    failure_ = std::current_exception();  // thrown when all have gone on
  }
  const std::vector<int> order = takers(channel, first_on_host(channel) ? key : 0, how);
  const auto me =
      static_cast<std::size_t>(std::find(order.begin(), order.end(), channel.rank()) - order.begin());

  std::byte turn{};
  std::vector<MPI_Request> requests;
  requests.reserve(1);
  const auto pass = [&](std::size_t with, bool receive) {
    const Message message{order[with], {&turn, 1}};
    const std::span<const Message> one(&message, 1), none;
    requests.clear();
    channel.begin_some(receive ? none : one, receive ? one : none, requests);
    Channel::finish(requests, how);
  };
  if (me < order.size()) {
    if (me > 0) pass(me - 1, true);
    try {
      if (!failure_) holder_ = take(key, channel);
    } catch (...) {
      failure_ = std::current_exception();
    }
    if (me + 1 < order.size()) pass(me + 1, false);
  }
  std::int64_t failed = failure_ ? 1 : 0;
  channel.maximum({&failed, 1}, how);
  taken_ = failed == 0;
}

bool HostTurn::taken() const {
  if (failure_) std::rethrow_exception(failure_);
  return taken_;
}

}  // namespace tutti::comm
