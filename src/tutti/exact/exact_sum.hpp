// ExactSum: a sum without rounding, as a value. What all exact reductions are made of.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tutti/core/text.hpp"
#include "tutti/exact/term.hpp"

namespace tutti {

namespace exact {
class Batch;
}

/// The exact sum of any finite numbers, and of products of two of them: a fixed-point number that spans the
/// whole range of float64 products (after Kulisch; digits as in Neal, arXiv:1505.05571).
///
/// 136 words of 64 bits hold digits of 32 bits; bit 0 of digit 0 weighs 2^-2176, which leaves room below the
/// smallest product of doubles (2^-2148) and above the largest (2^2048) for 2^63 of them and more.
///
/// Equal values have equal bytes, whatever the order and number of terms and merges that led to them:
///  - each digit below the highest nonzero one is in 0 .. 2^32 - 1;
///  - the highest nonzero digit carries the sign (-1 above a nonzero digit is folded into it), so that small
///    sums of either sign occupy a few words only;
///  - a NaN or an infinity absorbs all finite terms: three marks hold what is not finite, the digits are 0.
///
/// Integer operations only: rounding mode, FTZ and DAZ of the caller neither matter nor change.
/// Cost: 1.1 KiB; an add about 5 ns, a merge and a rounding some 10 ns for usual data. For loops of your own
/// over many terms ExactAccumulator is faster.
class ExactSum {
 public:
  static constexpr int digit_bits = 32;
  static constexpr int digits = 136;
  static constexpr int lowest_bit = -2176;               ///< exponent of the weight of bit 0 of digit 0
  static constexpr std::size_t word_count = digits + 3;  ///< the digits, then marks for NaN, +inf, -inf
  using Words = std::span<const std::int64_t, word_count>;

  ExactSum() = default;

  /// Adds a number at its exact value: double, float or any integer of up to 64 bits.
  void add(const exact::Term& term);
  void subtract(const exact::Term& term);

  /// Adds x * y, unrounded; x and y may be of different types. inf * 0 is NaN, as in IEEE 754.
  void add_product(const exact::Term& x, const exact::Term& y);

  /// The sum of two sums, and the difference (inf - inf is NaN: a difference does not take an infinity back).
  ExactSum& operator+=(const ExactSum& other);
  ExactSum& operator-=(const ExactSum& other);
  void negate();

  friend bool operator==(const ExactSum& a, const ExactSum& b) { return a.words_ == b.words_; }

  /// The sum, rounded once to nearest even. An exact zero is +0; a nonzero sum below 2^-1075 becomes a zero
  /// of its sign; too large becomes an infinity; NaN is one canonical quiet NaN.
  double round() const;
  /// The same to float32, in one step: rounding to float64 first can be off by one bit.
  float round_to_float() const;

  /// NaN or infinite.
  bool has_special() const { return special() != exact::finite; }
  exact::Special special() const;
  bool is_zero() const { return end_ == 0 && !has_special(); }
  bool is_negative() const;  ///< below zero, -inf included

  /// The sum as an integer.
  /// @throws RangeError if it is NaN, infinite, not an integer, or beyond 128 bits.
  Int128 to_integer() const;

  /// Canonical bytes, for checkpoints and messages: equal values have equal bytes, on every machine.
  /// 8 bytes of header ("EXS", version, kind, 0, index of the first digit), then the digits of the magnitude
  /// from the lowest to the highest nonzero one, 4 bytes each; all little-endian. About 30 bytes for usual
  /// data.
  std::vector<std::byte> to_bytes() const;
  /// @throws FormatError for anything that to_bytes() would not have written.
  static ExactSum from_bytes(std::span<const std::byte> bytes);

  /// The raw words: the elementwise integer sum of the words of up to 2^31 sums, in any order and by any
  /// algorithm (MPI_INT64_T with MPI_SUM), stands for the sum of their values.
  Words words() const { return words_; }
  /// The sum that added-up words stand for, in canonical form again.
  /// @throws InternalError if they are beyond any sum of words.
  static ExactSum from_words(Words words);

  /// Digits outside first_digit() .. end_digit() - 1 are zero; the one at end_digit() - 1 is not.
  /// Both are 0 for zero, NaN and infinities.
  int first_digit() const { return first_; }
  int end_digit() const { return end_; }

 private:
  friend class exact::Batch;

  void settle(int first, int end);
  void settle_top();
  void mark(std::uint8_t specials);

  std::array<std::int64_t, word_count> words_{};
  int first_ = 0;
  int end_ = 0;
};

}  // namespace tutti
