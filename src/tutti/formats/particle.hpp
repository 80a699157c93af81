// A particle and its surroundings, as files have them. Units are those of the file: this room knows no
// physics.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "tutti/core/integer.hpp"

namespace tutti::formats {

using Vector = std::array<double, 3>;

struct Particle {
  Index id = 0;                         ///< files number theirs from 1 to N
  std::size_t type = 0;                 ///< index into the names of types
  Vector position{};                    ///< from the corner of the box
  Vector velocity{};                    ///< zero where a file has none
  Vector force{};                       ///< written on request; not read
  std::array<std::int32_t, 3> image{};  ///< how often it has crossed the box
};

/// Ids that are read are 1 to N, each once, and at most this.
inline constexpr Index most_particles = (Index{1} << 48U) - 1;

/// What particles are called: no spaces, no control characters, 1 to 64 bytes.
bool is_type_name(std::string_view name);

}  // namespace tutti::formats
