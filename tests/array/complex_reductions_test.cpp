#include "tutti/array/complex_reductions.hpp"

#include <limits>

#include "tutti/comm/collectives.hpp"
#include "tutti/exact/statistics.hpp"

#include "samples.hpp"

namespace tutti {
namespace {

using testing_world::world;
using Complex = std::complex<double>;

template <class T>
T complex_sample(Index i, std::uint64_t seed) {
  using Real = typename T::value_type;
  return {sample<Real>(i, seed), sample<Real>(i, seed + 100)};
}

template <class T>
DistVector<T> samples(Index n, const Layout& layout, std::uint64_t seed) {
  DistVector<T> x(world(), n, layout, text("x", seed));
  x.fill([&](Index i) { return complex_sample<T>(i, seed); });
  return x;
}

// All bits of both parts.
std::vector<std::uint64_t> parts(Complex z) {
  return {std::bit_cast<std::uint64_t>(z.real()), std::bit_cast<std::uint64_t>(z.imag())};
}

// Term by term over the whole vectors.
struct Whole {
  ExactSum dot[2], dotu[2], sum[2], squares;
};

template <class T>
Whole whole(Index n) {
  Whole result;
  for (Index i = 0; i < n; ++i) {
    const T x = complex_sample<T>(i, 1), y = complex_sample<T>(i, 2);
    result.dot[0].add_product(x.real(), y.real());
    result.dot[0].add_product(x.imag(), y.imag());
    result.dot[1].add_product(x.real(), y.imag());
    result.dot[1].add_product(-x.imag(), y.real());
    result.dotu[0].add_product(x.real(), y.real());
    result.dotu[0].add_product(-x.imag(), y.imag());
    result.dotu[1].add_product(x.real(), y.imag());
    result.dotu[1].add_product(x.imag(), y.real());
    result.sum[0].add(x.real());
    result.sum[1].add(x.imag());
    result.squares.add_product(x.real(), x.real());
    result.squares.add_product(x.imag(), x.imag());
  }
  return result;
}

template <class T>
void check_all_layouts(Agreement& agreed) {
  for (const Index n : lengths()) {
    const Whole all = whole<T>(n);
    const auto expected = [](const ExactSum(&sums)[2]) { return parts({sums[0].round(), sums[1].round()}); };
    for (const Layout& layout : layouts(n, world().size())) {
      SCOPED_TRACE(text(layout.name(), ", n = ", n, ", ", sizeof(T), " bytes"));
      const DistVector<T> x = samples<T>(n, layout, 1), y = samples<T>(n, layout, 2);
      const Complex results[] = {dot(x, y), dotu(x, y), sum(x)};
      EXPECT_EQ(parts(results[0]), expected(all.dot));
      EXPECT_EQ(parts(results[1]), expected(all.dotu));
      EXPECT_EQ(parts(results[2]), expected(all.sum));
      for (const Complex& result : results) {
        agreed.bits(result.real());
        agreed.bits(result.imag());
      }
      EXPECT_EQ(agreed.bits(norm2(x)), bits_of(exact::square_root(all.squares)));
    }
  }
}

TEST(ComplexReductions, AreThoseOfTheWholeVectorInAnyLayout) {
  Agreement agreed(world());
  check_all_layouts<std::complex<double>>(agreed);
  check_all_layouts<std::complex<float>>(agreed);
}

TEST(ComplexReductions, ByHand) {
  DistVector<Complex> x(world(), 2, cyclic, "x"), y(world(), 2, cyclic, "y");
  x.fill([](Index i) { return i == 0 ? Complex(1, 2) : Complex(0, 1); });
  y.fill([](Index i) { return i == 0 ? Complex(3, 4) : Complex(5, 0); });
  EXPECT_EQ(dot(x, y), Complex(11, -7));   // (1-2i)(3+4i) = 11-2i, -i 5 = -5i
  EXPECT_EQ(dot(y, x), Complex(11, 7));    // the conjugate
  EXPECT_EQ(dotu(x, y), Complex(-5, 15));  // (1+2i)(3+4i) = -5+10i, i 5 = 5i
  EXPECT_EQ(dot(x, x), Complex(6, 0));
  EXPECT_EQ(norm2(x), std::sqrt(6.0));
  EXPECT_EQ(sum(y), Complex(8, 4));
  EXPECT_EQ(dot(x, y, rounded), Complex(11, -7));
  EXPECT_EQ(dotu(x, y, rounded), Complex(-5, 15));
  EXPECT_EQ(sum(y, rounded), Complex(8, 4));
  EXPECT_EQ(norm2(y, rounded), std::sqrt(50.0));
}

TEST(ComplexReductions, SpecialsStayInTheirPart) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Layout& layout : layouts(9, world().size())) {
    DistVector<Complex> x(world(), 9, layout, "x");
    x.fill([&](Index i) { return Complex(i == 5 ? infinity : 1e300, i == 8 ? nan : 1e-300); });
    EXPECT_EQ(parts(sum(x)), parts({infinity, nan}));
    x.fill([&](Index i) {
      return Complex(i == 5 ? infinity : 1e300, i == 5 ? 1.0 : i % 2 == 0 ? 1e-300 : 0);
    });
    EXPECT_EQ(parts(sum(x)), parts({infinity, 1.0}));
    EXPECT_EQ(norm2(x), infinity);
    x.fill([](Index) { return Complex(-0.0, -0.0); });
    EXPECT_EQ(parts(sum(x)), parts({0, 0}));
    EXPECT_EQ(parts(dot(x, x)), parts({0, 0}));
  }
}

TEST(ComplexReductions, OperandsThatDoNotFitAreAnError) {
  const DistVector<Complex> x(world(), 10, block, "x"), longer(world(), 11, block, "longer"),
      dealt(world(), 10, cyclic, "dealt");
  try {
    dotu(x, longer);
    FAIL();
  } catch (const ShapeError& error) {
    EXPECT_EQ(error.message(), "dotu: x has 10 elements, longer has 11; give vectors of equal length");
  }
  EXPECT_THROW(dot(longer, x), ShapeError);
  EXPECT_THROW(dot(longer, x, rounded), ShapeError);
  if (world().size() > 1) {
    EXPECT_THROW(dot(x, dealt), DistributionError);
    const bool first = world().rank() == 0;
    try {
      first ? dot(x, x) : dotu(x, x);
      FAIL();
    } catch (const MismatchError& error) {
      EXPECT_NE(error.message().find("complex dotu \"x\" complex128 n=10"), std::string::npos)
          << error.message();
    }
  }
  EXPECT_EQ(sum(world(), 1), world().size());
}

}  // namespace
}  // namespace tutti
