#include "tutti/molecular/state_hash.hpp"

#include "tutti/core/hash.hpp"

namespace tutti::molecular {

std::uint64_t state_hash(const Atoms& atoms) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < atoms.own(); ++i) {
    const Position& at = atoms.positions()[i];
    const Momentum& p = atoms.momenta()[i];
    std::uint64_t hash = core::mix(core::hash_seed, at.label);
    for (const std::uint64_t word :
         {at.x, at.y, at.z, static_cast<std::uint64_t>(p.x), static_cast<std::uint64_t>(p.y),
          static_cast<std::uint64_t>(p.z), p.images.word})
      hash = core::mix(hash, word);
    sum += hash;  // a sum does not know the order
  }
  return sum;
}

}  // namespace tutti::molecular
