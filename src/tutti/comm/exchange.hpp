// Messages between some pairs of ranks: neighbours in a grid, owners and ghosts.
#pragma once

#include <span>
#include <vector>

#include "tutti/comm/collectives.hpp"
#include "tutti/comm/world.hpp"

namespace tutti {

/// A message to a rank, which may be this one. Where several go to one rank, they arrive in this order.
template <Movable T>
struct SendTo {
  int rank;
  std::span<const T> values;
};

/// Room for a message from a rank.
template <Movable T>
struct ReceiveFrom {
  int rank;
  std::span<T> values;
};

namespace comm {

struct Message {
  int rank;  ///< the other one
  Bytes bytes;
};
void exchange(const World& world, const ElementName& element, std::span<const Message> sends,
              std::span<const Message> receives, Site site);

}  // namespace comm

/// Collective. Sends and receives messages, which every rank may have any number of, or none: the i-th from a
/// rank r to a rank s goes to the i-th place that s has for r. All ranks' lists are compared before anything
/// moves: one packet, and the messages themselves, in pieces of at most 1 GiB. (In case they do not fit: 8 B
/// for each pair of ranks and for each message, to find out which.)
/// @throws on all ranks, ShapeError if a message has not the length of its place, MismatchError if there is
/// one without the other (both name the two ranks), DistributionError for a rank that does not exist.
template <Movable T>
void exchange(const World& world, const std::vector<SendTo<T>>& sends,
              const std::vector<ReceiveFrom<T>>& receives, Site site = {}) {
  std::vector<comm::Message> out, in;
  for (const auto& send : sends) {
    const auto bytes = std::as_bytes(send.values);
    out.push_back({send.rank, {const_cast<std::byte*>(bytes.data()), bytes.size()}});  // only read
  }
  for (const auto& receive : receives) {
    const auto bytes = std::as_writable_bytes(receive.values);
    in.push_back({receive.rank, {bytes.data(), bytes.size()}});
  }
  comm::exchange(world, comm::element_name<T>(), out, in, site);
}

}  // namespace tutti
