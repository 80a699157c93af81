// Computes what exact_cases.py asks for: cases as bytes on stdin, 24 bytes of result for each on stdout.
//   case:    operation, type of x, type of y, 0 (1 byte each), count of elements (4), parameter (8), x, y
//   result:  kind: 'd' float64 bits, 'c' two of them, 'i' 128-bit integer, 'r' RangeError, 'm' ways that
//   should agree do not (8), value (16)
// All little-endian. With --list it prints the kernels that TUTTI_KERNEL may name, with --kernel the one in
// use.
#include <array>
#include <complex>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <span>
#include <stdexcept>
#include <vector>

#include "tutti/core/error.hpp"
#include "tutti/exact/accumulator.hpp"
#include "tutti/exact/complex.hpp"
#include "tutti/exact/kernels.hpp"
#include "tutti/exact/multi_dot.hpp"
#include "tutti/exact/prefix_sums.hpp"
#include "tutti/exact/reduce.hpp"
#include "tutti/exact/statistics.hpp"
#include "tutti/exact/window.hpp"

namespace {

using tutti::ExactSum;
using tutti::Index;
namespace exact = tutti::exact;

enum Operation : std::uint8_t {
  sum,
  dot,
  norm,
  magnitudes,
  mean,
  variance,
  accumulate,
  accumulate_products,
  scalars,
  prefix,
  complex_dot,
  complex_dotu,
  several_dots,
  all_pairs,
  weighted_mean
};

struct Case {
  std::uint8_t operation;
  std::uint8_t x_type;
  std::uint8_t y_type;
  std::uint8_t unused;
  std::uint32_t count;
  std::int64_t parameter;
};

struct Result {
  std::uint64_t kind = 0;
  std::array<char, 16> value{};
};

template <class T>
Result result(char kind, const T& value) {
  Result r;
  r.kind = static_cast<std::uint64_t>(kind);
  std::memcpy(r.value.data(), &value, sizeof value);
  return r;
}

template <class T>
std::vector<T> read(std::size_t count) {
  std::vector<T> data(count);
  if (std::fread(data.data(), sizeof(T), count, stdin) != count) throw std::runtime_error("case is cut off");
  return data;
}

/// Whether the sum of the parts is `whole`, by merging in both directions, by adding up words, by windows (if
/// they fit) and through bytes.
bool all_ways_agree(const ExactSum& whole, const std::vector<ExactSum>& parts) {
  ExactSum forward;
  ExactSum backward;
  std::vector<std::int64_t> words(ExactSum::word_count);
  exact::Window window;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    forward += parts[i];
    backward += ExactSum::from_bytes(parts[parts.size() - 1 - i].to_bytes());
    for (std::size_t w = 0; w < words.size(); ++w) words[w] += parts[i].words()[w];
    exact::merge(window, exact::make_window(parts[i], 8));
  }
  const bool windows_agree = !exact::fits(window) || exact::to_sum(window) == whole;
  return forward == whole && backward == whole && windows_agree && forward.to_bytes() == whole.to_bytes() &&
         ExactSum::from_words(ExactSum::Words(words.data(), ExactSum::word_count)) == whole;
}

/// The sum of f over [0, n), and over up to 7 pieces of it; add(total, first, count) adds a piece.
template <class Add>
bool computed_in_pieces(ExactSum& whole, std::size_t n, std::int64_t seed, Add&& add) {
  add(whole, 0, n);
  std::vector<ExactSum> parts(1 + static_cast<std::size_t>(seed % 7));
  std::size_t first = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t end = i + 1 == parts.size() ? n : first + (n - first) / 2;
    add(parts[i], first, end - first);
    first = end;
  }
  return all_ways_agree(whole, parts);
}

template <class T>
Result answer(const ExactSum& whole) {
  if constexpr (std::is_floating_point_v<T>) return result('d', whole.round());
  try {
    return result('i', whole.to_integer());
  } catch (const tutti::RangeError&) {
    return result('r', 0);
  }
}

template <class T, class U>
Result run_dot(const Case& c, std::span<const T> x, std::span<const U> y) {
  ExactSum whole;
  const bool agree = computed_in_pieces(whole, x.size(), c.parameter,
                                        [&](ExactSum& total, std::size_t first, std::size_t n) {
                                          exact::add_dot(total, x.subspan(first, n), y.subspan(first, n));
                                        });
  if (!agree) return result('m', 0);
  return answer<std::conditional_t<std::is_integral_v<T>, U, T>>(whole);
}

