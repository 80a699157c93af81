// Shows: a run that is interrupted, and that another number of ranks continues, has the bits of one that was
// not. Heat spreads through a block of metal, in explicit steps: each element comes closer to the mean of its
// six neighbours, of which those of other ranks come by a halo exchange. Sparks fall on random elements; they
// are a function of seed, step and element, so they too do not depend on who computes. Every 50 steps there
// is a checkpoint, and one more where the job is asked to end: by Ctrl-C, kill, or a time limit.
//
//   tutti run -n 1 -- ./10_heat whole 120        or   mpirun -n 1 ./10_heat whole 120
//   tutti run -n 2 -- ./10_heat parts 70         stops early
//   tutti run -n 3 -- ./10_heat parts 120        goes on from there: the same last line
#include <cstdlib>
#include <utility>

#include <tutti/tutti.hpp>

namespace {

using tutti::Index;
using Field = tutti::HaloArray<double, 3>;

constexpr std::uint64_t seed = 2026;
constexpr double conduction = 0.125;  // of the difference to a neighbour, in a step
constexpr Index between_checkpoints = 50;

// `next` becomes the temperatures one step after `now`. The ghosts beyond the ends are zero: cold walls.
void advance(Field& now, Field& next, Index step, const tutti::Random& sparks) {
  now.exchange();
  const auto u = now.with_ghosts();
  const auto v = next.local();
  const auto global = now.box().first;
  const auto& shape = now.shape();
  for (Index i = 0; i < v.extent(0); ++i)
    for (Index j = 0; j < v.extent(1); ++j)
      for (Index k = 0; k < v.extent(2); ++k) {
        const double around = u(i - 1, j, k) + u(i + 1, j, k) + u(i, j - 1, k) + u(i, j + 1, k) +
                              u(i, j, k - 1) + u(i, j, k + 1);
        const Index element = ((global[0] + i) * shape[1] + global[1] + j) * shape[2] + global[2] + k;
        const bool spark = sparks.bits(element, static_cast<std::uint64_t>(step)) % 10000 == 0;
        v(i, j, k) = u(i, j, k) + conduction * (around - 6 * u(i, j, k)) + (spark ? 1 : 0);
      }
  std::swap(now, next);
}

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) {
    if (argc != 3) throw tutti::UsageError("10_heat FOLDER STEPS");
    Field u(world, {48, 40, 32}, 1, "temperature"),
        next(world, u.distribution(), 1, "temperature after a step");
    tutti::Random sparks(seed);
    tutti::Checkpoints checkpoints(world, argv[1], {.keep = 3});
    Index step = 0;
    const bool goes_on = checkpoints.restore([&](const tutti::Checkpoint& saved) {
      saved.read("temperature", u);  // whatever ranks wrote it
      step = saved.step();
      sparks = tutti::Random(saved.notes().get<std::uint64_t>("seed"));
    });
    if (goes_on) world.print(tutti::text("going on after step ", step, "\n"));
    const auto save = [&] { checkpoints.write(step, {{"temperature", u}}, {{"seed", seed}}); };

    const Index last = std::atoll(argv[2]);
    try {
      while (step < last) {
        advance(u, next, step, sparks);
        if (++step % between_checkpoints == 0) save();
      }
    } catch (const tutti::InterruptedError&) {  // on all ranks, before the same step
      save();
      world.print(tutti::text("asked to end: saved after step ", step, "\n"));
      throw;
    }
    if (step % between_checkpoints != 0) save();
    const auto warmest = tutti::max(u);
    world.print(tutti::text("after step ", step, ": heat ", tutti::sum(u), " = ",
                            tutti::hexfloat(tutti::sum(u)), ", warmest ", warmest.value, " at ",
                            warmest.index, "\n"));
  });
}
