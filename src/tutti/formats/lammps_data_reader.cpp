#include "tutti/formats/lammps_data_reader.hpp"

#include "tutti/core/text.hpp"
#include "tutti/formats/checks.hpp"

namespace tutti::formats {

namespace {

// The next line that is neither blank nor a comment; the first reading has counted them.
std::span<const std::string_view> next_fields(Lines& lines) {
  while (true) {
    lines.require("a particle");
    const auto fields = lines.split(Lines::Comments::hash);
    if (!fields.empty()) return fields;
  }
}

}  // namespace

LammpsDataReader::LammpsDataReader(const Source& source, const ReadOptions& options)
    : lines_(source),
      header_(read_lammps_header(lines_, options.ignore)),
      types_(options.types),
      ignore_charges_(options.ignore.charges),
      style_(header_.style),
      ids_(header_.particles) {
  if (options.style && style_ && *options.style != *style_)
    lines_.refuse(
        text("the atom style is ", name(*style_), ", but --atom-style ", name(*options.style), " is given"));
  if (options.style) style_ = options.style;
  if (types_.empty())
    for (std::size_t type = 1; type <= header_.types; ++type) types_.push_back(text(type));
  if (types_.size() < header_.types)
    lines_.refuse_file(text("there are ", header_.types, " atom types, but ", types_.size(),
                            " described; describe all, in the order of their numbers"));
  contents_ = {
      Format::lammps_data, header_.particles, header_.edges, header_.corner, header_.velocities.has_value(),
      header_.masses,      header_.units};
  lines_.go_to(header_.atoms);
  if (header_.velocities) velocities_.emplace(source).go_to(*header_.velocities);
}

AtomStyle LammpsDataReader::style_of(std::size_t fields) const {
  switch (fields) {
    case 5:
    case 8:
      return AtomStyle::atomic;
    case 7:
    case 10:
      return AtomStyle::full;
    case 6:
    case 9:
      lines_.refuse(
          text("has ", fields, " fields, as several atom styles have; say which with --atom-style"));
    default:
      lines_.refuse(text("has ", fields,
                         " fields, which are of no atom style that can be read: atomic has 5, "
                         "charge 6, full 7, and 3 more with images"));
  }
}

void LammpsDataReader::read_images(Particle& particle, std::span<const std::string_view> fields) const {
  for (std::size_t a = 0; a < 3; ++a) {
    constexpr Index most = (1 << 20) - 1;
    const Index image = lines_.integer(fields[a], "an image");
    if (image < -most || image > most)
      lines_.refuse(text("an image is ", image, "; give numbers from -", most, " to ", most));
    particle.image[a] = static_cast<std::int32_t>(image);
  }
}

void LammpsDataReader::read_velocity(Particle& particle) {
  const auto fields = next_fields(*velocities_);
  if (fields.size() != 4) velocities_->refuse(text("has ", fields.size(), " fields; give four, id vx vy vz"));
  const Index id = velocities_->integer(fields[0], "the id");
  if (id != particle.id)
    velocities_->refuse(text("the velocity of particle ", id, ", where that of ", particle.id,
                             " is expected; order velocities as atoms are, as LAMMPS's write_data does"));
  particle.velocity = velocities_->vector(fields, 1, "a velocity");
}

bool LammpsDataReader::read(Particle& particle) {
  if (done_ == contents_.particles) return false;
  const auto fields = next_fields(lines_);
  if (!style_) style_ = style_of(fields.size());
  const std::size_t before = *style_ == AtomStyle::atomic ? 2 : *style_ == AtomStyle::charge ? 3 : 4;
  if (fields.size() != before + 3 && fields.size() != before + 6)
    lines_.refuse(text("has ", fields.size(), " fields; atom style ", name(*style_), " has ", before + 3,
                       ", or ", before + 6, " with images"));
  particle.id = checked_id(lines_, fields[0], ids_, contents_.particles);
  if (*style_ == AtomStyle::full) static_cast<void>(lines_.integer(fields[1], "the molecule"));
  const Index type = lines_.integer(fields[*style_ == AtomStyle::full ? 2 : 1], "the type");
  if (type < 1 || type > static_cast<Index>(header_.types))
    lines_.refuse(text("the type is ", type, "; types are numbered from 1 to ", header_.types));
  particle.type = static_cast<std::size_t>(type - 1);
  if (*style_ != AtomStyle::atomic) {
    const double charge = lines_.number(fields[before - 1], "the charge");
    if (charge != 0 && !ignore_charges_)
      lines_.refuse(
          text("particle ", particle.id, " has the charge ", charge,
               "; forces of charges are not computed: take the file without them, or --ignore charges"));
  }
  particle.position = lines_.vector(fields, before, "a coordinate");
  for (std::size_t a = 0; a < 3; ++a) particle.position[a] -= contents_.corner[a];
  if (fields.size() == before + 6) read_images(particle, fields.subspan(before + 3));
  if (velocities_) read_velocity(particle);
  ++done_;
  return true;
}

}  // namespace tutti::formats
