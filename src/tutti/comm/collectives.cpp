#include "tutti/comm/collectives.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "tutti/comm/context.hpp"

namespace tutti::comm {

const Operation gather_operation{"gather"};
const Operation all_gather_operation{"all_gather"};

namespace {

constexpr Operation barrier_operation{"barrier"};
constexpr Operation broadcast_operation{"broadcast"};
constexpr Operation scatter_operation{"scatter"};
constexpr Operation all_to_all_operation{"all_to_all"};

}  // namespace

void check_root(const World& world, const Operation& operation, int root) {
  if (root < 0 || root >= world.size())
    throw DistributionError(
        text(operation.name, ": root ", root, " is not one of the ", world.size(), " ranks"));
}

void barrier(const World& world, Site site) {
  Packet packet;
  world.context().collective({barrier_operation, site}, packet);
}

void broadcast(const World& world, const ElementName& element, std::span<std::byte> bytes, int root,
               Site site) {
  Context& context = world.context();
  const Call call{broadcast_operation, site, element, static_cast<Index>(bytes.size() / element.bytes), root};
  Packet packet;
  context.collective(call, packet, [&] { check_root(world, broadcast_operation, root); });
  context.payload([&](Channel& channel, Waiting how) { channel.broadcast(bytes, root, how); });
}

std::vector<Index> all_to_all(const World& world, std::vector<Index> numbers, Site site) {
  Context& context = world.context();
  std::vector<Index> room;
  Packet packet;
  context.collective({all_to_all_operation, site, element_name<Index>(), 1}, packet, [&] {
    if (numbers.size() != slot(world.size()))
      throw ShapeError(text("all_to_all: ", numbers.size(), " numbers on ", world.size(),
                            " ranks; give one for every rank"),
                       {{}, {static_cast<Index>(numbers.size()), world.size()}});
    room.resize(numbers.size());
  });
  context.payload([&](Channel& channel, Waiting how) { channel.transpose(numbers, room, how); });
  return numbers;
}

void all_to_all(const World& world, const ElementName& element, std::span<const Bytes> send,
                std::span<const Bytes> receive, Site site) {
  Context& context = world.context();
  const Call call{all_to_all_operation, site, element};
  const std::size_t ranks = slot(world.size());
  std::vector<Index> lengths, room;
  Packet packet;
  context.collective(call, packet, [&] {
    if (send.size() != ranks || receive.size() != ranks)
      throw ShapeError(text("all_to_all: ", send.size(), " parts to send and ", receive.size(),
                            " to receive on ", ranks, " ranks; give one of each for every rank"));
    for (const Bytes& part : send) lengths.push_back(static_cast<Index>(part.size));
    room.resize(ranks);
  });
  context.payload([&](Channel& channel, Waiting how) { channel.transpose(lengths, room, how); });
  Packet agreed;
  context.collective(call, agreed, [&] {
    for (std::size_t r = 0; r < ranks; ++r)
      if (static_cast<Index>(receive[r].size) != lengths[r])
        throw ShapeError(text("all_to_all: rank ", r, " sends ", lengths[r], " bytes to rank ", world.rank(),
                              ", which expects ", receive[r].size),
                         {{}, {lengths[r], static_cast<Index>(receive[r].size)}});
  });
  context.payload([&](Channel& channel, Waiting how) { channel.exchange(send, receive, how); });
}

Gathering::Gathering(const World& world, const Operation& operation, const ElementName& element,
                     std::size_t bytes, int root, Site site)
    : world_(world), operation_(operation), element_(element), root_(root), site_(site) {
  Context& context = world.context();
  Packet packet;
  context.collective({operation, site, element, -1, root}, packet, [&] {
    if (root != -1) check_root(world, operation, root);
    bytes_of_.resize(slot(world.size()));
  });
  const auto mine = static_cast<Index>(bytes);
  context.payload([&](Channel& channel, Waiting how) {
    channel.all_gather_equal(std::as_bytes(std::span(&mine, 1)), std::as_writable_bytes(std::span(bytes_of_)),
                             how);
  });
  if (root == -1 || root == world.rank())
    for (const Index part : bytes_of_) total_ += static_cast<std::size_t>(part);
}

// Equal parts, few enough that MPI, which counts in int, may add up the counts of all ranks: it has
// algorithms with fewer messages than one between each pair of ranks.
bool Gathering::in_one_call() const {
  const auto most = static_cast<Index>(world_.context().channel().piece() / bytes_of_.size());
  return root_ == -1 && bytes_of_.front() <= most &&
         std::all_of(bytes_of_.begin(), bytes_of_.end(),
                     [&](Index bytes) { return bytes == bytes_of_.front(); });
}

void Gathering::transfer(std::span<const std::byte> part, std::span<std::byte> result,
                         const std::exception_ptr& failure) {
  Context& context = world_.context();
  const bool in_one = in_one_call();
  std::vector<Bytes> send, receive;
  Packet packet;
  context.collective({operation_, site_, element_, -1, root_}, packet, [&] {
    if (failure) std::rethrow_exception(failure);
    if (in_one) return;
    send.resize(slot(world_.size()), Bytes{nullptr, 0});
    receive.resize(slot(world_.size()), Bytes{nullptr, 0});
  });
  if (in_one) {
    context.payload([&](Channel& channel, Waiting how) { channel.all_gather_equal(part, result, how); });
    return;
  }
  const Bytes mine{const_cast<std::byte*>(part.data()), part.size()};  // only read
  std::byte* at = result.data();
  for (int r = 0; r < world_.size(); ++r) {
    if (root_ == -1 || root_ == r) send[slot(r)] = mine;
    if (root_ != -1 && root_ != world_.rank()) continue;
    const auto length = static_cast<std::size_t>(bytes_of_[slot(r)]);
    receive[slot(r)] = {at, length};
    at += length;
  }
  context.payload([&](Channel& channel, Waiting how) { channel.exchange(send, receive, how); });
}

Scattering::Scattering(const World& world, const ElementName& element, std::size_t all_bytes,
                       std::span<const Index> counts, int root, Site site)
    : world_(world), element_(element), root_(root), site_(site) {
  Context& context = world.context();
  Packet packet;
  context.collective({scatter_operation, site, element, -1, root}, packet, [&] {
    check_root(world, scatter_operation, root);
    bytes_of_.resize(slot(world.size()));
    if (world.rank() != root) return;
    const auto elements = static_cast<Index>(all_bytes / element.bytes);
    Index left = elements;
    for (const Index count : counts) left = count < 0 || count > left ? -1 : left - count;
    if (counts.size() != bytes_of_.size() || left != 0)
      throw ShapeError(text("scatter: ", counts.size(), " counts for ", world.size(), " ranks and ", elements,
                            " elements; give one count >= 0 a rank, together the number of elements"),
                       {{}, {static_cast<Index>(counts.size()), elements}});
    for (std::size_t r = 0; r < counts.size(); ++r)
      bytes_of_[r] = counts[r] * static_cast<Index>(element.bytes);
  });
  context.payload([&](Channel& channel, Waiting how) {
    channel.broadcast(std::as_writable_bytes(std::span(bytes_of_)), root, how);
  });
}

void Scattering::transfer(std::span<const std::byte> all, std::span<std::byte> part,
                          const std::exception_ptr& failure) {
  Context& context = world_.context();
  std::vector<Bytes> send, receive;
  Packet packet;
  context.collective({scatter_operation, site_, element_, -1, root_}, packet, [&] {
    if (failure) std::rethrow_exception(failure);
    send.resize(slot(world_.size()), Bytes{nullptr, 0});
    receive.resize(slot(world_.size()), Bytes{nullptr, 0});
  });
  receive[slot(root_)] = {part.data(), part.size()};
  auto* at = const_cast<std::byte*>(all.data());
  for (int r = 0; world_.rank() == root_ && r < world_.size(); ++r) {
    const auto length = static_cast<std::size_t>(bytes_of_[slot(r)]);
    send[slot(r)] = {at, length};
    at += length;
  }
  context.payload([&](Channel& channel, Waiting how) { channel.exchange(send, receive, how); });
}

}  // namespace tutti::comm
