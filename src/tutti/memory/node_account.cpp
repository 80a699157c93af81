#include "tutti/memory/node_account.hpp"

namespace tutti::memory {

bool NodeCounters::reserve(std::uint64_t bytes, std::uint64_t limit) {
  std::uint64_t before = booked.load();
  do {
    if (bytes > limit || before > limit - bytes) return false;
  } while (!booked.compare_exchange_weak(before, before + bytes));
  std::uint64_t highest = peak.load();
  while (highest < before + bytes && !peak.compare_exchange_weak(highest, before + bytes)) {
  }
  return true;
}

}  // namespace tutti::memory
