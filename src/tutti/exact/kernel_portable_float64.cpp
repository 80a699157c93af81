// The portable kernels for float64: integers only, one table entry for each exponent.
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "tutti/exact/batch.hpp"
#include "tutti/exact/kernel_tables.hpp"

namespace tutti::exact {

namespace {

constexpr std::uint64_t fraction_mask = (1ULL << 52U) - 1;
constexpr std::uint64_t absolute_mask = ~(1ULL << 63U);
constexpr std::uint64_t leading_one = 1ULL << 52U;
constexpr std::uint64_t field_mask = 0x7ff;
constexpr std::size_t few = 160;  // so few terms are cheaper without a table

std::uint64_t bits_of(double value) { return std::bit_cast<std::uint64_t>(value); }

/// 4096 entries of 128 bits, cleared in groups when they are first touched: 64 KiB would take longer to clear
/// than most sums to compute, and usual data touch two or three groups.
template <class Entry>
class Table {
 public:
  static constexpr std::size_t group = 32;
  static constexpr std::size_t size = 4096;

  // No initializer for entry_: see above.
  Table() { open_.fill(0); }

  Entry& operator[](std::size_t i) {
    if (open_[i / group] == 0) [[unlikely]]
      open(i / group);
    return entry_[i];
  }

  /// Calls f(i, group) for the groups in use, where group is the entries i .. i + 31, and empties the table.
  template <class Function>
  void drain(Function&& f) {
    for (std::size_t g = 0; g < open_.size(); ++g) {
      if (open_[g] == 0) continue;
      f(g * group,
        std::span<const Entry, group>(entry_.begin() + static_cast<std::ptrdiff_t>(g * group), group));
      open_[g] = 0;
    }
  }

 private:
  void open(std::size_t g) {
    std::fill_n(entry_.begin() + static_cast<std::ptrdiff_t>(g * group), group, Entry{});
    open_[g] = 1;
  }

  std::array<std::uint8_t, size / group> open_;
  std::array<Entry, size> entry_;
};

// Sums: the entry is found by the upper 12 bits, sign and exponent, and takes the 52 fraction bits into its
// lower 96 bits; the upper 32 count the terms, whose leading ones are added when the table is emptied (after
// Neal, arXiv:1505.05571, section 4). Zeros, subnormal numbers and specials need no care before that.
constexpr Uint128 one_term = static_cast<Uint128>(1) << 96U;
constexpr std::size_t sum_block = std::size_t{1} << 31U;

// The sum of value[i] * 2^i over the entries of a group, without branches: the lower and the upper 64 bits
// apart.
class GroupSum {
 public:
  template <class Value>
  void add(Value value, std::size_t i) {
    lower_ += static_cast<Uint128>(static_cast<std::uint64_t>(value)) << i;
    upper_ += static_cast<Int128>(static_cast<std::int64_t>(value >> 64U)) << i;
  }
  void finish(Batch& batch, bool negative, int exponent) const {
    batch.add(lower_, negative, exponent);
    batch.add(negative ? -upper_ : upper_, exponent + 64);
  }

