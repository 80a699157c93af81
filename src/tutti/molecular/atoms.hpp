// The particles that one process holds: its own, and copies of those near them that others own.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "tutti/core/integer.hpp"
#include "tutti/memory/buffer.hpp"
#include "tutti/memory/ledger.hpp"

namespace tutti::molecular {

/// Where a particle is, and which it is. 32 bytes: kernels load it whole.
struct alignas(32) Position {
  std::uint64_t x, y, z;  ///< fractions of the box (box.hpp)
  std::uint64_t label;    ///< id * 2^16 + type

  static constexpr unsigned type_bits = 16;
  static constexpr std::uint64_t make_label(Index id, std::size_t type) {
    return static_cast<std::uint64_t>(id) << type_bits | type;
  }
  Index id() const { return static_cast<Index>(label >> type_bits); }
  std::size_t type() const { return label & ((1U << type_bits) - 1); }
};
/// Ids are 0 to largest_id.
inline constexpr Index largest_id = (Index{1} << 48U) - 1;

/// How often a particle has crossed the box, for each axis: 21 bits each in one word, as two's complement.
struct Images {
  std::uint64_t word = 0;

  std::int32_t operator[](int axis) const {
    const auto shifted = static_cast<std::int64_t>(word << static_cast<unsigned>(43 - 21 * axis));
    return static_cast<std::int32_t>(shifted >> 43U);
  }
  void set(int axis, std::int32_t image) {
    const auto low = static_cast<unsigned>(21 * axis);
    constexpr std::uint64_t field = (1U << 21U) - 1;
    word = (word & ~(field << low)) | (static_cast<std::uint64_t>(image) & field) << low;
  }
};

/// How a particle moves. The unit is the impulse of a quantum of force during half a time step: a half kick
/// adds a force as it is, without rounding, whatever the masses are, so that the sum of all momenta never
/// changes.
struct alignas(32) Momentum {
  std::int64_t x, y, z;
  Images images;
};

/// The force on a particle, in quanta. The fourth word is always zero.
struct alignas(32) Force {
  std::int64_t x, y, z;
  std::int64_t zero;
};

/// What a process sees of the particles: its own are [own_first, own_first + own) of `positions`. Kernels
/// load several at once: four behind the last can be read.
struct View {
  std::span<const Position> positions;
  std::size_t own_first;
  std::size_t own;
};

/// Own particles first, then the halo.
class Atoms {
 public:
  /// @param own  how many it owns; all zero until set
  /// @param halo  how many copies it has room for
  /// @throws BudgetError as Ledger::book()
  Atoms(std::size_t own, std::size_t halo, memory::Ledger& ledger);

  std::size_t own() const { return own_; }
  std::size_t halo() const { return halo_; }
  View view() const { return {positions(), 0, own_}; }
  void set_halo(std::size_t count);  ///< at most the room

  /// Another number of own particles, of which the first stay as they are, and room for a halo, of which
  /// nothing stays. Where memory must grow, a sixteenth is added for later.
  /// @throws BudgetError, SystemError; then all is as before
  void resize(std::size_t own, std::size_t halo);

  std::span<Position> positions() { return {positions_.data(), own_ + halo_}; }
  std::span<const Position> positions() const { return {positions_.data(), own_ + halo_}; }
  std::span<Position> own_positions() { return {positions_.data(), own_}; }
  std::span<const Position> own_positions() const { return {positions_.data(), own_}; }
  std::span<Momentum> momenta() { return momenta_.span().first(own_); }
  std::span<const Momentum> momenta() const { return momenta_.span().first(own_); }
  std::span<Force> forces() { return forces_.span().first(own_); }
  std::span<const Force> forces() const { return forces_.span().first(own_); }

 private:
  std::size_t own_;
  std::size_t halo_ = 0;
  memory::Ledger* ledger_;
  memory::Buffer<Position> positions_;
  memory::Buffer<Momentum> momenta_;
  memory::Buffer<Force> forces_;
};

}  // namespace tutti::molecular
