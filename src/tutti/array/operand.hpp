// Operand: what a reduction asks of an array, whatever kind of array it is.
#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "tutti/array/strided_view.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/core/hash.hpp"
#include "tutti/distribution/distribution.hpp"
#include "tutti/distribution/grid_distribution.hpp"
#include "tutti/exact/complex.hpp"
#include "tutti/exact/reduce.hpp"

namespace tutti {
namespace array {

/// An array as reductions see it: its name, who owns what, and this rank's elements, in the order of their
/// C-order indices. It lasts no longer than the array.
template <class T>
class Operand {
 public:
  /// A vector of any layout.
  Operand(const World& world, const std::string& name, const Distribution& owners, std::span<const T> local)
      : world_(&world), name_(&name), owners_(&owners, 1), kind_(Kind::vector), size_(owners.size()) {
    const auto n = static_cast<Index>(local.size());
    local_ = {local.data(), Box<3>{{}, {1, 1, n}}, {n, n, 1}};
  }
  /// An array of one to three axes. @param local  neighbours along the last axis are neighbours in memory
  template <std::size_t N>
  Operand(const World& world, const std::string& name, const GridDistribution<N>& owners,
          const StridedView<const T, N>& local)
      : world_(&world), name_(&name), owners_(owners.axes()), kind_(Kind::grid), size_(owners.size()) {
    const Box<N> box = owners.box(world.rank());
    Box<3> inner{{}, {1, 1, 1}};
    std::array<Index, 3> steps{};
    for (std::size_t a = 0, b = 3 - N; a < N; ++a, ++b) {
      shape_[b] = owners.shape()[a];
      first_[b] = box.first[a];
      inner.extent[b] = local.extent(a);
      steps[b] = local.step(a);
    }
    local_ = {local.data(), inner, steps};
  }

  const World& world() const { return *world_; }
  const std::string& name() const { return *name_; }
  Index size() const { return size_; }  ///< elements on all ranks together
  /// This rank's elements; arrays of fewer axes have leading ones of extent 1.
  const StridedView<const T, 3>& local() const { return local_; }

  bool is_vector() const { return kind_ == Kind::vector; }
  /// One for each axis.
  std::span<const Distribution> owners() const { return owners_; }
  template <class U>
  bool alike(const Operand<U>& other) const {
    if (owners_.size() != other.owners().size()) return false;
    for (std::size_t a = 0; a < owners_.size(); ++a)
      if (owners_[a] != other.owners()[a]) return false;
    return true;
  }
  std::uint64_t owners_hash() const {
    std::uint64_t state = owners_[0].hash();
    for (const Distribution& axis : owners_.subspan(1)) state = core::mix(state, axis.hash());
    return state;
  }
  /// "cyclic", "4 x 5 on a grid of 2 x 1"
  std::string owners_text() const {
    if (kind_ == Kind::vector) return owners_[0].layout().name();
    std::string shape, grid;
    for (const Distribution& axis : owners_) {
      shape += text(shape.empty() ? "" : " x ", axis.size());
      grid += text(grid.empty() ? "" : " x ", axis.ranks());
    }
    return text(shape, " on a grid of ", grid);
  }

  /// f(elements, first) for all of this rank's elements, a run of neighbouring C-order indices after another.
  template <class F>
  void for_each_run(const F& f) const {
    if (kind_ == Kind::vector) {
      const std::span<const T> all(local_.data(), static_cast<std::size_t>(local_.size()));
      for (std::size_t l = 0; l < all.size();) {
        const Range run = owners_[0].run(world_->rank(), l);
        f(all.subspan(l, run.count), run.first);
        l += run.count;
      }
      return;
    }
    for_each_row(local_.box(), [&](Indices<3> i) {
      const std::span<const T> row = local_.row(i);
      for (std::size_t a = 0; a < 3; ++a) i[a] += first_[a];
      f(row, c_order(shape_, i));
    });
  }

 private:
  enum class Kind : std::uint8_t { vector, grid };

  const World* world_;
  const std::string* name_;
  std::span<const Distribution> owners_;
  Kind kind_;
  Index size_;
  Shape<3> shape_{1, 1, 1};  // of a grid
  Indices<3> first_{};
  StridedView<const T, 3> local_;
};

}  // namespace array

/// What is divided among the ranks of a World: DistVector, DistArray, HaloArray (of which the owned elements
/// count, not the ghosts).
template <class A>
concept Distributed = requires(const A& a) {
  a.operand();
};
template <class A>
using ElementOf = typename A::Element;

/// Such an array of double, float, int32, int64 or uint64.
template <class A>
concept NumberArray = Distributed<A> && exact::Number<ElementOf<A>>;
/// Of std::complex<double> or std::complex<float>.
template <class A>
concept ComplexArray = Distributed<A> && exact::ComplexNumber<ElementOf<A>>;

}  // namespace tutti
