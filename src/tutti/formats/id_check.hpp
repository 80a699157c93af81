// Whether ids are 1 to N, each once.
#pragma once

#include <cstdint>
#include <vector>

#include "tutti/core/integer.hpp"

namespace tutti::formats {

/// Remembers nothing while ids come in order, else one bit for each particle: at most a 48th of the file.
class IdCheck {
 public:
  /// @param particles  that the file was shown to have room for
  explicit IdCheck(Index particles) : particles_(particles) {}

  enum class Finding { good, beyond, twice };
  Finding add(Index id);

 private:
  bool seen(Index id) const { return (bits_[static_cast<std::size_t>(id >> 6U)] >> (id & 63U) & 1U) != 0; }
  void see(Index id) { bits_[static_cast<std::size_t>(id >> 6U)] |= std::uint64_t{1} << (id & 63U); }

  Index particles_;
  Index in_order_ = 0;  // ids 1 to this have come
  std::vector<std::uint64_t> bits_;
};

}  // namespace tutti::formats
