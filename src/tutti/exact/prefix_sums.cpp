#include "tutti/exact/prefix_sums.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "tutti/exact/rounding.hpp"
#include "tutti/exact/term.hpp"

namespace tutti::exact {

namespace {

/// ExactSum's fixed-point number with limbs of 64 bits, their carries done, in two's complement, and no
/// longer than its value: what would be above the top limb is its sign. Made for a rounding after every term:
/// each touches two or three limbs. Integer operations only: rounding mode, FTZ and DAZ of the caller neither
/// matter nor change.
class RunningSum {
 public:
  explicit RunningSum(const ExactSum& start) {
    const Magnitude digits = magnitude(start);
    for (int i = digits.first; i < digits.end; ++i)
      limbs_[limb_of(i)] |= std::uint64_t{digits.digit[static_cast<std::size_t>(i)]} << (i % 2 * 32);
    if (digits.end == 0) return;
    bottom_ = std::min(bottom_, limb_of(digits.first));
    top_ = std::max(top_, limb_of(digits.end - 1) + 1);
    if (digits.negative) negate();
    shorten();
  }

  [[gnu::always_inline]] void add(const Term& term) {
    const auto bit = static_cast<unsigned>(term.exponent - ExactSum::lowest_bit);
    const std::size_t at = bit / 64;
    const unsigned shift = bit % 64;
    bottom_ = std::min(bottom_, at);
    while (top_ < at + 1) lengthen();
    // Minus a magnitude is its complement, with ones above, and a carry into the lowest bit.
    const std::uint64_t sign = sign_if(term.negative), one = sign & 1U;
    std::uint64_t carry = add_to(limbs_[at], term.magnitude << shift ^ sign, one);
    carry = add_to(limbs_[at + 1], term.magnitude >> 1U >> (63 - shift) ^ sign, carry);
    // Further ones and a carry change nothing, as zeros without one.
    for (std::size_t i = at + 2; i <= top_ && carry != one; ++i) carry = add_to(limbs_[i], sign, carry);
    if (!has_room(limbs_[top_])) lengthen();
    shorten();
  }

  /// To nearest even.
  [[gnu::always_inline]] double round() const {
    // The two highest limbs have 62 bits or more. Below zero their complement is the magnitude, less at most
    // one in the last place, which `between` allows for.
    const bool negative = limbs_[top_] >> 63U != 0;
    const std::uint64_t upper = limbs_[top_] ^ sign_if(negative),
                        lower = limbs_[top_ - 1] ^ sign_if(negative);
    const int zeros = std::countl_zero(upper != 0 ? upper : lower | 1U);
    const std::uint64_t leading = upper != 0 ? upper << zeros | lower >> (64 - zeros) : lower << zeros;
    const int highest = head_exponent() + (upper != 0 ? 127 : 63) - zeros;
    // 53 bits to keep, 11 that decide, unless they are so close to a half that what is below them does.
    const std::uint64_t rest = leading & 0x7ffU;
    const bool between = rest == 0x3ffU || rest == 0x400U;
    if (between || highest < least_normal || highest > greatest) return round_whole(negative);
    // The leading bit of the significand adds one to the exponent field, and so does a carry out of it.
    const auto field = static_cast<std::uint64_t>(highest - least_normal) << 52U;
    return std::bit_cast<double>((std::uint64_t{negative} << 63U) |
                                 (field + (leading >> 11U) + (rest > 0x400U ? 1U : 0U)));
  }

 private:
  static constexpr int least_normal = -1022, greatest = 1022;  // a carry may lead to the next exponent
  // The limb that holds 2^-1074: below it there is nothing, so that the two highest limbs hold any value
  // whose top is there.
  static constexpr std::size_t least_top = (-1074 - ExactSum::lowest_bit) / 64;

  static constexpr std::size_t limb_of(int digit) { return static_cast<std::size_t>(digit / 2); }
  static constexpr std::uint64_t sign_if(bool negative) { return negative ? ~std::uint64_t{0} : 0; }

  static std::uint64_t add_to(std::uint64_t& limb, std::uint64_t value, std::uint64_t carry) {
    const Uint128 sum = static_cast<Uint128>(limb) + value + carry;
    limb = static_cast<std::uint64_t>(sum);
    return static_cast<std::uint64_t>(sum >> 64U);
  }

  // Whether a limb, with its sign, is below 2^62: a term on top of it cannot overflow.
  static constexpr bool has_room(std::uint64_t limb) {
    return (limb + (std::uint64_t{1} << 62U)) >> 63U == 0;
  }

  void lengthen() {
    limbs_[top_ + 1] = sign_if(limbs_[top_] >> 63U != 0);
    ++top_;
  }
  void shorten() {
    while (top_ > least_top && has_room(limbs_[top_ - 1]) &&
           limbs_[top_] == sign_if(limbs_[top_ - 1] >> 63U != 0))
      --top_;
  }
  void negate() {
    std::uint64_t carry = 1;
    for (std::size_t i = bottom_; i <= top_; ++i) {
      limbs_[i] = ~limbs_[i];
      carry = add_to(limbs_[i], 0, carry);
    }
  }

  int head_exponent() const { return ExactSum::lowest_bit + 64 * static_cast<int>(top_ - 1); }

  // Ties, and what is subnormal or too large: with the limbs below the two highest.
  double round_whole(bool negative) const {
    bool below = false;
    for (std::size_t i = bottom_; i + 1 < top_ && !below; ++i) below = limbs_[i] != 0;
    Uint128 bits = static_cast<Uint128>(limbs_[top_]) << 64U | limbs_[top_ - 1];
    if (negative) bits = ~bits + (below ? 0U : 1U);
    if (bits == 0) return 0;
    return exact::round(Leading{bits, head_exponent(), negative, below});
  }

  std::array<std::uint64_t, ExactSum::digits / 2 + 2> limbs_{};
  std::size_t top_ = least_top;
  std::size_t bottom_ = least_top;  // below it all limbs are zero
};

}  // namespace

template <class Real>
void prefix_sums(const ExactSum& before, std::span<const Real> x, std::span<double> prefixes, Scan scan) {
  auto specials = static_cast<std::uint8_t>(before.special());
  RunningSum sum(before);
  std::size_t i = 0;
  for (; i < x.size() && specials == finite; ++i) {
    const Term term(x[i]);  // before its place may be written
    if (scan == Scan::exclusive) prefixes[i] = sum.round();
    specials = term.special;
    if (specials == finite) sum.add(term);
    if (scan == Scan::inclusive) prefixes[i] = specials == finite ? sum.round() : special_value(term.special);
  }
  for (; i < x.size(); ++i) {
    const Term term(x[i]);
    const auto with = static_cast<std::uint8_t>(specials | term.special);
    prefixes[i] = special_value(canonical(scan == Scan::exclusive ? specials : with));
    specials = with;
  }
}

template void prefix_sums<double>(const ExactSum&, std::span<const double>, std::span<double>, Scan);
template void prefix_sums<float>(const ExactSum&, std::span<const float>, std::span<double>, Scan);

}  // namespace tutti::exact
