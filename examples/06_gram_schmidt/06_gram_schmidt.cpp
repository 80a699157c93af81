// Shows: a whole algorithm keeps its bits, not only a sum. Gram-Schmidt makes eight vectors orthogonal: ranks
// work on their own elements, and all that crosses between them are exact products of vectors. multi_dot()
// sends all products of a step in one message, and reads the new vector once. The vectors, 1, t, t^2 ... on
// -1 .. 1, are nearly parallel: this is where rounding errors usually grow, differently on each number of
// ranks. Here every digit of the output is the same on any number of ranks.
//
//   tutti run -n 1 -- ./06_gram_schmidt       or   mpirun -n 1 ./06_gram_schmidt
//   tutti run -n 4 -- ./06_gram_schmidt
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <tutti/tutti.hpp>

namespace {

using Vector = tutti::DistVector<double>;

// x -= products[0] basis[0] + products[1] basis[1] + ..., each rank on its own elements: nothing to send.
void subtract(Vector& x, const std::vector<double>& products, const std::vector<Vector>& basis) {
  for (std::size_t k = 0; k < basis.size(); ++k)
    for (std::size_t i = 0; i < x.local().size(); ++i) x.local()[i] -= products[k] * basis[k].local()[i];
}

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    const tutti::Index n = 100000;
    std::vector<Vector> basis;
    for (int power = 0; power < 8; ++power) {
      Vector x(world, n, tutti::cyclic, tutti::text("power ", power));
      x.fill([&](tutti::Index i) {
        const double t = 2 * static_cast<double>(i) / static_cast<double>(n - 1) - 1;
        double value = 1;
        for (int k = 0; k < power; ++k) value *= t;
        return value;
      });
      // Twice is enough: Giraud, Langou, Rozloznik, doi:10.1016/j.camwa.2005.08.009
      for (int pass = 0; pass < 2; ++pass) subtract(x, tutti::multi_dot(x, basis), basis);
      const double length = tutti::norm2(x);
      for (double& value : x.local()) value /= length;
      world.print(tutti::text("t^", power, ": length ", length, " = ", tutti::hexfloat(length), "\n"));
      basis.push_back(std::move(x));
    }
    const auto products = tutti::gram(basis);  // should be the unit matrix
    double worst = 0;
    for (std::size_t i = 0; i < products.size; ++i)
      for (std::size_t j = 0; j < products.size; ++j)
        worst = std::max(worst, std::abs(products(i, j) - (i == j ? 1.0 : 0.0)));
    world.print(tutti::text("off from orthogonal by at most ", worst, "\n"));
  });
}
