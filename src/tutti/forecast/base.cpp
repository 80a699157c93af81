#include "tutti/forecast/base.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::forecast {

namespace {

constexpr std::size_t terms = 3;  // 1, R, R^2
using Row = std::array<double, terms>;

// Least squares with the chosen terms alone, by the normal equations; nothing where the points do not
// determine them.
std::optional<Row> least_squares(const std::vector<Row>& rows, const std::vector<std::size_t>& chosen) {
  const std::size_t n = chosen.size();
  std::array<std::array<double, terms + 1>, terms> equation{};
  for (const Row& row : rows)
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) equation[i][j] += row[chosen[i]] * row[chosen[j]];
      equation[i][n] += row[chosen[i]];  // every right side is 1: errors are relative
    }
  for (std::size_t pivot = 0; pivot < n; ++pivot) {
    double whole = 0;
    for (const Row& row : rows) whole += row[chosen[pivot]] * row[chosen[pivot]];
    const double diagonal = equation[pivot][pivot];
    if (!(diagonal > 1e-10 * whole)) return std::nullopt;
    for (double& value : equation[pivot]) value /= diagonal;
    for (std::size_t i = 0; i < n; ++i) {
      const double factor = i == pivot ? 0 : equation[i][pivot];
      for (std::size_t j = 0; j <= n; ++j) equation[i][j] -= factor * equation[pivot][j];
    }
  }
  Row solution{};
  for (std::size_t i = 0; i < n; ++i) solution[chosen[i]] = equation[i][n];
  return solution;
}

double sum_of_squares(const std::vector<Row>& rows, const Row& solution) {
  double sum = 0;
  for (const Row& row : rows) {
    double residual = -1;
    for (std::size_t i = 0; i < terms; ++i) residual += row[i] * solution[i];
    sum += residual * residual;
  }
  return sum;
}

std::uint64_t between(std::uint64_t low, std::uint64_t high, double part) {
  const double value =
      static_cast<double>(low) + part * (static_cast<double>(high) - static_cast<double>(low));
  return static_cast<std::uint64_t>(std::llround(value));
}

std::uint64_t bytes_of(double value) {
  return value < 0x1p63 ? static_cast<std::uint64_t>(std::llround(value)) : std::uint64_t{1} << 63U;
}

}  // namespace

// KiB, as tutti plan measured them under Debian 12 (Open MPI 4.1.4, MPICH 4.0.2) on a machine with 2 cores.
Base Base::assumed(launch::LauncherKind mpi) {
  constexpr std::uint64_t kibibyte = 1024;
  const bool mpich = mpi == launch::LauncherKind::mpich;
  std::vector<BasePoint> points;
  if (mpich)
    points = {{1, 18658, 140}, {2, 26792, 308}, {4, 40787, 636}, {8, 67399, 1448}, {16, 120536, 3368}};
  else
    points = {{1, 11091, 108}, {2, 15254, 252}, {4, 24687, 612}, {8, 39342, 1432}, {16, 68558, 3948}};
  for (BasePoint& point : points) {
    point.pss *= kibibyte;
    point.page_tables *= kibibyte;
  }
  return {std::move(points), Origin::assumed, launch::name(mpi)};
}

Base::Base(std::vector<BasePoint> points, Origin origin, std::string library)
    : points_(std::move(points)), origin_(origin), library_(std::move(library)) {
  if (points_.empty()) throw InternalError("base memory: no points");
  std::sort(points_.begin(), points_.end(),
            [](const BasePoint& a, const BasePoint& b) { return a.ranks < b.ranks; });
  pss_ = fit(&BasePoint::pss);
  page_tables_ = fit(&BasePoint::page_tables);
}

// Of all subsets of the three terms, the one with the least error whose coefficients are all positive: with
// three terms that is what non-negative least squares comes to. Where several are as good (there are fewer
// points than terms), the first in this order: a part for each rank is always there, a part for each pair the
// last to be believed.
Base::Curve Base::fit(std::uint64_t BasePoint::*value) const {
  std::vector<Row> rows;
  for (const BasePoint& point : points_) {
    const double ranks = point.ranks;
    const double weight = 1 / std::max(1.0, static_cast<double>(point.*value));
    rows.push_back({weight, ranks * weight, ranks * ranks * weight});
  }
  constexpr double equal = 1e-12;
  Row best{};
  double least = std::numeric_limits<double>::infinity();
  for (const auto& chosen :
       std::vector<std::vector<std::size_t>>{{1}, {0, 1}, {0}, {1, 2}, {0, 1, 2}, {0, 2}, {2}}) {
    const auto solution = least_squares(rows, chosen);
    if (!solution || *std::min_element(solution->begin(), solution->end()) < 0) continue;
    const double sum = sum_of_squares(rows, *solution);
    if (sum + equal >= least) continue;
    least = sum;
    best = *solution;
  }
  return {best[0], best[1], best[2]};
}

BasePoint Base::fitted(int ranks) const {
  return {ranks, bytes_of(pss_(ranks)), bytes_of(page_tables_(ranks))};
}

BasePoint Base::at(int ranks) const {
  if (extrapolates(ranks)) return fitted(ranks);
  const auto high = std::lower_bound(points_.begin(), points_.end(), ranks,
                                     [](const BasePoint& point, int wanted) { return point.ranks < wanted; });
  if (high->ranks == ranks) return *high;
  const auto low = std::prev(high);
  const double part = static_cast<double>(ranks - low->ranks) / (high->ranks - low->ranks);
  return {ranks, between(low->pss, high->pss, part), between(low->page_tables, high->page_tables, part)};
}

std::string Base::origin_text(int ranks) const {
  std::string out = name(origin_);
  if (origin_ == Origin::measured)
    out += points_.size() == 1 ? text(" on ", points_[0].ranks)
                               : text(" on ", points_.front().ranks, "-", points_.back().ranks);
  if (origin_ == Origin::measured) out += points_.back().ranks == 1 ? " rank" : " ranks";
  if (extrapolates(ranks)) out += text(", extrapolated to ", ranks);
  return out;
}

}  // namespace tutti::forecast
