// Shows: three ways to keep what all ranks need. Every pair of points repels, so a rank that computes the
// energies of its points needs the coordinates of all. Replicated, each rank has its own copy of them.
// NodeShared, the ranks of a node have one, and the program is the same but for one word. Distributed, nobody
// has all: the parts travel in a ring, and each rank meets them one after another. The energy is the same to
// the last bit, on any number of ranks; the ledger says what each way takes.
//
//   tutti run -n 1 -- ./07_coordinates       or   mpirun -n 1 ./07_coordinates
//   tutti run -n 4 -- ./07_coordinates
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <tutti/tutti.hpp>

namespace {

using tutti::Index;

constexpr Index points = 2000;

struct Point {
  double x, y, z;
};

Point point(Index i) {
  const tutti::Random random(2026);
  return {random.uniform(3 * i), random.uniform(3 * i + 1), random.uniform(3 * i + 2)};
}

double repulsion(const Point& a, const Point& b) {
  const double x = a.x - b.x, y = a.y - b.y, z = a.z - b.z;
  return 1 / std::sqrt(x * x + y * y + z * z);  // sqrt is rounded correctly everywhere; std::hypot is not
}

/// What the ledger says while an array is there: bytes of this rank alone, and of its node.
struct Taken {
  explicit Taken(const tutti::World& all) : world(all) {
    tutti::barrier(world);  // now all have released what they had before
    node = world.ledger().node_booked();
    tutti::barrier(world);
  }
  void look() {
    tutti::barrier(world);
    rank = world.ledger().now().rank_bytes() - rank;
    node = world.ledger().node_booked() - node;
    tutti::barrier(world);
  }
  const tutti::World& world;
  std::uint64_t rank = world.ledger().now().rank_bytes(), node = 0;
};

// Everybody sees everything, in whatever memory.
template <class Array>
double energy_in_view(const tutti::World& world, Taken& taken) {
  Array coordinates(world, points, "coordinates");
  coordinates.publish([](std::span<Point> part, Index first) {
    for (Point& p : part) p = point(first++);
  });
  taken.look();
  const std::span<const Point> all = coordinates.view();
  tutti::ExactAccumulator energy;
  for (std::size_t i = static_cast<std::size_t>(world.rank()); i < all.size();
       i += static_cast<std::size_t>(world.size()))
    for (std::size_t j = 0; j < i; ++j) energy += repulsion(all[i], all[j]);
  return tutti::sum(world, energy);
}

// Each rank has its own points, and the part of another rank that passes by.
double energy_in_a_ring(const tutti::World& world, Taken& taken) {
  const int ranks = world.size(), rank = world.rank(), next = (rank + 1) % ranks,
            last = (rank + ranks - 1) % ranks;
  tutti::DistVector<Point> coordinates(world, points, tutti::block, "coordinates");
  coordinates.fill(point);
  const tutti::Distribution& owners = coordinates.distribution();
  using Part = tutti::memory::Buffer<Point>;
  Part here(owners.max_local_size(), "passing part", world.ledger());
  Part coming(owners.max_local_size(), "coming part", world.ledger());
  taken.look();
  std::copy(coordinates.local().begin(), coordinates.local().end(), here.begin());
  tutti::ExactAccumulator energy;
  for (int step = 0; step < ranks; ++step) {
    const int from = (rank + ranks - step) % ranks;  // whose part is here
    for (std::size_t k = 0; k < coordinates.local().size(); ++k)
      for (std::size_t l = 0; l < owners.local_size(from); ++l)
        if (owners.to_global(from, l) < owners.to_global(rank, k))  // each pair once
          energy += repulsion(coordinates.local()[k], here[l]);
    std::vector<std::span<const Point>> send(static_cast<std::size_t>(ranks));
    std::vector<std::span<Point>> receive(static_cast<std::size_t>(ranks));
    send[static_cast<std::size_t>(next)] = here.span().first(owners.local_size(from));
    receive[static_cast<std::size_t>(last)] =
        coming.span().first(owners.local_size((from + ranks - 1) % ranks));
    tutti::all_to_all(world, send, receive);
    std::swap(here, coming);
  }
  return tutti::sum(world, energy);
}

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    const auto show = [&](const std::string& way, double (*energy)(const tutti::World&, Taken&)) {
      Taken taken(world);
      const double result = energy(world, taken);
      world.print(
          tutti::text(way, tutti::hexfloat(result), ", rank ", taken.rank, " B, node ", taken.node, " B\n"));
    };
    show("replicated   ", energy_in_view<tutti::Replicated<Point>>);
    show("node-shared  ", energy_in_view<tutti::NodeShared<Point>>);
    show("distributed  ", energy_in_a_ring);
  });
}
