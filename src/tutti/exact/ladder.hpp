// The ladder of tiers on which the SIMD kernels climb: exact sums by chains of floating-point additions.
//
// A term is p, or p + e for a product of float64 (e is the rounding error of p, by fma). Each goes through a
// chain of K accumulators that hold a large offset: t = RN(accumulator + p); q = t - accumulator; r = p - q;
// the accumulator becomes t, and r, small now, goes on to the next one; what remains after K of them is added
// to one without an offset (FastTwoSum: T. J. Dekker, Numer. Math. 18, 1971, doi:10.1007/BF01397083; offsets
// to extract leading parts: S. M. Rump, T. Ogita, S. Oishi, SIAM J. Sci. Comput. 31, 2008,
// doi:10.1137/050645671). Only t and p are meant to be rounded. If everything else was exact - the sticky
// exception flags of the processor tell, one look for a block of terms - the accumulators hold the sum
// exactly, whatever the offsets are. Else the block counts for nothing, and is done again with other offsets,
// a longer chain, or integers. So magnitudes decide about speed only, never about the result.
//
// K = 0 is a plain sum, for terms that need no rounding (integers, say); K = 1 .. 4 take terms that spread
// over 40, 86, 132 and 178 binades; the integers of the portable kernel take anything.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <tuple>
#include <type_traits>

#include "tutti/exact/batch.hpp"
#include "tutti/exact/chain.hpp"
#include "tutti/exact/kernels.hpp"
#include "tutti/exact/sticky_flags.hpp"
#include "tutti/exact/terms.hpp"
#include "tutti/exact/tier.hpp"

namespace tutti::exact {

/// One reduction: add() arrays, then finish().
///
/// An Engine is an operation in an instruction set. What it has:
/// - Terms: where the elements are. Terms::from(i); Terms::padded(n, room), a copy with zeros behind.
/// - Chain<K>: the accumulators of a tier; those of K = 0 are the widest, and a multiple of all others.
/// - bits: the significant bits of a term, 53 for a sum of float64.
/// - block_size: the most terms that one advance() takes.
/// - mode, flags: of StickyFlags: how it computes, and the flags that it looks at; they are clear whenever
/// one
///   of its functions begins or ends.
/// - has_plain: whether it has tier 0. If not, advance() refuses it.
/// - drift: the binades that tier 1 loses to the sum of what its first accumulator leaves over.
/// - clear(chain): sets every row to its offset.
/// - has_room(chain): false if the accumulators have moved too far for another block.
/// - advance(chain, terms, n): takes n terms, a multiple of the width; or false, and the chain is as before.
/// - collapse(chain, units): the sums of the rows, less their offsets, each in units of 2^unit_exponent();
///   false if an accumulator is not a multiple of that, or too large. collapse_one(chain, k, units): one row.
/// - highest(terms, n): an exponent; all terms are below this power of two.
/// - binades(terms, n): closer bounds, and from below.
/// - general(total, terms, n): adds any terms.
template <class Engine>
class Ladder {
 public:
  using Terms = typename Engine::Terms;

  explicit Ladder(ExactSum& total) : total_(total), forced_(forced_tier()) {
    if (forced_) tier_ = *forced_;
  }

  void add(Terms terms, std::size_t n) {
    const std::size_t whole = n / widest * widest;
    for (std::size_t first = 0; first < whole;) {
      const std::size_t blocks = tier_ == general_tier ? std::max<std::size_t>(wait_, 1) : 1;
      const std::size_t count = std::min(whole - first, blocks * block_size);
      add_block(terms.from(first), count);
      first += count;
    }
    if (whole == n) return;
    typename Terms::Room room;
    add_block(terms.from(whole).padded(n - whole, room), widest);
  }

  void finish() { flush(); }

 private:
  template <int K>
  using Chain = typename Engine::template Chain<K>;

  static constexpr std::size_t widest = Chain<0>::width;
  static constexpr std::size_t block_size = Engine::block_size;
  static constexpr std::size_t sample = 32;  // the first look is at so many terms only
  static constexpr std::size_t short_call = std::min<std::size_t>(256, block_size / 8);  // no second try
  static constexpr std::size_t several = 4;        // blocks that make a new centre worth while
  static constexpr std::size_t calm = 16;          // blocks after which a wild one counts as an exception
  static constexpr std::size_t shortest_wait = 4;  // blocks until the next look for a lower tier
  static constexpr std::size_t longest_wait = 256;

