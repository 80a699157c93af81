// What errors of a checkpoint mean.
#pragma once

#include <cerrno>
#include <string>

#include "tutti/checkpoint/manifest.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/core/error.hpp"

namespace tutti::checkpoint {

/// Whether an error says that a checkpoint is damaged, so that another one may be whole. A schema of the
/// future, missing permission or memory are no damage.
inline bool is_damage(const Error& error) {
  const std::int64_t reason = error.data().number[0];
  switch (error.type()) {
    case ErrorType::io:
      return true;
    case ErrorType::format:
      return reason != unknown_schema;
    case ErrorType::file:
      return reason == ENOENT || reason == ENOTDIR || reason == EISDIR || reason == EIO;
    default:
      return false;
  }
}

/// @throws DistributionError unless both are the same World
inline void require_same(const World& checkpoints, const World& array, const std::string& name) {
  if (&checkpoints.context() != &array.context())
    throw DistributionError(
        text(name, " and the checkpoints belong to different Worlds; make both with the same one"));
}

}  // namespace tutti::checkpoint
