#include "tutti/formats/particle_reader.hpp"

#include "formats/reading.hpp"
#include "temporary_folder.hpp"

namespace tutti::formats {
namespace {

TEST(ParticleReader, SeesTheFormat) {
  EXPECT_EQ(open_particles_in("1\n\nA 0 0 0", "x")->contents().format, Format::xyz);
  EXPECT_EQ(open_particles_in("1 1 1\n1\n1 0 0 0", "x")->contents().format, Format::nist);
  expect_refused({{"", "is empty"},
                  {"hello\nworld\n", "line 1 is"},
                  {"1 2\n", "line 1 is \"1 2\": neither XYZ, nor LAMMPS data, nor a configuration of NIST"},
                  {"\n\n\n", "neither XYZ"}});
  const TemporaryFolder folder;
  EXPECT_EQ(open_particles(folder.file("x", "1\n\nA 0 0 0"))->contents().particles, 1);
  EXPECT_THROW(open_particles(folder.path("missing")), FileError);
  EXPECT_THROW(open_particles(folder.path()), FileError);
  EXPECT_THROW(open_particles("/dev/null"), FileError);
}

TEST(ParticleReader, KnowsItsOptions) {
  for (const Format format : {Format::xyz, Format::lammps_data, Format::nist})
    EXPECT_EQ(format_named(name(format)), format);
  for (const AtomStyle style : {AtomStyle::atomic, AtomStyle::charge, AtomStyle::full})
    EXPECT_EQ(atom_style_named(name(style)), style);
  EXPECT_THROW(format_named("pdb"), UsageError);
  EXPECT_THROW(atom_style_named("bond"), UsageError);
  ReadOptions options;
  options.frame = 1;
  EXPECT_NE(refusal<UsageError>("1 1 1\n1\n1 0 0 0", options).find("--frame is for XYZ files"),
            std::string::npos);
  options.frame = {};
  options.style = AtomStyle::full;
  EXPECT_NE(refusal<UsageError>("1 1 1\n1\n1 0 0 0", options).find("--atom-style is for LAMMPS"),
            std::string::npos);
}

TEST(ParticleReader, FillsBlocksOfAnySize) {
  std::string text = "100\n\n";
  for (int i = 0; i < 100; ++i) text += "A " + std::to_string(i) + " 0 0\n";
  for (const std::size_t block : {1U, 3U, 50U, 99U, 100U, 101U}) {
    const auto reader = open_particles_in(text, "x");
    const ReadAll all = all_of(*reader, block);
    ASSERT_EQ(all.particles.size(), 100U);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(all.particles[static_cast<std::size_t>(i)].position[0], i);
  }
}

}  // namespace
}  // namespace tutti::formats
