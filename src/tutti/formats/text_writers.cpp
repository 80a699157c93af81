#include "tutti/formats/text_writers.hpp"

#include <array>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::formats {

namespace {

void append_vector(std::string& out, const Vector& vector) {
  for (const double part : vector) {
    out += ' ';
    core::append(out, part);
  }
}

// What both formats write behind the type, in this order: x y z vx vy vz fx fy fz ix iy iz.
void append_numbers(std::string& out, const Particle& particle, const TrajectoryOptions& options) {
  append_vector(out, particle.position);
  if (options.velocities) append_vector(out, particle.velocity);
  if (options.forces) append_vector(out, particle.force);
  if (options.images)
    for (const std::int32_t image : particle.image) {
      out += ' ';
      core::append(out, image);
    }
  out += '\n';
}

const std::string& type_name(const TrajectoryOptions& options, const Particle& particle) {
  if (particle.type >= options.types.size())
    throw InternalError(text("trajectory: particle ", particle.id, " is of type ", particle.type, ", but ",
                             options.types.size(), " types have names"));
  return options.types[particle.type];
}

}  // namespace

void ExtendedXyzWriter::write_head() {
  const Vector& edges = frame_.edges;
  file_.append(text(frame_.particles, "\nLattice=\"", edges[0], " 0 0 0 ", edges[1], " 0 0 0 ", edges[2],
                    "\" Properties=species:S:1:pos:R:3", options_.velocities ? ":velo:R:3" : "",
                    options_.forces ? ":forces:R:3" : "", options_.images ? ":image:I:3" : "",
                    ":id:I:1 pbc=\"T T T\" Step=", frame_.step, " Time=", frame_.time, '\n'));
}

void ExtendedXyzWriter::write_part(std::span<const Particle> particles) {
  std::string lines;
  for (const Particle& particle : particles) {
    lines += type_name(options_, particle);
    append_numbers(lines, particle, options_);
    lines.back() = ' ';
    core::append(lines, particle.id);
    lines += '\n';
  }
  file_.append(lines);
}

void LammpsDumpWriter::write_head() {
  std::string head = text("ITEM: TIMESTEP\n", frame_.step, "\nITEM: NUMBER OF ATOMS\n", frame_.particles,
                          "\nITEM: BOX BOUNDS pp pp pp\n");
  for (const double edge : frame_.edges) head += text("0 ", edge, '\n');
  file_.append(text(head, "ITEM: ATOMS id type x y z", options_.velocities ? " vx vy vz" : "",
                    options_.forces ? " fx fy fz" : "", options_.images ? " ix iy iz" : "", '\n'));
}

void LammpsDumpWriter::write_part(std::span<const Particle> particles) {
  std::string lines;
  for (const Particle& particle : particles) {
    core::append(lines, particle.id);
    lines += ' ';
    core::append(lines, particle.type + 1);
    append_numbers(lines, particle, options_);
  }
  file_.append(lines);
}

void check_lines(const std::string& path, const Mark& mark) {
  if (mark.bytes == 0) return;
  const files::InputFile file(path);
  if (file.size() < mark.bytes) return;  // which AppendFile::resume() says
  std::array<std::byte, 1> last{};
  file.read_at(mark.bytes - 1, last);
  if (last[0] != std::byte{'\n'})
    throw FormatError(
        text(printable(path), ": no line ends at byte ", mark.bytes,
             ", where it is to go on; give the file that the run has written, or start a new one"),
        {path, {mark.bytes, 0}});
}

}  // namespace tutti::formats
