// Redistribution into a vector that is there, and, in turn with it, MPI_Alltoallv of the same bytes, packed
// already.
#include <tutti/tutti.hpp>

#include "moving.hpp"

namespace {

/// What a redistribution cannot beat: the bytes travel, and nobody sorts them.
class PlainAlltoallv {
 public:
  PlainAlltoallv(const double* source, double* target, const moving::Division& from,
                 const moving::Division& to)
      : source_(source), target_(target) {
    for (int rank = 0; rank < from.ranks; ++rank) {
      send_.push_back(common(from, from.rank, to, rank));
      receive_.push_back(common(from, rank, to, from.rank));
      send_at_.push_back(rank == 0 ? 0 : send_at_.back() + send_[static_cast<std::size_t>(rank) - 1]);
      receive_at_.push_back(rank == 0 ? 0
                                      : receive_at_.back() + receive_[static_cast<std::size_t>(rank) - 1]);
    }
  }
  void run() const {
    MPI_Alltoallv(source_, send_.data(), send_at_.data(), MPI_DOUBLE, target_, receive_.data(),
                  receive_at_.data(), MPI_DOUBLE, MPI_COMM_WORLD);
  }

 private:
  // Elements that a rank has and another gets.
  static int common(moving::Division from, int source, moving::Division to, int target) {
    from.rank = from.cyclic ? source : target;
    to.rank = from.cyclic ? target : source;
    const moving::Division& cyclic = from.cyclic ? from : to;
    moving::Division block = from.cyclic ? to : from;
    block.rank = from.cyclic ? target : source;
    const int cyclic_rank = from.cyclic ? source : target;
    const auto below = [&](std::int64_t i) { return (i - cyclic_rank + cyclic.ranks - 1) / cyclic.ranks; };
    return static_cast<int>(below(block.first() + block.count()) - below(block.first()));
  }

  const double* source_;
  double* target_;
  std::vector<int> send_, receive_, send_at_, receive_at_;
};

double bytes_of(const tutti::World& world, const tutti::RedistributionPlan& plan) {
  return static_cast<double>(
      tutti::max(world, static_cast<tutti::Index>(plan.temporary_bytes(sizeof(double)))));
}

void compare(tutti::World& world, bool there, tutti::Index n, int repeats) {
  const moving::Division from(there, n), to(!there, n);
  tutti::DistVector<double> x(world, n, there ? tutti::cyclic : tutti::block, "x");
  tutti::DistVector<double> y(world, n, there ? tutti::block : tutti::cyclic, "y");
  moving::fill(from, x.local().data());
  std::memset(y.local().data(), 255, y.local().size_bytes());
  const moving::Growth growth;
  const tutti::RedistributionPlan plan(x.distribution(), y.distribution());
  plan.apply(x, y);
  const double grown = growth.on_most();
  const bool right = moving::right_on_all(to, y.local().data());
  const PlainAlltoallv plain(x.local().data(), y.local().data(), from, to);
  plain.run();
  std::vector<double> plain_runs, runs, new_runs;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    plain_runs.push_back(bench::seconds([&] { plain.run(); }));
    runs.push_back(bench::seconds([&] { plan.apply(x, y); }));
    new_runs.push_back(bench::seconds([&] { plan.apply(x); }));
  }
  const double planned = bytes_of(world, plan);
  if (world.rank() == 0)
    std::printf(
        "{\"peer\": \"tutti\", \"change\": \"%s\", \"ranks\": %d, \"elements\": %lld, \"right\": %s, "
        "\"plan\": "
        "0, \"seconds\": %s, \"temporary\": %.0f, \"booked\": %.0f, \"new_seconds\": %s, \"plain_seconds\": "
        "%s}\n",
        there ? "cyclic-to-block" : "block-to-cyclic", world.size(), static_cast<long long>(n),
        right ? "true" : "false", bench::list(runs).c_str(), grown, planned, bench::list(new_runs).c_str(),
        bench::list(plain_runs).c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) {
    const std::string change = argc == 4 ? argv[1] : "";
    if (change != "cyclic-to-block" && change != "block-to-cyclic")
      throw tutti::UsageError("bench_redistribute cyclic-to-block|block-to-cyclic N REPEATS");
    compare(world, change == "cyclic-to-block", std::atoll(argv[2]), std::atoi(argv[3]));
  });
}
