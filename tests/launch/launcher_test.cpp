#include "tutti/launch/launcher.hpp"

#include <string>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"
#include "tutti/launch/build_info.hpp"
#include "tutti/launch/exit_note.hpp"

#include "environment_guard.hpp"

namespace tutti::launch {
namespace {

TEST(DetectLauncher, ByHandThereIsNone) {
  const auto environment = EnvironmentGuard::clean();
  EXPECT_FALSE(detect_launcher());
}

TEST(DetectLauncher, KnowsEachByItsStepVariables) {
  {
    const auto environment =
        EnvironmentGuard::clean({{"OMPI_COMM_WORLD_SIZE", "4"}, {"OMPI_COMM_WORLD_RANK", "3"}});
    const auto launcher = detect_launcher();
    ASSERT_TRUE(launcher);
    EXPECT_EQ(launcher->kind, LauncherKind::openmpi);
    EXPECT_EQ(launcher->ranks, 4);
    EXPECT_EQ(launcher->rank, 3);
  }
  {
    const auto environment = EnvironmentGuard::clean({{"PMI_SIZE", "2"}, {"PMI_RANK", "0"}});
    EXPECT_EQ(detect_launcher()->kind, LauncherKind::mpich);
  }
  {
    const auto environment = EnvironmentGuard::clean({{"SLURM_STEP_ID", "0"},
                                                      {"SLURM_STEP_NUM_TASKS", "8"},
                                                      {"SLURM_PROCID", "7"},
                                                      {"SLURM_NTASKS", "8"}});
    EXPECT_EQ(detect_launcher()->kind, LauncherKind::slurm);
    EXPECT_EQ(detect_launcher()->ranks, 8);
    const auto pmi2 = EnvironmentGuard::with({{"PMI_SIZE", "8"}, {"PMI_RANK", "7"}});
    EXPECT_EQ(detect_launcher()->kind, LauncherKind::slurm);
    const auto hydra = EnvironmentGuard::with({{"HYDI_CONTROL_FD", "7"}});
    EXPECT_EQ(detect_launcher()->kind, LauncherKind::mpich);
  }
  {
    const auto environment = EnvironmentGuard::clean({{"PMIX_RANK", "1"}});
    EXPECT_EQ(detect_launcher()->kind, LauncherKind::unknown);
    EXPECT_EQ(detect_launcher()->ranks, 0);
    EXPECT_EQ(detect_launcher()->rank, 1);
  }
}

TEST(DetectLauncher, ABatchScriptAloneProvesNothing) {
  const auto environment =
      EnvironmentGuard::clean({{"SLURM_NTASKS", "64"}, {"SLURM_PROCID", "0"}, {"SLURM_JOB_ID", "17"}});
  EXPECT_FALSE(detect_launcher());
}

TEST(DetectLauncher, TheInnermostCounts) {
  // Hydra starts its helpers by srun, one a node: their variables are still there.
  const auto environment = EnvironmentGuard::clean({{"SLURM_STEP_ID", "0"},
                                                    {"SLURM_STEP_NUM_TASKS", "2"},
                                                    {"SLURM_PROCID", "1"},
                                                    {"PMI_SIZE", "16"},
                                                    {"PMI_RANK", "9"}});
  EXPECT_EQ(detect_launcher()->kind, LauncherKind::mpich);
  EXPECT_EQ(detect_launcher()->ranks, 16);
}

TEST(DetectLauncher, NonsenseIsNoLauncher) {
  for (const char* size : {"", "x", "0", "-1", "4x", "99999999999", "2"}) {
    const auto environment = EnvironmentGuard::clean({{"PMI_SIZE", size}, {"PMI_RANK", "2"}});
    EXPECT_FALSE(detect_launcher()) << size;
  }
}

TEST(CheckLauncher, RefusesCopiesThatDoNotSeeOneAnother) {
  const auto environment =
      EnvironmentGuard::clean({{"OMPI_COMM_WORLD_SIZE", "4"}, {"OMPI_COMM_WORLD_RANK", "1"}});
  const std::string other = built_mpi == "mpich" ? "openmpi" : "mpich";
  try {
    check_launcher(1, built_mpi, {"./dot", "a b.npy"});
    FAIL();
  } catch (const LauncherError& error) {
    EXPECT_EQ(error.exit_code(), 69);
    EXPECT_EQ(error.command(), std::string(built_mpiexec) + " -n 4 ./dot 'a b.npy'");
    EXPECT_NE(std::string(error.what()).find("started 4 copies"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find(error.command()), std::string::npos);
  }
  EXPECT_THROW(check_launcher(1, other, {}), LauncherError);
  EXPECT_NO_THROW(check_launcher(4, built_mpi, {}));
  EXPECT_NO_THROW(check_launcher(2, built_mpi, {}));
  const auto off = EnvironmentGuard::with({{"TUTTI_LAUNCHER", "none"}});
  EXPECT_NO_THROW(check_launcher(1, built_mpi, {}));
}

TEST(CheckLauncher, NamesSrunsPluginUnderSlurm) {
  const auto environment =
      EnvironmentGuard::clean({{"SLURM_STEP_ID", "0"}, {"SLURM_STEP_NUM_TASKS", "8"}, {"SLURM_PROCID", "0"}});
  for (const auto& [mpi, plugin] : {std::pair{"openmpi", "--mpi=pmix"}, std::pair{"mpich", "--mpi=pmi2"}}) {
    try {
      check_launcher(1, mpi, {"./dot"});
      FAIL();
    } catch (const LauncherError& error) {
      EXPECT_EQ(error.command(), std::string("srun ") + plugin + " -n 8 ./dot");
    }
  }
}

TEST(CheckLauncher, OneCopyIsNoMistake) {
  const auto environment = EnvironmentGuard::clean({{"PMI_SIZE", "1"}, {"PMI_RANK", "0"}});
  EXPECT_NO_THROW(check_launcher(1, "openmpi", {}));
}

TEST(ShellLine, ReadsBackAsTheSameWords) {
  EXPECT_EQ(shell_line({"a", "b c", "", "it's", "$x"}), "a 'b c' '' 'it'\\''s' '$x'");
  EXPECT_EQ(shell_line({}), "");
}

TEST(ExitNote, RoundTrips) {
  for (const int code : {0, 65, 76, 255}) EXPECT_EQ(parse_exit_note(exit_note(code)), code);
  for (const char* line : {"", "tutti exit 3\n", "\x1etutti exit \n", "\x1etutti exit 3x\n",
                           "\x1etutti exit 256\n", "\x1etutti exit -1\n"})
    EXPECT_FALSE(parse_exit_note(line)) << line;
}

TEST(UnderFrontEnd, IsTheVariable) {
  const auto environment = EnvironmentGuard::clean();
  EXPECT_FALSE(under_front_end());
  const auto under = EnvironmentGuard::with({{"TUTTI_FRONT_END", "1"}});
  EXPECT_TRUE(under_front_end());
}

}  // namespace
}  // namespace tutti::launch