 private:
  Uint128 lower_ = 0;
  Int128 upper_ = 0;
};

void drain_sum(Table<Uint128>& table, ExactSum& total) {
  Batch batch(total);
  table.drain([&](std::size_t first, std::span<const Uint128, Table<Uint128>::group> group) {
    const bool negative = first > field_mask;
    GroupSum sum;
    for (std::size_t i = 0; i < group.size(); ++i) {
      const std::size_t field = (first + i) & field_mask;
      const Uint128 fractions = group[i] & (one_term - 1);
      if (field == field_mask) {
        if (group[i] != 0) batch.mark(fractions != 0 ? not_a_number : infinity(negative));
      } else {  // subnormal numbers have no leading one, and weigh as if their field were 1
        sum.add(fractions + (field != 0 ? (group[i] >> 96U) << 52U : fractions), i);
      }
    }
    sum.finish(batch, negative, static_cast<int>(first & field_mask) - 1075);
  });
  batch.finish();
}

template <std::uint64_t mask>
void masked_sum(ExactSum& total, std::span<const double> x) {
  if (x.size() <= few) {
    Batch batch(total);
    for (const double value : x) batch.add(Term(std::bit_cast<double>(bits_of(value) & mask)));
    return batch.finish();
  }
  Table<Uint128> table;
  for (std::size_t first = 0; first < x.size(); first += sum_block) {
    for (const double value : x.subspan(first, std::min(sum_block, x.size() - first))) {
      const std::uint64_t bits = bits_of(value) & mask;
      table[bits >> 52U] += one_term | (bits & fraction_mask);
    }
    drain_sum(table, total);
  }
}

// Products: the entry is found by the sum of the two exponent fields and takes signed products of 106 bits;
// 2^20 of them fit 127 bits.
constexpr std::size_t dot_block = std::size_t{1} << 20U;

struct Significand {
  std::uint64_t field;
  std::uint64_t value;  // a subnormal number is doubled: then it weighs what a normal one of field 0 would
};

inline Significand significand(std::uint64_t bits) {
  const std::uint64_t field = (bits >> 52U) & field_mask;
  const std::uint64_t fraction = bits & fraction_mask;
  return {field, fraction + (field != 0 ? leading_one : fraction)};
}

// Bit 63 of the result is set for infinities and NaN only.
inline std::uint64_t special_probe(std::uint64_t bits) { return (bits & absolute_mask) + leading_one; }

void drain_dot(Table<Int128>& table, ExactSum& total) {
  Batch batch(total);
  table.drain([&](std::size_t first, std::span<const Int128, Table<Int128>::group> group) {
    GroupSum sum;
    for (std::size_t i = 0; i < group.size(); ++i) sum.add(group[i], i);
    sum.finish(batch, false, static_cast<int>(first) - 2150);
  });
  batch.finish();
}

// The specials among products; what the table got from them is void, since a special absorbs it.
void mark_specials(ExactSum& total, std::span<const double> x, std::span<const double> y) {
  Batch batch(total);
  for (std::size_t i = 0; i < x.size(); ++i) batch.mark(Product(x[i], y[i]).special);
  batch.finish();
}

void dot(ExactSum& total, std::span<const double> x, std::span<const double> y) {
  if (x.size() <= few) {
    Batch batch(total);
    for (std::size_t i = 0; i < x.size(); ++i) batch.add(Product(x[i], y[i]));
    return batch.finish();
  }
  Table<Int128> table;
  std::uint64_t probe = 0;
  for (std::size_t first = 0; first < x.size(); first += dot_block) {
    const std::size_t end = std::min(x.size(), first + dot_block);
    for (std::size_t i = first; i < end; ++i) {
      const std::uint64_t a = bits_of(x[i]);
      const std::uint64_t b = bits_of(y[i]);
      probe |= special_probe(a) | special_probe(b);
      const Significand s = significand(a);
      const Significand t = significand(b);
      const auto sign = static_cast<std::int64_t>(a ^ b) >> 63U;
      const std::int64_t signed_value = (static_cast<std::int64_t>(s.value) ^ sign) - sign;
      table[s.field + t.field] += static_cast<Int128>(signed_value) * static_cast<std::int64_t>(t.value);
    }
    drain_dot(table, total);
  }
  if (probe >> 63U != 0) mark_specials(total, x, y);
}

void sum_of_squares(ExactSum& total, std::span<const double> x) {
  if (x.size() <= few) return dot(total, x, x);
  Table<Int128> table;
  std::uint64_t probe = 0;
  for (std::size_t first = 0; first < x.size(); first += dot_block) {
    for (const double value : x.subspan(first, std::min(dot_block, x.size() - first))) {
      const std::uint64_t bits = bits_of(value);
      probe |= special_probe(bits);
      const Significand s = significand(bits);
      table[2 * s.field] += static_cast<Int128>(static_cast<Uint128>(s.value) * s.value);
    }
    drain_dot(table, total);
  }
  if (probe >> 63U != 0) mark_specials(total, x, x);
}

}  // namespace

KernelSet<double> portable_float64() {
  return {masked_sum<~0ULL>, dot, sum_of_squares, masked_sum<absolute_mask>, dot};
}

}  // namespace tutti::exact
