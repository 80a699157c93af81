// box_cases N SEED - places and coordinates of N random boxes, one a line, for box_cases.py to compare with
// fractions.
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "tutti/core/integer.hpp"
#include "tutti/core/random.hpp"
#include "tutti/molecular/box.hpp"

int main(int argc, char** argv) {
  using namespace tutti::molecular;
  if (argc != 3) return 64;
  const tutti::Random random(std::strtoull(argv[2], nullptr, 10));
  for (tutti::Index i = 0; i < std::atoll(argv[1]); ++i) {
    const double edge = std::exp2(40 * random.uniform(i) - 20);
    const Box box({edge, 1, 1});
    double x = edge * (random.uniform(i, 1) - 0.5) * std::exp2(20 * random.uniform(i, 2));
    if (i % 7 == 0) x = edge * std::exp2(-70 * random.uniform(i, 3)) * (i % 2 == 0 ? 1 : -1);
    if (i % 11 == 0) x = std::nextafter(edge * static_cast<double>(i % 5 - 2), i % 2 == 0 ? 1e9 : -1e9);
    const Box::Place place = box.place(x, 0);
    const std::uint64_t fraction = random.bits(i, 4) >> (i % 3 == 0 ? i % 64 : 0);
    const auto image = static_cast<std::int32_t>(random.bits(i, 5) >> 43U) - (1 << 20);
    const auto displacement = static_cast<std::int64_t>(random.bits(i, 6)) >> (i % 64);
    std::printf(
        "%a %a %llu %d %llu %d %a %a %lld %a\n", edge, x, static_cast<unsigned long long>(place.fraction),
        place.image, static_cast<unsigned long long>(fraction), image, box.coordinate(fraction, 0),
        box.unwrapped(fraction, image, 0), static_cast<long long>(displacement), box.length(displacement, 0));
  }
}
