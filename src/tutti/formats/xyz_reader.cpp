#include "tutti/formats/xyz_reader.hpp"

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/formats/checks.hpp"

namespace tutti::formats {

XyzReader::XyzReader(const Source& source, const ReadOptions& options)
    : lines_(source), types_(options.types), ids_(0), one_of_several_(options.frame.has_value()) {
  if (options.frame && *options.frame < 1)
    throw UsageError(text("--frame ", *options.frame, ": frames are numbered from 1"), {"--frame", {}});
  skip_frames(options.frame.value_or(1) - 1);
  contents_.format = Format::xyz;
  contents_.particles = read_count();
  lines_.require("the comment of a frame");
  comment_ = read_xyz_comment(lines_);
  contents_.edges = comment_.edges;
  contents_.corner = comment_.corner;
  contents_.velocities = comment_.columns.velocity.has_value();
  ids_ = IdCheck(contents_.particles);
}

Index XyzReader::read_count() {
  lines_.require("the number of particles");
  const auto fields = lines_.split();
  if (fields.size() != 1) lines_.refuse(text("is ", quoted(lines_.line()), "; give the number of particles"));
  constexpr std::size_t least = 8;  // "X 0 0 0\n"
  return lines_.count(fields[0], least);
}

void XyzReader::skip_frames(Index frames) {
  for (Index frame = 1; frame <= frames; ++frame) {
    const Index count = read_count();
    for (Index line = 0; line <= count; ++line)
      lines_.require(text("a line of frame ", frame, ", which has ", count, " particles,"));
    const auto behind = lines_.place();
    do
      if (!lines_.next())
        throw FormatError(text(lines_.name(), ": has ", counted(frame, "frame"), ", but --frame ", frames + 1,
                               " is asked for; choose one that there is"),
                          {lines_.name(), {lines_.number(), 0}});
    while (lines_.is_blank());
    lines_.go_to(behind);
  }
}

std::size_t XyzReader::type_of(std::string_view name) {
  if (!is_type_name(name))
    lines_.refuse(text("the type is ", quoted(name), "; give a name of up to 64 letters"));
  const auto number = types_.number_of(name);
  if (number) return *number;
  if (types_.closed())
    lines_.refuse(text("the type is ", quoted(name), "; known are ", types_.list(), ": describe it, too"));
  lines_.refuse(
      text("the type ", quoted(name), " is one more than ", TypeNames::most, "; are these names of types?"));
}

void XyzReader::check_end() {
  if (one_of_several_) return;
  while (lines_.next()) {
    if (lines_.is_blank()) continue;
    const auto fields = lines_.split();
    if (fields.size() == 1 && fields[0].find_first_not_of("0123456789") == std::string_view::npos)
      lines_.refuse("another frame begins; choose one with --frame, 1 for the first");
    lines_.refuse(
        text(quoted(lines_.line()), ": more than ", contents_.particles, " particles; is the number right?"));
  }
}

bool XyzReader::read(Particle& particle) {
  if (done_ == contents_.particles) {
    check_end();
    return false;
  }
  lines_.require(text("particle ", done_ + 1, " of ", contents_.particles));
  const XyzColumns& columns = comment_.columns;
  const auto fields = lines_.split();
  if (fields.size() != columns.count)
    lines_.refuse(text(
        "has ", fields.size(), " fields; give ", columns.count,
        comment_.extended ? ", as Properties say" : ", type x y z (more need Properties= of extended XYZ)"));
  particle.type = type_of(fields[columns.type]);
  particle.position = lines_.vector(fields, columns.position, "a coordinate");
  for (std::size_t a = 0; a < 3; ++a) particle.position[a] -= contents_.corner[a];
  particle.id = columns.id ? checked_id(lines_, fields[*columns.id], ids_, contents_.particles) : done_ + 1;
  if (columns.velocity) particle.velocity = lines_.vector(fields, *columns.velocity, "a velocity");
  ++done_;
  return true;
}

}  // namespace tutti::formats
