#include "tutti/inspect/page_hash.hpp"

#include "tutti/core/hash.hpp"
#include "tutti/core/random.hpp"

namespace tutti::inspect {

namespace {
constexpr std::size_t lanes = 8;  // enough to hide a multiplication's latency behind the others
}

PageHash::PageHash(const HashKey& key, std::size_t page_bytes) : words_(page_bytes / sizeof(std::uint64_t)) {
  for (std::size_t i = 0; i < words_.size(); i += 4) {
    const auto random = philox({i, 0, 0, 0}, key);
    for (std::size_t j = 0; j < random.size(); ++j) words_[i + j] = random[j];
  }
}

PageDigest PageHash::operator()(const std::uint64_t* page) const {
  std::array<std::uint64_t, lanes> sum{};
  std::array<std::uint64_t, lanes> any{};
  const std::uint64_t* const key = words_.data();
  const std::size_t count = words_.size();
  for (std::size_t i = 0; i < count; i += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const std::uint64_t word = page[i + lane];
      const std::uint64_t keyed = word ^ key[i + lane];
      any[lane] |= word;
      sum[lane] += (keyed & 0xffffffffU) * (keyed >> 32U);
      sum[lane ^ 1U] += word;
    }
  PageDigest digest{core::hash_seed, true};
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    digest.hash = core::mix(digest.hash, sum[lane]);
    digest.zero = digest.zero && any[lane] == 0;
  }
  return digest;
}

}  // namespace tutti::inspect
