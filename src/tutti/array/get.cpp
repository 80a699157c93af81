#include "tutti/array/get.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

#include "tutti/comm/pipeline.hpp"
#include "tutti/comm/reductions.hpp"
#include "tutti/core/error.hpp"
#include "tutti/memory/buffer.hpp"

namespace tutti::array {

namespace {

constexpr comm::Operation get_operation{"get"};

// What a rank keeps for each index of a round: where the element is and goes, what another rank wants, the
// element that goes there, and the one that comes.
std::size_t bytes_an_index(std::size_t element) {
  return sizeof(std::uint64_t) + sizeof(std::uint32_t) + sizeof(std::uint64_t) + 2 * element;
}

std::size_t indices_a_round(Workspace workspace, std::size_t element, const std::string& name) {
  const std::size_t indices = workspace.bytes / bytes_an_index(element);
  if (indices == 0)
    throw DistributionError(text("get from ", name, ": a workspace of ", workspace.bytes,
                                 " bytes; give at least ", bytes_an_index(element), ", or leave it out"));
  return std::min<std::size_t>(indices, UINT32_MAX);
}

void check_indices(const Wanted& x, std::span<const Index> indices) {
  const Index n = x.distribution.size();
  for (std::size_t i = 0; i < indices.size(); ++i)
    if (indices[i] < 0 || indices[i] >= n)
      throw DistributionError(
          text("get from ", x.name, ": rank ", x.world.rank(), " wants index ", indices[i], " (number ", i,
               " of its list); ", n == 0 ? "it has no elements" : text("give 0 to ", n - 1)),
          {x.name, {indices[i], n}});
}

/// Rounds of P + 1 stages. In the first, ranks tell one another how many elements they want. In stage k = 1
/// .. P - 1 a rank asks the one k after it; the answer goes back in the next stage. So a rank never has more
/// than one list of others to answer, however many want its elements.
class Asking final : public comm::Stages {
 public:
  Asking(const Wanted& x, std::span<const Index> indices, std::byte* result, std::size_t round,
         std::size_t rounds)
      : x_(x),
        indices_(indices),
        result_(result),
        rank_(x.world.rank()),
        ranks_(x.world.size()),
        element_(x.element.bytes),
        round_(round),
        rounds_(rounds),
        memory_(round * bytes_an_index(element_), "get from " + x.name, x.world.ledger()),
        first_(slot(ranks_) + 1),
        asked_of_me_(slot(ranks_)) {
    std::byte* at = memory_.data();
    const auto take = [&](std::size_t bytes) { return std::exchange(at, at + round * bytes); };
    places_ = reinterpret_cast<std::uint64_t*>(take(sizeof *places_));
    asked_ = reinterpret_cast<std::uint64_t*>(take(sizeof *asked_));
    goals_ = reinterpret_cast<std::uint32_t*>(take(sizeof *goals_));
    answer_ = take(element_);
    received_ = take(element_);
  }

  std::size_t count() const override { return rounds_ * stages_a_round(); }
  Limits limits() const override {
    const std::size_t most = std::max(sizeof *asked_, element_) * round_;
    return {1, std::max<std::size_t>(2, slot(ranks_)), most};
  }

  void expect(std::size_t stage, std::vector<comm::Message>& receives) override {
    const int k = static_cast<int>(stage % stages_a_round());
    if (k == 0) {
      sort(indices_of(stage / stages_a_round()));
      for (int other = 1; other < ranks_; ++other)
        receives.push_back(
            {before(other), bytes_of(&asked_of_me_[slot(before(other))], sizeof(std::uint64_t))});
      return;
    }
    if (k > 1) look_up(asked_of_me_[slot(before(k - 1))]);
    if (k < ranks_) add(receives, before(k), asked_, asked_of_me_[slot(before(k))] * sizeof *asked_);
    if (k > 1) {
      const std::size_t from = slot(after(k - 1));
      add(receives, after(k - 1), received_ + first_[from] * element_, wanted_of(from) * element_);
    }
  }

  void send(std::size_t stage, std::vector<comm::Message>& sends) override {
    const int k = static_cast<int>(stage % stages_a_round());
    if (k == 0) {
      for (int other = 1; other < ranks_; ++other)
        sends.push_back({after(other), bytes_of(&counts_[slot(after(other))], sizeof(std::uint64_t))});
      return;
    }
    if (k < ranks_) {
      const std::size_t to = slot(after(k));
      add(sends, after(k), places_ + first_[to], wanted_of(to) * sizeof *places_);
    }
    if (k > 1) add(sends, before(k - 1), answer_, asked_of_me_[slot(before(k - 1))] * element_);
  }