  void add_block(Terms terms, std::size_t n) {
    if (tier_ > 1 && !forced_) {
      if (wait_ == 0) look_down(terms, n);
      wait_ -= std::min(wait_, (n + block_size - 1) / block_size);
    }
    if (tier_ == general_tier) return Engine::general(total_, terms, n);
    if (live_) {
      if (!has_room()) {
        flush();
        centre(terms_);
      }
      if (advance(terms, n)) return took_one();
      flush();
      // The accumulators had grown too large, or the terms are others now.
      if (taken_ >= several && centre(terms_) && advance(terms, n)) return took_one();
    } else {
      if (!forced_) tier_ = Engine::has_plain && Engine::bits < 32 ? 0 : 1;
      const int high = Engine::highest(terms, std::min(n, sample));
      if (centre({high - std::max(room_of_plain, 0), high}) && advance(terms, n)) return took_one();
      if (n <= short_call && !forced_) return Engine::general(total_, terms, n);
      taken_ = several;
    }
    climb(terms, n);
  }

  // Finds the tier for a block that the current one does not take.
  void climb(Terms terms, std::size_t n) {
    Binades all = Engine::binades(terms, n);
    if (taken_ < several && !all.none()) {  // one kind of terms after another: a tier that takes both
      all.low = std::min(all.low, terms_.low);
      all.high = std::max(all.high, terms_.high);
    }
    const int before = tier_;
    if (!forced_) tier_ = tier_for(all);
    while (tier_ != general_tier && !(centre(all) && advance(terms, n)))
      tier_ = forced_ ? general_tier : tier_ + 1;
    live_ = tier_ != general_tier;
    if (!live_) Engine::general(total_, terms, n);
    if (forced_) tier_ = *forced_;
    if (tier_ > before) {
      if (calm_ >= calm) patience_ = 0;
      be_patient();
    }
    ++taken_;
  }

  // From time to time: whether the terms are nicer now. The longer they were not, the more seldom.
  void look_down(Terms terms, std::size_t n) {
    const Binades all = Engine::binades(terms, n);
    if (tier_for(all) >= tier_) return be_patient();
    flush();
    tier_ = tier_for(all);
    centre(all);
  }
  void be_patient() {
    calm_ = 0;
    wait_ = patience_ = std::clamp(2 * patience_, shortest_wait, longest_wait);
  }

  // After 1, 2, 4, 8 ... blocks: whether tier 0 would have done as well.
  void took_one() {
    ++taken_;
    ++calm_;
    if (!Engine::has_plain || tier_ != 1 || forced_ || !std::has_single_bit(++blocks_) ||
        !std::get<1>(chains_).is_plain())
      return;
    const int unit = std::get<1>(chains_).unit_exponent(0);
    flush();
    tier_ = 0;
    centre({unit + Engine::bits - 1, unit + 53});
  }

  // Binades of terms that a plain sum takes, with room for the sum.
  static constexpr int room_of_plain = 53 - Engine::bits - 7;

  static int tier_for(const Binades& terms) {
    constexpr int further = 53 - Chain<1>::headroom;
    constexpr int first = further - Engine::drift;
    if (terms.none()) return 1;
    if (Engine::has_plain && terms.high - terms.low <= room_of_plain) return 0;
    const int beyond = terms.high - terms.low - first;
    return std::min(beyond <= 0 ? 1 : 1 + (beyond + further - 1) / further, general_tier);
  }

  bool centre(const Binades& terms) {
    terms_ = terms;
    taken_ = 0;
    live_ = tier_ != general_tier && with_chain([&](auto& chain) {
              if (!chain.choose_exponents(terms, Engine::bits)) return false;
              Engine::clear(chain);
              return true;
            });
    return live_;
  }
  bool has_room() {
    return with_chain([&](auto& chain) { return Engine::has_room(chain); });
  }
  bool advance(Terms terms, std::size_t n) {
    return with_chain([&](auto& chain) { return Engine::advance(chain, terms, n); });
  }

