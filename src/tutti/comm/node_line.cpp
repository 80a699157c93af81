#include "tutti/comm/node_line.hpp"

#include <algorithm>
#include <cstring>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "tutti/core/text.hpp"

namespace tutti::comm {

namespace {

constexpr int all_reached = 64;  // of more nodes only the neighbours: n nodes would send n^2 datagrams
constexpr int most_greetings = 20;
constexpr std::size_t most_shown = 8;
constexpr std::chrono::milliseconds between_greetings{250};
constexpr std::chrono::seconds between_questions{1};
constexpr std::chrono::seconds a_pause{
    2};  // between questions: this process was stopped, or had no reason to ask
constexpr std::chrono::seconds between_later_greetings{15};
constexpr double lately = 45;  // s: three of these

enum class Kind : std::uint32_t { greeting, greeting_back, question, answer, verdict };

std::vector<int> neighbours(const NodeRoster& roster) {
  const int n = static_cast<int>(roster.nodes.size());
  if (n < 2) return {};
  if (n == 2) return {1 - roster.own};
  return {(roster.own + 1) % n, (roster.own + n - 1) % n};
}

std::vector<int> reached(const NodeRoster& roster) {
  const int n = static_cast<int>(roster.nodes.size());
  if (n > all_reached) return neighbours(roster);
  std::vector<int> others;
  for (int node = 0; node < n; ++node)
    if (node != roster.own) others.push_back(node);
  return others;
}

bool is_usable(const ifaddrs& interface) {
  return interface.ifa_addr != nullptr && interface.ifa_addr->sa_family == AF_INET &&
         (interface.ifa_flags & IFF_UP) != 0;
}

}  // namespace

/// One datagram. Both ends are the same program, on machines of one kind.
struct NodeLine::Message {
  static constexpr std::uint64_t mark = 0x7475'7474'692d'3031;  // "tutti-01"

