#include "tutti/formats/lammps_data_reader.hpp"

#include <cstdlib>

#include "formats/reading.hpp"

namespace tutti::formats {
namespace {

std::string data(const std::string& sections, const std::string& more = "") {
  return "LAMMPS data file via write_data, version 23 Jun 2022, timestep = 0, units = lj\n\n2 atoms\n2 atom "
         "types\n" +
         more + "\n-5 5 xlo xhi\n0 20.0 ylo yhi # a comment\n1 31 zlo zhi\n\n" + sections;
}
const std::string masses = "Masses\n\n1 1.5\n2 39.948 # Ar\n\n";

TEST(LammpsDataReader, ReadsTheStyles) {
  for (const auto& [atoms, style] :
       {std::pair{"Atoms # atomic\n\n2 1 0 0 1 1 -1 0\n1 2 -5 20 31 0 0 0\n", "atomic"},
        std::pair{"Atoms\n\n2 1 0 0 1 1 -1 0 # x\n\n1 2 -5 20 31 0 0 0\n", "atomic"},
        std::pair{"Atoms # charge\n\n2 1 0.0 0 0 1 1 -1 0\n1 2 0 -5 20 31 0 0 0\n", "charge"},
        std::pair{"Atoms # full\n\n2 9 1 0.0 0 0 1 1 -1 0\n1 9 2 -0 -5 20 31 0 0 0\n", "full"},
        std::pair{"Atoms\n\n2 9 1 0.0 0 0 1 1 -1 0\n1 9 2 -0 -5 20 31 0 0 0", "full"}}) {
    const ReadAll all = read_text(data(masses + atoms));
    EXPECT_EQ(all.contents.format, Format::lammps_data);
    EXPECT_EQ(all.contents.edges, (Vector{10, 20, 30}));
    EXPECT_EQ(all.contents.corner, (Vector{-5, 0, 1}));
    EXPECT_EQ(all.contents.masses, (std::vector<double>{1.5, 39.948}));
    EXPECT_EQ(all.contents.units, "lj");
    EXPECT_EQ(all.types, (std::vector<std::string>{"1", "2"}));
    ASSERT_EQ(all.particles.size(), 2U) << style;
    EXPECT_EQ(all.particles[0].id, 2);
    EXPECT_EQ(all.particles[0].type, 0U);
    EXPECT_EQ(all.particles[0].position, (Vector{5, 0, 0})) << style;
    EXPECT_EQ(all.particles[0].image, (std::array<std::int32_t, 3>{1, -1, 0})) << style;
    EXPECT_EQ(all.particles[1].position, (Vector{0, 20, 30}));
  }
}

TEST(LammpsDataReader, ReadsVelocitiesBesideAtoms) {
  const std::string atoms = "Atoms # atomic\n\n2 1 0 0 1\n1 2 -5 20 31\n\n", head = "Velocities\n\n";
  for (const std::string& text :
       {data(atoms + head + "2 1 2 3\n1 4 5 6\n"), data(head + "2 1 2 3\n\n# x\n1 4 5 6\n" + atoms)}) {
    const ReadAll all = read_text(text);
    EXPECT_TRUE(all.contents.velocities);
    EXPECT_EQ(all.particles[0].velocity, (Vector{1, 2, 3}));
    EXPECT_EQ(all.particles[1].velocity, (Vector{4, 5, 6}));
  }
  expect_refused(
      {{data(atoms + head + "1 4 5 6\n2 1 2 3\n"), "line 17: the velocity of particle 1, where that of 2"},
       {data(atoms + head + "2 1 2 3\n"), "section \"Velocities\" has 1 lines, but 2 are announced"},
       {data(atoms + head + "2 1 2 3\n1 4 5\n"), "line 18: has 3 fields; give four, id vx vy vz"},
       {data(atoms + head + "2 1 2 3\n1 4 5 nan\n"), "line 18: a velocity is \"nan\""}});
}

TEST(LammpsDataReader, RefusesWhatIsNotComputed) {
  const std::string charged = data("Atoms # charge\n\n1 1 0 0 0 1\n2 2 -0.5 5 20 31\n");
  EXPECT_NE(
      refusal(charged).find("line 13: particle 2 has the charge -0.5; forces of charges are not computed"),
      std::string::npos);
  ReadOptions options;
  options.ignore = Ignore::named("charges");
  EXPECT_EQ(read_text(charged, options).particles.size(), 2U);

  const std::string atoms = "Atoms # atomic\n\n1 1 0 0 1\n2 2 -5 20 31\n\n";
  const std::string bonds = "Bonds\n\n1 1 1 2\n\nBond Coeffs\n\n1 1 1\n";
  const std::string bonded = data(atoms + bonds, "1 bonds\n1 bond types\n0 angles\n2 extra bond per atom\n");
  EXPECT_NE(refusal(bonded).find("line 5: there are 1 bonds, which are not computed"), std::string::npos);
  options.ignore = Ignore::named("charges,bonds");
  EXPECT_EQ(read_text(bonded, options).particles.size(), 2U);
  EXPECT_NE(refusal(data(atoms + bonds, "2 bonds\n"), options).find("section \"Bonds\" has 1 lines, but 2"),
            std::string::npos);

  const std::string coefficients = data(atoms + "Pair Coeffs # lj/cut\n\n1 1 1\n2 1 1\n");
  EXPECT_NE(
      refusal(coefficients, options).find("section \"Pair Coeffs\": interactions are described by options"),
      std::string::npos);
  options.ignore = Ignore::named("coefficients");
  EXPECT_EQ(read_text(coefficients, options).particles.size(), 2U);
  EXPECT_THROW(Ignore::named("charges,masses"), UsageError);
}

TEST(LammpsDataReader, NeedsAStyleWhereSeveralFit) {
  const std::string text = data("Atoms\n\n1 1 0 0 0 1\n2 2 0 5 20 31\n");
  EXPECT_NE(
      refusal(text).find("line 12: has 6 fields, as several atom styles have; say which with --atom-style"),
      std::string::npos);
  ReadOptions options;
  options.style = AtomStyle::charge;
  EXPECT_EQ(read_text(text, options).particles.size(), 2U);
  options.style = AtomStyle::full;
  EXPECT_NE(refusal(text, options).find("has 6 fields; atom style full has 7, or 10"), std::string::npos);
}

TEST(LammpsDataReader, RefusesBadLines) {
  const std::string atoms = "Atoms # atomic\n\n1 1 0 0 1\n2 2 -5 20 31\n";
  const auto with_line = [](const std::string& line) {
    return data("Atoms # atomic\n\n1 1 0 0 1\n" + line + "\n");
  };
  expect_refused({
      {data(""), "has no \"Atoms\""},
      {data(atoms, "0 0.1 0 xy xz yz\n"), "line 5: the box is tilted"},
      {data(atoms, "2 atoms\n"), "line 5: \"2 atoms\" is there twice"},
      {data(atoms, "3 cookies\n"), "line 5: \"cookies\" is no entry that is known"},
      {data(atoms, "3\n"), "line 5: \"3\" says not what its numbers are"},
      {data(atoms, "0 0 bonds\n"), "line 5: \"bonds\" has 2 numbers; give 1"},
      {data(atoms, "-1 bonds\n"), "line 5: bonds are -1"},
      {data(atoms, "1 ellipsoids\n"), "line 5: there are 1 ellipsoids, which cannot be computed"},
      {data(atoms + atoms), "section \"Atoms\" is there twice"},
      {data("Masses\n\n1 1\n" + atoms), "section \"Masses\" has 1 lines, but 2 are announced"},
      {data("Masses\n\n1 1\n1 1\n" + atoms), "line 13: the mass of type 1 is there twice"},
      {data("Masses\n\n1 1\n3 1\n" + atoms), "line 13: the type is 3; types are numbered from 1 to 2"},
      {data("Masses\n\n1 1\n2 0\n" + atoms), "line 13: the mass is 0; give one above 0"},
      {data("Masses\n\n1 1\n2\n" + atoms), "line 13: has 1 fields; give the type and its mass"},
      {data("Cookies\n\n1 1\n" + atoms), "line 10: \"Cookies\" is no section that can be read"},
      {data("Atoms # dipole\n\n1 1 0 0 1\n2 2 -5 20 31\n"),
       "the atom style is \"dipole\"; only atomic, charge"},
      {data("Atoms # atomic\n\n1 1 0 0 1\n"),
       "section \"Atoms\" has 1 lines, but 2 are announced; is the file cut"},
      {with_line("2 3 0 0 0"), "line 13: the type is 3; types are numbered from 1 to 2"},
      {with_line("2 0 0 0 0"), "line 13: the type is 0"},
      {with_line("1 1 0 0 0"), "line 13: a second particle has the id 1"},
      {with_line("3 1 0 0 0"), "line 13: the id is 3; number the 2 particles"},
      {with_line("2 1 0 0"), "line 13: has 4 fields; atom style atomic has 5, or 8 with images"},
      {with_line("2 1 0 0 0 0"), "line 13: has 6 fields"},
      {with_line("2 1 0 0 -inf"), "line 13: a coordinate is \"-inf\"; give finite numbers"},
      {with_line("2 1 0 0 0 0 0 1048576"), "line 13: an image is 1048576"},
      {with_line("2 1 0 0 0 0 0 0.5"), "line 13: an image is \"0.5\"; give a whole number"},
  });
  expect_refused(
      {{"x\n9000000000000 atoms\n1 atom types\n0 1 xlo xhi\n",
        "line 2: the number of particles is 9000000000000"},
       {"x\n0 atoms\n", "line 2: the number of particles is 0"},
       {"x\n\n1 atom types\n", "has no \"atoms\""},
       {"x\n1 atoms\n1025 atom types\nAtoms\n1 1 0 0 0\n", "line 3: atom types are 1025; give 1 to 1024"},
       {"x\n1 atoms\n1 atom types\n1 1 xlo xhi\n0 1 ylo yhi\n0 1 zlo zhi\nAtoms\n1 1 0 0 0\n",
        "line 4: an edge of the box is 0"}});
  ReadOptions options;
  options.types = {"only one"};
  EXPECT_NE(refusal(data(atoms), options).find("there are 2 atom types, but 1 described"), std::string::npos);
}

TEST(LammpsDataReader, ReadsTheFilesOfOthers) {
  const char* folder = std::getenv("TUTTI_REFERENCE_DATA");
  if (folder == nullptr) GTEST_SKIP() << "TUTTI_REFERENCE_DATA does not say where structures are";
  const std::string path = std::string(folder) + "/structures/solvated.lmp";
  EXPECT_THROW(open_particles(path), FormatError);
  ReadOptions options;
  options.ignore = Ignore::named("charges,bonds");
  const ReadAll all = all_of(*open_particles(path, options), 1000);
  EXPECT_EQ(all.particles.size(), 7772U);
  EXPECT_EQ(all.types.size(), 11U);
  EXPECT_EQ(all.contents.masses[1], 12.0107);
}

}  // namespace
}  // namespace tutti::formats
