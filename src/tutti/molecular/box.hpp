// The periodic box, and positions in it as whole numbers: 64-bit fractions of its edges.
//
// A position is X = round(x / L * 2^64) modulo 2^64, for each axis. The wraparound of unsigned integers is
// the periodic boundary: X + D wraps as the particle does, and X_i - X_j, read as a signed number, is the
// difference to the nearest image. Both are exact. The resolution is L / 2^64.
#pragma once

#include <array>
#include <cstdint>

namespace tutti::molecular {

inline constexpr int axes = 3;

/// An orthorhombic box, whose corner is the origin.
class Box {
 public:
  /// @param edges  length of each edge, > 0 and finite
  /// @throws UsageError for anything else
  explicit Box(const std::array<double, axes>& edges);

  const std::array<double, axes>& edges() const { return edges_; }
  double edge(int axis) const { return edges_[static_cast<std::size_t>(axis)]; }
  double shortest_edge() const;
  double longest_edge() const;
  double volume() const { return edges_[0] * edges_[1] * edges_[2]; }
  bool is_cubic() const { return edges_[0] == edges_[1] && edges_[1] == edges_[2]; }

  /// A coordinate as fraction and image: coordinate = (image + fraction / 2^64) * edge, as near as can be.
  struct Place {
    std::uint64_t fraction;
    std::int32_t image;
  };

  /// Of any coordinate, also outside the box. Rounded once, to nearest even: the same on every machine.
  /// @throws UsageError if it is not finite, or further away than image counters can say
  Place place(double coordinate, int axis) const;

  /// The coordinate of a fraction, in [0, edge]; the real number fraction * edge / 2^64, rounded once.
  double coordinate(std::uint64_t fraction, int axis) const;
  /// With the images that it has crossed: the path unwrapped. Rounded once.
  double unwrapped(std::uint64_t fraction, std::int32_t image, int axis) const;
  /// A displacement in units of edge / 2^64 as a length. Rounded once.
  double length(std::int64_t displacement, int axis) const;

 private:
  std::array<double, axes> edges_;
};

/// Image counters have 21 bits.
inline constexpr std::int32_t largest_image = (1 << 20) - 1;

}  // namespace tutti::molecular