  std::uint64_t magic = mark;
  JobKey key{};
  Kind kind = Kind::greeting;
  std::int32_t from = 0;
  std::uint64_t world = 0, sequence = 0;
  std::array<char, 512> text{};
};

JobKey new_job_key() {
  JobKey key{};
  if (::getrandom(key.data(), sizeof key, 0) != static_cast<ssize_t>(sizeof key)) key = {};
  return key;
}

NodeLine::NodeLine() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_addr.s_addr = htonl(INADDR_ANY);
  if (socket_ >= 0 && ::bind(socket_, reinterpret_cast<const sockaddr*>(&any), sizeof any) == 0) return;
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

NodeLine::~NodeLine() {
  if (socket_ >= 0) ::close(socket_);
}

NodeAddress NodeLine::address() const {
  NodeAddress result;
  sockaddr_in bound{};
  socklen_t size = sizeof bound;
  ifaddrs* interfaces = nullptr;
  if (socket_ < 0 || ::getsockname(socket_, reinterpret_cast<sockaddr*>(&bound), &size) != 0 ||
      ::getifaddrs(&interfaces) != 0)
    return result;
  result.port = bound.sin_port;
  // Other hosts cannot use the loopback's, but pretended nodes of one host (TUTTI_NODES) can: it comes last.
  for (const bool loopback : {false, true})
    for (const ifaddrs* i = interfaces; i != nullptr && result.count < result.ipv4.size(); i = i->ifa_next)
      if (is_usable(*i) && ((i->ifa_flags & IFF_LOOPBACK) != 0) == loopback) {
        sockaddr_in address{};
        std::memcpy(&address, i->ifa_addr, sizeof address);
        result.ipv4[result.count++] = address.sin_addr.s_addr;
      }
  ::freeifaddrs(interfaces);
  return result;
}

void NodeLine::connect(NodeRoster roster) { roster_ = std::move(roster); }

void NodeLine::send(int socket, const NodeRoster& roster, int node, Message message) {
  message.key = roster.key;
  message.from = roster.own;
  const NodeAddress& to = roster.nodes[static_cast<std::size_t>(node)];
  for (std::uint32_t i = 0; i < to.count; ++i) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = static_cast<in_port_t>(to.port);
    address.sin_addr.s_addr = to.ipv4[i];
    // What does not arrive is noticed by its answer.
    ::sendto(socket, &message, sizeof message, MSG_DONTWAIT | MSG_NOSIGNAL,
             reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
}

void NodeLine::send(int node, const Message& message) const { send(socket_, roster_, node, message); }

void tell_verdict(const NodeRoster& roster, int exit_code) {
  if (roster.nodes.size() < 2) return;
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0) return;
  NodeLine::Message message;
  message.kind = Kind::verdict;
  message.sequence = static_cast<std::uint64_t>(exit_code);
  for (const int node : reached(roster)) NodeLine::send(socket, roster, node, message);
  ::close(socket);
}

bool NodeLine::greeted() const {
  const auto nodes = neighbours(roster_);
  return std::all_of(nodes.begin(), nodes.end(), [&](int node) { return heard_.count(node) != 0; });
}

void NodeLine::greet(double seconds) {
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  while (socket_ >= 0 && !greeted() && Clock::now() < end) {
    poll([](std::uint64_t, std::uint64_t) { return std::string(); });
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
}

void NodeLine::poll(const Describe& describe) {
  if (socket_ < 0 || roster_.nodes.empty()) return;
  const auto now = Clock::now();
  const bool soon = !greeted() && greetings_ < most_greetings;
  const Clock::duration between = soon ? Clock::duration(between_greetings) : between_later_greetings;
  if (greetings_ == 0 || now - last_greeting_ > between) {
    ++greetings_;
    last_greeting_ = now;
    for (const int node : neighbours(roster_)) send(node, {});
  }
  Message message;
  for (int i = 0; i < 1000; ++i) {  // a flood must not keep the watchdog from its work
    const ssize_t size = ::recv(socket_, &message, sizeof message, MSG_DONTWAIT);
    if (size < 0) break;
    if (size == static_cast<ssize_t>(sizeof message) && message.magic == Message::mark &&
        message.key == roster_.key && message.from >= 0 &&
        message.from < static_cast<int>(roster_.nodes.size()))
      receive(message, describe);
  }
}

void NodeLine::receive(const Message& message, const Describe& describe) {
  Message reply;
  reply.world = message.world;
  reply.sequence = message.sequence;
  switch (message.kind) {
    case Kind::greeting:
      reply.kind = Kind::greeting_back;
      send(message.from, reply);
      break;
    case Kind::greeting_back:  // only an answer shows that both directions work
      heard_[message.from] = Clock::now();
      break;
    case Kind::question:
      reply.kind = Kind::answer;
      describe(message.world, message.sequence).copy(reply.text.data(), reply.text.size() - 1);
      send(message.from, reply);
      break;
    case Kind::answer:
      heard_[message.from] = Clock::now();
      if (message.world == world_ && message.sequence == sequence_)
        answers_[message.from] =
            std::string(message.text.data(), ::strnlen(message.text.data(), message.text.size()));
      break;
    case Kind::verdict:
      verdict_ = static_cast<int>(message.sequence & 0xffU);
      break;
  }
}

void NodeLine::ask(std::uint64_t world, std::uint64_t sequence) {
  if (socket_ < 0 || roster_.nodes.empty()) return;
  const auto now = Clock::now();
  if (world != world_ || sequence != sequence_) {
    world_ = world;
    sequence_ = sequence;
    asked_since_ = now;
    answers_.clear();
  } else if (now - last_asked_ < between_questions) {
    return;
  } else if (now - last_asked_ > a_pause) {
    asked_since_ = now;  // nobody was silent meanwhile: nobody was asked
  }
  last_asked_ = now;
  Message question;
  question.kind = Kind::question;
  question.world = world;
  question.sequence = sequence;
  for (const int node : reached(roster_)) send(node, question);
}

std::string NodeLine::answers() const {
  std::string out;
  std::size_t shown = 0;
  for (const auto& answer : answers_)
    if (!answer.second.empty() && shown++ < most_shown)
      out += text(out.empty() ? "" : "; ", "there ", printable(answer.second));
  return out;
}

int NodeLine::silent(double seconds, double waited) const {
  const auto now = Clock::now();
  const auto before = [&](Clock::time_point time) {
    return std::chrono::duration<double>(asked_since_ - time).count() > waited + lately;
  };
  for (const int node : neighbours(roster_)) {
    const auto heard = heard_.find(node);
    if (world_ == 0 || heard == heard_.end() || before(heard->second)) continue;
    const auto since = std::max(heard->second, asked_since_);
    if (std::chrono::duration<double>(now - since).count() > seconds) return node;
  }
  return -1;
}

}  // namespace tutti::comm
