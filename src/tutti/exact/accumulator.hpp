// ExactAccumulator: exact sums in loops of your own.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>

#include "tutti/exact/exact_sum.hpp"

namespace tutti {

/// Takes terms one at a time, and adds them up exactly, in blocks, at the speed of the kernels. The result is
/// the same bits for any order and grouping of the terms.
/// @example
///   ExactAccumulator energy;
///   for (...) energy += 1 / distance(i, j);
///   world.print(text(sum(world, energy)));      // or energy.round() on one rank
/// Size: 17 KiB, which stay in the first-level cache; where many sums are kept at once, keep ExactSum
/// instead.
/// @throws UsageError (from any call) if TUTTI_KERNEL names no kernel.
class ExactAccumulator {
 public:
  ExactAccumulator() {}  // NOLINT: the buffers need no first value
  /// Goes on from a sum, for example that of a checkpoint.
  explicit ExactAccumulator(const ExactSum& start) : total_(start) {}

  /// A copy has the same sum, and empty buffers.
  ExactAccumulator(const ExactAccumulator& other) : total_(other.sum()) {}
  ExactAccumulator& operator=(const ExactAccumulator& other);

  void add(double x) {
    if (term_count_ == terms_.size()) flush_terms();
    terms_[term_count_++] = x;
  }
  /// Adds all elements, at full speed from where they are.
  void add(std::span<const double> x);
  /// Adds x * y, unrounded.
  void add_product(double x, double y) {
    if (product_count_ == left_.size()) flush_products();
    left_[product_count_] = x;
    right_[product_count_++] = y;
  }

  ExactAccumulator& operator+=(double x) {
    add(x);
    return *this;
  }
  ExactAccumulator& operator-=(double x) {
    add(std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) ^ (1ULL << 63U)));
    return *this;
  }
  ExactAccumulator& operator+=(const ExactAccumulator& other);

  /// The sum so far, as a value that can be merged, subtracted and stored.
  ExactSum sum() const;
  /// The sum so far, rounded once.
  double round() const { return sum().round(); }

 private:
  void flush_terms();
  void flush_products();

  ExactSum total_;
  std::size_t term_count_ = 0;
  std::size_t product_count_ = 0;
  std::array<double, 1024> terms_;  // only the first term_count_ are terms
  std::array<double, 512> left_;    // only the first product_count_ pairs are products
  std::array<double, 512> right_;
};

}  // namespace tutti
