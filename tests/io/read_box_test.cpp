#include "tutti/io/read_box.hpp"

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "temporary_folder.hpp"

namespace tutti::io {
namespace {

// Two files of one array whose element of C-order index i is i: one in C order, one in Fortran order.
struct Pair {
  Pair(const TemporaryFolder& folder, const std::vector<Index>& shape)
      : c(make(folder, shape, false)), fortran(make(folder, shape, true)) {}

  static ArrayFile make(const TemporaryFolder& folder, const std::vector<Index>& shape, bool fortran_order) {
    const NpyHeader header{native_type(ElementType::int32), fortran_order, shape, 0};
    std::vector<std::int32_t> values(static_cast<std::size_t>(header.size()));
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto position = static_cast<Index>(i);
      values[i] = static_cast<std::int32_t>(fortran_order ? logical_index(shape, position) : position);
    }
    return open_npy(
        folder.file(fortran_order ? "f.npy" : "c.npy", format_npy_header(header) + bytes_of(values)));
  }

  ArrayFile c;
  ArrayFile fortran;
};

std::vector<std::int64_t> expected_of(const std::vector<Index>& shape, const Box& box) {
  std::vector<std::int64_t> values(static_cast<std::size_t>(box.size()));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = logical_index(shape, box, static_cast<Index>(i));
  return values;
}

const std::vector<std::vector<Index>> shapes{
    {},           {1},       {5},        {0},       {3, 0, 2},       {2, 3},
    {7, 5},       {1, 4, 1}, {4, 1, 3},  {3, 4, 5}, {5, 1, 1, 2, 3}, {2, 2, 2, 2, 2, 2},
    {6, 1, 5, 4}, {40, 33},  {33, 3, 40}};

TEST(ReadBox, BothOrdersGiveTheSameElements) {
  std::mt19937 random(7);
  for (const auto& shape : shapes) {
    const TemporaryFolder folder;
    const Pair files(folder, shape);
    for (int trial = 0; trial < 60; ++trial) {
      Box box{shape, shape};
      for (std::size_t d = 0; d < shape.size(); ++d) {
        box.first[d] = static_cast<Index>(random()) % (shape[d] + 1);
        box.extent[d] = static_cast<Index>(random()) % (shape[d] - box.first[d] + 1);
        if (random() % 3 == 0) {  // all of it, so that runs join
          box.first[d] = 0;
          box.extent[d] = shape[d];
        }
      }
      const auto expected = expected_of(shape, box);
      std::vector<std::int64_t> out(expected.size());
      read_box(files.c, box, std::span(out));
      ASSERT_EQ(out, expected) << testing::PrintToString(shape);
      std::fill(out.begin(), out.end(), -1);
      read_box(files.fortran, box, std::span(out));
      ASSERT_EQ(out, expected) << testing::PrintToString(shape);
    }
  }
}

TEST(ReadTile, PairsElementsByIndex) {
  for (const auto& shape : shapes) {
    const TemporaryFolder folder;
    const Pair files(folder, shape);
    for (const Index most : {1, 3, 10, 100000}) {
      const TileGrid grid(shape, most);
      std::vector<double> a(static_cast<std::size_t>(grid.largest())), b(a.size());
      Index seen = 0;
      for (Index k = 0; k < grid.count(); ++k) {
        const auto from_c = read_tile(files.c, grid, k, std::span(a));
        const auto from_fortran = read_tile(files.fortran, grid, k, std::span(b));
        ASSERT_TRUE(std::equal(from_c.begin(), from_c.end(), from_fortran.begin(), from_fortran.end()));
        seen += static_cast<Index>(from_c.size());
      }
      EXPECT_EQ(seen, files.c.size());
    }
  }
}

TEST(ReadLogical, EveryRangeOfSmallArrays) {
  for (const auto& shape : shapes) {
    const TemporaryFolder folder;
    const Pair files(folder, shape);
    const Index size = files.c.size();
    const Index step = size > 100 ? 37 : 1;
    for (Index first = 0; first <= size; first += step) {
      for (Index count = 0; count <= size - first; count += step) {
        std::vector<std::int32_t> expected(static_cast<std::size_t>(count)), out(expected.size(), -1);
        std::iota(expected.begin(), expected.end(), static_cast<std::int32_t>(first));
        read_logical(files.fortran, first, std::span(out));
        ASSERT_EQ(out, expected) << testing::PrintToString(shape) << first << ' ' << count;
        read_logical(files.c, first, std::span(out));
        ASSERT_EQ(out, expected);
      }
    }
  }
}

// Large enough for several tiles, for pieces of several scratch buffers, and for gaps that are skipped.
TEST(ReadLogical, LargeArraysOfEveryProportion) {
  const std::vector<std::vector<Index>> large{{1200, 1000},
                                              {3, 400000},
                                              {400000, 3},
                                              {1100, 3, 400},
                                              {2000, 700},
                                              {20, 21, 22, 23},
                                              std::vector<Index>(20, 2)};
  for (const auto& shape : large) {
    const TemporaryFolder folder;
    const Pair files(folder, shape);
    const Index size = files.c.size();
    for (const auto& [first, last] : std::vector<std::pair<Index, Index>>{
             {0, size}, {size / 7, size / 7 * 5}, {size - size / 3, size}, {size / 2, size / 2 + 1000}}) {
      std::vector<std::int32_t> expected(static_cast<std::size_t>(last - first)), out(expected.size(), -1);
      std::iota(expected.begin(), expected.end(), static_cast<std::int32_t>(first));
      read_logical(files.fortran, first, std::span(out));
      EXPECT_TRUE(out == expected) << testing::PrintToString(shape) << first;
    }
    const TileGrid grid(shape);
    std::vector<std::int32_t> a(static_cast<std::size_t>(grid.largest())), b(a.size());
    for (Index k = 0; k < grid.count(); ++k) {
      const auto from_c = read_tile(files.c, grid, k, std::span(a));
      const auto from_fortran = read_tile(files.fortran, grid, k, std::span(b));
      ASSERT_TRUE(std::equal(from_c.begin(), from_c.end(), from_fortran.begin(), from_fortran.end()));
    }
  }
}

TEST(ReadBox, RefusesWhatDoesNotFit) {
  const TemporaryFolder folder;
  const Pair files(folder, {3, 4});
  std::vector<std::int32_t> out(4);
  EXPECT_THROW(read_box(files.c, {{0, 0}, {2, 3}}, std::span(out)), InternalError) << "6 elements into 4";
  EXPECT_THROW(read_box(files.c, {{2, 0}, {2, 2}}, std::span(out)), InternalError);
  EXPECT_THROW(read_box(files.c, {{-1, 0}, {2, 2}}, std::span(out)), InternalError);
  EXPECT_THROW(read_box(files.c, {{0}, {4}}, std::span(out)), InternalError);
  EXPECT_THROW(read_logical(files.fortran, 9, std::span(out)), ShapeError);
  EXPECT_THROW(read_logical(files.fortran, -1, std::span(out)), ShapeError);
  std::vector<float> inexact(4);
  EXPECT_THROW(read_box(files.fortran, {{0, 0}, {2, 2}}, std::span(inexact)), FormatError);
  EXPECT_THROW(read_logical(files.fortran, 0, std::span(inexact).first(0)), FormatError);
}

}  // namespace
}  // namespace tutti::io
