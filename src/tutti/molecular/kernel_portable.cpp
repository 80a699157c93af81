// The kernel for any processor.
#include <algorithm>
#include <cstring>

#define TUTTI_TARGET
#include "tutti/molecular/kernel_tables.hpp"
#include "tutti/molecular/lanes_portable.hpp"
#include "tutti/molecular/row_loops.hpp"

namespace tutti::molecular {

namespace {

// One axis of one particle; returns the square of its way.
double move(std::uint64_t& x, std::int64_t& p, std::int64_t impulse, double displacement, double length,
            Images& images, int axis) {
  p += impulse;
  const double way = displacement * static_cast<double>(p);
  const std::int64_t step = nearest(way);
  const std::uint64_t before = x;
  x += static_cast<std::uint64_t>(step);
  if (step >= 0 ? x < before : x > before) images.set(axis, images[axis] + (step >= 0 ? 1 : -1));
  return way * length * (way * length);
}

double advance(Position* positions, Momentum* momenta, const Force* forces, std::size_t count,
               std::int64_t half_kicks, const MotionConstants& constants) {
  double longest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Position& at = positions[i];
    Momentum& p = momenta[i];
    const auto& displacement = constants.displacement[at.type()];
    const double x =
        move(at.x, p.x, half_kicks * forces[i].x, displacement[0], constants.length[0], p.images, 0);
    const double y =
        move(at.y, p.y, half_kicks * forces[i].y, displacement[1], constants.length[1], p.images, 1);
    const double z =
        move(at.z, p.z, half_kicks * forces[i].z, displacement[2], constants.length[2], p.images, 2);
    longest = std::max(longest, x + y + z);
  }
  return longest;
}

void copy(const void* from, std::size_t bytes, void* to) { std::memcpy(to, from, bytes); }

void points32(const Position* positions, std::size_t count, const Resolution& resolution, Point32* points) {
  const auto narrow = [&](std::uint64_t x, std::size_t axis) {
    return static_cast<std::int32_t>(
        static_cast<std::uint32_t>(x >> static_cast<unsigned>(resolution.shift[axis])));
  };
  for (std::size_t k = 0; k < count; ++k) {
    const Position& p = positions[k];
    points[k] = {narrow(p.x, 0), narrow(p.y, 1), narrow(p.z, 2), static_cast<std::uint32_t>(p.label)};
  }
}

std::int16_t coarse_coordinate(std::uint64_t x, std::uint64_t centre, float scale) {
  const auto high = static_cast<std::int32_t>(static_cast<std::uint32_t>((x - centre) >> 32U));
  return static_cast<std::int16_t>(
      std::clamp(static_cast<std::int32_t>(static_cast<float>(high) * scale), -32768, 32767));
}

void coarse(const Position* positions, std::size_t count, const std::array<std::uint64_t, axes>& centre,
            const std::array<float, axes>& scale, const Coarse& result) {
  for (std::size_t k = 0; k < count; ++k) {
    result.x[k] = coarse_coordinate(positions[k].x, centre[0], scale[0]);
    result.y[k] = coarse_coordinate(positions[k].y, centre[1], scale[1]);
    result.z[k] = coarse_coordinate(positions[k].z, centre[2], scale[2]);
  }
}

// As one SIMD instruction each: a difference that saturates, the upper half of a product.
unsigned upper_square(std::int16_t x, std::int16_t centre) {
  const std::int32_t d = std::clamp(std::int32_t{x} - centre, -32768, 32767);
  return static_cast<unsigned>(d * d) >> 16U;
}

std::size_t select(const Candidates& candidates, std::int16_t x, std::int16_t y, std::int16_t z,
                   std::uint16_t limit, std::uint16_t* selected) {
  std::size_t count = 0;
  for (std::size_t k = 0; k < candidates.count; ++k) {
    const unsigned sum = upper_square(candidates.x[k], x) + upper_square(candidates.y[k], y) +
                         upper_square(candidates.z[k], z);
    selected[count] = candidates.names[k];
    count += sum <= limit ? 1 : 0;
  }
  return count;
}

}  // namespace

Kernel portable_kernel() {
  return {.name = "portable",
          .advance = advance,
          .copy = copy,
          .points32 = points32,
          .coarse = coarse,
          .select = select,
          .forces32 = all_force_rows<PortableF32>(),
          .forces64 = all_force_rows<PortableF64>(),
          .energies32 = all_energy_rows<PortableE32>(),
          .energies64 = all_energy_rows<PortableF64>()};
}

}  // namespace tutti::molecular