/// x and y are re, im, re, im ...; whole, and in two pieces.
template <class R>
Result run_complex(const Case& c, std::span<const R> x, std::span<const R> y) {
  using Number = std::complex<R>;
  const auto conjugated = c.operation == complex_dot ? exact::Conjugated::first : exact::Conjugated::none;
  const auto numbers = [](std::span<const R> values) {
    return std::span<const Number>(reinterpret_cast<const Number*>(values.data()), values.size() / 2);
  };
  std::array<ExactSum, 2> whole, pieces;
  exact::add_dot(whole[0], whole[1], numbers(x), numbers(y), conjugated);
  const std::size_t cut = x.size() / 2 / static_cast<std::size_t>(2 + c.parameter) * 2;
  exact::add_dot(pieces[0], pieces[1], numbers(x.subspan(cut)), numbers(y.subspan(cut)), conjugated);
  exact::add_dot(pieces[0], pieces[1], numbers(x.first(cut)), numbers(y.first(cut)), conjugated);
  if (whole != pieces) return result('m', 0);
  return result('c', std::array{whole[0].round(), whole[1].round()});
}

/// x with y, y backwards and itself; all pairs of x, y and x backwards. The parameter chooses the result that
/// is shown.
template <class T>
Result run_several(const Case& c, std::span<const T> x, std::span<const T> y) {
  const bool pairs = c.operation == all_pairs;
  const std::span<const T> turned = pairs ? x : y;
  const std::vector<T> backwards(turned.rbegin(), turned.rend());
  const std::array<std::span<const T>, 3> list{pairs ? x : y, pairs ? y : backwards, pairs ? backwards : x};
  std::vector<ExactSum> totals(pairs ? exact::pair_count(3) : 3);
  if (pairs)
    exact::add_gram<T>(totals, list);
  else
    exact::add_multi_dot<T>(totals, x, list);
  return answer<T>(totals[static_cast<std::size_t>(c.parameter) % totals.size()]);
}

template <class T>
Result run_weighted(std::span<const T> weights, std::span<const T> x) {
  ExactSum products, total;
  exact::add_dot(products, weights, x);
  exact::add_sum(total, weights);
  return result('d', exact::quotient(products, total));
}

/// Operations on two arrays of one type.
template <class T>
Result run_two(const Case& c, std::span<const T> x, std::span<const T> y) {
  if (c.operation == weighted_mean) return run_weighted(x, y);
  if (c.operation == several_dots || c.operation == all_pairs) return run_several(c, x, y);
  if constexpr (std::is_floating_point_v<T>) return run_complex(c, x, y);
  throw std::runtime_error("complex integers");
}

/// The sum of the first elements, as many as the parameter says, of all that a scan gives.
template <class T>
Result run_prefix(const Case& c, std::span<const T> x) {
  const std::size_t count = static_cast<std::size_t>(c.parameter) % (x.size() + 1);
  if constexpr (std::is_floating_point_v<T>) {
    const std::size_t cut = x.size() / 3;
    ExactSum before;
    exact::add_sum(before, x.first(cut));
    std::vector<double> exclusive(x.size()), inclusive(x.size()), after(x.size() - cut);
    exact::prefix_sums(ExactSum(), x, exclusive, exact::Scan::exclusive);
    exact::prefix_sums(ExactSum(), x, inclusive, exact::Scan::inclusive);
    exact::prefix_sums(before, x.subspan(cut), after, exact::Scan::inclusive);
    const auto differ = [](std::span<const double> a, std::span<const double> b) {
      return std::memcmp(a.data(), b.data(), a.size_bytes()) != 0;
    };
    if (!x.empty() && (differ(std::span(exclusive).subspan(1), inclusive) ||
                       differ(after, std::span(inclusive).subspan(cut))))
      return result('m', 0);
    return result('d', count == 0 ? 0.0 : inclusive[count - 1]);
  } else {
    ExactSum sum;
    exact::add_sum(sum, x.first(count));
    return answer<T>(sum);
  }
}

