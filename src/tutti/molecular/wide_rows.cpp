#include "tutti/molecular/wide_rows.hpp"

#include <algorithm>
#include <cmath>

#define TUTTI_TARGET
#include "tutti/molecular/lanes_portable.hpp"
#include "tutti/molecular/row_loops.hpp"

namespace tutti::molecular {

namespace {

constexpr Int128 most_of_a_row = Int128{1} << 60U;  // so that a momentum can take twice of it (motion.cpp)

// Calls visit(row, its entries) for the rows in `close`, in ascending order, or for all.
template <class Visit>
void for_rows(const RowBatch& batch, const CloseRows* close, Visit visit) {
  const std::uint16_t* entries = batch.entries;
  std::size_t next = 0;
  for (std::size_t k = 0; k < batch.rows.size(); ++k) {
    const Row& row = batch.rows[k];
    if (close == nullptr || (next < close->size() && (*close)[next] == k)) {
      visit(row, entries);
      ++next;
    }
    entries += row.count;
  }
}

// The overlap to report: that of the nearest pair.
struct Nearest {
  std::optional<Overlap> found;

  void offer(const Overlap& overlap) {
    if (!found || overlap.distance < found->distance) found = overlap;
  }
};

// L are the lanes of forces or energies, V is a variant, N the numbers of a row.
template <class L, class V, class N, class Constants>
class WideRow {
 public:
  WideRow(const typename L::Point* block, const Constants& constants, double unit)
      : block_(block), constants_(constants), unit_(unit) {}

  // Calls pair(separation, inside, f, s2, label) for each; notes overlaps.
  template <class Pair>
  void visit(const Row& row, const std::uint16_t* entries, Nearest& overlaps, Pair pair) {
    const typename L::Points self = L::repeat(block_[row.self]);
    const std::size_t type = block_[row.self].label & 0xffffU;
    numbers_.set(constants_, V::mixture ? type : 0);
    nearest_ = {row.self, row.self, HUGE_VAL};
    for (std::size_t k = 0; k < row.count; ++k) {
      const typename L::Points other = L::gather(block_, entries + k);
      const Separation<L, V> r(self, other, numbers_.scale);
      const std::size_t other_type = V::mixture ? block_[entries[k]].label & 0xffffU : 0;
      const Overlap here{row.self, entries[k], std::sqrt(static_cast<double>(r.square)) * unit_};
      if (here.distance < nearest_.distance) nearest_ = here;
      if (r.square < constants_.smallest2.at(V::mixture ? type : 0, other_type)) {
        overlaps.offer(here);
        continue;
      }
      const bool inside = r.square < numbers_.cutoff2.of(other.label);
      typename L::Real s2 = 0;
      const auto f = force_factor<L, V>(numbers_, other.label, inside, r.square, s2);
      pair(r, inside, f, s2, other.label);
    }
  }
  const N& numbers() const { return numbers_; }
  const Overlap& nearest() const { return nearest_; }

