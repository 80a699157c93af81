#include "tutti/comm/pipeline.hpp"

#include <algorithm>
#include <optional>

#include "tutti/comm/context.hpp"
#include "tutti/comm/mpi_error.hpp"

namespace tutti::comm {

namespace {

constexpr int tag = 3;

// The stages that are under way, each in one of `depth` places. All memory is taken when it is made.
class Pipeline {
 public:
  Pipeline(Stages& stages, std::size_t piece) : stages_(stages), limits_(stages.limits()), piece_(piece) {
    places_.resize(limits_.depth);
    const std::size_t requests = limits_.messages * (limits_.bytes / piece + 1);
    for (Place& place : places_) {
      place.receives.reserve(requests);
      place.sends.reserve(requests);
    }
    messages_.reserve(limits_.messages);
  }

  void run(const Channel& channel, Waiting how) {
    const std::size_t count = stages_.count(), ahead = limits_.depth - 1;
    for (std::size_t stage = 0; stage < count + ahead; ++stage) {
      if (stage < count) begin(stage, channel, how);
      if (stage >= ahead) {
        wait(place_of(stage - ahead).receives, how);
        stages_.finish(stage - ahead);
      }
    }
    for (Place& place : places_) wait(place.sends, how);
  }

 private:
  struct Place {
    std::vector<MPI_Request> receives, sends;
  };

  Place& place_of(std::size_t stage) { return places_[stage % limits_.depth]; }

  void begin(std::size_t stage, const Channel& channel, Waiting how) {
    Place& place = place_of(stage);
    wait(place.sends, how);
    messages_.clear();
    stages_.expect(stage, messages_);
    post(place.receives, "MPI_Irecv", [&](std::byte* data, int count, int rank, MPI_Request* request) {
      return MPI_Irecv(data, count, MPI_BYTE, rank, tag, channel.communicator(), request);
    });
    messages_.clear();
    stages_.send(stage, messages_);
    post(place.sends, "MPI_Isend", [&](const std::byte* data, int count, int rank, MPI_Request* request) {
      return MPI_Isend(data, count, MPI_BYTE, rank, tag, channel.communicator(), request);
    });
  }

  template <class Start>
  void post(std::vector<MPI_Request>& requests, const char* name, const Start& start) {
    for (const Message& message : messages_)
      for (std::size_t first = 0; first < message.bytes.size; first += piece_) {
        const auto count = static_cast<int>(std::min(piece_, message.bytes.size - first));
        check_mpi(
            start(message.bytes.data + first, count, message.rank, &requests.emplace_back(MPI_REQUEST_NULL)),
            name);
      }
  }

  static void wait(std::vector<MPI_Request>& requests, Waiting how) {
    if (!requests.empty()) Channel::finish(requests, how);
    requests.clear();
  }

  Stages& stages_;
  Stages::Limits limits_;
  std::size_t piece_;
  std::vector<Place> places_;
  std::vector<Message> messages_;
};

}  // namespace

void exchange_in_stages(const World& world, const Call& call,
                        const std::function<std::unique_ptr<Stages>()>& prepare) {
  Context& context = world.context();
  std::unique_ptr<Stages> stages;
  std::optional<Pipeline> pipeline;
  Packet packet;
  context.collective(call, packet, [&] {
    stages = prepare();
    pipeline.emplace(*stages, context.channel().piece());
  });
  context.payload([&](const Channel& channel, Waiting how) { pipeline->run(channel, how); });
}

}  // namespace tutti::comm
