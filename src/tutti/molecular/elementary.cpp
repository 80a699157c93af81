#include "tutti/molecular/elementary.hpp"

#include <array>
#include <cmath>

namespace tutti::molecular {

namespace {

template <std::size_t size>
double polynomial(const std::array<double, size>& coefficients, double x) {  // the highest power first
  double value = 0;
  for (const double coefficient : coefficients) value = value * x + coefficient;
  return value;
}

template <std::size_t size>
double ratio(const std::array<double, size>& numerator, const std::array<double, size>& denominator,
             double x) {
  return polynomial(numerator, x) / polynomial(denominator, x);
}

}  // namespace

double logarithm(double x) {
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);  // exact
  if (mantissa < 0.70710678118654752) {
    mantissa *= 2;
    --exponent;
  }
  // log m = 2 artanh s = 2 (s + s^3/3 + s^5/5 + ...), |s| < 0.1716: the terms left out are below 2^-57.
  const double s = (mantissa - 1) / (mantissa + 1);
  const double z = s * s;
  double series = 0;
  for (int k = 21; k >= 3; k -= 2) series = (series + 1.0 / k) * z;
  const double high = 0x1.62e42feep-1;  // log 2 in two parts; the product of the first is exact
  const double low = 0x1.a39ef35793c76p-33;
  const auto turns = static_cast<double>(exponent);
  return turns * high + (2 * s + (2 * s * series + turns * low));
}

double cube_root(double x) {
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);  // [0.5, 1)
  while (exponent % 3 != 0) {
    mantissa /= 2;
    ++exponent;
  }
  double root = 0.5 + mantissa / 2;  // mantissa in [1/8, 1): within 13 %
  for (int turn = 0; turn < 6; ++turn) root -= (root - mantissa / (root * root)) / 3;  // Newton: 5 are enough
  return std::ldexp(root, exponent / 3);
}

double normal_quantile(double p) {
  const double q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) {
    static constexpr std::array<double, 8> a{
        2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
        1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0};
    static constexpr std::array<double, 8> b{
        5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
        5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0};
    return q * ratio(a, b, 0.180625 - q * q);
  }
  const double tail = std::sqrt(-logarithm(q < 0 ? p : 1 - p));
  double value = 0;
  if (tail <= 5) {
    static constexpr std::array<double, 8> c{7.74545014278341407640e-4, 2.27238449892691845833e-2,
                                             2.41780725177450611770e-1, 1.27045825245236838258e0,
                                             3.64784832476320460504e0,  5.76949722146069140550e0,
                                             4.63033784615654529590e0,  1.42343711074968357734e0};
    static constexpr std::array<double, 8> d{1.05075007164441684324e-9, 5.47593808499534494600e-4,
                                             1.51986665636164571966e-2, 1.48103976427480074590e-1,
                                             6.89767334985100004550e-1, 1.67638483018380384940e0,
                                             2.05319162663775882187e0,  1.0};
    value = ratio(c, d, tail - 1.6);
  } else {
    static constexpr std::array<double, 8> e{2.01033439929228813265e-7, 2.71155556874348757815e-5,
                                             1.24266094738807843860e-3, 2.65321895265761230930e-2,
                                             2.96560571828504891230e-1, 1.78482653991729133580e0,
                                             5.46378491116411436990e0,  6.65790464350110377720e0};
    static constexpr std::array<double, 8> f{2.04426310338993978564e-15, 1.42151175831644588870e-7,
                                             1.84631831751005468180e-5,  7.86869131145613259100e-4,
                                             1.48753612908506148525e-2,  1.36929880922735805310e-1,
                                             5.99832206555887937690e-1,  1.0};
    value = ratio(e, f, tail - 5);
  }
  return q < 0 ? -value : value;
}

}  // namespace tutti::molecular
