#include "tutti/molecular/system_input.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::molecular {

namespace {

constexpr std::array<PairEnding, 5> endings{PairEnding::plain, PairEnding::tail, PairEnding::energy_shift,
                                            PairEnding::force_shift, PairEnding::wca};

[[noreturn]] void refuse(const std::string& what) { throw UsageError(what, {"system", {}}); }

std::string called(const std::string& name) { return name.empty() ? "the type" : "type " + printable(name); }

// Of one type with itself. In units of Lennard-Jones sigma and epsilon are 1, if nothing else is said.
LennardJones like_pair(const SystemInput& input, const TypeInput& type) {
  const bool reduced = input.units == &reduced_units();
  const auto value = [&](const std::optional<double>& given, const char* what) {
    if (!given && !reduced)
      refuse(
          text(called(type.name), " has no ", what, ", which units ", input.units->name, " need; give it"));
    return given.value_or(1);
  };
  LennardJones pair{value(type.epsilon, "epsilon"), value(type.sigma, "sigma"), 0};
  if (input.ending == PairEnding::wca)
    pair.cutoff = minimum_place * pair.sigma;
  else if (type.cutoff || input.cutoff)
    pair.cutoff = type.cutoff ? *type.cutoff : *input.cutoff;
  else
    refuse(text(called(type.name), " has no cutoff; give one, as --cutoff 2.5, in ", input.units->length));
  return pair;
}

// What the input says of two types, on top of what mixing gives.
LennardJones unlike_pair(const SystemInput& input, const PairInput& described, LennardJones mixed) {
  mixed.sigma = described.sigma.value_or(mixed.sigma);
  mixed.epsilon = described.epsilon.value_or(mixed.epsilon);
  mixed.cutoff =
      input.ending == PairEnding::wca ? minimum_place * mixed.sigma : described.cutoff.value_or(mixed.cutoff);
  return mixed;
}

// With mixing = "table" nothing is left to a rule.
void check_table(const SystemInput& input) {
  std::map<std::pair<std::size_t, std::size_t>, const PairInput*> described;
  for (const PairInput& pair : input.pairs) described[std::minmax(pair.types[0], pair.types[1])] = &pair;
  for (std::size_t a = 0; a < input.types.size(); ++a)
    for (std::size_t b = 0; b < a; ++b) {
      const auto entry = described.find({b, a});
      const PairInput* const found = entry == described.end() ? nullptr : entry->second;
      const std::string which =
          text("types ", printable(input.types[b].name), " and ", printable(input.types[a].name));
      if (found == nullptr)
        refuse(text("the interaction of ", which,
                    " is not described, as mixing = \"table\" needs; add a [[pair]]"));
      if (!found->sigma || !found->epsilon)
        refuse(text("the interaction of ", which, " has no ", found->sigma ? "epsilon" : "sigma",
                    ", as mixing = \"table\" needs; give it"));
    }
}

double mass_of(const TypeInput& type, double in_file) {
  if (type.mass && in_file != 0 && *type.mass != in_file)
    refuse(text(called(type.name), " has the mass ", *type.mass, ", but ", in_file,
                " in the file of particles; give one of them, or the same"));
  if (type.mass) return *type.mass;
  return in_file != 0 ? in_file : 1;
}

}  // namespace

Truncation truncation_of(PairEnding ending) {
  switch (ending) {
    case PairEnding::plain:
    case PairEnding::tail:
      return Truncation::plain;
    case PairEnding::energy_shift:
    case PairEnding::wca:
      return Truncation::energy_shift;
    case PairEnding::force_shift:
      break;
  }
  return Truncation::force_shift;
}

const char* name(PairEnding ending) {
  switch (ending) {
    case PairEnding::plain:
      return "plain";
    case PairEnding::tail:
      return "tail";
    case PairEnding::energy_shift:
      return "energy-shift";
    case PairEnding::force_shift:
      return "force-shift";
    case PairEnding::wca:
      return "wca";
  }
  return "unknown";
}

PairEnding pair_ending_named(std::string_view wanted) {
  for (const PairEnding ending : endings)
    if (wanted == name(ending)) return ending;
  throw UsageError(text("truncation: there is none called \"", printable(wanted),
                        "\"; choose plain, tail, energy-shift, force-shift or wca"),
                   {"truncation", {}});
}

std::vector<std::string> SystemInput::type_names() const {
  std::vector<std::string> names;
  for (const TypeInput& type : types)
    if (!type.name.empty()) names.push_back(type.name);
  return names;
}

Interactions SystemInput::interactions(const std::vector<std::string>& names,
                                       const std::vector<double>& file_masses) const {
  SystemInput whole = *this;
  if (whole.types.empty()) whole.types.resize(1);
  if (names.size() > whole.types.size())
    refuse(text("the file has ", names.size(), " types of particles, ", printable(names[0]), ", ",
                printable(names[1]), names.size() > 2 ? " ..." : "", ", but ", whole.types.size(),
                whole.types.size() == 1 ? " is" : " are", " described; describe them by an input file"));
  if (!mix) check_table(whole);
  std::vector<ParticleType> described;
  std::vector<LennardJones> like;
  for (std::size_t a = 0; a < whole.types.size(); ++a) {
    const TypeInput& type = whole.types[a];
    std::string name = type.name;
    if (name.empty()) name = names.empty() ? "1" : names[0];
    described.push_back({name, mass_of(type, a < file_masses.size() ? file_masses[a] : 0)});
    like.push_back(like_pair(whole, type));
  }
  Interactions made = ending == PairEnding::wca ? Interactions::weeks_chandler_andersen(described, like)
                                                : Interactions(described, truncation_of(ending));
  if (ending != PairEnding::wca) made.mix(like);
  for (const PairInput& pair : pairs)
    made.set(pair.types[0], pair.types[1], unlike_pair(whole, pair, made.pair(pair.types[0], pair.types[1])));
  return made;
}

}  // namespace tutti::molecular
