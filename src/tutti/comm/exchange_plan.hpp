// An exchange of messages that is made again and again: its lists are compared once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "tutti/comm/call.hpp"
#include "tutti/comm/exchange.hpp"
#include "tutti/comm/world.hpp"

namespace tutti::comm {

struct MessageLists {
  std::span<const Message> sends, receives;
};

/// Collective. Compares what all ranks send with what they expect, as exchange() does before anything moves:
/// one packet.
/// @param describe  sets this rank's lists, which must live until this returns; what it throws, all throw
/// @throws as exchange()
void agree_on_messages(const World& world, const Call& call,
                       const std::function<void(MessageLists& lists)>& describe);

class Flight;

/// The messages of a rank in an exchange that all ranks have agreed on. Between begin() and end() they are on
/// their way, while the program computes and may make other collective calls.
///
/// begin() is the collective: its packet tells that all ranks are in it, so that whatever it then posts has
/// its counterpart, and comes, whatever else a rank does before end(), also if it fails (decision 23). A plan
/// that ends with messages under way leaves them to its World, with the memory that they need.
class ExchangePlan {
 public:
  /// On all ranks, after agree_on_messages(); does not communicate. The lists belong to the caller, and must
  /// live as long.
  ExchangePlan(const World& world, MessageLists lists);
  ExchangePlan(ExchangePlan&&) noexcept;
  ExchangePlan& operator=(ExchangePlan&&) noexcept;
  ExchangePlan(const ExchangePlan&) = delete;
  ExchangePlan& operator=(const ExchangePlan&) = delete;
  ~ExchangePlan();

  /// Collective. One packet, and this rank's messages are on their way.
  /// @param prepare  what must be done before, by this rank alone; what it throws, all throw
  /// @param memory   keeps what the messages are read from and written to
  void begin(const Call& call, const std::function<void()>& prepare, std::shared_ptr<const void> memory);
  /// Collective. The same, unless a rank sees that the messages would be of no use: then none moves.
  /// @param prepare  returns whether this rank wants them
  /// @return whether they are on their way; the same on all ranks
  bool begin_if_wanted(const Call& call, const std::function<bool()>& prepare,
                       std::shared_ptr<const void> memory);
  /// Between begin() and end()?
  bool under_way() const { return under_way_; }
  /// Not collective. Waits until this rank's messages have been sent and have come.
  /// @pre under_way()
  void end();

 private:
  World world_;
  std::uint64_t id_;  ///< the same on all ranks: of equal plans, ranks must begin the same one
  MessageLists lists_;
  std::shared_ptr<Flight> flight_;
  bool under_way_ = false;
};

}  // namespace tutti::comm
