#include "cli/energy_report.hpp"

#include <array>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "tutti/core/text.hpp"

namespace tutti::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<const char*, 6> components{"xx", "yy", "zz", "xy", "xz", "yz"};

Json with_hex(double value) { return {{"value", value}, {"hex", hexfloat(value)}}; }

}  // namespace

std::string energy_text(const EnergyReport& report) {
  const molecular::Energies& e = report.energies;
  const auto line = [](const std::string& name, double value) {
    return text(name, " = ", number_text(value), "\n");
  };
  std::string lines = line("potential energy", e.potential());
  if (report.input.has_tail()) lines += line("pair energy", e.pairs) + line("tail energy", e.tail);
  lines += line("virial", e.virial) + line("pressure of interactions", e.pressure);
  if (report.input.has_tail()) lines += line("tail pressure", e.tail_pressure);
  for (std::size_t k = 0; k < components.size(); ++k)
    lines += line(text("pressure ", components[k]), e.pressure_tensor[k]);
  return lines;
}

std::string energy_json(const World& world, const EnergyReport& report, const Memory& memory) {
  const molecular::Energies& e = report.energies;
  Json object;
  object["schema"] = "tutti-energy/1";
  object["particles"] = report.system.particles;
  object["units"] = report.input.units->name;
  object["precision"] = molecular::name(report.input.precision);
  object["truncation"] = molecular::name(report.input.ending);
  object["box"] = report.system.box.edges();
  Json types = Json::array();
  for (std::size_t a = 0; a < report.system.types.size(); ++a)
    types.push_back({{"name", report.system.types[a]}, {"particles", report.system.counts[a]}});
  object["types"] = types;
  object["potential_energy"] = with_hex(e.potential());
  object["pair_energy"] = with_hex(e.pairs);
  object["tail_energy"] = with_hex(e.tail);
  object["virial"] = with_hex(e.virial);
  object["pressure_of_interactions"] = with_hex(e.pressure);
  object["tail_pressure"] = with_hex(e.tail_pressure);
  Json tensor;
  for (std::size_t k = 0; k < components.size(); ++k) tensor[components[k]] = with_hex(e.pressure_tensor[k]);
  object["pressure_tensor"] = tensor;
  object["ranks"] = world.size();
  object["nodes"] = world.nodes();
  object["seconds"] = {{"read", report.seconds.read}, {"compute", report.seconds.compute}};
  object["memory"] = {{"peak_rank_bytes", memory.peak_rank_bytes}, {"node_pss_bytes", memory.node_pss_bytes}};
  return object.dump() + "\n";
}

void summarize(const World& world, const Common& common, const EnergyReport& report, const Memory& memory) {
  if (world.rank() != 0 || common.quiet || common.json) return;
  const molecular::Box& box = report.system.box;
  const std::string line =
      text(counted(report.system.particles, "particle"), " of ", counted(report.system.types.size(), "type"),
           ", box ", box.edge(0), " x ", box.edge(1), " x ", box.edge(2), ' ', report.input.units->length,
           ", energies in ", report.input.units->energy, ", ", molecular::name(report.input.ending), ", ",
           molecular::name(report.input.precision), "; ", counted(world.size(), "rank"), " on ",
           counted(world.nodes(), "node"), "; read ", fixed_text(report.seconds.read, 3), " s, compute ",
           fixed_text(report.seconds.compute, 3), " s; peak memory ",
           bytes_text(static_cast<std::uint64_t>(memory.peak_rank_bytes)), " a rank\n");
  std::fputs(line.c_str(), stderr);
}

}  // namespace tutti::cli
