#include "tutti/molecular/kernels.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"
#include "tutti/molecular/kernel_tables.hpp"

#include "molecular/systems.hpp"

namespace tutti::molecular {
namespace {

const Kernel& twin() { return kernels().front(); }

// Also what this processor would not choose.
std::vector<Kernel> all_kernels() {
  std::vector<Kernel> all(kernels().begin(), kernels().end());
  if (const auto older = avx512_kernel_without_vbmi2()) all.push_back(*older);
  return all;
}

std::vector<Position> anywhere(std::size_t count, std::uint64_t seed = 1) {
  const Random random(seed);
  std::vector<Position> made(count + 4);
  for (std::size_t k = 0; k < count; ++k) {
    const auto i = static_cast<Index>(k);
    made[k] = {random.bits(i, 0), random.bits(i, 1), random.bits(i, 2),
               Position::make_label(i * 77777, k % 3)};
  }
  return made;
}

TEST(Kernels, AreNamed) {
  EXPECT_STREQ(twin().name, "portable");
  for (const Kernel& kernel : kernels()) EXPECT_EQ(&kernel_named(kernel.name), &kernel);
  EXPECT_EQ(&kernel_named("reference"), &twin());
  EXPECT_THROW(kernel_named("sse"), UsageError);
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0) {
    EXPECT_EQ(kernels()[1].name, std::string("avx2"));
  }
  if (__builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512bw") != 0) {
    EXPECT_EQ(kernels().back().name, std::string("avx512"));
  }
#endif
}

// In a process of its own, as the variable is read once.
[[noreturn]] void exit_with_kernel(const char* value) {
  setenv("TUTTI_KERNEL", value, 1);
  try {
    std::fprintf(stderr, "%s", kernel().name);
    _exit(0);
  } catch (const UsageError& error) {
    std::fprintf(stderr, "%s", error.what());
    _exit(error.exit_code());
  }
}

TEST(KernelsDeathTest, TheVariableForcesOne) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(exit_with_kernel("portable"), testing::ExitedWithCode(0), "portable");
  EXPECT_EXIT(exit_with_kernel(""), testing::ExitedWithCode(0), kernels().back().name);
  EXPECT_EXIT(exit_with_kernel("sse"), testing::ExitedWithCode(64), "no kernel is called \"sse\"");
}

TEST(Kernels, Copies) {
  const std::vector<Position> from = anywhere(40);
  for (const Kernel& kernel : all_kernels())
    for (std::size_t count :
         {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{38}}) {
      std::vector<Position> to(count + 2);
      kernel.copy(from.data(), count * sizeof(Position), to.data());
      EXPECT_EQ(std::memcmp(to.data(), from.data(), count * sizeof(Position)), 0);
    }
}

TEST(Kernels, PointsOf32Bits) {
  const std::vector<Position> positions = anywhere(37);
  Resolution resolution{{32, 27, 0}, {1, 1, 1}};
  for (const Kernel& kernel : all_kernels())
    for (std::size_t count = 0; count < 37; ++count) {
      std::vector<Point32> points(count + 4);
      kernel.points32(positions.data(), count, resolution, points.data());
      for (std::size_t k = 0; k < count; ++k) {
        EXPECT_EQ(static_cast<std::uint32_t>(points[k].x), positions[k].x >> 32U);
        EXPECT_EQ(static_cast<std::uint32_t>(points[k].y), static_cast<std::uint32_t>(positions[k].y >> 27U));
        EXPECT_EQ(static_cast<std::uint32_t>(points[k].z), static_cast<std::uint32_t>(positions[k].z));
        EXPECT_EQ(points[k].label, static_cast<std::uint32_t>(positions[k].label));
      }
    }
}

struct CoarseColumns {
  std::vector<std::int16_t> x, y, z;
  explicit CoarseColumns(std::size_t count) : x(count + 64, 7), y(count + 64, 7), z(count + 64, 7) {}
  Coarse pointers() { return {x.data(), y.data(), z.data()}; }
};

TEST(Kernels, CoarseCoordinates) {
  const std::vector<Position> positions = anywhere(50);
  const std::array<std::uint64_t, axes> centre{5, std::uint64_t{1} << 63U, ~std::uint64_t{0}};
  for (const float scale : {0x1p-16F, 0x1.8p-16F, 0x1p-15F, 0.0F})  // all in reach, and some beyond
    for (const Kernel& kernel : all_kernels())
      for (const std::size_t count :
           {std::size_t{1}, std::size_t{15}, std::size_t{16}, std::size_t{17}, std::size_t{50}}) {
        CoarseColumns expected(count);
        CoarseColumns found(count);
        twin().coarse(positions.data(), count, centre, {scale, 0x1p-17F, scale}, expected.pointers());
        kernel.coarse(positions.data(), count, centre, {scale, 0x1p-17F, scale}, found.pointers());
        for (std::size_t k = 0; k < count; ++k) {
          EXPECT_EQ(found.x[k], expected.x[k]);
          EXPECT_EQ(found.y[k], expected.y[k]);
          EXPECT_EQ(found.z[k], expected.z[k]);
          const auto high =
              static_cast<float>(static_cast<std::int32_t>((positions[k].x - centre[0]) >> 32U));
          EXPECT_NEAR(expected.x[k], std::clamp(high * scale, -32768.0F, 32767.0F), 1);
        }
      }
}

