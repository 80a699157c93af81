#include "tutti/formats/dcd_writer.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <limits>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::formats {

namespace {

static_assert(std::endian::native == std::endian::little, "numbers are written as they lie in memory");

constexpr Index head_bytes = 92 + 92 + 12;
constexpr Index frames_place = 8;  // of the number of frames, behind a length and "CORD"
constexpr Index particles_place = 188;
constexpr Index last_step_place = 20;  // number of steps, CHARMM's NSTEP
constexpr Index cell_bytes = 56;

Index frame_bytes(Index particles) { return cell_bytes + 3 * (8 + 4 * particles); }

template <class Number>
void put(std::string& out, Number number) {
  std::array<char, sizeof(Number)> bytes{};
  std::memcpy(bytes.data(), &number, sizeof number);
  out.append(bytes.data(), bytes.size());
}

template <class Number>
Number number_at(std::span<const std::byte> bytes, Index place) {
  Number number{};
  std::memcpy(&number, bytes.data() + place, sizeof number);
  return number;
}

std::int32_t narrowed(Index number, const char* what) {
  if (number < 0 || number > std::numeric_limits<std::int32_t>::max())
    throw UsageError(
        text("DCD: ", what, " is ", number, ", but the format has 32 bits for it; write .lammpstrj or .xyz"),
        {"trajectory", {}});
  return static_cast<std::int32_t>(number);
}

}  // namespace

DcdWriter::DcdWriter(files::AppendFile file, const TrajectoryOptions& options, Index frames)
    : TrajectoryWriter(std::move(file), options, frames) {
  if (file_.marked() == 0) return;
  std::array<std::byte, head_bytes> head{};
  file_.read(0, head);
  particles_ = number_at<std::int32_t>(head, particles_place);
  put_number(frames_place, narrowed(frames, "the number of frames"));
}

void DcdWriter::put_number(Index offset, std::int32_t number) {
  std::array<std::byte, sizeof number> bytes{};
  std::memcpy(bytes.data(), &number, sizeof number);
  file_.overwrite(offset, bytes);
}

void DcdWriter::write_file_head() {
  std::string head;
  put(head, std::int32_t{84});
  head += "CORD";
  std::array<std::int32_t, 20> control{};
  control[1] = narrowed(frame_.step, "the first step");
  control[2] = narrowed(options_.steps_between_frames, "the number of steps between frames");
  control[9] = std::bit_cast<std::int32_t>(static_cast<float>(options_.dcd_time_step));
  control[10] = 1;   // there are unit cells
  control[19] = 24;  // as of CHARMM version 24
  for (const std::int32_t number : control) put(head, number);
  put(head, std::int32_t{84});
  std::string title = "written by tutti; positions in float32";
  title.resize(80, ' ');
  put(head, std::int32_t{84});
  put(head, std::int32_t{1});
  head += title;
  put(head, std::int32_t{84});
  put(head, std::int32_t{4});
  put(head, static_cast<std::int32_t>(frame_.particles));
  put(head, std::int32_t{4});
  file_.append(head);
  file_.mark();
  particles_ = frame_.particles;
}

void DcdWriter::write_head() {
  constexpr Index most = std::numeric_limits<std::int32_t>::max() / 4;  // a record has at most 2^31 - 1 bytes
  if (frame_.particles > most)
    throw UsageError(text("DCD: ", frame_.particles, " particles, but the format holds ", most,
                          " at most; write .lammpstrj or .xyz"),
                     {"trajectory", {}});
  narrowed(frames_ + 1, "the number of frames");
  if (file_.marked() == 0) write_file_head();
  if (frame_.particles != *particles_)
    throw InternalError(
        text(path(), ": a frame of ", frame_.particles, " particles behind others of ", *particles_));
  std::string cell;
  put(cell, std::int32_t{48});
  for (const double number : {frame_.edges[0], 90.0, frame_.edges[1], 90.0, 90.0, frame_.edges[2]})
    put(cell, number);
  put(cell, std::int32_t{48});
  file_.append(cell);
  const auto length = static_cast<std::int32_t>(4 * frame_.particles);
  std::string ends;
  put(ends, length);
  for (Index axis = 0; axis < 3; ++axis) {  // the lengths around the records, which parts fill
    const Index place = file_.marked() + cell_bytes + axis * (8 + 4 * frame_.particles);
    file_.place(place, std::as_bytes(std::span(ends)));
    file_.place(place + 4 + 4 * frame_.particles, std::as_bytes(std::span(ends)));
  }
}

void DcdWriter::write_part(std::span<const Particle> particles) {
  std::vector<float> numbers(particles.size());
  for (std::size_t axis = 0; axis < 3; ++axis) {
    for (std::size_t i = 0; i < particles.size(); ++i)
      numbers[i] = static_cast<float>(particles[i].position[axis]);
    const Index record = file_.marked() + cell_bytes + static_cast<Index>(axis) * (8 + 4 * frame_.particles);
    file_.place(record + 4 + 4 * written_, std::as_bytes(std::span(numbers)));
  }
}

void DcdWriter::finish() {
  file_.mark();  // first the frame, then the number that says that it is there
  put_number(frames_place, static_cast<std::int32_t>(frames_));
  if (frame_.step <= std::numeric_limits<std::int32_t>::max())
    put_number(last_step_place, static_cast<std::int32_t>(frame_.step));
}

void check_dcd(const std::string& path, const Mark& mark) {
  if (mark.bytes == 0) return;
  const files::InputFile file(path);
  if (file.size() < mark.bytes) return;  // which AppendFile::resume() says
  std::array<std::byte, head_bytes> head{};
  bool ours = mark.bytes >= head_bytes;
  if (ours) {
    file.read_at(0, head);
    const Index particles = number_at<std::int32_t>(head, particles_place);
    ours = std::memcmp(head.data() + 4, "CORD", 4) == 0 && particles > 0 &&
           mark.bytes == head_bytes + mark.frames * frame_bytes(particles);
  }
  if (!ours)
    throw FormatError(text(printable(path), ": is no DCD that has ", mark.frames, " frames in its first ",
                           mark.bytes, " bytes; give the file that the run has written, or start a new one"),
                      {path, {mark.bytes, mark.frames}});
}

}  // namespace tutti::formats
