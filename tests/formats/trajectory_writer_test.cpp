#include "tutti/formats/trajectory_writer.hpp"

#include <filesystem>

#include "formats/frames.hpp"
#include "formats/reading.hpp"
#include "temporary_folder.hpp"

namespace tutti::formats {
namespace {

constexpr const char* names[] = {"a.xyz", "a.lammpstrj", "a.dcd"};
constexpr Index particles = 10;

TEST(TrajectoryWriter, KnowsFormatsByTheirEndings) {
  EXPECT_EQ(trajectory_kind("run.extxyz"), TrajectoryKind::extended_xyz);
  EXPECT_EQ(trajectory_kind("a.dcd/run.dump"), TrajectoryKind::lammps_dump);
  EXPECT_THROW(trajectory_kind("run.xtc"), UsageError);
  EXPECT_THROW(trajectory_kind("xyz"), UsageError);
}

TEST(TrajectoryWriter, WritesExtendedXyzThatReadsBack) {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.xyz");
  {
    const auto writer = create_trajectory(path, sample_options(path));
    for (Index frame = 0; frame < 2; ++frame) write_sample(*writer, frame, particles);
  }
  ReadOptions options;
  options.frame = 2;
  const ReadAll all = all_of(*open_particles(path, options));
  EXPECT_EQ(all.contents.edges, (Vector{10.1, 11.2, 12.3}));
  EXPECT_EQ(all.types, (std::vector<std::string>{"Ar", "Kr"}));
  const auto written = sample_particles(1, particles);
  ASSERT_EQ(all.particles.size(), written.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    EXPECT_EQ(all.particles[i].id, written[i].id);
    EXPECT_EQ(all.particles[i].type, written[i].type);
    EXPECT_EQ(all.particles[i].position, written[i].position);
    EXPECT_EQ(all.particles[i].velocity, written[i].velocity);
  }
}

TEST(TrajectoryWriter, WritesTheDumpOfLammps) {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.dump");
  TrajectoryOptions options;
  options.kind = TrajectoryKind::lammps_dump;
  options.types = {"A", "B"};
  options.images = true;
  Particle particle;
  particle.id = 7;
  particle.type = 1;
  particle.position = {0.1, 2, 1e-20};
  particle.image = {0, -1, 2};
  const auto writer = create_trajectory(path, options);
  writer->begin({5, 0.5, {3, 4.5, 6}, 1});
  writer->write({&particle, 1});
  writer->end();
  EXPECT_EQ(contents_of(path),
            "ITEM: TIMESTEP\n5\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pp pp\n0 3\n0 4.5\n0 6\n"
            "ITEM: ATOMS id type x y z ix iy iz\n7 2 0.1 2 1e-20 0 -1 2\n");
}

TEST(TrajectoryWriter, DoesNotDependOnParts) {
  const TemporaryFolder folder;
  for (const std::string name : names) {
    std::string first;
    for (const std::size_t part : {1U, 3U, 10U, 100U}) {
      const auto writer = create_trajectory(folder.path(name), sample_options(name));
      for (Index frame = 0; frame < 3; ++frame) write_sample(*writer, frame, particles, part);
      const std::string contents = contents_of(folder.path(name));
      EXPECT_EQ(writer->mark(), (Mark{static_cast<Index>(contents.size()), 3}));
      if (first.empty()) first = contents;
      EXPECT_EQ(contents, first) << name << part;
    }
  }
}

// A run that is cut off anywhere and goes on from its checkpoint ends with the bytes of one that was not.
TEST(TrajectoryWriter, GoesOnFromAMark) {
  const TemporaryFolder folder;
  for (const std::string name : names) {
    const std::string whole = folder.path(name), path = folder.path("cut-" + name);
    const auto uninterrupted = create_trajectory(whole, sample_options(name));
    for (Index frame = 0; frame < 4; ++frame) write_sample(*uninterrupted, frame, particles);
    for (Index known = 0; known < 4; ++known) {
      Mark mark;
      {
        const auto writer = create_trajectory(path, sample_options(name));
        for (Index frame = 0; frame < 4; ++frame) {
          if (frame == known) mark = writer->mark();
          write_sample(*writer, frame, particles);
        }
        writer->synchronize();
      }
      std::filesystem::resize_file(path, std::filesystem::file_size(path) - 5);
      const auto writer = resume_trajectory(path, sample_options(name), mark);
      EXPECT_EQ(writer->mark(), mark);
      for (Index frame = known; frame < 4; ++frame) write_sample(*writer, frame, particles);
      EXPECT_EQ(contents_of(path), contents_of(whole)) << name << known;
    }
  }
}

TEST(TrajectoryWriter, LeavesNoHalfFrame) {
  const TemporaryFolder folder;
  for (const std::string name : names) {
    const std::string path = folder.path(name);
    std::string before;
    {
      const auto writer = create_trajectory(path, sample_options(name));
      write_sample(*writer, 0, 20000, 7000);
      before = contents_of(path);
      writer->begin(sample_frame(1, 20000));
      for (int part = 0; part < 9; ++part) writer->write(sample_particles(1, 2000));
      EXPECT_GT(std::filesystem::file_size(path), before.size());
      EXPECT_THROW(writer->end(), InternalError);
      EXPECT_THROW(writer->begin(sample_frame(1, 20000)), InternalError);
      EXPECT_THROW(writer->write(sample_particles(1, 2001)), InternalError);
    }
    EXPECT_EQ(contents_of(path), before) << name;
  }
}

TEST(TrajectoryWriter, RefusesFilesOfOthers) {
  const TemporaryFolder folder;
  for (const std::string name : names) {
    const std::string path = folder.path(name);
    Mark mark;
    {
      const auto writer = create_trajectory(path, sample_options(name));
      write_sample(*writer, 0, particles);
      mark = writer->mark();
    }
    const std::string before = contents_of(path);
    const auto options = sample_options(name);
    EXPECT_THROW(resume_trajectory(path, options, {mark.bytes + 1, 1}), FormatError);
    EXPECT_THROW(resume_trajectory(path, options, {mark.bytes - 1, 1}), FormatError);
    EXPECT_THROW(resume_trajectory(folder.file("other", std::string(1000, 'x')), options, mark), FormatError);
    EXPECT_THROW(resume_trajectory(folder.path("missing"), options, mark), Error);
    EXPECT_EQ(contents_of(path), before);
  }
  EXPECT_THROW(create_trajectory(folder.path("no/a.dcd"), sample_options("a.dcd")), OutputError);
  TrajectoryOptions options = sample_options("a.xyz");
  options.types = {"Ar gon"};
  EXPECT_THROW(create_trajectory(folder.path("a.xyz"), options), UsageError);
  const auto writer = create_trajectory(folder.path("a.dcd"), sample_options("a.dcd"));
  EXPECT_THROW(writer->begin(sample_frame(0, Index{1} << 30U)), UsageError);
}

// DCD says how many frames there are: never more than are whole.
TEST(TrajectoryWriter, KeepsTheNumberOfFramesOfADcd) {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.dcd");
  const auto writer = create_trajectory(path, sample_options(path));
  const auto frames = [&] { return static_cast<int>(contents_of(path)[8]); };
  for (Index frame = 0; frame < 3; ++frame) {
    writer->begin(sample_frame(frame, particles));
    EXPECT_EQ(frames(), frame);
    writer->write(sample_particles(frame, particles));
    EXPECT_EQ(frames(), frame);
    writer->end();
    EXPECT_EQ(frames(), frame + 1);
  }
}

}  // namespace
}  // namespace tutti::formats
