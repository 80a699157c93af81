#include "tutti/forecast/calibration.hpp"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

#include "launch/environment_guard.hpp"
#include "temporary_folder.hpp"

namespace tutti::forecast {
namespace {

using launch::EnvironmentGuard;

Base sample() { return {{{1, 1000, 10}, {4, 4000, 40}}, Origin::measured, "Open MPI v4.1.4"}; }

TEST(BaseText, ReadsBack) {
  EXPECT_EQ(base_text(sample()), "tutti-base/1 Open MPI v4.1.4\n1 1000 10\n4 4000 40\n");
  const auto back = parse_base(base_text(sample()));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->points(), sample().points());
  EXPECT_EQ(back->library(), "Open MPI v4.1.4");
  EXPECT_EQ(back->origin(), Origin::measured);
}

TEST(BaseText, OfAnythingElseIsNotBelieved) {
  const std::string head = "tutti-base/1 MPI\n";
  for (const std::string& bad :
       {std::string(), head, std::string("tutti-base/2 MPI\n1 1 1\n"), std::string("tutti-base/1 \n1 1 1\n"),
        head + "1 1 1", head + "1 1\n", head + "1 1 1 1\n", head + "0 1 1\n", head + "1 0 1\n",
        head + "1 -1 1\n", head + "1 1 1\n1 2 2\n", head + "4 1 1\n2 1 1\n",
        head + "1 99999999999999999999 1\n", head + "9999999999 1 1\n", head + "1 1e6 1\n"})
    EXPECT_FALSE(parse_base(bad)) << bad;
}

TEST(Kept, BelongsToAnMpiAndItsVersion) {
  const TemporaryFolder folder;
  const auto guard = EnvironmentGuard::with({{"XDG_CACHE_HOME", folder.path().c_str()}});
  EXPECT_FALSE(kept("openmpi"));
  EXPECT_EQ(keep(sample(), "openmpi"), "");
  EXPECT_TRUE(kept("openmpi"));
  EXPECT_TRUE(kept("openmpi", "Open MPI v4.1.4"));
  EXPECT_FALSE(kept("openmpi", "Open MPI v4.1.5"));
  EXPECT_FALSE(kept("mpich"));
  EXPECT_EQ(contents_of(folder.path("tutti/base-openmpi-Open_MPI_v4.1.4.txt")), base_text(sample()));
  folder.file("tutti/base-openmpi-Open_MPI_v4.1.4.txt", "rubbish");
  EXPECT_FALSE(kept("openmpi"));
}

// A launcher that is a script: it says what a rank would.
class Launcher {
 public:
  explicit Launcher(const std::string& script)
      : path_(folder_.file("mpiexec", "#!/bin/sh\n" + script + "\n")) {
    ::chmod(path_.c_str(), 0755);
  }
  CalibrationRequest request() const { return {"mpich", "MPI 1", {"/bin/true"}, path_, 10}; }

 private:
  TemporaryFolder folder_;
  std::string path_;
};

TEST(Calibrate, AsksOneToSixteenRanks) {
  const auto guard = EnvironmentGuard::clean();
  const Launcher launcher("echo noise; echo tutti-base $2 $(($2 * 1000)) $(($2 * 10))");
  const Base base = calibrate(launcher.request());
  ASSERT_EQ(base.points().size(), 5U);
  EXPECT_EQ(base.points()[4], (BasePoint{16, 16000, 160}));
  EXPECT_EQ(base.library(), "MPI 1");
}

TEST(Calibrate, TakesWhatItGets) {
  const auto guard = EnvironmentGuard::clean();
  const Launcher launcher("[ $2 -gt 4 ] && exit 1; echo tutti-base $2 $(($2 * 1000)) 10");
  EXPECT_EQ(calibrate(launcher.request()).points().size(), 3U);
}

TEST(Calibrate, NeedsOneRank) {
  const auto guard = EnvironmentGuard::clean();
  for (const char* script :
       {"exit 1", "echo tutti-base 7 1000 10", "echo tutti-base 1 x 10", "true", "kill -9 $$"}) {
    const Launcher launcher(script);
    try {
      calibrate(launcher.request());
      FAIL() << script;
    } catch (const LauncherError& error) {
      EXPECT_EQ(std::string(error.what()),
                "calibration: /bin/true did not run on one rank within 10 s; does tutti doctor -n 1 work?");
    }
  }
}

TEST(Calibrate, DoesNotWaitForEver) {
  const auto guard = EnvironmentGuard::clean();
  const Launcher launcher("[ $2 -gt 1 ] && sleep 60; echo tutti-base $2 1000 10");
  CalibrationRequest request = launcher.request();
  request.seconds = 1;
  EXPECT_EQ(calibrate(request).points().size(), 1U);
}

}  // namespace
}  // namespace tutti::forecast
