// StridedView: elements that somebody else keeps, as an array of one to three axes. (C++20 has no mdspan.)
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/distribution/box.hpp"

namespace tutti {

/// Elements at equal distances along each axis. Indices run from lower(axis) to upper(axis) - 1; they may
/// begin at any number: at -1, say, where ghosts lie before the first element. A value: copies are cheap and
/// see the same elements. Not to be used when what keeps the elements is gone.
///
///     const StridedView<double, 3> u = x.local();
///     for (Index i = 0; i < u.extent(0); ++i) ... u(i, j, k) ...
///
/// @tparam T  may be const
template <class T, std::size_t N>
class StridedView {
  static_assert(N >= 1 && N <= 3, "views have one to three axes");

 public:
  using Element = T;

  /// Nothing.
  StridedView() = default;
  /// @param first  the element with the lowest indices
  /// @param box    all indices
  /// @param steps  from an element to the next one along each axis, in elements
  StridedView(T* first, const Box<N>& box, const std::array<Index, N>& steps)
      : first_(first), box_(box), steps_(steps) {
    for (std::size_t a = 0; a < N; ++a) shift_ -= box.first[a] * steps[a];
  }
  /// What can be written can be read.
  operator StridedView<const T, N>() const requires(!std::is_const_v<T>) { return {first_, box_, steps_}; }

  Index lower(std::size_t axis) const { return box_.first[axis]; }
  Index upper(std::size_t axis) const { return box_.end(axis); }  ///< one beyond the last index
  Index extent(std::size_t axis) const { return box_.extent[axis]; }
  Index step(std::size_t axis) const { return steps_[axis]; }
  Index size() const { return box_.size(); }
  const Box<N>& box() const { return box_; }
  T* data() const { return first_; }  ///< the element with the lowest indices

  /// The element with these indices, one for each axis. Not checked: as fast as a pointer.
  template <std::integral... I>
  requires(sizeof...(I) == N) T& operator()(I... i) const { return at_unchecked({static_cast<Index>(i)...}); }
  /// The same. @throws DistributionError for an index outside.
  T& at(const Indices<N>& i) const {
    if (!box_.contains(i)) refuse("there is no index", i);
    return at_unchecked(i);
  }

  /// The elements along the last axis whose other indices are those of i, from lower(N - 1) on.
  /// @throws DistributionError if they do not lie side by side (step(N - 1) is not 1).
  std::span<T> row(Indices<N> i) const {
    i[N - 1] = lower(N - 1);
    if (steps_[N - 1] != 1) refuse("the elements are not neighbours in memory in the row of", i);
    return {&at_unchecked(i), static_cast<std::size_t>(extent(N - 1))};
  }

  /// A part of the view; its elements keep their indices.
  /// @throws DistributionError if it reaches beyond this view.
  StridedView part(const Box<N>& inner) const {
    if (!box_.contains(inner))
      refuse(text("there is no part of ", shape_text<N>(inner.extent), " from"), inner.first);
    return {inner.size() == 0 ? first_ : &at_unchecked(inner.first), inner, steps_};
  }
  /// The same elements, counted from other numbers on: x.local().counted_from(box.first) has global indices.
  StridedView counted_from(const Indices<N>& lowest) const { return {first_, {lowest, box_.extent}, steps_}; }

  /// The elements whose index along `axis` is i: a view of one axis less.
  /// @throws DistributionError for an index outside.
  StridedView<T, N - 1> slice(std::size_t axis, Index i) const requires(N > 1) {
    if (axis >= N) refuse(text("there is no axis ", axis, " for index ", i, " of"), box_.first);
    Box<N> inner = box_;
    inner.first[axis] = i;
    inner.extent[axis] = 1;
    const StridedView whole = part(inner);
    Box<N - 1> rest;
    std::array<Index, N - 1> steps{};
    for (std::size_t a = 0; a + 1 < N; ++a) {
      const std::size_t from = a < axis ? a : a + 1;
      rest.first[a] = box_.first[from];
      rest.extent[a] = box_.extent[from];
      steps[a] = steps_[from];
    }
    return {whole.data(), rest, steps};
  }

 private:
  T& at_unchecked(const Indices<N>& i) const {
    Index place = shift_;
    for (std::size_t a = 0; a < N; ++a) place += i[a] * steps_[a];
    return first_[place];
  }
  [[noreturn]] void refuse(const std::string& what, const Indices<N>& i) const {
    std::string indices, bounds;
    for (std::size_t a = 0; a < N; ++a) {
      indices += text(a == 0 ? "" : ", ", i[a]);
      bounds += text(a == 0 ? "" : ", ", lower(a), " to ", upper(a) - 1);
    }
    throw DistributionError(text("view: ", what, " (", indices, "); indices are ", bounds));
  }

  T* first_ = nullptr;
  Box<N> box_{};
  std::array<Index, N> steps_{};
  Index shift_ = 0;  ///< from first_ to where all indices are 0, which need not be an element
};

}  // namespace tutti
