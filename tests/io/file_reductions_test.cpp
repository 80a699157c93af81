#include "tutti/io/file_reductions.hpp"

#include <limits>

#include "tutti/array/reductions.hpp"

#include "array/samples.hpp"
#include "mpi_main.hpp"
#include "npy_bytes.hpp"
#include "shared_folder.hpp"

namespace tutti {
namespace {

using testing_world::world;

// Of all types that files hold: a small whole number of i as its value and its bytes, little-endian.
struct Stored {
  const char* type;
  bool is_float;
  double (*value)(Index i);
  void (*append)(std::string& bytes, double value);
};

template <class T>
void append_as(std::string& bytes, double value) {
  const auto converted = static_cast<T>(value);
  bytes.append(reinterpret_cast<const char*>(&converted), sizeof converted);
}
template <class T>
void append_swapped(std::string& bytes, double value) {
  const auto converted = static_cast<T>(value);
  const auto* const first = reinterpret_cast<const char*>(&converted);
  for (std::size_t i = sizeof converted; i-- > 0;) bytes += first[i];
}
// 1, 2 and 3 with either sign: exponent 15 is 2^0.
void append_half(std::string& bytes, double value) {
  const unsigned magnitudes[] = {0x0000, 0x3c00, 0x4000, 0x4200};
  const unsigned bits = magnitudes[static_cast<int>(std::abs(value))] | (value < 0 ? 0x8000U : 0U);
  bytes += static_cast<char>(bits & 0xffU);
  bytes += static_cast<char>(bits >> 8U);
}

double signed_value(Index i) { return static_cast<double>((i * 7 + 3) % 23 - 11); }
double unsigned_value(Index i) { return static_cast<double>((i * 5 + 1) % 29); }
double truth_value(Index i) { return static_cast<double>(i % 3 == 0); }
double half_value(Index i) { return static_cast<double>(i % 7 - 3); }
double real_value(Index i) {
  return std::ldexp(static_cast<double>(i % 11 - 5), static_cast<int>(i % 60) - 30);
}

const std::vector<Stored>& all_types() {
  static const std::vector<Stored> types{{"|b1", false, truth_value, append_as<std::uint8_t>},
                                         {"|i1", false, signed_value, append_as<std::int8_t>},
                                         {"|u1", false, unsigned_value, append_as<std::uint8_t>},
                                         {"<i2", false, signed_value, append_as<std::int16_t>},
                                         {">u2", false, unsigned_value, append_swapped<std::uint16_t>},
                                         {"<i4", false, signed_value, append_as<std::int32_t>},
                                         {"<u4", false, unsigned_value, append_as<std::uint32_t>},
                                         {">i8", false, signed_value, append_swapped<std::int64_t>},
                                         {"<u8", false, unsigned_value, append_as<std::uint64_t>},
                                         {"<f2", true, half_value, append_half},
                                         {"<f4", true, real_value, append_as<float>},
                                         {">f4", true, real_value, append_swapped<float>},
                                         {"<f8", true, real_value, append_as<double>},
                                         {">f8", true, real_value, append_swapped<double>}};
  return types;
}

std::string stored_bytes(const Stored& type, Index n) {
  std::string bytes;
  for (Index i = 0; i < n; ++i) type.append(bytes, type.value(i));
  return bytes;
}

std::pair<std::uint64_t, std::uint64_t> bits_of_scalar(const Scalar& value) {
  return std::visit([](auto v) { return bits_of(v); }, value);
}

StreamOptions with(const Layout& layout) {
  StreamOptions options;
  options.layout = layout;
  return options;
}

TEST(DotOfFiles, AllPairsOfTypes) {
  const SharedFolder folder(world());
  const Index n = 61;
  std::vector<std::string> paths;
  for (std::size_t k = 0; k < all_types().size(); ++k)
    paths.push_back(folder.file(text(k, ".npy"),
                                npy_bytes(all_types()[k].type, "(61,)", stored_bytes(all_types()[k], n))));
  for (std::size_t a = 0; a < paths.size(); ++a)
    for (std::size_t b = 0; b < paths.size(); ++b) {
      const Stored &left = all_types()[a], &right = all_types()[b];
      ExactSum expected;
      for (Index i = 0; i < n; ++i) expected.add_product(left.value(i), right.value(i));
      const FileDot result = dot_of_files(world(), {paths[a]}, {paths[b]}, with(a % 2 == 0 ? block : cyclic));
      EXPECT_EQ(result.n, n);
      const bool integer = !left.is_float && !right.is_float;
      ASSERT_EQ(std::holds_alternative<Int128>(result.value), integer) << left.type << ' ' << right.type;
      EXPECT_EQ(bits_of_scalar(result.value),
                integer ? bits_of(expected.to_integer()) : bits_of(expected.round()))
          << left.type << ' ' << right.type;
    }
  folder.leave();
}

// Files of samples: the results must be those of vectors in memory, which tests/array compares with one rank.
template <class T>
std::string samples_file(const SharedFolder& folder, const char* type, Index n, std::uint64_t seed) {
  std::vector<T> values;
  for (Index i = 0; i < n; ++i) values.push_back(sample<T>(i, seed));
  return folder.file(text(seed, type + 1, ".npy"), npy_bytes(type, text("(", n, ",)"), bytes_of(values)));
}

template <class T>
void check_samples(const SharedFolder& folder, const char* type, Index n) {
  const std::string a = samples_file<T>(folder, type, n, 1), b = samples_file<T>(folder, type, n, 2);
  for (const Layout& layout : layouts(n, world().size())) {
    SCOPED_TRACE(text(layout.name(), ", n = ", n, ", ", type));
    DistVector<T> x(world(), n, layout, "x"), y(world(), n, layout, "y");
    x.fill([](Index i) { return sample<T>(i, 1); });
    y.fill([](Index i) { return sample<T>(i, 2); });
    EXPECT_EQ(bits_of_scalar(dot_of_files(world(), {a}, {b}, with(layout)).value), bits_of(dot(x, y)));
    const FileStatistics found = statistics_of_file(world(), {a}, with(layout));
    EXPECT_EQ(found.n, n);
    EXPECT_EQ(bits_of_scalar(found.sum), bits_of(sum(x)));
    EXPECT_EQ(bits_of_scalar(found.asum), bits_of(asum(x)));
    EXPECT_EQ(bits_of(found.mean), bits_of(mean(x)));
    EXPECT_EQ(bits_of(found.variance), bits_of(variance(x)));
    EXPECT_EQ(bits_of(found.norm2), bits_of(norm2(x)));
    ASSERT_EQ(found.min.has_value(), n > 0);
    ASSERT_EQ(found.max.has_value(), n > 0);
    if (n == 0) continue;
    EXPECT_EQ(found.min->index, min(x).index);
    EXPECT_EQ(found.max->index, max(x).index);
    const auto as_scalar = [](T value) {
      if constexpr (std::integral<T>)
        return bits_of(static_cast<Int128>(value));
      else
        return bits_of(static_cast<double>(value));
    };
    EXPECT_EQ(bits_of_scalar(found.min->value), as_scalar(min(x).value));
    EXPECT_EQ(bits_of_scalar(found.max->value), as_scalar(max(x).value));
  }
}

TEST(FileReductions, AreThoseOfVectorsInMemory) {
  const SharedFolder folder(world());
  for (const Index n : {0, 1, 5, 700}) {
    check_samples<float>(folder, "<f4", n);
    check_samples<double>(folder, "<f8", n);
    check_samples<std::int32_t>(folder, "<i4", n);
    check_samples<std::int64_t>(folder, "<i8", n);
    check_samples<std::uint64_t>(folder, "<u8", n);
  }
  folder.leave();
}

// Several pieces of 1 MiB, and layouts whose blocks are longer and shorter than a piece.
TEST(FileReductions, OfSeveralPieces) {
  const SharedFolder folder(world());
  const Index n = 700'001;
  std::vector<double> values;
  for (Index i = 0; i < n; ++i) values.push_back(static_cast<double>(i - 1000));
  const std::string path = folder.file("x.npy", npy_bytes("<f8", text("(", n, ",)"), bytes_of(values)));
  Int128 squares = 0;
  for (Index i = 0; i < n; ++i) squares += static_cast<Int128>(i - 1000) * (i - 1000);
  for (const Layout& layout : {block, cyclic, block_cyclic(1000), block_cyclic(200'000)}) {
    ExactSum expected;
    for (Index i = 0; i < n; ++i) expected.add_product(i - 1000, i - 1000);
    EXPECT_EQ(expected.to_integer(), squares);
    EXPECT_EQ(bits_of_scalar(dot_of_files(world(), {path}, {path}, with(layout)).value),
              bits_of(expected.round()));
    const FileStatistics found = statistics_of_file(world(), {path}, with(layout));
    EXPECT_EQ(bits_of_scalar(found.sum), bits_of(static_cast<double>(n) * (n - 1) / 2 - 1000.0 * n));
    EXPECT_EQ(found.min->index, 0);
    EXPECT_EQ(found.max->index, n - 1);
  }
  folder.leave();
}

double cube_value(Index i, Index j, Index k) { return static_cast<double>(31 * i + 7 * j + k) + 0.5; }
double other_value(Index i, Index j, Index k) { return static_cast<double>(i - 2 * j + 3 * k); }

// Two arrays of equal shape, one in C and one in Fortran order: multiplied by index, not by position.
TEST(DotOfFiles, OfDifferentMemoryOrders) {
  const SharedFolder folder(world());
  struct Shape {
    Index d0, d1, d2;
  };
  for (const Shape& s : {Shape{2, 3, 4}, Shape{60, 70, 130}, Shape{1, 5, 1}, Shape{3, 0, 2}}) {
    const std::string shape = text("(", s.d0, ", ", s.d1, ", ", s.d2, ")");
    ExactSum expected;
    for (Index i = 0; i < s.d0; ++i)
      for (Index j = 0; j < s.d1; ++j)
        for (Index k = 0; k < s.d2; ++k) expected.add_product(cube_value(i, j, k), other_value(i, j, k));
    const Index n = s.d0 * s.d1 * s.d2;
    for (const bool first : {false, true})
      for (const bool second : {false, true}) {
        const std::string a = folder.file("a.npy", [&, first] {
          return npy_bytes("<f8", shape, bytes_of(cube<double>(s.d0, s.d1, s.d2, first, cube_value)), first);
        });
        const std::string b = folder.file("b.npy", [&, second] {
          return npy_bytes("<i4", shape, bytes_of(cube<std::int32_t>(s.d0, s.d1, s.d2, second, other_value)),
                           second);
        });
        for (const Layout& layout : layouts(n, world().size()))
          EXPECT_EQ(bits_of_scalar(dot_of_files(world(), {a}, {b}, with(layout)).value),
                    bits_of(expected.round()))
              << shape << ' ' << layout.name() << ' ' << first << second;
      }
  }
  folder.leave();
}

TEST(StatisticsOfFile, PlacesAreLogicalIndicesInFortranOrderToo) {
  const SharedFolder folder(world());
  // The smallest stands at (2, 0, 1) and (0, 1, 2): the second comes first in C order, and later in the file.
  const auto value = [](Index i, Index j, Index k) {
    if ((i == 2 && j == 0 && k == 1) || (i == 0 && j == 1 && k == 2)) return -5.0;
    return i == 1 && j == 2 && k == 3 ? 9.0 : 1.0;
  };
  for (const bool fortran_order : {false, true}) {
    const std::string path = folder.file(
        "x.npy",
        npy_bytes("<f4", "(3, 4, 5)", bytes_of(cube<float>(3, 4, 5, fortran_order, value)), fortran_order));
    for (const Layout& layout : layouts(60, world().size())) {
      const FileStatistics found = statistics_of_file(world(), {path}, with(layout));
      EXPECT_EQ(found.min->index, 0 * 20 + 1 * 5 + 2) << layout.name();
      EXPECT_EQ(found.max->index, 1 * 20 + 2 * 5 + 3) << layout.name();
      EXPECT_EQ(bits_of_scalar(found.sum), bits_of(57.0 - 10 + 9));
    }
  }
  folder.leave();
}

TEST(FileReductions, WhatIsWrongIsAnErrorOnAllRanks) {
  const SharedFolder folder(world());
  const std::vector<double> ten(10, 1.0), eleven(11, 1.0), twelve(12, 1.0);
  const FileSource a{folder.file("a.npy", npy_bytes("<f8", "(10,)", bytes_of(ten)))};
  const FileSource b{folder.file("b.npy", npy_bytes("<f8", "(11,)", bytes_of(eleven)))};
  const FileSource c{folder.file("c.npy", npy_bytes("<f8", "(3, 4)", bytes_of(twelve)))};
  const FileSource d{folder.file("d.npy", npy_bytes("<f8", "(4, 3)", bytes_of(twelve)))};
  try {
    dot_of_files(world(), a, b);
    FAIL();
  } catch (const ShapeError& error) {
    EXPECT_EQ(error.left(), 10);
    EXPECT_EQ(error.right(), 11);
    EXPECT_NE(error.message().find(b.path), std::string::npos);
  }
  EXPECT_THROW(dot_of_files(world(), c, d), ShapeError);
  EXPECT_THROW(dot_of_files(world(), a, {folder.path("missing.npy")}), FileError);
  EXPECT_THROW(statistics_of_file(world(), {folder.path()}), FileError);
  const std::vector<Index> counts(static_cast<std::size_t>(world().size()), 100);
  EXPECT_THROW(dot_of_files(world(), a, a, with(irregular(counts))), ShapeError);
  EXPECT_THROW(statistics_of_file(world(), a, with(irregular(counts))), ShapeError);
  if (world().size() > 1) {
    const StreamOptions options = with(world().rank() == 0 ? block : cyclic);
    EXPECT_THROW(dot_of_files(world(), a, a, options), MismatchError);
    EXPECT_THROW(statistics_of_file(world(), a, options), MismatchError);
  }
  EXPECT_EQ(bits_of_scalar(dot_of_files(world(), a, a).value), bits_of(10.0));
  folder.leave();
}

TEST(FileReductions, ANpyFileIsNotTakenForRawNumbers) {
  const SharedFolder folder(world());
  const std::vector<double> ten(10, 1.0);
  const std::string path = folder.file("a.npy", npy_bytes("<f8", "(10,)", bytes_of(ten)));
  const DataType float64{ElementType::float64, false};
  EXPECT_THROW(statistics_of_file(world(), {path, float64, 0}), FormatError);
  EXPECT_THROW(statistics_of_file(world(), {path, float64, 64}), FormatError);
  EXPECT_EQ(bits_of_scalar(statistics_of_file(world(), {path, float64, 128}).sum), bits_of(10.0));
  folder.leave();
}

TEST(DotOfFiles, TellsItsProgressOnRankZero) {
  const SharedFolder folder(world());
  const std::vector<double> values(1000, 1.0);
  const std::string path = folder.file("a.npy", npy_bytes("<f8", "(1000,)", bytes_of(values)));
  StreamOptions options;
  std::vector<double> told;
  options.progress = [&](double fraction) { told.push_back(fraction); };
  dot_of_files(world(), {path}, {path}, options);
  if (world().rank() == 0)
    EXPECT_EQ(told, std::vector<double>{1.0});
  else
    EXPECT_TRUE(told.empty());
  folder.leave();
}

TEST(DotOfFiles, RoundedIsTheOrdinaryLoop) {
  const SharedFolder folder(world());
  std::vector<double> values;
  double plain = 0;
  for (Index i = 0; i < 1000; ++i) {
    values.push_back(1 / (1.0 + static_cast<double>(i)));
    plain += values.back() * values.back();
  }
  const std::string path = folder.file("a.npy", npy_bytes("<f8", "(1000,)", bytes_of(values)));
  StreamOptions options;
  options.rounded = true;
  const double value = std::get<double>(dot_of_files(world(), {path}, {path}, options).value);
  EXPECT_EQ(min(world(), value), max(world(), value));
  if (world().size() == 1)
    EXPECT_EQ(value, plain);
  else
    EXPECT_NEAR(value, plain, 1e-13);
  folder.leave();
}

}  // namespace
}  // namespace tutti
