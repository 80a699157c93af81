#include "tutti/formats/xyz_reader.hpp"

#include <cstdlib>

#include "formats/reading.hpp"

namespace tutti::formats {
namespace {

using Names = std::vector<std::string>;

TEST(XyzReader, ReadsPlainFiles) {
  const ReadAll all = read_text("3\nargon and = krypton\nAr 0 1 2\nKr\t3 4 5\r\n  Ar 6 7 -8e-1  \n\n \n");
  EXPECT_EQ(all.contents.particles, 3);
  EXPECT_FALSE(all.contents.edges);
  EXPECT_FALSE(all.contents.velocities);
  EXPECT_EQ(all.types, (Names{"Ar", "Kr"}));
  ASSERT_EQ(all.particles.size(), 3U);
  EXPECT_EQ(all.particles[1].type, 1U);
  EXPECT_EQ(all.particles[2].type, 0U);
  EXPECT_EQ(all.particles[2].id, 3);
  EXPECT_EQ(all.particles[2].position, (Vector{6, 7, -0.8}));
}

TEST(XyzReader, ReadsExtendedFiles) {
  const ReadAll all = read_text(
      "2\nLattice=\"10 0.0 0 0 11 0 0 0 12\" a \"b c\"=x note=\"say \\\"hi\\\"\" Origin=\"-5 1 0\" pbc=\"T T "
      "T\" "
      "Properties=pos:R:3:mark:L:1:species:S:1:velo:R:3:id:I:1:energy:R:2\n"
      "0 1 2 T Ar 7 8 9 2 1e999 x\n3 4 5 F Ar -7 -8 -9 1 0 0");
  EXPECT_EQ(all.contents.edges, (Vector{10, 11, 12}));
  EXPECT_EQ(all.contents.corner, (Vector{-5, 1, 0}));
  EXPECT_TRUE(all.contents.velocities);
  ASSERT_EQ(all.particles.size(), 2U);
  EXPECT_EQ(all.particles[0].position, (Vector{5, 0, 2}));
  EXPECT_EQ(all.particles[0].velocity, (Vector{7, 8, 9}));
  EXPECT_EQ(all.particles[0].id, 2);
}

TEST(XyzReader, ChoosesAFrame) {
  const std::string frames = "1\n\nA 1 1 1\n2\nx\nB 2 2 2\nB 3 3 3\n1\ny\nC 4 4 4\n";
  ReadOptions options;
  EXPECT_NE(refusal(frames).find("line 4: another frame begins; choose one with --frame"), std::string::npos);
  for (Index frame = 1; frame <= 3; ++frame) {
    options.frame = frame;
    const ReadAll all = read_text(frames, options);
    EXPECT_EQ(all.particles.size(), frame == 2 ? 2U : 1U);
    EXPECT_EQ(all.types[0][0], 'A' + frame - 1);
  }
  options.frame = 4;
  EXPECT_NE(refusal(frames, options).find("has 3 frames, but --frame 4 is asked for"), std::string::npos);
  options.frame = 0;
  EXPECT_NE(refusal<UsageError>(frames, options).find("numbered from 1"), std::string::npos);
}

TEST(XyzReader, KnowsTypesByTheirNames) {
  ReadOptions options;
  options.types = {"Kr", "Ar", "Xe"};
  const ReadAll all = read_text("2\n\nAr 0 0 0\nKr 0 0 0\n", options);
  EXPECT_EQ(all.particles[0].type, 1U);
  EXPECT_EQ(all.particles[1].type, 0U);
  EXPECT_EQ(all.types, options.types);
  EXPECT_NE(refusal("2\n\nAr 0 0 0\nHe 0 0 0\n", options)
                .find("line 4: the type is \"He\"; known are Kr, Ar, Xe: describe it, too"),
            std::string::npos);
  std::string many = "1025\n\n";
  for (int i = 0; i < 1025; ++i) many += "T" + std::to_string(i) + " 0 0 0\n";
  EXPECT_NE(refusal(many).find("line 1027: the type \"T1024\" is one more than 1024"), std::string::npos);
}

TEST(XyzReader, RefusesBadLines) {
  const auto extended = [](const std::string& comment) { return "1\n" + comment + "\nA 0 0 0\n"; };
  const std::string box = "Lattice=\"1 0 0 0 1 0 0 0 1\" ";
  expect_refused({
      {"1\n",
       "line 1: the number of particles is 1, but the rest of the file holds 0 at most; is it cut off?"},
      {"2\nc\nA 0 0 0.00000000000\n", "ends behind line 3, where particle 2 of 2 should be"},
      {"1\nc\nA 0 0\n", "line 3: has 3 fields; give 4, type x y z"},
      {"1\nc\nA 0 0 0 0\n", "line 3: has 5 fields; give 4"},
      {"1\nc\nA 0 nan 0\n", "line 3: a coordinate is \"nan\"; give finite numbers"},
      {"1\nc\nA 0 b 0\n", "line 3: a coordinate is \"b\"; give a number"},
      {"1\nc\nA#1 0 0 0\n", "line 3: the type is \"A#1\"; give a name"},
      {"1\nc\n\x01 0 0 0\n", "the type is \"\\x01\""},
      {"1\nc\n" + std::string(65, 'A') + " 0 0 0\n", "of up to 64 letters"},
      {"1\nc\nA 0 0 0\nA 1 1 1\n", "line 4: \"A 1 1 1\": more than 1 particles"},
      {"1000000000000000000\nc\nA 0 0 0\n", "line 1: the number of particles is 1000000000000000000, but"},
      {extended("Lattice=\"1 0 0 0 1 0 0 0\""), "line 2: Lattice has 8 numbers; give nine"},
      {extended("Lattice=\"1 0 0 0 1 0 0 0 1"), "line 2: the value of \"Lattice\" has no closing quote"},
      {extended("Lattice=\"1 0 0 .5 1 0 0 0 1\""), "line 2: Lattice is not rectangular"},
      {extended("Lattice=\"1 0 0 0 -1 0 0 0 1\""), "line 2: an edge of the box is -1"},
      {extended("Lattice=\"1 0 0 0 x 0 0 0 1\""), "line 2: Lattice is \"x\"; give a number"},
      {extended(box + box), "line 2: Lattice is there twice"},
      {extended(box + "pbc=\"T F T\""), "line 2: pbc is \"T F T\"; only boxes"},
      {extended(box + "Origin=\"1 2\""), "line 2: Origin has 2 numbers"},
      {extended("Properties=species:S:1"), "line 2: Properties have not both"},
      {extended("Properties=species:S:1:pos:R"), "give name:type:columns"},
      {extended("Properties="), "give name:type:columns"},
      {extended("Properties=species:S:1:pos:I:3"), "property \"pos\" is I:3; give R:3"},
      {extended("Properties=species:S:1:pos:R:3:pos:R:3"), "property \"pos\" is there twice"},
      {extended("Properties=species:S:1:pos:R:3:f:R:0"), "property \"f\" has 0 columns"},
      {extended("Properties=species:S:1:pos:R:3:f:R:9999999999"), "has 9999999999 columns"},
      {extended("Properties=species:S:1:pos:R:3:f:Q:1"), "is of type \"Q\""},
      {extended("Properties=species:S:1:pos:R:3:id:I:1"), "line 3: has 4 fields; give 5, as Properties say"},
      {"1\nProperties=species:S:1:pos:R:3:id:I:1\nA 0 0 0 2\n",
       "line 3: the id is 2; number the 1 particles"},
  });
}

TEST(XyzReader, ReadsTheFilesOfOthers) {
  const char* folder = std::getenv("TUTTI_REFERENCE_DATA");
  if (folder == nullptr) GTEST_SKIP() << "TUTTI_REFERENCE_DATA does not say where structures are";
  const std::string structures = std::string(folder) + "/structures/";
  EXPECT_EQ(all_of(*open_particles(structures + "methane.xyz")).types, (Names{"C", "H"}));
  ReadOptions second;
  second.frame = 2;
  EXPECT_EQ(all_of(*open_particles(structures + "trajectory.xyz", second)).particles.size(), 9U);
  try {
    open_particles(structures + "extended.xyz");
    ADD_FAILURE();
  } catch (const FormatError& error) {
    EXPECT_NE(error.message().find("line 2: Lattice is not rectangular"), std::string::npos);
  }
}

}  // namespace
}  // namespace tutti::formats
