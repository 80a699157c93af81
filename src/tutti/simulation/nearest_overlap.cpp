#include "tutti/simulation/nearest_overlap.hpp"

#include <cmath>
#include <tuple>

#include "tutti/comm/agree.hpp"
#include "tutti/comm/collectives.hpp"

namespace tutti::simulation {

namespace {

using molecular::OverlapError;

constexpr comm::Operation nearest_operation{"nearest overlap"};

struct Pair {
  double distance = HUGE_VAL;
  Index first = 0, second = 0;

  friend bool operator<(const Pair& a, const Pair& b) {
    return std::tie(a.distance, a.first, a.second) < std::tie(b.distance, b.first, b.second);
  }
};

// Nothing is farther than any pair.
Pair pair_of(const std::exception_ptr& failure) {
  if (!failure) return {};
  try {
    std::rethrow_exception(failure);
  } catch (const OverlapError& overlap) {
    return {overlap.distance(), overlap.first(), overlap.second()};
  } catch (...) {
    return {};
  }
}

}  // namespace

std::exception_ptr worse(const std::exception_ptr& first, const std::exception_ptr& later) {
  return !first || pair_of(later) < pair_of(first) ? later : first;
}

void raise_nearest(const World& world, const FormatError& error, const std::exception_ptr& mine, Site site) {
  if (error.data().subject != OverlapError::name) throw;
  const Pair own = pair_of(mine);
  Pair nearest = own;
  for (const Pair& pair : all_gather(world, own, site))
    if (pair < nearest) nearest = pair;
  comm::agree(world, {nearest_operation, site}, [&] {
    if (mine && !(nearest < own)) std::rethrow_exception(mine);
  });
  throw;
}

}  // namespace tutti::simulation
