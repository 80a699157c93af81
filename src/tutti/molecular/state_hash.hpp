// One number for the whole state of a system: two runs are compared by it, step by step.
#pragma once

#include <cstdint>

#include "tutti/molecular/atoms.hpp"

namespace tutti::molecular {

/// Of positions, momenta, image counters, types and ids of all own particles, in any order; the hashes of all
/// processes add up (modulo 2^64) to that of the whole.
std::uint64_t state_hash(const Atoms& atoms);

}  // namespace tutti::molecular
