#include "tutti/core/random.hpp"

#include "tutti/core/text.hpp"

namespace tutti {

std::array<std::uint64_t, 4> philox(const std::array<std::uint64_t, 4>& counter,
                                    const std::array<std::uint64_t, 2>& key) {
  constexpr std::uint64_t multiplier0 = 0xd2e7470ee14c6c93ULL;
  constexpr std::uint64_t multiplier1 = 0xca5a826395121157ULL;
  constexpr std::uint64_t weyl0 = 0x9e3779b97f4a7c15ULL;  // golden ratio
  constexpr std::uint64_t weyl1 = 0xbb67ae8584caa73bULL;  // sqrt(3) - 1
  auto x = counter;
  auto k = key;
  for (int round = 0; round < 10; ++round) {
    const Uint128 product0 = Uint128{multiplier0} * x[0];
    const Uint128 product1 = Uint128{multiplier1} * x[2];
    x = {static_cast<std::uint64_t>(product1 >> 64U) ^ x[1] ^ k[0], static_cast<std::uint64_t>(product1),
         static_cast<std::uint64_t>(product0 >> 64U) ^ x[3] ^ k[1], static_cast<std::uint64_t>(product0)};
    k[0] += weyl0;
    k[1] += weyl1;
  }
  return x;
}

std::uint64_t Random::bits(std::int64_t index, std::uint64_t draw) const {
  return philox({static_cast<std::uint64_t>(index), draw / 4, 0, 0}, key_)[draw % 4];
}

}  // namespace tutti
