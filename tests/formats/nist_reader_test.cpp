#include "tutti/formats/nist_reader.hpp"

#include <cstdlib>

#include "formats/reading.hpp"

namespace tutti::formats {
namespace {

TEST(NistReader, ReadsAConfiguration) {
  const ReadAll all = read_text("  1.0E+01\t9 8.5\r\n 3\n1 -1e-1 2 3\n\t3  4 +5 6 \n2 7 8 9");
  EXPECT_EQ(all.contents.format, Format::nist);
  EXPECT_EQ(all.contents.edges, (Vector{10, 9, 8.5}));
  EXPECT_EQ(all.types, std::vector<std::string>{"1"});
  ASSERT_EQ(all.particles.size(), 3U);
  EXPECT_EQ(all.particles[0].position, (Vector{-0.1, 2, 3}));
  EXPECT_EQ(all.particles[1].id, 3);
  EXPECT_EQ(all.particles[2].position, (Vector{7, 8, 9}));
}

TEST(NistReader, RefusesBadLines) {
  ReadOptions options;
  options.format = Format::nist;
  expect_refused(
      {{"", "ends behind line 0, where the edges of the box should be"},
       {"10 10\n1\n1 0 0 0", "line 1: has 2 fields; give the three edges"},
       {"10 0 10\n1\n1 0 0 0", "line 1: an edge of the box is 0; give lengths above 0"},
       {"10 10 -1\n1\n1 0 0 0", "is -1;"},
       {"10 10 nan\n1\n1 0 0 0", "line 1: an edge of the box is \"nan\"; give finite numbers"},
       {"10 10 10\n", "ends behind line 1, where the number of particles should be"},
       {"10 10 10\n1 2\n1 0 0 0", "line 2: has 2 fields"},
       {"10 10 10\nx\n1 0 0 0", "line 2: the number of particles is \"x\"; give a whole number"},
       {"10 10 10\n0\n", "line 2: the number of particles is 0; give at least 1"},
       {"10 10 10\n-1\n", "is -1; give at least 1"},
       {"10 10 10\n2.5\n1 0 0 0\n", "is \"2.5\"; give a whole number"},
       {"10 10 10\n99999999999999999999\n1 0 0 0", "below 2^63"},
       {"10 10 10\n4000000000000000\n1 0 0 0", "the rest of the file holds 1 at most; is it cut off?"},
       {"10 10 10\n2\n1 0 0 0.0000000000000\n", "ends behind line 3, where particle 2 of 2 should be"},
       {"10 10 10\n1\n1 0 0\n3 3 3", "line 3: has 3 fields; give four, id x y z"},
       {"10 10 10\n1\n1 0 0 0 O", "line 3: has a fifth field, as configurations of molecules have"},
       {"10 10 10\n1\n1 0 0 0\n2 0 0 0", "line 4: \"2 0 0 0\": more than 1 particles"},
       {"10 10 10\n1\n2 0 0 0", "line 3: the id is 2; number the 1 particles from 1 to 1"},
       {"10 10 10\n2\n1 0 0 0\n1 0 0 0", "line 4: a second particle has the id 1"},
       {"10 10 10\n1\n1.5 0 0 0", "line 3: the id is \"1.5\"; give a whole number"},
       {"10 10 10\n1\n1 0 1e999 0", "a coordinate is \"1e999\", which no 64-bit number holds"},
       {"10 10 10\n1\n1 0 inf 0", "a coordinate is \"inf\"; give finite numbers"},
       {"10 10 10\n1\n1 0 1,5 0", "line 3: a coordinate is \"1,5\"; give a number"},
       {"10 10 10\n1\n1 0 --1 0", "give a number"},
       {"10 10 10\n1\n1 0 0x1 0", "give a number"},
       {"10 10 10\n1\n1 0 1D+1 0", "give a number"},
       {std::string("10 10 10\n1\n1 0 \0 0", 18), "\"\\x00\"; give a number"},
       {"10 10 10\n1\n1 0 0 " + std::string(2000000, '0'), "line 3 has more than 1048576 bytes"}},
      options);
}

TEST(NistReader, ReadsWhatNistHasPublished) {
  const char* folder = std::getenv("TUTTI_REFERENCE_DATA");
  if (folder == nullptr) GTEST_SKIP() << "TUTTI_REFERENCE_DATA does not say where NIST's configurations are";
  const auto reader = open_particles(std::string(folder) + "/lj_sample_config_periodic1.txt");
  EXPECT_EQ(reader->contents().format, Format::nist);
  EXPECT_EQ(reader->contents().particles, 800);
  const ReadAll all = all_of(*reader);
  ASSERT_EQ(all.particles.size(), 800U);
  EXPECT_EQ(all.particles[1].position, (Vector{-2.463715052470, -1.375803142943, 0.8391336211681}));
  const auto water = open_particles(std::string(folder) + "/spce_sample_config_periodic1.txt");
  EXPECT_THROW(all_of(*water), FormatError);
}

}  // namespace
}  // namespace tutti::formats
