// The line between the watchdogs of different nodes: small datagrams (UDP), sent only when a rank has waited
// for too long, and between neighbours, at the start and every 15 s (which keeps firewalls open).
//
// The first rank of each node has a socket. A node whose ranks all wait asks the others who of theirs is
// missing. Neighbours (the nodes form a ring) greet each other: one that could be reached before the
// wait, and no longer answers, is gone or cut off. Whatever cut divides the nodes, it divides some pair of
// neighbours on each side. A node that ends the job says so to those that it reaches, which then end without
// a word of their own.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tutti::comm {

/// Where a node's first rank listens; travels between ranks. port 0: nowhere.
struct NodeAddress {
  std::array<std::uint32_t, 4> ipv4{};  ///< network byte order, 0: none
  std::uint32_t count = 0;
  std::uint32_t port = 0;  ///< network byte order
};

/// Known to the ranks of one job alone: datagrams without it are dropped.
using JobKey = std::array<std::uint64_t, 2>;
JobKey new_job_key();

/// What every rank knows of the nodes of its job.
struct NodeRoster {
  std::vector<NodeAddress> nodes;  ///< in their order
  int own = 0;
  JobKey key{};
};

/// Says to all nodes (of more than 64: to the neighbours, which pass it on) that the job ends with this exit
/// code, which has been told: one voice for all nodes that can be reached. Any rank may do so.
void tell_verdict(const NodeRoster& roster, int exit_code);

class NodeLine {
 public:
  using Clock = std::chrono::steady_clock;
  /// What the ranks of this node are to say of a collective: empty if all of them wait in it.
  using Describe = std::function<std::string(std::uint64_t world, std::uint64_t sequence)>;

  /// Opens the socket. Where that does not work, address() is nowhere.
  NodeLine();
  NodeLine(const NodeLine&) = delete;
  NodeLine& operator=(const NodeLine&) = delete;
  ~NodeLine();

  NodeAddress address() const;

  void connect(NodeRoster roster);

  /// Waits until the neighbours have answered a greeting, or so long. (poll() goes on with it.)
  void greet(double seconds);

  /// Answers what has come, notes answers, and greets the neighbours: often until they have answered, then
  /// now and then. Never waits.
  void poll(const Describe& describe);

  /// Asks all nodes (of more than 64: the neighbours) about a collective, once a second for one that is asked
  /// about again and again.
  void ask(std::uint64_t world, std::uint64_t sequence);

  /// The exit code that another node has told.
  std::optional<int> verdict() const { return verdict_; }

  /// What they have answered: "node 2: rank 5 is running, was last in sum at a.cpp:8"; one after another.
  std::string answers() const;

  /// A neighbour that was there (within 45 s before a wait that has lasted for `waited` seconds when the
  /// question was asked first), and has been silent for `seconds` since; -1: none.
  int silent(double seconds, double waited) const;

 private:
  struct Message;
  friend void tell_verdict(const NodeRoster& roster, int exit_code);

  static void send(int socket, const NodeRoster& roster, int node, Message message);
  void send(int node, const Message& message) const;
  void receive(const Message& message, const Describe& describe);
  bool greeted() const;

  int socket_ = -1;
  NodeRoster roster_;
  int greetings_ = 0;
  Clock::time_point last_greeting_{};

  std::uint64_t world_ = 0, sequence_ = 0;  // asked about
  Clock::time_point asked_since_{}, last_asked_{};
  std::map<int, std::string> answers_;
  std::optional<int> verdict_;
  std::map<int, Clock::time_point> heard_;  // the last answer of a node, to a question or a greeting
};

}  // namespace tutti::comm
