#include "tutti/simulation/production.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tutti/distribution/distribution.hpp"
#include "tutti/molecular/melt.hpp"

#include "io/shared_folder.hpp"
#include "mpi_main.hpp"

namespace tutti::simulation {
namespace {

using molecular::Melt;
using testing_world::world;

System system() {
  Melt melt;
  melt.particles = 500;
  System made{{melt.box(), melt.interactions(), molecular::Precision::full, melt.time_step}, {}};
  made.temperature = melt.temperature;
  made.seed = melt.seed;
  made.particles = [melt](const World& everyone) {
    const Range mine = Distribution(block, melt.particles, everyone.size()).range(everyone.rank());
    Atoms atoms(mine.count, 0, everyone.ledger());
    melt.place(atoms, mine.first);
    return atoms;
  };
  return made;
}

ProductionOptions options_in(const std::string& folder) {
  ProductionOptions made;
  made.steps = 60;
  made.every = 10;
  made.files.table = folder + "/table";
  made.files.trajectory = folder + "/trajectory.xyz";
  made.files.trajectory_every = 25;
  made.files.displacements = true;
  made.pair_distribution = folder + "/pairs";
  made.bins = 50;
  return made;
}

std::string whole(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::uint64_t run(const World& everyone, const ProductionOptions& options, Placement placement) {
  Production production(everyone, system(), options, placement);
  production.run([](const Row&) {}, {});
  return production.simulation().hash();
}

// Some of the ranks begin, all of them go on, and the other way round; files too are as if nothing had been.
TEST(Production, AnyRanksContinueWhatOthersBegan) {
  SharedFolder folder(world());
  const std::string truth = folder.path("/truth");
  const std::string cut = folder.path("/cut");
  world().together("folders", [&] {
    if (world().rank() == 0)
      for (const std::string& each : {truth, cut}) std::filesystem::create_directory(each);
  });
  const std::uint64_t hash = run(world(), options_in(truth), Placement::automatic);
  ProductionOptions options = options_in(cut);
  options.checkpoints = cut + "/checkpoints";
  options.checkpoint_every = 20;
  options.steps = 33;  // beyond a checkpoint, and between two observations
  const int few = (world().size() + 1) / 2;
  const auto on_few = [&](const ProductionOptions& how, Placement placement) {
    std::uint64_t found = 0;
    world().split(world().rank() < few ? 0 : 1, [&](World& sub) {
      if (world().rank() < few) found = run(sub, how, placement);
    });
    return found;
  };
  on_few(options, Placement::spatial);
  options.restart = true;
  options.steps = 47;
  run(world(), options, Placement::node_shared);
  options.steps = 60;
  const std::uint64_t found = on_few(options, Placement::replicated);
  if (world().rank() < few) {
    EXPECT_EQ(found, hash);
  }
  for (const char* name : {"/table", "/trajectory.xyz", "/pairs"})
    EXPECT_EQ(whole(cut + name), whole(truth + name)) << name;
  folder.leave();
}

TEST(Production, RefusesWhatDoesNotFit) {
  SharedFolder folder(world());
  ProductionOptions options;
  options.steps = 10;
  options.restart = true;
  EXPECT_THROW(run(world(), options, Placement::automatic), UsageError);  // from where?
  options.checkpoints = folder.path("/checkpoints");
  EXPECT_THROW(run(world(), options, Placement::automatic), FileError);  // there is none
  options.restart = false;
  run(world(), options, Placement::automatic);
  options.restart = true;
  options.steps = 5;
  EXPECT_THROW(run(world(), options, Placement::automatic), UsageError);  // it has gone further
  System other = system();
  other.setup.time_step = 0.001;
  options.steps = 20;
  EXPECT_THROW(Production(world(), other, options, Placement::automatic), FormatError);
  options.every = 0;
  EXPECT_THROW(run(world(), options, Placement::automatic), UsageError);
  folder.leave();
}

}  // namespace
}  // namespace tutti::simulation
