#include "tutti/launch/program_mpi.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tutti/launch/build_info.hpp"

namespace tutti::launch {
namespace {

TEST(MpiOfLibraries, KnowsTheirNames) {
  EXPECT_EQ(mpi_of_libraries("\tlinux-vdso.so.1 (0x7f)\n\tlibmpi_cxx.so.40 => /lib/libmpi_cxx.so.40 (0x7f)\n"
                             "\tlibmpi.so.40 => /lib/x86_64-linux-gnu/libmpi.so.40 (0x7f)\n"),
            LauncherKind::openmpi);
  EXPECT_EQ(mpi_of_libraries("\tlibmpich.so.12 => /lib/x86_64-linux-gnu/libmpich.so.12 (0x7f)\n"),
            LauncherKind::mpich);
  EXPECT_EQ(mpi_of_libraries("\tlibmpi.so.12 => /opt/intel/libmpi.so.12 (0x7f)\n"), LauncherKind::mpich);
  EXPECT_EQ(mpi_of_libraries("\t/opt/mpi/libmpi.so.40 (0x7f)\n"), LauncherKind::openmpi);
  EXPECT_EQ(mpi_of_libraries("\tlibm.so.6 => /lib/libm.so.6\n\tlibmpi.so.x => not found\n"),
            LauncherKind::unknown);
  EXPECT_EQ(mpi_of_libraries(""), LauncherKind::unknown);
}

TEST(KindOfVersion, KnowsWhatLaunchersPrint) {
  EXPECT_EQ(kind_of_version("mpirun.openmpi (OpenRTE) 4.1.4\n"), LauncherKind::openmpi);
  EXPECT_EQ(kind_of_version("mpirun (Open MPI) 5.0.3\n"), LauncherKind::openmpi);
  EXPECT_EQ(kind_of_version("HYDRA build details:\n    Version:  4.0.2\n"), LauncherKind::mpich);
  EXPECT_EQ(kind_of_version("slurm 22.05.8\n"), LauncherKind::slurm);
  EXPECT_EQ(kind_of_version(""), LauncherKind::unknown);
}

TEST(KindOfLauncher, AsksIt) {
  EXPECT_EQ(kind_of_launcher(std::string(built_mpiexec)), kind_of(built_mpi));
  EXPECT_EQ(kind_of_launcher("/bin/true"), LauncherKind::unknown);
  EXPECT_EQ(kind_of_launcher("/no/such/program"), LauncherKind::unknown);
}

TEST(MpiOfProgram, OfWhatUsesNoneIsUnknown) {
  for (const char* path : {"/bin/sh", "/etc/passwd", "/no/such/file", "/etc", "/dev/null", "/usr/bin/ldd"})
    EXPECT_EQ(mpi_of_program(path), LauncherKind::unknown) << path;
}

TEST(MpiOfProgram, SurvivesBrokenExecutables) {
  std::string pattern = "/tmp/tutti-elf-XXXXXX";
  ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
  const std::string path = pattern + "/program";
  std::ifstream shell("/bin/sh", std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(shell)), {});
  for (std::size_t size : {0UL, 3UL, 10UL, 63UL, 64UL, 200UL, 800UL}) {
    std::ofstream(path, std::ios::binary) << bytes.substr(0, size);
    EXPECT_EQ(mpi_of_program(path), LauncherKind::unknown) << size;
  }
  for (std::size_t at = 0; at < 64; ++at) {  // each byte of the header wrong in turn
    std::string broken = bytes.substr(0, 4096);
    broken[at] = static_cast<char>(broken[at] ^ 0xff);
    std::ofstream(path, std::ios::binary) << broken;
    EXPECT_EQ(mpi_of_program(path), LauncherKind::unknown) << at;
  }
  std::filesystem::remove_all(pattern);
}

}  // namespace
}  // namespace tutti::launch
