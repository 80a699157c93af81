#include "tutti/formats/lammps_data_header.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "tutti/core/text.hpp"
#include "tutti/formats/type_names.hpp"

namespace tutti::formats {

namespace {

using Fields = std::span<const std::string_view>;

std::string joined(Fields words) {
  std::string all;
  for (const std::string_view word : words) all += text(all.empty() ? "" : " ", word);
  return all;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

class HeaderReader {
 public:
  HeaderReader(Lines& lines, const Ignore& ignore) : lines_(lines), ignore_(ignore) {}

  LammpsDataHeader read() {
    lines_.require("a comment");
    note_units();
    while (lines_.next()) {
      const Fields fields = lines_.split(Lines::Comments::hash);
      if (fields.empty()) continue;
      if (is_letter(fields[0][0]))
        begin_section(fields);
      else if (section_.empty())
        read_entry(fields);
      else
        read_line(fields);
    }
    end_section();
    check();
    return header_;
  }

 private:
  // "LAMMPS data file via write_data, version 23 Jun 2022, timestep = 0, units = lj"
  void note_units() {
    constexpr std::string_view key = "units = ";
    const std::size_t at = lines_.line().find(key);
    if (at == std::string_view::npos) return;
    const std::string_view rest = lines_.line().substr(at + key.size());
    header_.units = std::string(rest.substr(0, rest.find_first_of(" \t,")));
  }

  // A line before the first section: numbers, then what they are.
  void read_entry(Fields fields) {
    const auto word =
        std::find_if(fields.begin(), fields.end(), [](std::string_view f) { return is_letter(f[0]); });
    const auto numbers = static_cast<std::size_t>(word - fields.begin());
    const std::string key = joined(fields.subspan(numbers));
    if (key.empty() || !seen_.insert(key).second)
      lines_.refuse(
          text(quoted(lines_.line()), key.empty() ? " says not what its numbers are" : " is there twice"));
    const auto want = [&](std::size_t wanted) {
      if (numbers != wanted) lines_.refuse(text(quoted(key), " has ", numbers, " numbers; give ", wanted));
    };
    constexpr std::array<std::string_view, 3> bounds{"xlo xhi", "ylo yhi", "zlo zhi"};
    const auto bound = std::find(bounds.begin(), bounds.end(), key);
    if (bound != bounds.end()) {
      want(2);
      read_bounds(fields, static_cast<std::size_t>(bound - bounds.begin()));
    } else if (key == "xy xz yz") {
      want(3);
      if (lines_.vector(fields, 0, "a tilt") != Vector{})
        lines_.refuse("the box is tilted; only boxes with edges along x, y and z can be computed");
    } else {
      want(1);
      read_number(key, fields[0]);
    }
  }

  void read_bounds(Fields fields, std::size_t axis) {
    const double low = lines_.number(fields[0], "a bound of the box");
    header_.corner[axis] = low;
    const double edge = lines_.number(fields[1], "a bound of the box") - low;
    if (!(edge > 0)) lines_.refuse(text("an edge of the box is ", edge, "; give lengths above 0"));
    header_.edges[axis] = edge;
  }

  void read_number(const std::string& key, std::string_view field) {
    constexpr std::array<std::string_view, 4> bonded{"bonds", "angles", "dihedrals", "impropers"};
    constexpr std::array<std::string_view, 4> shapes{"ellipsoids", "lines", "triangles", "bodies"};
    if (key == "atoms") {
      constexpr std::size_t least = 10;  // "1 1 0 0 0\n"
      header_.particles = lines_.count(field, least);
      return;
    }
    const Index number = lines_.integer(field, key);
    if (number < 0) lines_.refuse(text(key, " are ", number, "; give a number from 0 on"));
    if (key == "atom types") {
      if (number < 1 || number > static_cast<Index>(TypeNames::most))
        lines_.refuse(text("atom types are ", number, "; give 1 to ", TypeNames::most));
      header_.types = static_cast<std::size_t>(number);
    } else if (std::find(bonded.begin(), bonded.end(), key) != bonded.end()) {
      if (number > 0 && !ignore_.bonds)
        lines_.refuse(text("there are ", number, ' ', key,
                           ", which are not computed; take the file without them, or --ignore bonds"));
      expected_[key] = number;
    } else if (std::find(shapes.begin(), shapes.end(), key) != shapes.end()) {
      if (number > 0) lines_.refuse(text("there are ", number, ' ', key, ", which cannot be computed"));
    } else if (!key.ends_with(" types") && !key.starts_with("extra ")) {
      lines_.refuse(text(quoted(key), " is no entry that is known; is this a data file of LAMMPS?"));
    }
  }

  void begin_section(Fields fields) {
    end_section();
    section_ = joined(fields);
    count_ = 0;
    if (!seen_.insert(section_).second) lines_.refuse(text("section ", quoted(section_), " is there twice"));
    const std::string_view comment =
        lines_.line().substr(std::min(lines_.line().find('#'), lines_.line().size()));
    const bool coefficients = section_.ends_with(" Coeffs");
    if (section_ == "Atoms") {
      header_.atoms = lines_.place();
      read_style(comment);
    } else if (section_ == "Velocities") {
      header_.velocities = lines_.place();
    } else if (section_.starts_with("Pair") && coefficients) {
      if (!ignore_.coefficients)
        lines_.refuse(text("section ", quoted(section_),
                           ": interactions are described by options or an input file; "
                           "take the file without it, or --ignore coefficients"));
    } else if (section_ == "Bonds" || section_ == "Angles" || section_ == "Dihedrals" ||
               section_ == "Impropers" || coefficients) {
      if (!ignore_.bonds)
        lines_.refuse(text("section ", quoted(section_),
                           ": bonds are not computed; take the file without them, or --ignore bonds"));
    } else if (section_ != "Masses") {
      lines_.refuse(text(quoted(section_), " is no section that can be read; take the file without it"));
    }
  }

  // "Atoms  # full"
  void read_style(std::string_view comment) {
    comment.remove_prefix(std::min(comment.find_first_not_of("# \t"), comment.size()));
    const std::string_view style = comment.substr(0, comment.find_first_of(" \t"));
    if (style.empty()) return;
    for (const AtomStyle known : {AtomStyle::atomic, AtomStyle::charge, AtomStyle::full})
      if (style == name(known)) {
        header_.style = known;
        return;
      }
    lines_.refuse(text("the atom style is ", quoted(style), "; only atomic, charge and full can be read"));
  }

  void read_line(Fields fields) {
    ++count_;
    if (section_ != "Masses") return;
    if (header_.types == 0)
      lines_.refuse("masses, but the lines above say not how many atom types there are");
    if (fields.size() != 2) lines_.refuse(text("has ", fields.size(), " fields; give the type and its mass"));
    const Index type = lines_.integer(fields[0], "the type");
    if (type < 1 || type > static_cast<Index>(header_.types))
      lines_.refuse(text("the type is ", type, "; types are numbered from 1 to ", header_.types));
    header_.masses.resize(header_.types);
    double& mass = header_.masses[static_cast<std::size_t>(type - 1)];
    if (mass != 0) lines_.refuse(text("the mass of type ", type, " is there twice"));
    mass = lines_.number(fields[1], "the mass");
    if (!(mass > 0)) lines_.refuse(text("the mass is ", mass, "; give one above 0"));
  }

  void end_section() {
    if (section_.empty()) return;
    std::optional<Index> wanted;
    if (section_ == "Atoms" || section_ == "Velocities") wanted = header_.particles;
    if (section_ == "Masses") wanted = static_cast<Index>(header_.types);
    std::string key = section_;
    key[0] = static_cast<char>(key[0] - 'A' + 'a');
    if (const auto found = expected_.find(key); found != expected_.end()) wanted = found->second;
    if (wanted && count_ != *wanted)
      lines_.refuse_file(text("section ", quoted(section_), " has ", count_, " lines, but ", *wanted,
                              " are announced; is the file cut off?"));
  }

  void check() {
    for (const char* needed : {"atoms", "atom types", "xlo xhi", "ylo yhi", "zlo zhi", "Atoms"})
      if (!seen_.contains(needed))
        lines_.refuse_file(text("has no ", quoted(needed), "; is this a data file of LAMMPS?"));
  }

  Lines& lines_;
  Ignore ignore_;
  LammpsDataHeader header_;
  std::set<std::string> seen_;
  std::map<std::string, Index> expected_;  // lines of sections of bonds
  std::string section_;
  Index count_ = 0;  // lines of the section
};

}  // namespace

LammpsDataHeader read_lammps_header(Lines& lines, const Ignore& ignore) {
  return HeaderReader(lines, ignore).read();
}

}  // namespace tutti::formats
