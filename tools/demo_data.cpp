// The vectors of tools/demo, the same on any number of ranks:   tutti run -n 2 -- demo_data FOLDER N
// a.npy, b.npy: magnitudes 2^-30 .. 2^30, random signs. c.npy, d.npy: the same kind, but each product has its
// negative somewhere, and one product, 1 * 1, has none: the exact dot product is 1.
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>

#include "tutti/tutti.hpp"

namespace {

using tutti::Index;

// A random number of random magnitude, by its index only.
double wide_number(const tutti::Random& random, Index i) {
  const int exponent = static_cast<int>(random.bits(i, 1) % 60) - 30;
  const double sign = (random.bits(i, 2) & 1U) != 0 ? 1.0 : -1.0;
  return sign * std::ldexp(1 + random.uniform(i), exponent);
}

// The second half repeats the first one backwards, so that no half of the file cancels by itself.
double cancelling_number(const tutti::Random& random, Index i, Index n, double second_half_sign) {
  const Index half = n / 2;
  if (i >= 2 * half) return 0;  // the odd one out
  const Index twin = i < half ? i : 2 * half - 1 - i;
  if (twin == half / 2) return i == twin ? 1 : 0;
  return (i < half ? 1 : second_half_sign) * wide_number(random, twin);
}

Index parse_count(std::string_view word) {
  Index n = 0;
  const auto end = std::from_chars(word.data(), word.data() + word.size(), n);
  if (end.ec != std::errc{} || end.ptr != word.data() + word.size() || n < 2)
    throw tutti::UsageError(tutti::text(word, ": give the number of elements, at least 2"));
  return n;
}

template <class F>
void write_vector(const tutti::World& world, const std::string& path, Index n, F&& value) {
  tutti::DistVector<double> x(world, n, tutti::block, path);
  x.fill(value);
  tutti::write_npy(x, path);
}

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) {
    if (argc != 3) throw tutti::UsageError("demo_data FOLDER N");
    const std::string folder(argv[1]);
    const Index n = parse_count(argv[2]);
    constexpr std::uint64_t seed = 2026;
    for (const std::uint64_t stream : {1U, 2U}) {
      const tutti::Random random(seed, stream);
      const double second_half_sign = stream == 1 ? -1.0 : 1.0;
      write_vector(world, folder + (stream == 1 ? "/a.npy" : "/b.npy"), n,
                   [&](Index i) { return wide_number(random, i); });
      write_vector(world, folder + (stream == 1 ? "/c.npy" : "/d.npy"), n,
                   [&](Index i) { return cancelling_number(random, i, n, second_half_sign); });
    }
  });
}
