#include "fuzz_case.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <type_traits>

#include "tutti/core/random.hpp"

namespace fuzz {

namespace {

constexpr std::size_t longest = 20000;  // elements of a case
constexpr std::size_t header_bytes = 2;
constexpr std::size_t period = 211;  // numbers repeat: random ones are dear, and a prime fits no vector

/// Numbers from bytes; zeros after the end.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  bool at_end() const { return bytes_.empty(); }

  template <class Integer>
  void read(Integer& value) {
    std::uint64_t bits = 0;
    const std::size_t count = std::min(sizeof(Integer), bytes_.size());
    for (std::size_t i = 0; i < count; ++i) bits |= std::uint64_t{bytes_[i]} << 8 * i;
    bytes_ = bytes_.subspan(count);
    value = static_cast<Integer>(bits);
  }

 private:
  std::span<const std::uint8_t> bytes_;
};

template <class Function>
void with_fields(Segment& segment, Function&& f) {
  f(segment.x_kind), f(segment.y_kind), f(segment.x_exponent), f(segment.y_exponent), f(segment.x_binades);
  f(segment.y_binades), f(segment.length), f(segment.seed), f(segment.raw);
}

Kind kind_of(std::uint8_t byte) { return static_cast<Kind>(byte % static_cast<std::uint8_t>(Kind::count)); }

// Long ones are seldom: they take their time.
std::size_t length_of(std::uint16_t code) {
  return code < 0xe000 ? std::size_t{code} % 140 : std::size_t{code} % 9001;
}

template <class Real>
using BitsOf = std::conditional_t<sizeof(Real) == 8, std::uint64_t, std::uint32_t>;

template <class Real>
Real from_bits(std::uint64_t bits) {
  return std::bit_cast<Real>(static_cast<BitsOf<Real>>(bits));
}

/// One of the two arrays, in a segment.
template <class Real>
class Stretch {
 public:
  Stretch(Kind kind, std::uint64_t exponent, std::uint64_t binades, std::uint64_t seed, std::uint64_t stream)
      : kind_(kind), lowest_(exponent % (highest + 1)), binades_(binades), random_(seed, stream) {}

  void append(std::vector<Real>& values, std::size_t n, const std::vector<Real>& raw) const {
    const std::size_t before = values.size();
    for (std::size_t i = 0; i < n; ++i) {
      if (kind_ == Kind::opposite)
        values.push_back(before + i < n ? Real{0} : from_bits<Real>(bits_of(values[before + i - n]) ^ sign));
      else if (kind_ == Kind::raw)
        values.push_back(raw[i % raw.size()]);
      else if (i >= period && kind_ != Kind::special)
        values.push_back(values[before + i - period]);
      else
        values.push_back(number(static_cast<std::int64_t>(i), n));
    }
  }

 private:
  static constexpr int fraction_bits = std::numeric_limits<Real>::digits - 1;
  static constexpr std::uint64_t sign = std::uint64_t{1} << (8 * sizeof(Real) - 1);
  static constexpr std::uint64_t fraction = (std::uint64_t{1} << fraction_bits) - 1;
  static constexpr std::uint64_t highest = 2 * std::numeric_limits<Real>::max_exponent - 2;  // of finite ones
  static constexpr std::uint64_t bits_of(Real value) { return std::bit_cast<BitsOf<Real>>(value); }
  static constexpr std::uint64_t one = std::bit_cast<BitsOf<Real>>(Real{1});

  Real number(std::int64_t i, std::size_t n) const {
    const std::uint64_t bits = random_.bits(i);
    const std::uint64_t field = std::min(lowest_ + random_.bits(i, 1) % (binades_ + 1), highest);
    switch (kind_) {
      case Kind::positive:
        return from_bits<Real>(field << fraction_bits | (bits & fraction));
      case Kind::power:
        return from_bits<Real>(field << fraction_bits | (bits & sign));
      case Kind::integer:  // the upper bits of the fraction, as many as there are binades
        return from_bits<Real>(lowest_ << fraction_bits | (bits & (sign | upper_bits())));
      case Kind::zero:
        return from_bits<Real>(bits & sign);
      case Kind::one:
        return Real{1};
      case Kind::subnormal:
        return from_bits<Real>(bits & (sign | fraction));
      case Kind::special:
        return static_cast<std::uint64_t>(i) == lowest_ % n ? special() : Real{0};
      default:
        return from_bits<Real>(field << fraction_bits | (bits & (sign | fraction)));
    }
  }
  std::uint64_t upper_bits() const {
    return fraction &
           ~(fraction >> std::min<std::uint64_t>(binades_, static_cast<std::uint64_t>(fraction_bits)));
  }
  Real special() const {
    constexpr Real infinity = std::numeric_limits<Real>::infinity();
    constexpr Real nan = std::numeric_limits<Real>::quiet_NaN();
    return binades_ % 3 == 0 ? infinity : binades_ % 3 == 1 ? -infinity : nan;
  }