  void finish(std::size_t stage) override {
    const std::size_t k = stage % stages_a_round();
    const std::size_t first = stage / stages_a_round() * round_;
    if (k == 0) {
      const std::size_t me = slot(rank_);
      for (std::size_t i = first_[me]; i < first_[me + 1]; ++i)
        copy(result_ + (first + goals_[i]) * element_, x_.local + places_[i] * element_);
    } else if (k > 1) {
      const std::size_t from = slot(after(static_cast<int>(k) - 1));
      for (std::size_t i = first_[from]; i < first_[from + 1]; ++i)
        copy(result_ + (first + goals_[i]) * element_, received_ + i * element_);
    }
  }

 private:
  std::size_t stages_a_round() const { return slot(ranks_) + 1; }
  int after(int k) const { return (rank_ + k) % ranks_; }
  int before(int k) const { return (rank_ - k + ranks_) % ranks_; }
  std::size_t wanted_of(std::size_t rank) const { return first_[rank + 1] - first_[rank]; }
  void copy(std::byte* to, const std::byte* from) const { std::memcpy(to, from, element_); }

  std::span<const Index> indices_of(std::size_t round) const {
    const std::size_t first = std::min(round * round_, indices_.size());
    return indices_.subspan(first, std::min(round_, indices_.size() - first));
  }

  // By owner, by counting: places_ become the local indices there, goals_ which index of the round it was.
  void sort(std::span<const Index> indices) {
    std::fill(counts_.begin(), counts_.end(), 0);
    for (const Index i : indices) ++counts_[slot(x_.distribution.owner(i))];
    for (std::size_t rank = 0; rank < counts_.size(); ++rank) first_[rank + 1] = first_[rank] + counts_[rank];
    for (std::size_t i = 0; i < indices.size(); ++i) {
      const std::size_t owner = slot(x_.distribution.owner(indices[i]));
      const std::size_t at = first_[owner + 1] - counts_[owner]--;
      places_[at] = x_.distribution.to_local(indices[i]);
      goals_[at] = static_cast<std::uint32_t>(i);
    }
    for (std::size_t rank = 0; rank < counts_.size(); ++rank) counts_[rank] = wanted_of(rank);
  }

  void look_up(std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) copy(answer_ + i * element_, x_.local + asked_[i] * element_);
  }

  static comm::Bytes bytes_of(void* data, std::size_t size) { return {static_cast<std::byte*>(data), size}; }
  static void add(std::vector<comm::Message>& messages, int rank, void* data, std::size_t size) {
    if (size > 0) messages.push_back({rank, bytes_of(data, size)});
  }

  const Wanted& x_;
  std::span<const Index> indices_;
  std::byte* result_;
  int rank_, ranks_;
  std::size_t element_;
  std::size_t round_, rounds_;  // indices of a round; rounds
  memory::Buffer<std::byte> memory_;
  std::vector<std::uint64_t> first_;                                // of each owner, in the arrays below
  std::vector<std::uint64_t> asked_of_me_, counts_ = asked_of_me_;  // by each rank; of each rank
  std::uint64_t *places_, *asked_;
  std::uint32_t* goals_;
  std::byte *answer_, *received_;
};

}  // namespace

void get(const Wanted& x, std::span<const Index> indices, Workspace workspace, Site site,
         const std::function<std::byte*()>& allocate) {
  comm::Call call{get_operation, site, x.element, x.distribution.size()};
  call.note = x.name;
  call.detail = x.distribution.hash() ^ workspace.bytes;
  std::size_t round = 0;
  // The most indices that a rank has: the complement with the lowest key.
  const auto lowest = comm::merge_candidates(x.world, call, [&]() -> std::array<comm::Candidate, 2> {
    check_indices(x, indices);
    round = indices_a_round(workspace, x.element.bytes, x.name);
    return {comm::Candidate{~std::uint64_t{indices.size()}, 0}, comm::Candidate{}};
  });
  const auto most = static_cast<std::size_t>(~lowest[0].key);
  round = std::max<std::size_t>(1, std::min(round, most));
  memory::Booking result;  // until the caller has it: what is his, he books himself
  comm::exchange_in_stages(x.world, call, [&]() -> std::unique_ptr<comm::Stages> {
    result = x.world.ledger().book("elements of " + x.name, memory::Category::buffer,
                                   indices.size() * x.element.bytes);
    return std::make_unique<Asking>(x, indices, allocate(), round,
                                    most / round + (most % round != 0 ? 1 : 0));
  });
}

}  // namespace tutti::array
