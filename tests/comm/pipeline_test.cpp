// Stages under way at once: what arrives, in memory that is used again, however unequal the ranks are.
#include "tutti/comm/pipeline.hpp"

#include <chrono>
#include <thread>

#include "tutti/comm/context.hpp"
#include "tutti/comm/reductions.hpp"

#include "mpi_main.hpp"

namespace tutti::comm {
namespace {

using testing_world::world;

constexpr Operation test_operation{"a test of stages"};

/// What has been done, and how many numbers were wrong.
struct Outcome {
  std::size_t begun = 0, finished = 0, wrong = 0;
};

/// In stage t every rank sends t % 5 + 1 numbers to each other rank (in some stages nothing, in some two
/// messages), from and into memory of `depth` stages.
class Numbers final : public Stages {
 public:
  Numbers(const World& world, std::size_t count, std::size_t depth, int slow, Outcome& outcome)
      : world_(world), count_(count), depth_(depth), slow_(slow), outcome_(outcome) {
    out_.resize(depth * slots() * most);
    in_.resize(out_.size());
  }
  std::size_t count() const override { return count_; }
  Limits limits() const override { return {depth_, 2 * slots(), most * sizeof(int)}; }

  void expect(std::size_t stage, std::vector<Message>& receives) override {
    EXPECT_EQ(stage, outcome_.begun++);
    for_messages(stage, [&](int rank, std::size_t message) {
      receives.push_back({rank, room(in_, stage, rank, message)});
    });
  }
  void send(std::size_t stage, std::vector<Message>& sends) override {
    if (world_.rank() == slow_) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    for_messages(stage, [&](int rank, std::size_t message) {
      const Bytes bytes = room(out_, stage, rank, message);
      for (std::size_t i = 0; i < bytes.size / sizeof(int); ++i)
        reinterpret_cast<int*>(bytes.data)[i] = number(stage, world_.rank(), rank, message, i);
      sends.push_back({rank, bytes});
    });
  }
  void finish(std::size_t stage) override {
    EXPECT_EQ(stage, outcome_.finished++);
    EXPECT_LT(outcome_.begun - outcome_.finished, depth_);
    for_messages(stage, [&](int rank, std::size_t message) {
      const Bytes bytes = room(in_, stage, rank, message);
      for (std::size_t i = 0; i < bytes.size / sizeof(int); ++i)
        if (reinterpret_cast<int*>(bytes.data)[i] != number(stage, rank, world_.rank(), message, i))
          ++outcome_.wrong;
    });
  }

 private:
  static constexpr std::size_t most = 6000;  // numbers

  std::size_t slots() const { return static_cast<std::size_t>(world_.size()); }
  static int number(std::size_t stage, int from, int to, std::size_t message, std::size_t i) {
    return static_cast<int>(stage * 100000 + static_cast<std::size_t>(from) * 10000 +
                            static_cast<std::size_t>(to) * 1000 + message * 500 + i);
  }
  template <class F>
  void for_messages(std::size_t stage, const F& f) const {
    if (stage % 7 == 3) return;
    for (int rank = 0; rank < world_.size(); ++rank)
      for (std::size_t message = 0; rank != world_.rank() && message <= (stage % 5 == 2 ? 1U : 0U); ++message)
        f(rank, message);
  }
  Bytes room(std::vector<int>& numbers, std::size_t stage, int rank, std::size_t message) const {
    const std::size_t first = (stage % depth_ * slots() + static_cast<std::size_t>(rank)) * most;
    const std::size_t length = stage % 11 == 0 ? most / 2 : stage % 5 + 1;  // beyond what MPI sends at once
    return {reinterpret_cast<std::byte*>(numbers.data() + first + message * most / 2), length * sizeof(int)};
  }

  World world_;
  std::size_t count_, depth_;
  int slow_;
  std::vector<int> out_, in_;
  Outcome& outcome_;
};

void expect_stages(const World& world, std::size_t count, std::size_t depth, int slow = -1) {
  Outcome outcome;
  exchange_in_stages(world, {test_operation, Site()}, [&]() -> std::unique_ptr<Stages> {
    return std::make_unique<Numbers>(world, count, depth, slow, outcome);
  });
  EXPECT_EQ(outcome.begun, count);
  EXPECT_EQ(outcome.finished, count);
  EXPECT_EQ(outcome.wrong, 0U);
}

TEST(Pipeline, EveryStageArrives) {
  for (const std::size_t depth : {1U, 2U, 5U})
    for (const std::size_t count : {0U, 1U, 2U, 4U, 60U}) expect_stages(world(), count, depth);
}

TEST(Pipeline, ASlowRankIsWaitedFor) {
  for (int slow = 0; slow < world().size(); ++slow) expect_stages(world(), 20, 3, slow);
}

TEST(Pipeline, WhereRanksPoll) {
  world().split(0, [](World& sub) { expect_stages(sub, 30, 2); });
}

TEST(Pipeline, MessagesTravelInPieces) {
  world().split(0, [](World& sub) {
    sub.context().channel().set_piece(1000);
    expect_stages(sub, 25, 3);
  });
}

TEST(Pipeline, WhatOneRankCannotPrepareIsAnErrorOnAll) {
  for (int guilty = 0; guilty < world().size(); ++guilty) {
    Outcome outcome;
    try {
      exchange_in_stages(world(), {test_operation, Site()}, [&]() -> std::unique_ptr<Stages> {
        if (world().rank() == guilty) throw ShapeError("no stages");
        return std::make_unique<Numbers>(world(), 10, 2, -1, outcome);
      });
      FAIL() << "a rank has no stages";
    } catch (const ShapeError& error) {
      EXPECT_EQ(error.rank(), guilty);
    }
    EXPECT_EQ(outcome.begun, 0U);
  }
  EXPECT_EQ(sum(world(), 1), world().size());
}

}  // namespace
}  // namespace tutti::comm
