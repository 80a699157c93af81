#include "tutti/molecular/units.hpp"

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::molecular {

const Units& reduced_units() {
  static const Units units{"lj", 1, 1, 1, "sigma", "epsilon", "tau"};
  return units;
}

const Units& real_units() {
  // CODATA 2018, in which both constants are exact: k N_A / (4184 J/kcal). A kcal/mol is 4.184e-4
  // g/mol angstrom^2/fs^2; one of it in each cubic angstrom is 4184 / (6.02214076e23 * 1e-30 * 101325) atm.
  static const Units units{"real",     1.380649e-23 * 6.02214076e23 / 4184,
                           4.184e-4,   4184 / (6.02214076e23 * 1e-30 * 101325),
                           "angstrom", "kcal/mol",
                           "fs"};
  return units;
}

const Units& units_named(std::string_view name) {
  for (const Units* units : {&reduced_units(), &real_units()})
    if (name == units->name) return *units;
  throw UsageError(text("units: there are none called \"", printable(name), "\"; choose lj or real"),
                   {"units", {}});
}

}  // namespace tutti::molecular