  Kind kind_;
  std::uint64_t lowest_;
  std::uint64_t binades_;
  tutti::Random random_;
};

std::string bytes_of(const Header& header, std::vector<Segment> segments) {
  std::string bytes;
  bytes.push_back(static_cast<char>(static_cast<int>(header.operation) | (header.narrow ? 4 : 0)));
  bytes.push_back(static_cast<char>(header.shift));
  for (Segment& segment : segments)
    with_fields(segment, [&](auto field) {
      for (std::size_t i = 0; i < sizeof field; ++i) bytes.push_back(static_cast<char>(field >> 8 * i));
    });
  return bytes;
}

}  // namespace

Header header_of(std::span<const std::uint8_t> bytes) {
  Reader reader(bytes);
  std::uint8_t what = 0;
  Header header;
  reader.read(what);
  reader.read(header.shift);
  header.operation = static_cast<Operation>(what & 3U);
  header.narrow = (what & 4U) != 0;
  header.shift &= 15U;
  return header;
}

template <class Real>
Arrays<Real> arrays_of(std::span<const std::uint8_t> bytes) {
  Reader reader(bytes.subspan(std::min(bytes.size(), header_bytes)));
  Arrays<Real> arrays;
  while (!reader.at_end() && arrays.x.size() < longest) {
    Segment s;
    with_fields(s, [&](auto& field) { reader.read(field); });
    const std::size_t n = std::min(length_of(s.length), longest - arrays.x.size());
    const Kind x_kind = kind_of(s.x_kind), y_kind = kind_of(s.y_kind);
    std::vector<Real> x_raw, y_raw;
    for (unsigned i = 0; (x_kind == Kind::raw || y_kind == Kind::raw) && i < 1U + s.raw % 4U; ++i)
      for (std::vector<Real>* raw : {&x_raw, &y_raw}) {
        BitsOf<Real> bits = 0;
        reader.read(bits);
        raw->push_back(std::bit_cast<Real>(bits));
      }
    Stretch<Real>(x_kind, s.x_exponent, s.x_binades, s.seed, 0).append(arrays.x, n, x_raw);
    Stretch<Real>(y_kind, s.y_exponent, s.y_binades, s.seed, 1).append(arrays.y, n, y_raw);
  }
  return arrays;
}
template Arrays<double> arrays_of(std::span<const std::uint8_t> bytes);
template Arrays<float> arrays_of(std::span<const std::uint8_t> bytes);

std::vector<std::string> seeds() {
  std::vector<std::string> all;
  const auto kinds = static_cast<std::uint8_t>(Kind::count);
  for (int what = 0; what < 8; ++what) {
    const Header header{static_cast<Operation>(what & 3), what >= 4, static_cast<std::uint8_t>(what)};
    const auto middle = static_cast<std::uint16_t>(header.narrow ? 127 : 1023);
    const auto segment = [&](int kind, int binades, int length) {
      return Segment{static_cast<std::uint8_t>(kind),
                     static_cast<std::uint8_t>(kind / 2),
                     middle,
                     middle,
                     static_cast<std::uint8_t>(binades),
                     1,
                     static_cast<std::uint16_t>(length),
                     static_cast<std::uint8_t>(kind + binades),
                     3};
    };
    for (const int binades : {0, 20, 40, 60, 100, 140, 220})
      all.push_back(bytes_of(header, {segment(0, binades, 130)}));
    for (std::uint8_t first = 0; first < kinds; ++first) {
      const int second = (first * 7 + what) % kinds;
      all.push_back(bytes_of(header, {segment(first, 3, 100), segment(second, 30, 99)}));
      all.push_back(bytes_of(
          header, {segment(first, 3, 0xf000 + first), segment(second, 50, 0xf003), segment(first, 9, 70)}));
    }
  }
  return all;
}

}  // namespace fuzz