template <class T>
Result run_one(const Case& c, std::span<const T> x) {
  ExactSum whole;
  const auto pieces = [&](auto add) {
    return computed_in_pieces(
        whole, x.size(), c.parameter < 0 ? -c.parameter : c.parameter,
        [&](ExactSum& total, std::size_t first, std::size_t n) { add(total, x.subspan(first, n)); });
  };
  const auto sums = [](ExactSum& total, std::span<const T> part) { exact::add_sum(total, part); };
  const auto squares = [](ExactSum& total, std::span<const T> part) { exact::add_squares(total, part); };
  const auto absolute = [](ExactSum& total, std::span<const T> part) { exact::add_magnitudes(total, part); };
  const auto one_by_one = [](ExactSum& total, std::span<const T> part) {
    for (const T value : part) total.add(value);
  };
  const auto n = static_cast<Index>(x.size());
  switch (c.operation) {
    case sum:
      return pieces(sums) ? answer<T>(whole) : result('m', 0);
    case scalars:
      return pieces(one_by_one) ? answer<T>(whole) : result('m', 0);
    case prefix:
      return run_prefix(c, x);
    case magnitudes:
      return pieces(absolute) ? answer<T>(whole) : result('m', 0);
    case norm:
      return pieces(squares) ? result('d', exact::square_root(whole)) : result('m', 0);
    case mean:
      return pieces(sums) ? result('d', exact::mean(whole, n)) : result('m', 0);
    case variance: {
      ExactSum s;
      exact::add_sum(s, x);
      return pieces(squares) ? result('d', exact::variance(s, whole, n, c.parameter)) : result('m', 0);
    }
    default:
      throw std::runtime_error("unknown operation");
  }
}

/// Scalars, spans and a merge in turn; half the terms are subtracted as their opposites.
Result run_accumulator(std::span<const double> x) {
  tutti::ExactAccumulator all;
  tutti::ExactAccumulator half;
  std::size_t i = 0;
  for (std::size_t step = 0; i < x.size(); ++step) {
    if (step % 3 == 0) {
      all += x[i++];
    } else if (step % 3 == 1) {
      half -= -x[i++];
    } else {
      const std::size_t count = std::min(x.size() - i, step % 40);
      half.add(x.subspan(i, count));
      i += count;
    }
  }
  all += half;
  return result('d', all.round());
}

Result run_products(std::span<const double> x, std::span<const double> y) {
  tutti::ExactAccumulator all;
  for (std::size_t i = 0; i < x.size(); ++i) all.add_product(x[i], y[i]);
  return result('d', all.round());
}

template <class T>
Result run_x(const Case& c) {
  const auto x = read<T>(c.count);
  const std::span<const T> xs(x);
  if (c.operation >= complex_dot) return run_two(c, xs, std::span<const T>(read<T>(c.count)));
  if (c.operation == dot || c.operation == accumulate_products) {
    const auto with = [&](auto zero) {
      using U = decltype(zero);
      const auto y = read<U>(c.count);
      if constexpr (std::is_same_v<T, double> && std::is_same_v<U, double>)
        if (c.operation == accumulate_products) return run_products(xs, std::span<const U>(y));
      return run_dot(c, xs, std::span<const U>(y));
    };
    switch (c.y_type) {
      case 0:
        return with(double{});
      case 1:
        return with(float{});
      case 2:
        return with(std::int32_t{});
      case 3:
        return with(std::int64_t{});
      default:
        return with(std::uint64_t{});
    }
  }
  if constexpr (std::is_same_v<T, double>)
    if (c.operation == accumulate) return run_accumulator(xs);
  return run_one(c, xs);
}

Result run(const Case& c) {
  switch (c.x_type) {
    case 0:
      return run_x<double>(c);
    case 1:
      return run_x<float>(c);
    case 2:
      return run_x<std::int32_t>(c);
    case 3:
      return run_x<std::int64_t>(c);
    default:
      return run_x<std::uint64_t>(c);
  }
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc == 2 && std::strcmp(argv[1], "--list") == 0) {
    for (const auto& kernel : exact::kernels()) std::puts(kernel.name);
    return 0;
  }
  if (argc == 2 && std::strcmp(argv[1], "--kernel") == 0) {
    std::puts(exact::kernel().name);
    return 0;
  }
  Case c;
  while (std::fread(&c, sizeof c, 1, stdin) == 1) {
    const Result r = run(c);
    if (std::fwrite(&r, sizeof r, 1, stdout) != 1) return 74;
  }
  return std::fflush(stdout) == 0 ? 0 : 74;
} catch (const tutti::Error& error) {
  std::fprintf(stderr, "exact_cases: %s\n", error.what());
  return error.exit_code();
} catch (const std::exception& error) {
  std::fprintf(stderr, "exact_cases: %s\n", error.what());
  return 70;
}
