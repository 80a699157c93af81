#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    using tutti::Index;
    tutti::HaloArray<double, 2> u(world, {30, 40}, {1, tutti::Ends::periodic}, "u");
    tutti::DistArray<double, 2> next(world, u.distribution(), "next");
    u.fill([](Index i, Index j) { return 1 / static_cast<double>(1 + i + 7 * j); });
    for (int step = 0; step < 50; ++step) {
      u.exchange();                      // every ghost becomes what its owner has
      const auto old = u.with_ghosts();  // indices from -1 on
      const auto fresh = next.local();   // indices from 0 on
      for (Index i = 0; i < fresh.extent(0); ++i)
        for (Index j = 0; j < fresh.extent(1); ++j)
          fresh(i, j) = 0.25 * (old(i - 1, j) + old(i + 1, j) + old(i, j - 1) + old(i, j + 1));
      for (Index i = 0; i < fresh.extent(0); ++i)
        for (Index j = 0; j < fresh.extent(1); ++j) old(i, j) = fresh(i, j);
    }
    world.print(tutti::text("norm ", tutti::hexfloat(tutti::norm2(u)), "\n"));
  });
}
