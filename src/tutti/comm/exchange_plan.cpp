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
  Context& context = world_.context();
  std::shared_ptr<Flight> flight;
  Call mine = call;
  mine.detail = core::mix(call.detail, id_);
  Packet packet;
  context.collective(mine, packet, [&] {
    if (under_way())
      throw DistributionError(text(call.note, ": an exchange of it is under way; end that one first"));
    prepare();
    flight = std::make_shared<Flight>();
    flight->requests.reserve(context.channel().pieces_of(lists_.sends) +
                             context.channel().pieces_of(lists_.receives));
    flight->memory = std::move(memory);
    context.reserve_flight();
  });
  flight_ = std::move(flight);
  context.take_off(flight_);
  context.payload([&](Channel& channel, Waiting /*how*/) {
    channel.begin_some(lists_.sends, lists_.receives, flight_->requests);
  });
}

void ExchangePlan::end() {
  world_.context().land(*flight_);
  flight_.reset();
}

}  // namespace tutti::comm
