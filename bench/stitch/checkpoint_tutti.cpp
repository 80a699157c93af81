// The same numbers as a checkpoint, and read back: bench_checkpoint_tutti FOLDER N block|cyclic [cold]
#include <chrono>
#include <cstdlib>

#include <tutti/tutti.hpp>

#include "checkpoint_pages.hpp"

namespace {

template <class Work>
double slowest(const tutti::World& world, const Work& work) {
  tutti::barrier(world);
  const auto start = std::chrono::steady_clock::now();
  work();
  return tutti::max(world, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
}

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) {
    if (argc < 4) throw tutti::UsageError("bench_checkpoint_tutti FOLDER N block|cyclic [cold]");
    const tutti::Index n = std::atoll(argv[2]);
    tutti::DistVector<double> x(world, n, tutti::parse_layout(argv[3]), "x");
    x.fill([](tutti::Index i) { return static_cast<double>(i); });
    tutti::Checkpoints checkpoints(world, argv[1]);
    std::string place;
    const double written = slowest(world, [&] { place = checkpoints.write(1, {{"x", x}}); });
    if (argc > 4) forget((place + "/x.npy").c_str());
    x.fill([](tutti::Index) { return 0.0; });
    const double read = slowest(
        world, [&] { checkpoints.restore([&](const tutti::Checkpoint& saved) { saved.read("x", x); }); });
    tutti::Index wrong = 0;
    for (std::size_t l = 0; l < x.local().size(); ++l)
      wrong += x.local()[l] != static_cast<double>(x.distribution().to_global(world.rank(), l)) ? 1 : 0;
    if (tutti::sum(world, wrong) != 0) throw tutti::InternalError("what was read is not what was written");
    world.print(tutti::text("{\"what\": \"", argv[3], "\", \"write\": ", written, ", \"read\": ", read,
                            ", \"bytes\": ", 8 * n, "}\n"));
  });
}
