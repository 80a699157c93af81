#include "tutti/molecular/configuration.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

#include "temporary_folder.hpp"

namespace tutti::molecular {
namespace {

constexpr const char* xyz =
    "5\nLattice=\"10 0 0 0 10 0 0 0 20\" Origin=\"-5 -5 0\" Properties=species:S:1:pos:R:3:velo:R:3\n"
    "A -5 0 10 1 2 3\nB 2.5 -2.5 5 -1 0 0\nA 7.5 0 0 0 0 0\nB 0 0 -1 0.5 0 0\nA 1 1 1 0 0 0\n";

SystemInput two_types() {
  return parse_system("cutoff = 2.5\n[[type]]\nname = 'A'\nmass = 2\n[[type]]\nname = 'B'\n", "system");
}

std::string refusal(const std::string& contents, const SystemInput& input) {
  const TemporaryFolder folder;
  memory::Ledger ledger;
  try {
    read_configuration(folder.file("file", contents), {}, input, {}, ledger);
  } catch (const Error& error) {
    return error.message();
  }
  return "";
}

TEST(Configuration, IsWhatTheFileSays) {
  const TemporaryFolder folder;
  memory::Ledger ledger;
  const Configuration read = read_configuration(folder.file("a.xyz", xyz), {}, two_types(), {}, ledger);
  EXPECT_EQ(read.particles, 5);
  EXPECT_EQ(read.counts, (std::vector<Index>{3, 2}));
  EXPECT_EQ(read.types, (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(read.corner, (std::array<double, axes>{-5, -5, 0}));
  const auto at = read.atoms.positions();
  EXPECT_EQ(at[0].id(), 1);
  EXPECT_EQ(at[1].type(), 1U);
  EXPECT_EQ(at[0].x, 0U);
  EXPECT_EQ(at[0].y, std::uint64_t{1} << 63U);
  EXPECT_EQ(at[1].x, std::uint64_t{3} << 62U);
  EXPECT_EQ(at[2].x, std::uint64_t{1} << 62U);
  EXPECT_EQ(read.atoms.momenta()[2].images[0], 1);
  EXPECT_EQ(read.atoms.momenta()[3].images[2], -1);
  EXPECT_EQ(read.velocities[3], (formats::Vector{0.5, 0, 0}));
}

TEST(Configuration, IsDividedByLines) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.xyz", xyz);
  memory::Ledger ledger;
  const Configuration whole = read_configuration(path, {}, two_types(), {}, ledger);
  for (const int parts : {2, 3, 7}) {
    Index seen = 0;
    for (int part = 0; part < parts; ++part) {
      const Configuration read = read_configuration(path, {}, two_types(), {part, parts}, ledger);
      EXPECT_EQ(read.counts, whole.counts);
      for (std::size_t i = 0; i < read.atoms.own(); ++i, ++seen) {
        EXPECT_EQ(read.atoms.positions()[i].label,
                  whole.atoms.positions()[static_cast<std::size_t>(seen)].label);
        EXPECT_EQ(read.atoms.positions()[i].z, whole.atoms.positions()[static_cast<std::size_t>(seen)].z);
        EXPECT_EQ(read.velocities[i], whole.velocities[static_cast<std::size_t>(seen)]);
      }
    }
    EXPECT_EQ(seen, 5);
  }
}

TEST(Configuration, GivesMomentaOfVelocities) {
  const TemporaryFolder folder;
  memory::Ledger ledger;
  Configuration read = read_configuration(folder.file("a.xyz", xyz), {}, two_types(), {}, ledger);
  const Model model(read.box, read.interactions, Precision::full);
  const MotionConstants constants(read.box, read.interactions, reduced_units(), model, 0.005);
  read.set_momenta(constants);
  const auto momenta = read.atoms.momenta();
  EXPECT_EQ(momenta[0].y, std::llrint(2 * 2 / constants.momentum_quantum));
  EXPECT_EQ(momenta[1].x, -std::llrint(1 / constants.momentum_quantum));
  EXPECT_EQ(momenta[2].images[0], 1);
  read.velocities[0] = {1e30, 0, 0};
  EXPECT_THROW(read.set_momenta(constants), UsageError);
}

TEST(Configuration, RefusesWhatDoesNotFit) {
  const auto expect = [](const std::string& contents, const SystemInput& input, const std::string& words) {
    const std::string message = refusal(contents, input);
    EXPECT_NE(message.find(words), std::string::npos) << message;
  };
  const std::string plain = "1\n\nA 0 0 0\n";
  SystemInput input = two_types();
  expect(plain, input, "the file has no box; give its edges by --box");
  input.box = {10, 10, 19};
  expect(xyz, input, "the box of the file has edges of 10, 10, 20, the box that is given of 10, 10, 19");
  input.box = {10, 10, 20};
  expect("1\n\nC 0 0 0\n", input, "line 3: the type is \"C\"; known are A, B");
  EXPECT_EQ(refusal(xyz, input), "");
  expect("1\n\nA 0 1e9 0\n", input, "particle 1: a coordinate is 1e+09");
  input.cutoff = 5.1;
  expect(plain, input, "the cutoff is 5.1, but the shortest edge of the box 10");
  input.cutoff = 5;
  EXPECT_EQ(refusal(plain, input), "");
  const std::string data =
      "x units = metal\n1 atoms\n1 atom types\n0 10 xlo xhi\n0 10 ylo yhi\n0 20 zlo zhi\nAtoms # atomic\n\n";
  expect(data + "1 1 0 0 0 0 0 1048575\n", SystemInput(input),
         "its units are metal, but units lj are asked for");
}

}  // namespace
}  // namespace tutti::molecular
