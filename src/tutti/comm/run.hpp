// The one place where MPI starts and ends, and where all ranks agree on how the program ended.
#pragma once

#include <functional>
#include <type_traits>
#include <utility>

#include "tutti/comm/built_for.hpp"
#include "tutti/comm/tell.hpp"
#include "tutti/comm/world.hpp"

namespace tutti {

namespace comm {
inline namespace TUTTI_FOR_MPI {
int run(const std::function<int(World&)>& f, int argc, char** argv, ErrorStyle style);
}
}  // namespace comm

/// Runs f(world) on every rank: starts MPI (unless the program has done so), makes the World of all
/// processes, and at the end agrees on the outcome. Errors are printed once.
/// @param f  takes a World&; may return an int, the exit status: the lowest rank's nonzero one is agreed,
///           255 for one that a shell would not see (below 0 or above 255).
/// @return the exit status for main, the same on all ranks: 0, f's, or the exit code of the error
/// (core/error.hpp).
template <class F>
int run(int argc, char** argv, F&& f, ErrorStyle style = ErrorStyle::text) {
  if constexpr (std::is_void_v<std::invoke_result_t<F&, World&>>)
    return comm::run([&](World& world) { return f(world), 0; }, argc, argv, style);
  else
    return comm::run([&](World& world) { return static_cast<int>(f(world)); }, argc, argv, style);
}

}  // namespace tutti
