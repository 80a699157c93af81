// A text of rank 0 on all ranks.
#pragma once

#include <string>

#include "tutti/comm/collectives.hpp"

namespace tutti::io {

/// Collective. Rank 0's text. Two broadcasts.
inline std::string shared_text(const World& world, std::string text, Site site) {
  text.resize(static_cast<std::size_t>(broadcast(world, static_cast<Index>(text.size()), 0, site)));
  broadcast(world, text, 0, site);
  return text;
}

}  // namespace tutti::io
