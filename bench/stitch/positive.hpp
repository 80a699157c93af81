// The words of a command line that are whole numbers from 1 on.
#pragma once

#include <charconv>
#include <cstring>

#include <tutti/tutti.hpp>

namespace bench {

/// @throws UsageError, which says `usage`
inline int positive(const char* word, const char* usage) {
  int value = 0;
  const char* const end = word + std::strlen(word);
  if (std::from_chars(word, end, value).ptr != end || value <= 0) throw tutti::UsageError(usage);
  return value;
}

}  // namespace bench
