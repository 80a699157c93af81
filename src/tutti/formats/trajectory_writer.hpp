// Trajectories: frames of particles, appended to a file that ends with a whole frame whenever nobody writes.
//
// A file grows while a run goes on. A checkpoint stores its mark (bytes and frames); a run that goes on from
// the checkpoint cuts the file there, so that it ends up with the bytes of a run that was never interrupted.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tutti/files/append_file.hpp"
#include "tutti/formats/particle.hpp"

namespace tutti::formats {

enum class TrajectoryKind : std::uint8_t {
  extended_xyz,  ///< .xyz, .extxyz: text, all digits
  lammps_dump,   ///< .lammpstrj, .dump: text, all digits; columns id type x y z and more
  dcd,           ///< .dcd: positions alone, as float32
};
/// By the end of the name.
/// @throws UsageError for another one
TrajectoryKind trajectory_kind(std::string_view path);

struct TrajectoryOptions {
  TrajectoryKind kind = TrajectoryKind::extended_xyz;
  std::vector<std::string> types = {};  ///< names, by number
  bool velocities = false;              ///< also these, in the formats of text
  bool forces = false;
  bool images = false;  ///< as three whole numbers

  /// What the header of a DCD says of time; frames themselves have none.
  Index steps_between_frames = 1;
  double dcd_time_step = 1;  ///< of one step of the run. Readers take it to be in units of 48.88821 fs.
};

/// What a frame says beside its particles.
struct Frame {
  Index step = 0;
  double time = 0;
  Vector edges{};
  Index particles = 0;
};

/// Where a file may be cut.
struct Mark {
  Index bytes = 0;
  Index frames = 0;

  friend bool operator==(const Mark&, const Mark&) = default;
};

class TrajectoryWriter {
 public:
  virtual ~TrajectoryWriter() = default;
  TrajectoryWriter(const TrajectoryWriter&) = delete;
  TrajectoryWriter& operator=(const TrajectoryWriter&) = delete;

  /// A frame: begin, its particles in one part or in several, end. The order of the particles is the order in
  /// which they are written; readers expect the same in all frames, so write them by id.
  /// @throws IoError with errno; InternalError for calls out of this order, or another number of particles
  void begin(const Frame& frame);
  void write(std::span<const Particle> particles);
  void end();

  /// Behind the last whole frame.
  Mark mark() const { return {file_.marked(), frames_}; }
  /// Forces all frames to the medium: before a checkpoint says that they are there.
  void synchronize() { file_.synchronize(); }
  const std::string& path() const { return file_.path(); }

 protected:
  TrajectoryWriter(files::AppendFile file, const TrajectoryOptions& options, Index frames)
      : file_(std::move(file)), options_(options), frames_(frames) {}
  virtual void write_head() = 0;
  virtual void write_part(std::span<const Particle> particles) = 0;
  virtual void finish() { file_.mark(); }  // the frame is whole

  files::AppendFile file_;
  TrajectoryOptions options_;
  Frame frame_;
  Index frames_;       // whole ones
  Index written_ = 0;  // particles of the present frame

 private:
  bool open_ = false;
};

/// A new file; one of that name is replaced.
/// @throws OutputError with errno; UsageError for a name of a type that the format cannot hold
std::unique_ptr<TrajectoryWriter> create_trajectory(const std::string& path,
                                                    const TrajectoryOptions& options);

/// A file that a run has written with the same options, cut to the mark.
/// @throws OutputError with errno; FormatError for a file that is shorter, or is not such a file
std::unique_ptr<TrajectoryWriter> resume_trajectory(const std::string& path, const TrajectoryOptions& options,
                                                    const Mark& mark);

}  // namespace tutti::formats
