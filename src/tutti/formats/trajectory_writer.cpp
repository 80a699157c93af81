#include "tutti/formats/trajectory_writer.hpp"

#include <array>
#include <utility>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/formats/dcd_writer.hpp"
#include "tutti/formats/text_writers.hpp"

namespace tutti::formats {

namespace {

std::unique_ptr<TrajectoryWriter> made(files::AppendFile file, const TrajectoryOptions& options,
                                       const Mark& mark) {
  switch (options.kind) {
    case TrajectoryKind::extended_xyz:
      return std::make_unique<ExtendedXyzWriter>(std::move(file), options, mark.frames);
    case TrajectoryKind::lammps_dump:
      return std::make_unique<LammpsDumpWriter>(std::move(file), options, mark.frames);
    case TrajectoryKind::dcd:
      break;
  }
  return std::make_unique<DcdWriter>(std::move(file), options, mark.frames);
}

void check(const TrajectoryOptions& options) {
  for (const std::string& type : options.types)
    if (!is_type_name(type))
      throw UsageError(text("the type is called \"", printable(type),
                            "\", which no trajectory can hold; give a name of up "
                            "to 64 letters, without spaces"),
                       {"trajectory", {}});
}

}  // namespace

TrajectoryKind trajectory_kind(std::string_view path) {
  constexpr std::array<std::pair<std::string_view, TrajectoryKind>, 5> known{
      {{".xyz", TrajectoryKind::extended_xyz},
       {".extxyz", TrajectoryKind::extended_xyz},
       {".lammpstrj", TrajectoryKind::lammps_dump},
       {".dump", TrajectoryKind::lammps_dump},
       {".dcd", TrajectoryKind::dcd}}};
  for (const auto& [ending, kind] : known)
    if (path.ends_with(ending)) return kind;
  throw UsageError(text(printable(path),
                        ": the format of a trajectory is seen by its name; let it end with .xyz, "
                        ".lammpstrj or .dcd"),
                   {std::string(path), {}});
}

void TrajectoryWriter::begin(const Frame& frame) {
  if (open_) throw InternalError(text(path(), ": a frame begins before another has ended"));
  open_ = true;  // and stays so, if this fails: nothing can follow half a frame
  frame_ = frame;
  written_ = 0;
  write_head();
}

void TrajectoryWriter::write(std::span<const Particle> particles) {
  if (!open_ || static_cast<Index>(particles.size()) > frame_.particles - written_)
    throw InternalError(text(path(), ": ", particles.size(), " particles more, of ",
                             open_ ? frame_.particles : 0, ", of which ", written_, " are written"));
  write_part(particles);
  written_ += static_cast<Index>(particles.size());
}

void TrajectoryWriter::end() {
  if (!open_ || written_ != frame_.particles)
    throw InternalError(
        text(path(), ": a frame ends with ", written_, " of ", frame_.particles, " particles"));
  open_ = false;
  ++frames_;
  finish();
}

std::unique_ptr<TrajectoryWriter> create_trajectory(const std::string& path,
                                                    const TrajectoryOptions& options) {
  check(options);
  return made(files::AppendFile::create(path), options, {});
}

std::unique_ptr<TrajectoryWriter> resume_trajectory(const std::string& path, const TrajectoryOptions& options,
                                                    const Mark& mark) {
  check(options);
  if (options.kind == TrajectoryKind::dcd)
    check_dcd(path, mark);
  else
    check_lines(path, mark);
  return made(files::AppendFile::resume(path, mark.bytes), options, mark);
}

}  // namespace tutti::formats
