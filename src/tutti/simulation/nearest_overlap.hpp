// Overlaps of particles, found on several ranks: one of them is told, the same on any number of ranks.
#pragma once

#include <exception>

#include "tutti/comm/world.hpp"
#include "tutti/molecular/overlap_error.hpp"

namespace tutti::simulation {

/// Of what has failed on this rank first and later, what is to be told: of two overlaps that of the nearer
/// pair.
std::exception_ptr worse(const std::exception_ptr& first, const std::exception_ptr& later);

/// Collective, in the handler of the same `error` on all ranks, which `mine` has led to on some of them.
/// @throws on all ranks: if the error is an overlap, that of the nearest pair of all ranks; else the error
/// itself.
[[noreturn]] void raise_nearest(const World& world, const FormatError& error, const std::exception_ptr& mine,
                                Site site);

/// Collective. Runs f, which throws the same on all ranks or on none. `mine` is what it came to on this rank.
/// @throws what f throws, or, instead of an overlap, the nearest of all ranks.
template <class F>
auto naming_nearest(const World& world, const std::exception_ptr& mine, Site site, const F& f) {
  try {
    return f();
  } catch (const FormatError& error) {
    raise_nearest(world, error, mine, site);
  }
}

}  // namespace tutti::simulation