 private:
  const typename L::Point* block_;
  const Constants& constants_;
  double unit_;
  N numbers_{};
  Overlap nearest_{};
};

template <class L, class V>
std::optional<Overlap> forces_of(const typename L::Point* block, const RowBatch& batch,
                                 const PairConstants<typename L::Scalar>& constants, double unit,
                                 const CloseRows* close, Force* forces) {
  WideRow<L, V, Numbers<L, V>, PairConstants<typename L::Scalar>> wide(block, constants, unit);
  Nearest overlaps;
  for_rows(batch, close, [&](const Row& row, const std::uint16_t* entries) {
    std::array<Int128, axes> sums{};
    wide.visit(row, entries, overlaps, [&](const auto& r, bool, auto f, auto, auto) {
      sums[0] += L::rounded(f, r.x);
      sums[1] += L::rounded(f, r.y);
      sums[2] += L::rounded(f, r.z);
    });
    // Of one type this cannot be (docs/molecular.md); of several, small particles might crowd around a large
    // one.
    for (const Int128 sum : sums)
      if (sum > most_of_a_row || sum < -most_of_a_row) overlaps.offer(wide.nearest());
    forces[row.self] = {static_cast<std::int64_t>(sums[0]), static_cast<std::int64_t>(sums[1]),
                        static_cast<std::int64_t>(sums[2]), 0};
  });
  return overlaps.found;
}

template <class L, class V>
std::optional<Overlap> energies_of(const typename L::Point* block, const RowBatch& batch,
                                   const EnergyConstants& constants, double unit, const CloseRows* close,
                                   PairSums& sums) {
  WideRow<L, V, EnergyNumbers<L, V>, EnergyConstants> wide(block, constants, unit);
  Nearest overlaps;
  for_rows(batch, close, [&](const Row& row, const std::uint16_t* entries) {
    wide.visit(row, entries, overlaps, [&](const auto& r, bool inside, double f, double s2, auto label) {
      EnergyTerms<L, V> terms(wide.numbers(), r, inside, f, s2, label);
      sums.energy += L::rounded(terms.energy, 1);
      for (std::size_t k = 0; k < sums.virial.size(); ++k)
        sums.virial[k] += L::rounded(terms.factor(k), terms.arm(k, r));
    });
  });
  return overlaps.found;
}

// The call for the variant of a model.
template <template <class> class Function, class... Arguments>
auto for_variant(const Variant& variant, Arguments&&... arguments) {
  switch (variant.index()) {
    case 0:
      return Function<VariantOf<false, false, false>>::call(arguments...);
    case 1:
      return Function<VariantOf<false, false, true>>::call(arguments...);
    case 2:
      return Function<VariantOf<false, true, false>>::call(arguments...);
    case 3:
      return Function<VariantOf<false, true, true>>::call(arguments...);
    case 4:
      return Function<VariantOf<true, false, false>>::call(arguments...);
    case 5:
      return Function<VariantOf<true, false, true>>::call(arguments...);
    case 6:
      return Function<VariantOf<true, true, false>>::call(arguments...);
    default:
      return Function<VariantOf<true, true, true>>::call(arguments...);
  }
}
template <class V>
struct ForcesOf {
  static auto call(const Point32* block, const RowBatch& batch, const Model& model, const CloseRows* close,
                   Force* forces) {
    return forces_of<PortableF32, V>(block, batch, model.forces32, model.resolution.unit[0], close, forces);
  }
  static auto call(const Point64* block, const RowBatch& batch, const Model& model, const CloseRows* close,
                   Force* forces) {
    return forces_of<PortableF64, V>(block, batch, model.forces64, model.resolution.unit[0], close, forces);
  }
};
template <class V>
struct EnergiesOf {
  static auto call(const Point32* block, const RowBatch& batch, const Model& model, const CloseRows* close,
                   PairSums& sums) {
    return energies_of<PortableE32, V>(block, batch, model.energies, model.resolution.unit[0], close, sums);
  }
  static auto call(const Point64* block, const RowBatch& batch, const Model& model, const CloseRows* close,
                   PairSums& sums) {
    return energies_of<PortableF64, V>(block, batch, model.energies, model.resolution.unit[0], close, sums);
  }
};

}  // namespace

std::optional<Overlap> wide_forces(const Point32* block, const RowBatch& batch, const Model& model,
                                   const CloseRows* close, Force* forces) {
  return for_variant<ForcesOf>(model.variant, block, batch, model, close, forces);
}
std::optional<Overlap> wide_forces(const Point64* block, const RowBatch& batch, const Model& model,
                                   const CloseRows* close, Force* forces) {
  return for_variant<ForcesOf>(model.variant, block, batch, model, close, forces);
}
std::optional<Overlap> wide_energies(const Point32* block, const RowBatch& batch, const Model& model,
                                     const CloseRows* close, PairSums& sums) {
  return for_variant<EnergiesOf>(model.variant, block, batch, model, close, sums);
}
std::optional<Overlap> wide_energies(const Point64* block, const RowBatch& batch, const Model& model,
                                     const CloseRows* close, PairSums& sums) {
  return for_variant<EnergiesOf>(model.variant, block, batch, model, close, sums);
}

}  // namespace tutti::molecular
