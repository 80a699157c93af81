// How finely a system computes. Each precision has its own bits, and keeps them on any number of ranks, with
// any kernel.
//
//               positions seen by forces     arithmetic   quantum of forces     smallest distance (one type)
//   float       32 bits, <= 2^-30 cutoffs    float32      2^-20 epsilon/sigma   0.26 sigma
//   double      64 bits of the edge          float64      2^-32                 0.40
//   reference   64 bits of the edge          float64      2^-40                 0.62
//
// Forces are whole numbers of a quantum: sums of them do not depend on their order. A finer quantum leaves
// less room above: two particles nearer than the smallest distance are an error. docs/molecular.md has the
// bounds.
#pragma once

#include <cstdint>
#include <string_view>

namespace tutti::molecular {

enum class Precision : std::uint8_t {
  single,     ///< "float"
  full,       ///< "double"
  reference,  ///< plain loops and wide sums, with any TUTTI_KERNEL: what the others are measured with
};

/// "float", "double", "reference".
const char* name(Precision precision);
/// @throws UsageError for any other name
Precision precision_named(std::string_view name);

/// The quantum of forces is 2^-bits of the unit of force: the largest power of two that no epsilon/sigma of
/// the system is below.
int force_bits(Precision precision);

/// The quantum of energies and virials is 2^-32 of the unit of energy, in every precision.
inline constexpr int energy_bits = 32;

}  // namespace tutti::molecular
