// A small simulation with checkpoints, for the tests that kill it and take its disk away.
//   checkpoint_program run FOLDER LAST_STEP N LAYOUT   from the newest checkpoint, or step 0, one checkpoint
//   a step checkpoint_program npy FILE N TIMES                writes the vectors 1, 2, 3 ... one after
//   another
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>

#include <tutti/tutti.hpp>

namespace {

using tutti::Index;

constexpr std::uint64_t seed = 2026;

// Every element depends on all others, and on random numbers.
void advance(tutti::DistVector<double>& x, tutti::DistVector<std::int64_t>& visits, Index step) {
  const double mean = tutti::sum(x) / static_cast<double>(x.size());
  const tutti::Random random(seed);
  for (std::size_t l = 0; l < x.local().size();) {
    const tutti::Range run = x.distribution().run(x.world().rank(), l);
    for (std::size_t i = 0; i < run.count; ++i, ++l) {
      const double noise =
          random.uniform(run.first + static_cast<Index>(i), static_cast<std::uint64_t>(step));
      x.local()[l] += 0.1 * (mean - x.local()[l]) + noise;
      visits.local()[l] += noise < 0.5 ? 1 : 0;
    }
  }
}

// For who wants to kill all ranks at once, and who limits the size of files, but not of those that MPI makes.
void prepare(const tutti::World& world) {
  if (const auto bytes = tutti::environment_integer("CHECKPOINT_TEST_FILE_SIZE", 0)) {
    const rlimit limit{static_cast<rlim_t>(*bytes), RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  if (const auto folder = tutti::environment_text("CHECKPOINT_TEST_PIDS"))
    std::ofstream(tutti::text(*folder, "/", world.rank())) << ::getpid() << '\n';
}

void simulate(const tutti::World& world, const std::string& folder, Index last, Index n,
              const tutti::Layout& layout) {
  tutti::Checkpoints checkpoints(world, folder);
  tutti::DistVector<double> x(world, n, layout, "x");
  tutti::DistVector<std::int64_t> visits(world, n, layout, "visits");
  tutti::ExactSum history;
  Index step = 0;
  checkpoints.restore([&](const tutti::Checkpoint& saved) {
    saved.read("x", x);
    saved.read("visits", visits);
    history = saved.notes().get<tutti::ExactSum>("history");
    step = saved.step();
  });
  const Index first = step;
  while (step < last) {
    advance(x, visits, step++);
    history.add(tutti::norm2(x));
    checkpoints.write(step, {{"x", x}, {"visits", visits}}, {{"history", history}, {"seed", seed}});
  }
  world.print(tutti::text("from ", first, "\nx ", tutti::hexfloat(tutti::sum(x)), " ",
                          tutti::hexfloat(tutti::norm2(x)), " visits ", tutti::sum(visits), " history ",
                          tutti::hexfloat(history.round()), "\n"));
}

void write_vectors(const tutti::World& world, const std::string& file, Index n, Index times) {
  tutti::DistVector<double> x(world, n, tutti::cyclic, "x");
  for (Index k = 1; k <= times; ++k) {
    x.fill([&](Index) { return static_cast<double>(k); });
    tutti::write_npy(x, file);
  }
}

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) {
    const std::string_view what = argc > 1 ? argv[1] : "";
    prepare(world);
    if (what == "run" && argc == 6)
      simulate(world, argv[2], std::atoll(argv[3]), std::atoll(argv[4]), tutti::parse_layout(argv[5]));
    else if (what == "npy" && argc == 5)
      write_vectors(world, argv[2], std::atoll(argv[3]), std::atoll(argv[4]));
    else
      throw tutti::UsageError("checkpoint_program run FOLDER LAST_STEP N LAYOUT | npy FILE N TIMES");
  });
}
