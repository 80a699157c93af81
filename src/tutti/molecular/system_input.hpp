// A system as people describe it: by a TOML document and by options. docs/molecular.md has the schema.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tutti/molecular/interactions.hpp"
#include "tutti/molecular/precision.hpp"
#include "tutti/molecular/units.hpp"

namespace tutti::molecular {

/// What becomes of pairs at their cutoff, and beyond.
enum class PairEnding : std::uint8_t {
  plain,         ///< "plain": nothing beyond
  tail,          ///< "tail": beyond, a uniform fluid is assumed, whose energy and pressure are added
  energy_shift,  ///< "energy-shift"
  force_shift,   ///< "force-shift"
  wca,           ///< "wca": the repulsive part alone; cutoffs follow from sigma
};
const char* name(PairEnding ending);
/// Of the pair potential itself: tails are added to it, and the repulsive part is a shifted one.
Truncation truncation_of(PairEnding ending);
/// @throws UsageError for any other name
PairEnding pair_ending_named(std::string_view name);

struct TypeInput {
  std::string name;  ///< empty: any, of the only type that there is
  std::optional<double> sigma, epsilon, cutoff, mass;
};

/// Of two types: what differs from what mixing gives.
struct PairInput {
  std::array<std::size_t, 2> types{};  ///< indices
  std::optional<double> sigma, epsilon, cutoff;
};

/// What a run at constant energy is told beside the system. Nothing is needed for energies.
struct DynamicsInput {
  std::optional<double> time_step, temperature, skin;
  std::optional<Index> steps;
  std::optional<std::uint64_t> seed;
};

struct SystemInput {
  const Units* units = &reduced_units();
  Precision precision = Precision::full;
  PairEnding ending = PairEnding::plain;
  std::optional<double> cutoff;                 ///< of pairs that have none of their own
  std::optional<std::array<double, axes>> box;  ///< edges, where the file of particles has none
  bool mix = true;                              ///< by Lorentz and Berthelot; else each pair is described
  std::vector<TypeInput> types;                 ///< none: one type, with the units' sigma and epsilon
  std::vector<PairInput> pairs;
  DynamicsInput dynamics;

  bool has_tail() const { return ending == PairEnding::tail; }

  /// Names by which a file is read; empty: it says them itself.
  std::vector<std::string> type_names() const;

  /// @param names  of the types that the file has found, as many as there are
  /// @param file_masses  by type; 0 or missing: the file says none
  /// @throws UsageError for what is missing (sigma, epsilon, a cutoff, a pair, types of the file), and for
  /// masses that differ from those of the file
  Interactions interactions(const std::vector<std::string>& names,
                            const std::vector<double>& file_masses = {}) const;
};

/// @param source  what errors call the document
/// @throws FormatError naming source and line: not TOML, an unknown key (and the nearest known one), a
/// missing one, a value that cannot be
SystemInput parse_system(std::string_view document, const std::string& source);

}  // namespace tutti::molecular
