#include "tutti/formats/particle_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/formats/lammps_data_reader.hpp"
#include "tutti/formats/lines.hpp"
#include "tutti/formats/nist_reader.hpp"
#include "tutti/formats/xyz_reader.hpp"

namespace tutti::formats {

namespace {

bool is_number(std::string_view field) {
  double value = 0;
  const auto result = std::from_chars(field.data(), field.data() + field.size(), value);
  return result.ptr == field.data() + field.size();
}

// An XYZ file begins with one number, NIST's with three, and LAMMPS's with a sentence.
Format format_of(const Source& source) {
  Lines lines(source);
  if (!lines.next())
    throw FormatError(text(lines.name(), ": is empty; particles are expected"), {source.path, {}});
  const auto fields = lines.split();
  const bool numbers = std::all_of(fields.begin(), fields.end(), is_number);
  if (numbers && fields.size() == 1) return Format::xyz;
  if (numbers && fields.size() == 3) return Format::nist;
  while (lines.next()) {
    const auto words = lines.split(Lines::Comments::hash);
    if (words.empty()) continue;
    if (words.size() >= 2 && is_number(words[0])) return Format::lammps_data;
    break;
  }
  throw FormatError(
      text(lines.name(), ": line 1 is ", quoted(lines.number() == 1 ? lines.line() : "no number"),
           ": neither XYZ, nor LAMMPS data, nor a configuration of NIST"),
      {source.path, {1, 0}});
}

std::unique_ptr<ParticleReader> open(const Source& source, const ReadOptions& options) {
  const Format format = options.format ? *options.format : format_of(source);
  if (options.frame && format != Format::xyz)
    throw UsageError(text("--frame is for XYZ files; ", printable(source.path), " is read as ", name(format)),
                     {"--frame", {}});
  if (options.style && format != Format::lammps_data)
    throw UsageError(
        text("--atom-style is for LAMMPS data; ", printable(source.path), " is read as ", name(format)),
        {"--atom-style", {}});
  switch (format) {
    case Format::xyz:
      return std::make_unique<XyzReader>(source, options);
    case Format::lammps_data:
      return std::make_unique<LammpsDataReader>(source, options);
    case Format::nist:
      break;
  }
  return std::make_unique<NistReader>(source, options);
}

template <class Choice, std::size_t n>
Choice chosen(std::string_view wanted, const std::array<Choice, n>& all, const char* option) {
  std::string names;
  for (const Choice one : all) {
    if (wanted == name(one)) return one;
    names += text(names.empty() ? "" : ", ", name(one));
  }
  throw UsageError(text(option, " ", printable(wanted), ": choose one of ", names), {option, {}});
}

}  // namespace

const char* name(Format format) {
  switch (format) {
    case Format::xyz:
      return "xyz";
    case Format::lammps_data:
      return "lammps-data";
    case Format::nist:
      return "nist";
  }
  return "unknown";
}

const char* name(AtomStyle style) {
  switch (style) {
    case AtomStyle::atomic:
      return "atomic";
    case AtomStyle::charge:
      return "charge";
    case AtomStyle::full:
      return "full";
  }
  return "unknown";
}

Format format_named(std::string_view name) {
  return chosen(name, std::array{Format::xyz, Format::lammps_data, Format::nist}, "--format");
}

AtomStyle atom_style_named(std::string_view name) {
  return chosen(name, std::array{AtomStyle::atomic, AtomStyle::charge, AtomStyle::full}, "--atom-style");
}

Ignore Ignore::named(std::string_view words) {
  Ignore ignore;
  for (std::string_view rest = words; !rest.empty();) {
    const std::string_view word = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    if (word == "charges")
      ignore.charges = true;
    else if (word == "bonds")
      ignore.bonds = true;
    else if (word == "coefficients")
      ignore.coefficients = true;
    else
      throw UsageError(text("--ignore ", printable(words), ": ", quoted(word),
                            " cannot be ignored; choose from charges, bonds, coefficients"),
                       {"--ignore", {}});
  }
  return ignore;
}

std::size_t ParticleReader::next(std::span<Particle> block) {
  std::size_t filled = 0;
  while (filled < block.size() && !ended_) {
    block[filled] = Particle{};
    if (read(block[filled]))
      ++filled;
    else
      ended_ = true;
  }
  return filled;
}

std::unique_ptr<ParticleReader> open_particles(const std::string& path, const ReadOptions& options) {
  return open({path}, options);
}

std::unique_ptr<ParticleReader> open_particles_in(std::string_view contents, const std::string& name,
                                                  const ReadOptions& options) {
  return open({name, std::string(contents)}, options);
}

}  // namespace tutti::formats
