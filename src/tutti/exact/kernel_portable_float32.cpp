// The portable kernels for float32: as for float64, but 64-bit entries and small tables do.
#include <algorithm>
#include <array>
#include <bit>

#include "tutti/exact/batch.hpp"
#include "tutti/exact/kernel_tables.hpp"

namespace tutti::exact {

namespace {

constexpr std::uint32_t fraction_mask = (1U << 23U) - 1;
constexpr std::uint32_t absolute_mask = ~(1U << 31U);
constexpr std::uint32_t field_mask = 0xff;
constexpr std::size_t few = 96;  // so few terms are cheaper without a table

std::uint32_t bits_of(float value) { return std::bit_cast<std::uint32_t>(value); }

// Sums: sign and exponent find the entry; its lower 43 bits sum fractions of 23 bits, the upper ones count
// terms.
constexpr std::uint64_t one_term = 1ULL << 43U;
constexpr std::size_t sum_block = std::size_t{1} << 20U;
using SumTable = std::array<std::uint64_t, 512>;

void drain_sum(SumTable& table, ExactSum& total) {
  Batch batch(total);
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i] == 0) continue;
    const bool negative = i > field_mask;
    const auto field = static_cast<int>(i & field_mask);
    const std::uint64_t fractions = table[i] & (one_term - 1);
    const std::uint64_t count = table[i] >> 43U;
    if (field == field_mask)
      batch.mark(fractions != 0 ? not_a_number : infinity(negative));
    else if (field == 0)
      batch.add(fractions, negative, -149);
    else
      batch.add(fractions + (count << 23U), negative, field - 150);
  }
  batch.finish();
  table.fill(0);
}

template <std::uint32_t mask>
void masked_sum(ExactSum& total, std::span<const float> x) {
  if (x.size() <= few) {
    Batch batch(total);
    for (const float value : x) batch.add(Term(std::bit_cast<float>(bits_of(value) & mask)));
    return batch.finish();
  }
  SumTable table{};
  for (std::size_t first = 0; first < x.size(); first += sum_block) {
    for (const float value : x.subspan(first, std::min(sum_block, x.size() - first))) {
      const std::uint32_t bits = bits_of(value) & mask;
      table[bits >> 23U] += one_term | (bits & fraction_mask);
    }
    drain_sum(table, total);
  }
}

// Products: the sum of the exponent fields finds the entry, which takes 2^14 signed products of 48 bits.
constexpr std::size_t dot_block = std::size_t{1} << 14U;
using DotTable = std::array<std::int64_t, 512>;

struct Significand {
  std::uint32_t field;
  std::int64_t
      value;  // a subnormal number is doubled: then it weighs what a normal one of exponent field 0 would
};

inline Significand significand(std::uint32_t bits) {
  const std::uint32_t field = (bits >> 23U) & field_mask;
  const std::uint32_t fraction = bits & fraction_mask;
  return {field, fraction + (field != 0 ? fraction_mask + 1 : fraction)};
}

// Bit 31 of the result is set for infinities and NaN only.
inline std::uint32_t special_probe(std::uint32_t bits) { return (bits & absolute_mask) + fraction_mask + 1; }

void drain_dot(DotTable& table, ExactSum& total) {
  Batch batch(total);
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::int64_t value = table[i];
    if (value != 0) batch.add(static_cast<Int128>(value), static_cast<int>(i) - 300);
  }
  batch.finish();
  table.fill(0);
}

void dot(ExactSum& total, std::span<const float> x, std::span<const float> y) {
  if (x.size() <= few) {
    Batch batch(total);
    for (std::size_t i = 0; i < x.size(); ++i) batch.add(Product(x[i], y[i]));
    return batch.finish();
  }
  DotTable table{};
  std::uint32_t probe = 0;
  for (std::size_t first = 0; first < x.size(); first += dot_block) {
    const std::size_t end = std::min(x.size(), first + dot_block);
    for (std::size_t i = first; i < end; ++i) {
      const std::uint32_t a = bits_of(x[i]);
      const std::uint32_t b = bits_of(y[i]);
      probe |= special_probe(a) | special_probe(b);
      const Significand s = significand(a);
      const Significand t = significand(b);
      const std::int64_t sign = static_cast<std::int32_t>(a ^ b) >> 31U;
      table[s.field + t.field] += ((s.value * t.value) ^ sign) - sign;
    }
    drain_dot(table, total);
  }
  if (probe >> 31U == 0) return;
  Batch batch(total);  // what the table got from specials is void: they absorb it
  for (std::size_t i = 0; i < x.size(); ++i) batch.mark(Product(x[i], y[i]).special);
  batch.finish();
}

void sum_of_squares(ExactSum& total, std::span<const float> x) { dot(total, x, x); }

}  // namespace

KernelSet<float> portable_float32() {
  return {masked_sum<~0U>, dot, sum_of_squares, masked_sum<absolute_mask>, dot};
}

Kernel portable_kernel() { return {"portable", portable_float64(), portable_float32()}; }

}  // namespace tutti::exact
