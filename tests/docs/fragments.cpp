// The C++ blocks of the documentation that are no whole programs, with checks of what their comments say.
// That each block of a page stands in a file that is built is checked by tests/house/.
#include <array>
#include <cstdio>
#include <filesystem>

#include <tutti/tutti.hpp>

namespace {

void expect(bool holds, const char* what) {
  if (!holds) throw tutti::InternalError(tutti::text("the documentation is wrong about ", what));
}

void distributions() {
  const tutti::Distribution d(tutti::block_cyclic(2), 10, 3);  // n = 10 on 3 ranks
  d.owner(7);                                                  // 0
  d.local_size(0);                                             // 4: elements 0, 1, 6, 7
  d.to_local(7);                                               // 3
  d.to_global(0, 3);                                           // 7
  expect(d.owner(7) == 0 && d.local_size(0) == 4 && d.to_local(7) == 3 && d.to_global(0, 3) == 7, "owners");
}

void filling(tutti::World& world) {
  const tutti::Random random(2026);
  tutti::DistVector<double> x(world, 1000000, tutti::cyclic, "x");
  x.fill([&](tutti::Index i) { return random.uniform(i); });
  for (double& value : x.local()) value *= 2;  // this rank's elements
  const double total = tutti::sum(x);          // collective, exact
  expect(total > 0.99e6 && total < 1.01e6, "the sum of a vector");
}

void moving(tutti::World& world) {
  tutti::DistVector<double> a(world, 1000, tutti::cyclic, "a"), b(world, 1000, tutti::block, "b");
  a.fill([](tutti::Index i) { return static_cast<double>(i); });
  b.fill([](tutti::Index) { return 2.0; });
  const double product = tutti::dot(a, tutti::redistribute(b, a.distribution().layout()));
  expect(product == 999000, "the product of vectors that are divided differently");

  const tutti::RedistributionPlan plan(a.distribution(), b.distribution());
  for (int step = 0; step < 3; ++step) plan.apply(a, b);  // b has the elements of a
  expect(tutti::dot(b, b) == tutti::dot(a, a), "plans");

  const std::vector<double> on_first = tutti::gather(a, 0);                        // all of a, on rank 0
  const std::vector<double> everywhere = tutti::all_gather(a);                     // all of a, on every rank
  const auto dealt = tutti::scatter(world, on_first, tutti::block_cyclic(64), 0);  // and back, in any layout
  const std::vector<tutti::Index> wanted{999, 0, world.rank()};                    // each rank its own
  const std::vector<double> some = tutti::get(a, wanted);                          // a[999], a[0], ...
  expect(on_first.size() == (world.rank() == 0 ? 1000U : 0U) && everywhere[999] == 999 &&
             tutti::sum(dealt) == 499500 && some == std::vector<double>({999, 0, 1.0 * world.rank()}),
         "elements in the memory of single ranks");

  const int mine = world.rank() + 1;
  const tutti::DistVector<double> before = tutti::exclusive_scan(a);
  const tutti::Index first = tutti::exclusive_scan(world, mine);  // how many the ranks before this one have
  expect(tutti::max(before).value == 498501 && first == world.rank() * mine / 2, "scans");
}

void many_products(tutti::World& world) {
  tutti::DistVector<double> x(world, 1000, "x"), a(world, 1000, "a"), b(world, 1000, "b");
  const tutti::Random random(3);
  x.fill([&](tutti::Index i) { return random.uniform(i, 0); });
  a.fill([&](tutti::Index i) { return random.uniform(i, 1); });
  b.fill([&](tutti::Index i) { return random.uniform(i, 2); });
  const std::vector<double> products = tutti::multi_dot(x, {&a, &b});  // x.a and x.b
  const tutti::Gram<> pairs = tutti::gram({&x, &a, &b});               // all pairs, a symmetric matrix
  const bool same = pairs(0, 1) == products[0] && pairs(1, 2) == tutti::dot(a, b);  // true
  expect(same && products[1] == tutti::dot(b, x), "products of many vectors");
}

void own_loop(tutti::World& world) {
  tutti::ExactAccumulator energy;
  for (tutti::Index i = world.rank(); i < 1000; i += world.size())
    energy += 1.0 / static_cast<double>(i + 1);  // each term is rounded, by you; the sum is not
  const double total = tutti::sum(world, energy);
  expect(total > 7.48547 && total < 7.48548, "the harmonic sum");
}

void values() {
  tutti::ExactSum a, b;
  a.add(1e100);
  a.add(1.0);
  a.subtract(1e100);
  b.add(1);
  const bool same = a == b && a.to_bytes() == b.to_bytes();  // true
  expect(same, "equal sums");
}

void halves(tutti::World& world) {
  tutti::HaloArray<double, 3> u(world, {9, 8, 7}, 1, "u");
  tutti::Index done = 0;
  const auto compute = [&](const tutti::Box<3>& part) { done += part.size(); };
  u.begin_exchange();                                       // collective: then the messages are on their way
  compute(u.inner());                                       // a box: the elements that need no ghosts
  u.end_exchange();                                         // not collective: waits for this rank's ghosts
  for (const tutti::Box<3>& part : u.rim()) compute(part);  // the other elements
  expect(done == u.box().size(), "an exchange in two halves");
}

double interactions(std::span<const double> positions) {
  double sum = 0;
  for (const double x : positions) sum += x;
  return sum;
}

void stepping(tutti::World& world) {
  double energy = 0;
  tutti::UpdatableNodeShared<double> positions(world, 3000, "positions");
  for (int step = 0; step < 10; ++step) {
    positions.update([](std::span<double> part, tutti::Index) {  // waits until all ranks have ended reading
      for (double& x : part) x += 0.5;
    });
    energy = interactions(positions.view());  // all ranks read what all ranks wrote
  }
  expect(energy == 15000, "updates of shared positions");
}

void mapping(tutti::World& world) {
  tutti::DistVector<double> entries(world, 1000, "entries");
  entries.fill([](tutti::Index i) { return static_cast<double>(i); });
  tutti::write_npy(entries, "fragments_table.npy");
  {
    const tutti::MappedNpy<double> table(world, "fragments_table.npy");  // no rank reads or copies it
    const double entry = table.view()[17];                               // read-only; may raise SIGBUS
    expect(entry == 17 && table.size() == 1000, "a mapped file");
  }
  tutti::barrier(world);
  if (world.rank() == 0) std::remove("fragments_table.npy");
}

void advance(tutti::DistVector<double>& x) {
  for (double& value : x.local()) value += 1;
}

void checkpointing(tutti::World& world) {
  tutti::DistVector<double> x(world, 1000, tutti::cyclic, "x");
  tutti::DistVector<std::array<double, 3>> velocities(world, 200, "velocities");
  const std::uint64_t seed = 2026;
  tutti::ExactSum energy;
  tutti::Index step = 0;

  tutti::Checkpoints checkpoints(world, "fragments.checkpoints", {.keep = 3});
  checkpoints.restore([&](const tutti::Checkpoint& saved) {  // not called where there is none
    saved.read("x", x);
    saved.read("velocities", velocities);
    energy = saved.notes().get<tutti::ExactSum>("energy");
    step = saved.step();
  });
  while (step < 1000) {
    advance(x);
    if (++step % 100 == 0)
      checkpoints.write(step, {{"x", x}, {"velocities", velocities}}, {{"energy", energy}, {"seed", seed}});
  }

  bool called = false;
  checkpoints.restore([&](const tutti::Checkpoint& saved) {
    const auto y = saved.read<double>("x", tutti::block);  // as many elements as there are
    const auto seed_then = saved.notes().get<std::uint64_t>("seed");
    called = y.size() == 1000 && seed_then == seed && tutti::min(y).value == 1000;
  });
  expect(called && checkpoints.steps() == std::vector<tutti::Index>{800, 900, 1000}, "checkpoints");
  tutti::barrier(world);
  if (world.rank() == 0) std::filesystem::remove_all("fragments.checkpoints");
}

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    distributions();
    filling(world);
    moving(world);
    many_products(world);
    own_loop(world);
    stepping(world);
    mapping(world);
    halves(world);
    checkpointing(world);
    values();
  });
}
