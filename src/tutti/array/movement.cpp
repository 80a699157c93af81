#include "tutti/array/movement.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "tutti/array/copy_runs.hpp"
#include "tutti/comm/pipeline.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/hash.hpp"
#include "tutti/memory/buffer.hpp"

namespace tutti::array {

namespace {

using distribution::Piece;
using distribution::Section;
using distribution::Transition;

constexpr std::size_t most_stages = 4;                          // under way at once
constexpr std::size_t cached = std::size_t{512} << 10U;         // bytes of a window: half of a second cache
constexpr std::size_t message = std::size_t{64} << 10U;         // bytes that are worth a message
constexpr std::size_t in_first_cache = std::size_t{16} << 10U;  // bytes of a part, a third of a first cache
constexpr std::size_t largest = std::size_t{1} << 30U;          // bytes of a message without a copy

/// A transition, and how many of its stages are under way at once.
struct Shape {
  Transition transition;
  std::size_t depth;

  std::size_t bytes(std::size_t element) const {
    return depth * element * (transition.packed_at_most() + transition.unpacked_at_most());
  }
};

Shape shape_of(const Move& move, std::size_t element, const std::string& what) {
  const auto ranks = static_cast<std::size_t>(move.from.ranks());
  const bool to_contiguous = move.to == nullptr || move.to->contiguous();
  const bool copies = !(move.from.contiguous() && to_contiguous) && !(move.to && move.from == *move.to);
  // Packed and unpacked, a window may be more than one: see Transition::choose_windows().
  const std::size_t windows = !copies ? 0 : move.from.contiguous() || to_contiguous ? 1 : 5;
  if (move.workspace.bytes / element < windows)
    throw DistributionError(text(what, ": a workspace of ", move.workspace.bytes, " bytes; give at least ",
                                 windows * element, ", or leave it out"));
  const std::size_t depth =
      copies ? std::clamp<std::size_t>(move.workspace.bytes / (windows * element), 1, most_stages)
             : most_stages;
  const std::size_t window =
      copies ? std::clamp<std::size_t>(move.workspace.bytes / (depth * windows * element), 1,
                                       std::max<std::size_t>(1, std::max(cached, ranks * message) / element))
             : std::max<std::size_t>(1, largest / element);
  const std::size_t part = std::max(in_first_cache / element, 16 * ranks);
  Transition transition = move.to == nullptr ? Transition::to_all(move.from, window, part)
                                             : Transition(move.from, *move.to, window, part);
  const std::size_t stages = std::max<std::size_t>(transition.stages(), 1);
  return {std::move(transition), std::min(depth, stages)};
}

/// One rank's part in a move.
class Mover final : public comm::Stages {
 public:
  Mover(Shape shape, int rank, int ranks, std::size_t element, const Ends& ends,
        memory::Buffer<std::byte> room)
      : transition_(std::move(shape.transition)),
        depth_(shape.depth),
        rank_(rank),
        ranks_(ranks),
        element_(element),
        ends_(ends),
        room_(std::move(room)),
        packing_(depth_ * static_cast<std::size_t>(ranks)),
        unpacking_(packing_.size()) {}

  std::size_t count() const override { return transition_.stages(); }
  Limits limits() const override {
    return {depth_, static_cast<std::size_t>(ranks_), transition_.window() * element_};
  }

  void expect(std::size_t stage, std::vector<comm::Message>& receives) override {
    std::byte* free = unpack_room(stage);
    for_others(stage, [&](std::size_t k) {
      const int from = before(k);
      const Piece piece = transition_.piece(stage, from, rank_);
      std::byte*& unpack = unpacking_[slot(stage, k)];
      unpack = nullptr;
      if (piece.elements == 0) return;
      const std::size_t bytes = piece.elements * element_;
      if (!piece.target) unpack = std::exchange(free, free + bytes);
      receives.push_back({from, {unpack ? unpack : ends_.target + *piece.target * element_, bytes}});
    });
  }

  void send(std::size_t stage, std::vector<comm::Message>& sends) override {
    std::byte* free = pack_room(stage);
    for_others(stage, [&](std::size_t k) {
      const int to = after(k);
      const Piece piece = transition_.piece(stage, rank_, to);
      std::byte*& pack = packing_[slot(stage, k)];
      pack = nullptr;
      if (piece.elements == 0) return;
      const std::size_t bytes = piece.elements * element_;
      if (!piece.source) pack = std::exchange(free, free + bytes);
      std::byte* const data = pack ? pack : const_cast<std::byte*>(ends_.source) + *piece.source * element_;
      sends.push_back({to, {data, bytes}});  // only read
    });
    take_apart(stage);
  }

