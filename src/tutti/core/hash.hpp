// A hash that is the same on every rank and machine: for comparing calls, not for tables or security.
#pragma once

#include <cstdint>
#include <string_view>

namespace tutti::core {

inline constexpr std::uint64_t hash_seed = 14695981039346656037ULL;

/// FNV-1a (Fowler, Noll, Vo), 64 bits.
constexpr std::uint64_t hash(std::string_view bytes, std::uint64_t state = hash_seed) {
  for (const char byte : bytes) state = (state ^ static_cast<unsigned char>(byte)) * 1099511628211ULL;
  return state;
}

/// Mixes a number into a hash: the finalizer of splitmix64 (Steele, Lea, Flood, doi:10.1145/2660193.2660195).
constexpr std::uint64_t mix(std::uint64_t state, std::uint64_t number) {
  std::uint64_t z = state + number * 0x9e3779b97f4a7c15ULL + 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31U);
}

}  // namespace tutti::core
