// Conjugate gradients on the Laplacian of a box, seven points, zero beyond its ends.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>

#include <tutti/tutti.hpp>

namespace cg {

using tutti::Index;
using Field = tutti::DistArray<double, 3>;
using FieldWithGhosts = tutti::HaloArray<double, 3>;

/// q = A p: six times each element less its neighbours. Collective: the neighbours come first.
inline void apply_laplacian(FieldWithGhosts& p, Field& q) {
  p.exchange();
  const tutti::StridedView<const double, 3> u = std::as_const(p).with_ghosts();
  const tutti::StridedView<double, 3> result = q.local();
  for (Index i = 0; i < result.extent(0); ++i)
    for (Index j = 0; j < result.extent(1); ++j) {
      if (result.extent(2) == 0) continue;
      const double* const here = &u(i, j, 0);
      const double* const before = here - u.step(0);  // neighbours along the first axis
      const double* const behind = here + u.step(0);
      const double* const left = here - u.step(1);
      const double* const right = here + u.step(1);
      double* const out = &result(i, j, 0);
      for (Index k = 0; k < result.extent(2); ++k)
        out[k] = 6 * here[k] - before[k] - behind[k] - left[k] - right[k] - here[k - 1] - here[k + 1];
    }
}

/// f(elements of to, elements of from) for each row of this rank's elements.
template <class To, class From, class F>
void on_rows(To& to, const From& from, const F& f) {
  tutti::for_each_row(to.local().box(),
                      [&](const tutti::Indices<3>& i) { f(to.local().row(i), from.local().row(i)); });
}
/// y := y + a x
template <class X>
void add(Field& y, double a, const X& x) {
  on_rows(y, x, [a](std::span<double> to, std::span<const double> from) {
    for (std::size_t k = 0; k < to.size(); ++k) to[k] += a * from[k];
  });
}
/// p := r + b p
inline void turn(FieldWithGhosts& p, double b, const Field& r) {
  on_rows(p, r, [b](std::span<double> to, std::span<const double> from) {
    for (std::size_t k = 0; k < to.size(); ++k) to[k] = from[k] + b * to[k];
  });
}

/// Solves A x = f from x = 0, a step at a time (Hestenes, Stiefel, doi:10.6028/jres.049.044).
/// @tparam Tag  nothing for exact products, tutti::Rounded for ordinary ones: only they add up over ranks
template <class... Tag>
class ConjugateGradients {
 public:
  /// Collective.
  ConjugateGradients(const Field& f, Field& x, Tag... tag)
      : x_(x),
        p_(f.world(), f.distribution(), 1, "p"),
        r_(f.world(), f.distribution(), "r"),
        q_(f.world(), f.distribution(), "q"),
        rr_(tutti::dot(f, f, tag...)) {
    std::copy(f.elements().begin(), f.elements().end(), r_.elements().begin());
    turn(p_, 0, r_);
  }

  /// |f - A x|
  double residual() const { return std::sqrt(rr_); }

  /// Collective.
  void step() {
    apply_laplacian(p_, q_);
    const double alpha = rr_ / tutti::dot(p_, q_, Tag{}...);
    add(x_, alpha, p_);
    add(r_, -alpha, q_);
    const double before = rr_;
    rr_ = tutti::dot(r_, r_, Tag{}...);
    turn(p_, rr_ / before, r_);
  }

 private:
  Field& x_;
  FieldWithGhosts p_;
  Field r_, q_;
  double rr_;
};

}  // namespace cg
