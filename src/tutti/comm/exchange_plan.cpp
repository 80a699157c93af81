#include "tutti/comm/exchange_plan.hpp"

#include <utility>

#include "tutti/comm/context.hpp"
#include "tutti/comm/flight.hpp"
#include "tutti/core/hash.hpp"

namespace tutti::comm {

ExchangePlan::ExchangePlan(const World& world, MessageLists lists)
    : world_(world), id_(world.context().sequence()), lists_(lists) {}
ExchangePlan::ExchangePlan(ExchangePlan&&) noexcept = default;
ExchangePlan& ExchangePlan::operator=(ExchangePlan&&) noexcept = default;
ExchangePlan::~ExchangePlan() = default;

void ExchangePlan::begin(const Call& call, const std::function<void()>& prepare,
                         std::shared_ptr<const void> memory) {
  begin_if_wanted(
      call,
      [&] {
        prepare();
        return true;
      },
      std::move(memory));
}

bool ExchangePlan::begin_if_wanted(const Call& call, const std::function<bool()>& prepare,
                                   std::shared_ptr<const void> memory) {
  Context& context = world_.context();
  Call mine = call;
  mine.detail = core::mix(call.detail, id_);
  Packet packet;
  packet.merge = Merge::bits;
  packet.count = 1;
  context.collective(mine, packet, [&] {
    if (under_way_)
      throw DistributionError(text(call.note, ": an exchange of it is under way; end that one first"));
    packet.payload[0] = prepare() ? 0 : 1;
    if (!flight_) flight_ = std::make_shared<Flight>();
    flight_->memory = std::move(memory);
    flight_->requests.clear();
    flight_->requests.reserve(context.channel().pieces_of(lists_.sends) +
                              context.channel().pieces_of(lists_.receives));
    context.reserve_flight();
  });
  if (packet.payload[0] != 0) return false;
  under_way_ = true;
  context.take_off(flight_);
  context.payload([&](Channel& channel, Waiting /*how*/) {
    channel.begin_some(lists_.sends, lists_.receives, flight_->requests);
  });
  return true;
}

void ExchangePlan::end() {
  under_way_ = false;
  world_.context().land(*flight_);
}

}  // namespace tutti::comm
