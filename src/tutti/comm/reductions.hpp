// Reductions of one value a rank, and of arrays element by element. The same bits on any number of ranks.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <ranges>
#include <span>
#include <vector>

#include "tutti/comm/call.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/exact/accumulator.hpp"
#include "tutti/exact/exact_sum.hpp"
#include "tutti/exact/reduce.hpp"

namespace tutti {

/// Tag: the ordinary floating-point sum, in whatever order it comes; its bits depend on ranks and
/// distribution.
struct Rounded {};
inline constexpr Rounded rounded{};

/// The types of numbers that reductions know: double, float, int32, int64, uint64.
using exact::Number;

/// Collective. The exact sum of every rank's part, rounded once. One packet of 64 B for usual data (bits that
/// span up to 320), otherwise a second round of 1112 B.
/// @throws what another rank threw before this call, on all ranks; RemoteError for foreign exceptions.
double sum(const World& world, const ExactSum& part, Site site = {});
double sum(const World& world, const ExactAccumulator& part, Site site = {});
double sum(const World& world, double value, Site site = {});

/// Collective. The ordinary sum, in the order in which the MPI adds. One packet.
double sum(const World& world, double value, Rounded, Site site = {});

/// Collective. The same, unrounded, on all ranks: for further exact arithmetic. Costs as sum().
ExactSum exact_sum(const World& world, const ExactSum& part, Site site = {});

/// Collective. Several exact sums at once, each as sum() and exact_sum() would give it. Two sums of usual
/// data (bits that span up to 160 each) travel in the one packet. More follow it in one message, all
/// together: 8 bytes for each 32 bits that the widest spans, and 24, for each sum; about 70 bytes a sum for
/// usual data.
/// @throws MismatchError on all ranks if they give different numbers of sums.
std::vector<double> sum(const World& world, std::span<const ExactSum> parts, Site site = {});
std::vector<ExactSum> exact_sum(const World& world, std::span<const ExactSum> parts, Site site = {});

/// Collective. One packet. @throws RangeError on all ranks if the sum does not fit 64 bits.
Index sum(const World& world, Index value, Site site = {});
inline Index sum(const World& world, int value, Site site = {}) { return sum(world, Index{value}, site); }

/// Collective. One packet. A NaN wins over all; of zeros of both signs, the lowest rank's.
template <Number T>
T min(const World& world, T value, Site site = {});
template <Number T>
T max(const World& world, T value, Site site = {});

/// Collective. Whether the value is true on any rank, or on all. One packet.
bool any(const World& world, bool value, Site site = {});
bool all(const World& world, bool value, Site site = {});

namespace comm {

/// Order-preserving keys: a < b as numbers if key(a) < key(b); -0 and +0 have one key; a NaN has 0, the
/// lowest.
template <Number T>
std::uint64_t key(T value);
/// The same for maxima: the largest number has the lowest key, and a NaN again 0.
template <Number T>
std::uint64_t reverse_key(T value);

/// A candidate for an extremum: its key, its place, and whether it is a negative zero (the key does not say).
struct Candidate {
  std::uint64_t key = ~std::uint64_t{0};
  std::uint64_t place = ~std::uint64_t{0};  ///< 2 * index + (negative zero); all ones: none
};
template <Number T>
Candidate candidate(T value, std::uint64_t key, Index index);
template <Number T>
T value_of(const Candidate& candidate, bool reversed);

/// Collective. The lowest key and there the lowest place, over all ranks, of two extrema at once. One packet.
/// `mine` may throw: then all ranks do.
std::array<Candidate, 2> merge_candidates(const World& world, const Call& call,
                                          const std::function<std::array<Candidate, 2>()>& mine);

/// Collective. The exact sum of one number a rank, rounded once. Costs as merge_sums().
double merge_value(const World& world, const Call& call, double value);

/// Collective. The exact sum over all ranks. One packet, and a second round for sums that do not fit it.
/// `part` may throw: then all ranks do.
ExactSum merge_sums(const World& world, const Call& call, const std::function<ExactSum()>& part);

/// Collective. The same with `count` sums, which `parts` fills in; all travel together, as in exact_sum().
std::vector<ExactSum> merge_sums(const World& world, const Call& call, std::size_t count,
                                 const std::function<void(std::span<ExactSum>)>& parts);

/// Collective. The ordinary sum over all ranks. One packet.
double merge_rounded(const World& world, const Call& call, const std::function<double()>& part);

/// Collective. The same with `count` sums, which `parts` fills in. One packet for each five of them.
std::vector<double> merge_rounded(const World& world, const Call& call, std::size_t count,
                                  const std::function<void(std::span<double>)>& parts);

enum class Elementwise { sum, min, max };
template <Number T>
void reduce_elements(const World& world, Elementwise what, std::span<T> values, Site site);
/// The same in a call that says more than its place; its type and count are those of `values`.
template <Number T>
void reduce_elements(const World& world, Elementwise what, std::span<T> values, const Call& call);

}  // namespace comm

/// Collective. Element by element over all ranks, in place: values[i] becomes the sum of all ranks'
/// values[i], exact, rounded once. All ranks give the same number of elements. Moves 2 n elements a rank, as
/// an ordinary allreduce, in 2 (P - 1) messages; up to 64 elements, and integers of which less than 4 KiB go
/// to a rank, in log2(P). Temporary memory of at most 32 MiB.
/// @throws RangeError on all ranks if a sum of integers does not fit T; MismatchError for unequal lengths.
template <std::ranges::contiguous_range Values>
requires Number<std::ranges::range_value_t<Values>>
void sum_elements(const World& world, Values&& values, Site site = {}) {
  comm::reduce_elements(world, comm::Elementwise::sum, std::span<std::ranges::range_value_t<Values>>(values),
                        site);
}
/// Collective. The same with minima and maxima.
template <std::ranges::contiguous_range Values>
requires Number<std::ranges::range_value_t<Values>>
void min_elements(const World& world, Values&& values, Site site = {}) {
  comm::reduce_elements(world, comm::Elementwise::min, std::span<std::ranges::range_value_t<Values>>(values),
                        site);
}
template <std::ranges::contiguous_range Values>
requires Number<std::ranges::range_value_t<Values>>
void max_elements(const World& world, Values&& values, Site site = {}) {
  comm::reduce_elements(world, comm::Elementwise::max, std::span<std::ranges::range_value_t<Values>>(values),
                        site);
}

}  // namespace tutti
