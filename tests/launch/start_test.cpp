#include "tutti/launch/start.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"
#include "tutti/launch/build_info.hpp"

#include "environment_guard.hpp"

namespace tutti::launch {
namespace {

using Words = std::vector<std::string>;

LaunchRequest request_of(int ranks, Words program) {
  LaunchRequest request;
  request.ranks = ranks;
  request.program = std::move(program);
  return request;
}

TEST(PlanWith, OfMpichIsShort) {
  const auto plan =
      plan_with(LauncherKind::mpich, "mpiexec", request_of(7, {"prog", "-n", "3"}), {2, true, false});
  EXPECT_EQ(plan.command, (Words{"mpiexec", "-n", "7", "prog", "-n", "3"}));
  EXPECT_TRUE(plan.environment.empty());
}

TEST(PlanWith, OfOpenMpiAllowsMoreRanksThanCores) {
  const auto environment = EnvironmentGuard::clean();
  const auto oversubscribed = [](const LaunchPlan& plan) {
    return std::find(plan.command.begin(), plan.command.end(), "--oversubscribe") != plan.command.end();
  };
  const auto plan = plan_with(LauncherKind::openmpi, "mpirun", request_of(3, {"prog"}), {2, false, false});
  EXPECT_EQ(plan.command, (Words{"mpirun", "-n", "3", "--oversubscribe", "--bind-to", "none", "prog"}));
  EXPECT_TRUE(plan.environment.empty());
  EXPECT_FALSE(
      oversubscribed(plan_with(LauncherKind::openmpi, "mpirun", request_of(2, {"prog"}), {2, false, false})));
  EXPECT_FALSE(
      oversubscribed(plan_with(LauncherKind::openmpi, "mpirun", request_of(99, {"prog"}), {2, false, true})));
  LaunchRequest placed = request_of(99, {"prog"});
  placed.launcher_options = {"--host", "a:50,b:49"};
  EXPECT_FALSE(oversubscribed(plan_with(LauncherKind::openmpi, "mpirun", placed, {2, false, false})));
  LaunchRequest tagged = request_of(99, {"prog"});
  tagged.launcher_options = {"--tag-output"};
  const auto both = plan_with(LauncherKind::openmpi, "mpirun", tagged, {2, false, false});
  EXPECT_TRUE(oversubscribed(both));
  EXPECT_EQ(both.command[both.command.size() - 2], "--tag-output");
}

TEST(PlanWith, OfOpenMpiNamesTheEnvironmentForOtherNodes) {
  const auto environment = EnvironmentGuard::clean({{"TUTTI_NODES", "2"}});
  LaunchRequest request = request_of(1, {"prog"});
  request.environment = {{"TUTTI_PROGRESS", "lines"}};
  const auto plan = plan_with(LauncherKind::openmpi, "mpirun", request, {2, true, false});
  EXPECT_EQ(plan.command, (Words{"mpirun", "-n", "1", "-x", "TUTTI_NODES", "-x", "TUTTI_PROGRESS", "prog"}));
  ASSERT_EQ(plan.environment.size(), 3U);
  EXPECT_EQ(plan.environment[1].name, "OMPI_ALLOW_RUN_AS_ROOT");
  EXPECT_EQ(plan.environment[2].name, "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM");
}

TEST(PlanLaunch, TakesTheBuiltInLauncher) {
  const auto environment = EnvironmentGuard::clean();
  const auto plan = plan_launch(request_of(2, {"/bin/sh"}));
  EXPECT_EQ(plan.kind, kind_of(built_mpi));
  EXPECT_EQ(plan.command.front(), built_mpiexec);
  EXPECT_EQ(plan.command.back(), "/bin/sh");
}

TEST(PlanLaunch, WithoutALauncherRunsTheProgramItself) {
  const auto environment = EnvironmentGuard::clean();
  LaunchRequest request = request_of(1, {"/bin/sh", "-c", "true"});
  request.use_launcher = UseLauncher::no;
  EXPECT_EQ(plan_launch(request).command, request.program);
  request.ranks = 4;
  EXPECT_THROW(plan_launch(request), UsageError);
  const auto none = EnvironmentGuard::with({{"TUTTI_LAUNCHER", "none"}});
  EXPECT_EQ(plan_launch(request_of(1, {"/bin/sh"})).command, Words{"/bin/sh"});
}

TEST(PlanLaunch, RefusesBadRequests) {
  const auto environment = EnvironmentGuard::clean();
  for (const int ranks : {0, -1, INT32_MIN})
    EXPECT_THROW(plan_launch(request_of(ranks, {"/bin/sh"})), UsageError);
  EXPECT_THROW(plan_launch(request_of(1, {})), UsageError);
  EXPECT_THROW(plan_launch(request_of(1, {"/bin/sh", ":", "x"})), UsageError);
  for (const char* program : {"/no/such/program", "no such program", "/etc", "/etc/passwd", ""})
    EXPECT_THROW(plan_launch(request_of(1, {program})), FileError) << program;
}

TEST(PlanLaunch, RefusesLaunchersThatDoNotExist) {
  const auto environment = EnvironmentGuard::clean({{"TUTTI_MPIEXEC", "/no/such/mpiexec"}});
  try {
    plan_launch(request_of(1, {"/bin/sh"}));
    FAIL();
  } catch (const LauncherError& error) {
    EXPECT_EQ(std::string(error.what()).rfind("TUTTI_MPIEXEC /no/such/mpiexec: ", 0), 0U) << error.what();
  }
  LaunchRequest request = request_of(1, {"/bin/sh"});
  request.mpiexec = std::string(built_mpiexec);  // the option beats the variable
  EXPECT_EQ(plan_launch(request).command.front(), built_mpiexec);
}

TEST(PlanLaunch, FindsTheLauncherOfAnMpiThatIsNamed) {
  const auto environment = EnvironmentGuard::clean();
  LaunchRequest request = request_of(1, {"/bin/sh"});
  request.mpi = kind_of(built_mpi);
  EXPECT_EQ(plan_launch(request).command.front(), built_mpiexec);
  const auto elsewhere = EnvironmentGuard::with({{"PATH", "/no/such/folder"}});
  request.mpi = request.mpi == LauncherKind::mpich ? LauncherKind::openmpi : LauncherKind::mpich;
  EXPECT_THROW(plan_launch(request), LauncherError);
}

TEST(PlanLaunch, AcceptsALauncherThatItDoesNotKnow) {
  std::string folder = "/tmp/tutti-start-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::string launcher = folder + "/my launcher";
  std::ofstream(launcher) << "#!/bin/sh\necho mine 1.0\n";
  std::filesystem::permissions(launcher, std::filesystem::perms::owner_all);
  const auto environment = EnvironmentGuard::clean({{"TUTTI_MPIEXEC", launcher.c_str()}});
  const auto plan = plan_launch(request_of(64, {"/bin/sh"}));
  EXPECT_EQ(plan.kind, LauncherKind::unknown);
  EXPECT_EQ(plan.command, (Words{launcher, "-n", "64", "/bin/sh"}));
  std::filesystem::remove_all(folder);
}

TEST(ParseUseLauncher, KnowsTwoWords) {
  EXPECT_EQ(parse_use_launcher("none"), UseLauncher::no);
  EXPECT_EQ(parse_use_launcher("auto"), UseLauncher::yes);
  EXPECT_THROW(parse_use_launcher("srun"), UsageError);
}

TEST(ThisMachine, HasACore) { EXPECT_GE(this_machine().cores, 1); }

}  // namespace
}  // namespace tutti::launch
