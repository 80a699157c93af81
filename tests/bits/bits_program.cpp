// Reductions of vectors from files, in every way that must not matter: on 1, 2, 3, 4 and 7 ranks (sub-worlds
// of one launch), in several layouts, permuted, and with half the ranks in a foreign floating-point
// environment.
//
//   mpiexec -n 7 bits_program FOLDER COUNT     reads a0.npy b0.npy a1.npy ... (float64, pairs of equal
//   length)
//
// Prints, for each pair, every result that occurred, with the first way that led to it; there should be one:
//   K dot sum asum norm2 mean variance, for every other two K gram of x and y (3), weighted_mean, dot of x +
//   iy and y + ix (2), dotu (2), then min max | P layout permutation
#include <cfenv>
#include <complex>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

#include <tutti/tutti.hpp>

namespace {

using namespace tutti;

// Rounding upwards, and subnormal numbers flushed to zero, for the life of the object.
class ForeignEnvironment {
 public:
  explicit ForeignEnvironment(bool wanted) {
    std::fegetenv(&before_);
    if (!wanted) return;
    std::fesetround(FE_UPWARD);
#if defined(__SSE2__)
    constexpr unsigned flush_and_denormals_are_zero = 0x8040;
    _mm_setcsr(_mm_getcsr() | flush_and_denormals_are_zero);
#endif
  }
  ForeignEnvironment(const ForeignEnvironment&) = delete;
  ForeignEnvironment& operator=(const ForeignEnvironment&) = delete;
  ~ForeignEnvironment() { std::fesetenv(&before_); }

 private:
  std::fenv_t before_{};
};

std::vector<double> read_all(const std::string& path) {
  const NpyFile file(path);
  std::vector<double> values(static_cast<std::size_t>(file.size()));
  file.read(0, std::span(values));
  return values;
}

// A permutation without a table: multiplication by a number that has no factor in common with n.
Index permuted(Index i, Index n, bool permute) {
  if (!permute) return i;
  Index step = n / 2 + 1;
  while (std::gcd(step, n) != 1) ++step;
  return (i * step + n / 3) % n;
}

// z[i] = x[i] + i y[i]
DistVector<std::complex<double>> complex_vector(const DistVector<double>& x, const DistVector<double>& y) {
  DistVector<std::complex<double>> z(x.world(), x.size(), x.distribution().layout(), "z");
  for (std::size_t l = 0; l < z.local().size(); ++l) z.local()[l] = {x.local()[l], y.local()[l]};
  return z;
}

// What has several results, from one message.
std::vector<double> several(const DistVector<double>& x, const DistVector<double>& y) {
  const DistVector<std::complex<double>> z = complex_vector(x, y), w = complex_vector(y, x);
  const ForeignEnvironment foreign(x.world().rank() % 2 == 1);
  const Gram<double> pairs = gram({&x, &y});
  const std::complex<double> products = dot(z, w), plain = dotu(z, w);
  return {pairs(0, 0),     pairs(0, 1),     pairs(1, 1),  weighted_mean(x, y),
          products.real(), products.imag(), plain.real(), plain.imag()};
}

std::string results(const DistVector<double>& x, const DistVector<double>& y, bool all) {
  std::vector<double> sums, extrema;
  {
    const ForeignEnvironment foreign(x.world().rank() % 2 == 1);
    sums = {dot(x, y), sum(x), asum(x), norm2(x), mean(x), variance(x)};
    if (x.size() > 0) extrema = {min(x).value, max(x).value};
  }
  if (all)
    for (const double value : several(x, y)) sums.push_back(value);
  std::string line;
  for (const double value : sums) line += hexfloat(value) + ' ';
  // Which of several zeros comes first, and with it its sign, depends on the permutation.
  for (const double value : extrema) line += hexfloat(value == 0 ? 0.0 : value) + ' ';
  return line + (extrema.empty() ? "none none " : "");
}

std::vector<Layout> layouts(int ranks) {
  std::vector<double> weights;
  for (int r = 0; r < ranks; ++r) weights.push_back(r % 3 == 1 ? 0 : 1 + r);
  return {block, cyclic, block_cyclic(13), weighted(weights)};
}

// What came out, and how it first did; on rank 0 of each World.
using Found = std::map<std::string, std::string>;

void reduce(const World& world, const std::vector<double>& a, const std::vector<double>& b, bool all,
            Found& found) {
  const auto n = static_cast<Index>(a.size());
  for (const Layout& layout : layouts(world.size()))
    for (const bool permute : {false, true}) {
      if (permute && layout != cyclic) continue;
      DistVector<double> x(world, n, layout, "x"), y(world, n, layout, "y");
      x.fill([&](Index i) { return a[static_cast<std::size_t>(permuted(i, n, permute))]; });
      y.fill([&](Index i) { return b[static_cast<std::size_t>(permuted(i, n, permute))]; });
      found.emplace(results(x, y, all), text(world.size(), ' ', layout.name(), permute ? " permuted" : ""));
    }
}

void work(World& world, const std::string& folder, int count) {
  if (world.size() != 7) throw LauncherError(text("bits_program wants 7 ranks, MPI says ", world.size()));
  std::vector<std::vector<double>> a, b;
  for (int k = 0; k < count; ++k) {
    a.push_back(read_all(text(folder, "/a", k, ".npy")));
    b.push_back(read_all(text(folder, "/b", k, ".npy")));
  }
  std::vector<Found> found(a.size());
  for (const int ranks : {1, 2, 3, 4, 7})
    world.split(world.rank() < ranks ? 0 : 1, [&](World& sub) {
      if (world.rank() < ranks)
        for (std::size_t k = 0; k < a.size(); ++k) reduce(sub, a[k], b[k], k / 2 % 2 == 0, found[k]);
    });
  for (std::size_t k = 0; k < a.size(); ++k)
    for (const auto& entry : found[k]) world.print(text(k, ' ', entry.first, "| ", entry.second, '\n'));
}

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](World& world) {
    if (argc != 3) throw UsageError("bits_program FOLDER COUNT");
    work(world, argv[1], std::stoi(argv[2]));
  });
}
