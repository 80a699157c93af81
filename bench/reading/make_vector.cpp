// Writes n doubles, normal-sized: bench_make_vector FILE N SEED
#include <cstdlib>

#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) {
    if (argc != 4) throw tutti::UsageError("bench_make_vector FILE N SEED");
    const tutti::Random random(static_cast<std::uint64_t>(std::atoll(argv[3])));
    tutti::DistVector<double> x(world, std::atoll(argv[2]), argv[1]);
    x.fill([&](tutti::Index i) { return random.uniform(i) - 0.5; });
    tutti::write_npy(x, argv[1]);
  });
}
