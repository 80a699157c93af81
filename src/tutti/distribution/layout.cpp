#include "tutti/distribution/layout.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <numeric>
#include <utility>

#include "tutti/core/error.hpp"
#include "tutti/core/hash.hpp"
#include "tutti/core/text.hpp"

namespace tutti {

namespace {

// A double >= 0 as mantissa * 2^exponent. Taken apart as bits, not by arithmetic: a caller who flushes
// subnormal numbers to zero must not get other shares than one who does not.
struct Binary {
  std::uint64_t mantissa;
  int exponent;
};

Binary binary(double weight) {
  const auto bits = std::bit_cast<std::uint64_t>(weight);
  const std::uint64_t fraction = bits & ((std::uint64_t{1} << 52U) - 1);
  const int biased = static_cast<int>((bits >> 52U) & 0x7ffU);
  if (biased == 0) return {fraction, -1074};
  return {fraction | (std::uint64_t{1} << 52U), biased - 1075};
}

bool finite_and_not_negative(double weight) {
  constexpr std::uint64_t infinity = std::uint64_t{0x7ff} << 52U;
  constexpr std::uint64_t minus_zero = std::uint64_t{1} << 63U;
  const auto bits = std::bit_cast<std::uint64_t>(weight);
  return bits < infinity || bits == minus_zero;
}

// floor(weight * 2^bits / top), where top is the least power of two above the largest weight.
Index scaled(double weight, const Binary& largest, int bits) {
  const Binary value = binary(weight);
  const int top = largest.exponent + static_cast<int>(std::bit_width(largest.mantissa));
  const int shift = value.exponent - top + bits;
  if (value.mantissa == 0 || shift <= -64) return 0;
  return static_cast<Index>(shift < 0 ? value.mantissa >> -shift : value.mantissa << shift);
}

// The weights as whole numbers without a common divisor, whose sum is below 2^63.
std::vector<Index> whole_numbers(const std::vector<double>& weights) {
  Binary largest{};
  for (std::size_t rank = 0; rank < weights.size(); ++rank) {
    if (!finite_and_not_negative(weights[rank]))
      throw DistributionError(text("weighted layout: the weight of rank ", rank, " is ", weights[rank],
                                   "; give finite weights of at least 0"));
    const Binary value = binary(weights[rank]);
    // All mantissas of one exponent are below those of the next: the order of pairs is the order of values.
    if (std::pair(value.exponent, value.mantissa) > std::pair(largest.exponent, largest.mantissa) ||
        largest.mantissa == 0)
      largest = value;
  }
  if (largest.mantissa == 0)
    throw DistributionError(text("weighted layout: all ", weights.size(),
                                 " weights are 0; give at least one rank a weight greater than 0"));
  // P numbers below 2^(63 - k) with P < 2^k: neither their sum nor, in 128 bits, n times a sum can overflow.
  const int bits = 63 - static_cast<int>(std::bit_width(weights.size()));
  std::vector<Index> numbers;
  numbers.reserve(weights.size());
  Index divisor = 0;
  for (const double weight : weights) {
    numbers.push_back(scaled(weight, largest, bits));
    divisor = std::gcd(divisor, numbers.back());
  }
  for (Index& number : numbers) number /= divisor;
  return numbers;
}

std::vector<Index> sums_before(const std::vector<Index>& counts) {
  std::vector<Index> sums{0};
  sums.reserve(counts.size() + 1);
  for (std::size_t rank = 0; rank < counts.size(); ++rank) {
    if (counts[rank] < 0)
      throw DistributionError(text("irregular layout: the count of rank ", rank, " is ", counts[rank],
                                   "; give counts of at least 0"));
    Index sum = 0;
    if (!add_fits(sums.back(), counts[rank], sum))
      throw DistributionError(text("irregular layout: the counts of ranks 0 to ", rank,
                                   " add up to more than 2^63 - 1; give smaller counts"));
    sums.push_back(sum);
  }
  return sums;
}

}  // namespace

void Layout::refuse(Index block_size) {
  throw DistributionError(
      text("block-cyclic layout: a block of ", block_size, " elements; give a block size of at least 1"));
}

std::span<const Index> Layout::boundaries() const noexcept {
  if (boundaries_) return *boundaries_;
  return {};
}

std::string Layout::name() const {
  constexpr std::size_t shown = 8;
  if (kind_ == Kind::block) return "block";
  if (kind_ == Kind::block_cyclic) return block_size_ == 1 ? "cyclic" : text("block-cyclic:", block_size_);
  std::string out = kind_ == Kind::irregular ? "irregular(" : "weighted(";
  const std::span<const Index> sums = boundaries();
  const std::size_t ranks = sums.size() - 1;
  for (std::size_t rank = 0; rank < std::min(ranks, shown); ++rank)
    out += text(rank == 0 ? "" : ",", sums[rank + 1] - sums[rank]);
  return out + (ranks > shown ? text(",... on ", ranks, " ranks)") : ")");
}

std::uint64_t Layout::hash() const {
  std::uint64_t state = core::mix(core::hash("Layout"), static_cast<std::uint64_t>(kind_));
  state = core::mix(state, static_cast<std::uint64_t>(block_size_));
  for (const Index sum : boundaries()) state = core::mix(state, static_cast<std::uint64_t>(sum));
  return state;
}

bool operator==(const Layout& left, const Layout& right) {
  return left.kind_ == right.kind_ && left.block_size_ == right.block_size_ &&
         (left.boundaries_ == right.boundaries_ || std::ranges::equal(left.boundaries(), right.boundaries()));
}

Layout block_cyclic(Index b) { return Layout(b); }

Layout irregular(const std::vector<Index>& counts) {
  if (counts.empty()) throw DistributionError("irregular layout: no counts; give one for each rank");
  return {Layout::Kind::irregular, sums_before(counts)};
}

Layout weighted(const std::vector<double>& weights) {
  if (weights.empty()) throw DistributionError("weighted layout: no weights; give one for each rank");
  return {Layout::Kind::weighted, sums_before(whole_numbers(weights))};
}

Layout parse_layout(std::string_view name) {
  constexpr std::string_view dealt = "block-cyclic:";
  if (name == "block") return block;
  if (name == "cyclic") return cyclic;
  if (name.starts_with(dealt)) {
    const std::string_view digits = name.substr(dealt.size());
    Index b = 0;
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), b);
    if (end.ec == std::errc{} && end.ptr == digits.data() + digits.size() && b >= 1) return block_cyclic(b);
  }
  throw UsageError(text("distribution '", printable(name),
                        "' is none of block, cyclic, block-cyclic:K; give one of them, K a whole number of "
                        "elements from 1 to 2^63 - 1"),
                   {"distribution", {}});
}

}  // namespace tutti