  // Moves the accumulators into the total.
  void flush() {
    if (!live_) return;
    live_ = false;
    with_chain([&](auto& chain) {
      constexpr int rows = std::remove_reference_t<decltype(chain)>::rows;
      std::array<std::int64_t, rows> units;
      const bool whole = Engine::collapse(chain, units.data());
      Batch batch(total_);
      if (chain.tier == 1 && whole) {  // the usual case; its pairs of rows lie 48 bits apart
        for (int k = 0; k < rows; k += 2) {
          const auto upper = static_cast<Int128>(units[static_cast<std::size_t>(k)]);
          const int apart = chain.unit_exponent(k) - chain.unit_exponent(k + 1);
          batch.add((upper << apart) + units[static_cast<std::size_t>(k) + 1], chain.unit_exponent(k + 1));
        }
        batch.finish();
        return true;
      }
      for (int k = 0; k < rows; ++k) {
        std::int64_t& row_units = units[static_cast<std::size_t>(k)];
        if (whole || Engine::collapse_one(chain, k, row_units))
          batch.add(row_units, chain.unit_exponent(k));
        else
          add_one_by_one(batch, chain, k);
      }
      batch.finish();
      return true;
    });
  }
  template <class SomeChain>
  static void add_one_by_one(Batch& batch, const SomeChain& chain, int k) {
    for (const double value : chain.row[static_cast<std::size_t>(k)]) batch.add(Term(value));
    if (chain.has_offset(k)) batch.add(3 * std::uint64_t{chain.width}, true, chain.offset_exponent(k) - 1);
  }

  template <class Function>
  bool with_chain(Function&& f) {
    switch (tier_) {
      case 0:
        return f(std::get<0>(chains_));
      case 1:
        return f(std::get<1>(chains_));
      case 2:
        return f(std::get<2>(chains_));
      case 3:
        return f(std::get<3>(chains_));
      default:
        return f(std::get<4>(chains_));
    }
  }

  ExactSum& total_;
  std::optional<int> forced_;
  int tier_ = 1;
  Binades terms_;             // for which it was centred
  std::size_t taken_ = 0;     // blocks since then
  bool live_ = false;         // whether the chain of tier_ is in use
  std::size_t calm_ = 0;      // blocks taken since patience_ grew
  std::size_t patience_ = 0;  // blocks from one look for a lower tier to the next
  std::size_t wait_ = 0;      // blocks until then
  std::size_t blocks_ = 0;    // taken by tier 1
  std::tuple<Chain<0>, Chain<1>, Chain<2>, Chain<3>, Chain<4>> chains_;
};

/// The kernels of an instruction set, whose Engine<operation, Real> are given.
template <template <Operation, class> class Engine, class Real>
struct LadderKernels {
  template <Operation op>
  static void add(ExactSum& total, const TermsOf<op, Real>& terms, std::size_t n) {
    constexpr std::size_t few = 8;  // cheaper one by one
    if (n <= few) return Engine<op, Real>::general(total, terms, n);
    const StickyFlags flags(Engine<op, Real>::mode, Engine<op, Real>::flags);
    Ladder<Engine<op, Real>> ladder(total);
    ladder.add(terms, n);
    ladder.finish();
  }
  template <Operation op>
  static void unary(ExactSum& total, std::span<const Real> x) {
    add<op>(total, {x.data(), streams(x.size_bytes())}, x.size());
  }
  static void dot(ExactSum& total, std::span<const Real> x, std::span<const Real> y) {
    add<Operation::dot>(total, {x.data(), y.data(), streams(2 * x.size_bytes())}, x.size());
  }

  static void streamed_dot(ExactSum& total, std::span<const Real> x, std::span<const Real> y) {
    add<Operation::dot>(total, {x.data(), y.data(), true}, x.size());
  }

  static constexpr KernelSet<Real> set{unary<Operation::sum>, dot, unary<Operation::squares>,
                                       unary<Operation::magnitudes>, streamed_dot};
};

}  // namespace tutti::exact
