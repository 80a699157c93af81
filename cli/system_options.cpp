#include "cli/system_options.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <CLI/CLI.hpp>

#include "tutti/core/text.hpp"
#include "tutti/files/file.hpp"

namespace tutti::cli {

namespace {

// "10,10,12.5"
std::array<double, molecular::axes> edges_of(const std::string& words) {
  const auto refuse = [&] {
    return UsageError(text("--box ", printable(words), ": give three lengths above 0, as --box 10,10,12.5"),
                      {"--box", {}});
  };
  std::array<double, molecular::axes> edges{};
  std::string_view rest = words;
  for (double& edge : edges) {
    const std::string_view part = rest.substr(0, rest.find(','));
    const auto end = std::from_chars(part.data(), part.data() + part.size(), edge);
    const bool last = &edge == &edges.back();
    if (end.ec != std::errc() || end.ptr != part.data() + part.size() || !(edge > 0) ||
        last != (part.size() == rest.size()))
      throw refuse();
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  }
  return edges;
}

// Of the only type of particles.
void take_type(const SystemOptions& options, molecular::SystemInput& system) {
  if (!options.sigma && !options.epsilon && !options.mass) return;
  if (!system.types.empty())
    throw UsageError(text("--sigma, --epsilon and --mass are for particles of one type without a name; ",
                          printable(*options.input), " describes types: change it there"),
                     {"--sigma", {}});
  system.types.push_back({"", options.sigma, options.epsilon, {}, options.mass});
}

}  // namespace

void add_system_options(CLI::App& app, SystemOptions& system) {
  app.add_option("--input", system.input,
                 "the system as TOML (docs/molecular.md); options count more than what it says")
      ->type_name("FILE");
  app.add_option("--units", system.units, "lj, or real: angstrom, kcal/mol, g/mol, fs, K, atm")
      ->type_name("UNITS");
  app.add_option("--cutoff", system.cutoff, "length from which on pairs do not interact")
      ->type_name("LENGTH");
  app.add_option("--truncation", system.truncation,
                 "plain, tail (correction added), energy-shift, force-shift or wca (repulsion only)")
      ->type_name("HOW");
  app.add_option("--sigma", system.sigma, "of the only type of particles (1 in units lj)")
      ->type_name("LENGTH");
  app.add_option("--epsilon", system.epsilon, "the same (1 in units lj)")->type_name("ENERGY");
  app.add_option("--mass", system.mass, "the same")->type_name("MASS");
  app.add_option("--box", system.box, "edges of the periodic box, where the file has none: 10,10,12.5")
      ->type_name("LX,LY,LZ");
  app.add_option("--precision", system.precision, "float, double or reference")->type_name("WHICH");
}

void add_particle_file_options(CLI::App& app, ParticleFileOptions& reading) {
  app.add_option("--format", reading.format, "of FILE: xyz, lammps-data or nist (without it: as it begins)")
      ->type_name("FORMAT");
  app.add_option("--frame", reading.frame, "of an XYZ file that has several, from 1")->type_name("K");
  app.add_option("--atom-style", reading.style,
                 "of a LAMMPS data file that does not say it: atomic, charge or full")
      ->type_name("STYLE");
  app.add_option("--ignore", reading.ignore,
                 "what a LAMMPS data file may have though it is not computed: charges,bonds,coefficients")
      ->type_name("WHAT,...");
}

molecular::SystemInput system_of(const SystemOptions& options) {
  molecular::SystemInput system;
  if (options.input)
    system =
        molecular::parse_system(files::whole_text(*options.input, "description of a system"), *options.input);
  if (options.units) system.units = &molecular::units_named(*options.units);
  if (options.precision) system.precision = molecular::precision_named(*options.precision);
  if (options.truncation) system.ending = molecular::pair_ending_named(*options.truncation);
  if (options.cutoff) system.cutoff = options.cutoff;
  if (options.box) system.box = edges_of(*options.box);
  take_type(options, system);
  return system;
}

formats::ReadOptions read_options_of(const ParticleFileOptions& options) {
  formats::ReadOptions reading;
  if (options.format) reading.format = formats::format_named(*options.format);
  if (options.style) reading.style = formats::atom_style_named(*options.style);
  if (options.ignore) reading.ignore = formats::Ignore::named(*options.ignore);
  reading.frame = options.frame;
  return reading;
}

}  // namespace tutti::cli
