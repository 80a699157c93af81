#include "tutti/molecular/precision.hpp"

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::molecular {

const char* name(Precision precision) {
  switch (precision) {
    case Precision::single:
      return "float";
    case Precision::full:
      return "double";
    case Precision::reference:
      return "reference";
  }
  return "unknown";
}

Precision precision_named(std::string_view wanted) {
  for (const Precision precision : {Precision::single, Precision::full, Precision::reference})
    if (wanted == name(precision)) return precision;
  throw UsageError(
      text("precision: none is called \"", printable(wanted), "\"; choose float, double or reference"),
      {"precision", {}});
}

int force_bits(Precision precision) {
  switch (precision) {
    case Precision::single:
      return 20;
    case Precision::full:
      return 32;
    case Precision::reference:
      return 40;
  }
  return 0;
}

}  // namespace tutti::molecular