  void finish(std::size_t stage) override {
    for (std::size_t part = 0; part < transition_.parts(); ++part)
      for_all(stage, [&](std::size_t k) {
        if (k == 0 && transition_.windows_of_target()) copy_own(stage, part);
        std::byte*& from = unpacking_[slot(stage, k)];
        if (k == 0 || !from) return;
        transition_.sections(stage, part, before(k), rank_, [&](const Section& section) {
          copy_runs(from, section.length * element_, ends_.target + section.target * element_,
                    section.target_stride * element_, runs(section));
          from += section.elements() * element_;
        });
      });
  }

 private:
  // What goes to different ranks stands side by side in the memory of this one: it is read part by part.
  void take_apart(std::size_t stage) {
    for (std::size_t part = 0; part < transition_.parts(); ++part)
      for_all(stage, [&](std::size_t k) {
        if (k == 0 && !transition_.windows_of_target()) copy_own(stage, part);
        std::byte*& to = packing_[slot(stage, k)];
        if (k == 0 || !to) return;
        transition_.sections(stage, part, rank_, after(k), [&](const Section& section) {
          copy_runs(ends_.source + section.source * element_, section.source_stride * element_, to,
                    section.length * element_, runs(section));
          to += section.elements() * element_;
        });
      });
  }

  void copy_own(std::size_t stage, std::size_t part) {
    transition_.sections(stage, part, rank_, rank_, [&](const Section& section) {
      copy_runs(ends_.source + section.source * element_, section.source_stride * element_,
                ends_.target + section.target * element_, section.target_stride * element_, runs(section));
    });
  }

  Runs runs(const Section& section) const { return {section.length * element_, section.count}; }
  int after(std::size_t k) const { return static_cast<int>((rank_ + static_cast<Index>(k)) % ranks_); }
  int before(std::size_t k) const {
    return static_cast<int>((rank_ + ranks_ - static_cast<Index>(k)) % ranks_);
  }
  std::size_t slot(std::size_t stage, std::size_t k) const {
    return stage % depth_ * static_cast<std::size_t>(ranks_) + k;
  }
  std::byte* pack_room(std::size_t stage) {
    return room_.data() + stage % depth_ * transition_.packed_at_most() * element_;
  }
  std::byte* unpack_room(std::size_t stage) {
    return room_.data() +
           (depth_ * transition_.packed_at_most() + stage % depth_ * transition_.unpacked_at_most()) *
               element_;
  }
  template <class F>
  void for_all(std::size_t stage, const F& f) const {
    for (std::size_t k = transition_.first_distance(stage); k < transition_.end_distance(stage); ++k) f(k);
  }
  template <class F>
  void for_others(std::size_t stage, const F& f) const {
    for_all(stage, [&](std::size_t k) {
      if (k > 0) f(k);
    });
  }

  Transition transition_;
  std::size_t depth_;
  int rank_, ranks_;
  std::size_t element_;
  Ends ends_;
  memory::Buffer<std::byte> room_;
  std::vector<std::byte*> packing_, unpacking_;  // for each stage under way and each rank; null: no copy
};

}  // namespace

std::uint64_t Move::hash() const {
  return core::mix(core::mix(from.hash(), to ? to->hash() : 0), workspace.bytes);
}

std::size_t workspace_needed(const Move& move, std::size_t element_bytes) {
  return shape_of(move, element_bytes, "workspace").bytes(element_bytes);
}

void move_elements(const World& world, const comm::Call& call, const Move& move, const std::string& what,
                   const std::function<Ends()>& prepare) {
  comm::exchange_in_stages(world, call, [&]() -> std::unique_ptr<comm::Stages> {
    const std::size_t element = call.element.bytes;
    const Ends ends = prepare();
    Shape shape = shape_of(move, element, what);
    const std::size_t bytes = shape.bytes(element);
    memory::Buffer<std::byte> room;
    if (bytes > 0) room = {bytes, what, world.ledger()};
    return std::make_unique<Mover>(std::move(shape), world.rank(), world.size(), element, ends,
                                   std::move(room));
  });
}

}  // namespace tutti::array