TEST(Kernels, SelectTheNear) {
  const Random random(4);
  for (const Kernel& kernel : all_kernels())
    for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{31}, std::size_t{32},
                                    std::size_t{33}, std::size_t{500}})
      for (const unsigned limit : {0U, 1U, 300U, 4000U, 16383U, 60000U}) {
        std::vector<std::int16_t> x(count + 64, 32767), y(count + 64, 32767), z(count + 64, 32767);
        std::vector<std::uint16_t> names(count + 64);
        std::vector<std::uint16_t> expected;
        const std::array<std::int16_t, 3> c{100, -20000, 32767};
        for (std::size_t k = 0; k < count; ++k) {
          const auto i = static_cast<Index>(k);
          x[k] = static_cast<std::int16_t>(random.bits(i, 0));
          y[k] = static_cast<std::int16_t>(random.bits(i, 1));
          z[k] = static_cast<std::int16_t>(k % 3 == 0 ? 32767 - k : random.bits(i, 2));
          names[k] = static_cast<std::uint16_t>(random.bits(i, 3));
          const auto square = [](int a, int b) {
            const int d = std::clamp(a - b, -32768, 32767);
            return static_cast<unsigned>(d * d) >> 16U;
          };
          if (square(x[k], c[0]) + square(y[k], c[1]) + square(z[k], c[2]) <= limit)
            expected.push_back(names[k]);
        }
        if (limit > 16383 && count % 32 != 0) continue;  // what is behind the last must be far away
        std::vector<std::uint16_t> found(count + 64);
        found.resize(kernel.select({x.data(), y.data(), z.data(), names.data(), count}, c[0], c[1], c[2],
                                   static_cast<std::uint16_t>(limit), found.data()));
        EXPECT_EQ(found, expected) << kernel.name << count << ' ' << limit;
      }
}

// Distances of any size: differences of all 64 bits, converted with one rounding. Energies slope * r show all
// bits of r.
TEST(Kernels, DifferencesOfAnySize) {
  std::vector<Position> block = anywhere(300);
  for (std::size_t k = 0; k < 300; ++k) {  // small ones, too, of both signs
    if (k % 3 == 0) block[k].x = block[0].x + (block[k].x >> (k % 64)) * (k % 2 == 0 ? 1 : ~std::uint64_t{0});
    if (k % 5 == 0) block[k].y = block[0].y;
    if (k % 7 == 0) block[k].z = block[0].z + (std::uint64_t{1} << 63U);
  }
  EnergyConstants constants;
  constants.scale = {1, 1, 1};
  constants.cutoff2.at(0, 0) = 1e300;
  constants.slope.at(0, 0) = 0x1.2345p-15;
  std::vector<std::uint16_t> entries;
  for (std::uint16_t k = 1; k < 300; ++k) entries.push_back(k);
  entries.resize(400);
  for (std::uint16_t first = 0; first < 298; ++first) {  // each alone, so that sums hide nothing
    const std::vector<Row> rows{{0, 1}};
    const RowBatch batch{rows, entries.data() + first};
    const std::size_t variant = Variant{true, false, true}.index();
    CloseRows close;
    PairSums expected;
    twin().energies64[variant](block.data(), batch, constants, expected, close);
    EXPECT_TRUE(expected.energy > 0);
    for (const Kernel& kernel : all_kernels()) {
      PairSums found;
      kernel.energies64[variant](block.data(), batch, constants, found, close);
      EXPECT_TRUE(found == expected) << kernel.name << ' ' << first;
    }
  }
}

// Kicks, steps, images and the longest way.
TEST(Kernels, Advance) {
  MotionConstants constants(
      Box({8, 9, 10}), Interactions({{"A", 1}, {"B", 3}, {"C", 0.1}}, Truncation::plain), reduced_units(),
      Model(Box({8, 9, 10}), Interactions::of_one_type({1, 1, 2}, Truncation::plain), Precision::full),
      0.005);
  const Random random(6);
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{77}}) {
    std::vector<Momentum> momenta(count + 1);
    std::vector<Force> forces(count + 1);
    for (std::size_t k = 0; k < count; ++k) {
      const auto i = static_cast<Index>(k);
      const auto some = [&](std::uint64_t draw, unsigned bits) {
        return static_cast<std::int64_t>(random.bits(i, draw)) >> bits;
      };
      momenta[k] = {some(0, 14), some(1, 14), some(2, 10), {}};
      momenta[k].images.set(1, static_cast<std::int32_t>(k) - 30);
      forces[k] = {some(3, 20), some(4, 20), some(5, 16), 0};
    }
    for (const std::int64_t kicks : {0, 1, 2}) {
      std::vector<Position> expected = anywhere(count);
      std::vector<Momentum> expected_momenta = momenta;
      const double way =
          twin().advance(expected.data(), expected_momenta.data(), forces.data(), count, kicks, constants);
      for (const Kernel& kernel : all_kernels()) {
        std::vector<Position> found = anywhere(count);
        std::vector<Momentum> found_momenta = momenta;
        EXPECT_EQ(kernel.advance(found.data(), found_momenta.data(), forces.data(), count, kicks, constants),
                  way);
        EXPECT_EQ(std::memcmp(found.data(), expected.data(), found.size() * sizeof(Position)), 0)
            << kernel.name;
        EXPECT_EQ(std::memcmp(found_momenta.data(), expected_momenta.data(),
                              found_momenta.size() * sizeof(Momentum)),
                  0)
            << kernel.name;
      }
    }
  }
}

}  // namespace
}  // namespace tutti::molecular
