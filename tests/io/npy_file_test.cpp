#include "tutti/io/npy_file.hpp"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <string>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "message_of.hpp"
#include "temporary_folder.hpp"

namespace tutti {
namespace {

std::string npy(const char* type, const std::vector<Index>& shape, const std::string& data,
                bool fortran = false) {
  return io::format_npy_header({parse_data_type(type), fortran, shape, 0}) + data;
}

TEST(NpyFile, TellsWhatItHoldsAndReadsIt) {
  const TemporaryFolder folder;
  std::vector<double> values(12);
  std::iota(values.begin(), values.end(), 0.5);
  const NpyFile file(folder.file("a.npy", npy("<f8", {3, 4}, bytes_of(values))));
  EXPECT_EQ(file.path(), folder.path("a.npy"));
  EXPECT_EQ(file.shape(), (std::vector<Index>{3, 4}));
  EXPECT_EQ(file.size(), 12);
  EXPECT_EQ(file.type().text(), "<f8");
  EXPECT_FALSE(file.fortran_order());
  EXPECT_EQ(file.data_offset(), 128);
  std::vector<double> part(5);
  file.read(3, std::span(part));
  EXPECT_EQ(part, std::vector<double>(values.begin() + 3, values.begin() + 8));
  file.read(12, std::span<double>());
}

TEST(NpyFile, ConvertsInPiecesOfItsScratch) {
  const TemporaryFolder folder;
  constexpr std::size_t n = 100001;  // several scratch buffers and a rest
  std::vector<std::uint32_t> swapped(n);
  for (std::size_t i = 0; i < n; ++i) swapped[i] = __builtin_bswap32(static_cast<std::uint32_t>(i * 40000U));
  const NpyFile file(folder.file("a.npy", npy(">u4", {static_cast<Index>(n)}, bytes_of(swapped))));
  std::vector<std::int64_t> out(n - 2);
  file.read(1, std::span(out));
  for (std::size_t i = 0; i < out.size(); ++i)
    ASSERT_EQ(out[i], static_cast<std::uint32_t>((i + 1) * 40000U)) << i;
}

TEST(NpyFile, ZeroDimensionsAndEmptyOnes) {
  const TemporaryFolder folder;
  const NpyFile number(folder.file("number.npy", npy("<i4", {}, bytes_of(std::vector<std::int32_t>{42}))));
  EXPECT_EQ(number.size(), 1);
  std::vector<double> one(1);
  number.read(0, std::span(one));
  EXPECT_EQ(one[0], 42.0);
  const NpyFile empty(folder.file("empty.npy", npy("<f8", {3, 0}, "")));
  EXPECT_EQ(empty.size(), 0);
  empty.read(0, std::span<double>());
}

TEST(NpyFile, AnOrderThatSaysNothingIsCOrder) {
  const TemporaryFolder folder;
  std::string bytes = npy("|u1", {1, 2}, "ab");
  const std::size_t place = bytes.find("False, ");
  bytes.replace(place, 7, "True , ");
  EXPECT_FALSE(NpyFile(folder.file("a.npy", bytes)).fortran_order());
  EXPECT_TRUE(NpyFile(folder.file("b.npy", npy("|u1", {2, 2}, "abcd", true))).fortran_order());
}

TEST(NpyFile, SizesThatAreNotTheHeaders) {
  const TemporaryFolder folder;
  const std::string whole = npy("<f8", {3}, std::string(24, 'x'));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const std::string path = folder.file("a.npy", whole.substr(0, length));
    const std::string message = message_of<FormatError>([&] { open_npy(path); });
    EXPECT_NE(message, "no error") << length;
    if (length == whole.size() - 1) {
      EXPECT_EQ(message,
                path +
                    ": is truncated: its header says 3 elements of <f8, 152 bytes expected, 151 present; "
                    "write it again");
    }
  }
  const std::string path = folder.file("a.npy", whole + "x");
  EXPECT_EQ(
      message_of<FormatError>([&] { open_npy(path); }),
      path +
          ": is longer than its header says: 152 bytes expected, 153 present; save one array in one file "
          "with numpy.save");
}

TEST(NpyFile, AHugeShapeInASmallFileAllocatesNothing) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.npy", npy("<f8", {Index{1} << 59U}, "12345678"));
  EXPECT_NE(message_of<FormatError>([&] { open_npy(path); }).find("is truncated"), std::string::npos);
}

TEST(NpyFile, ErrorsOfReading) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.npy", npy("<i8", {3}, std::string(24, 'x')));
  const NpyFile file(path);
  std::vector<double> inexact(3);
  EXPECT_EQ(message_of<FormatError>([&] { file.read(0, std::span(inexact)); }),
            path + ": elements are int64, which float64 cannot hold exactly; read them as int64");
  EXPECT_THROW(file.read(0, std::span<double>()), FormatError) << "also on a rank without elements";
  std::vector<std::int64_t> out(2);
  EXPECT_EQ(message_of<ShapeError>([&] { file.read(2, std::span(out)); }),
            path + ": elements 2 + 2 were asked for, it has 3");
  EXPECT_THROW(file.read(-1, std::span(out)), ShapeError);
  EXPECT_THROW(file.read(std::numeric_limits<Index>::max(), std::span(out)), ShapeError);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  EXPECT_THROW(file.require_unchanged(), IoError);
  file.read(0, std::span(out));
  EXPECT_THROW(file.read(1, std::span(out)), IoError);
}

TEST(NpyFile, AFileThatShrinksBelowItsScratch) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.npy", npy("|i1", {200000}, std::string(200000, '\1')));
  const NpyFile file(path);
  std::filesystem::resize_file(path, 100000);
  std::vector<std::int32_t> out(200000);
  EXPECT_NE(message_of<IoError>([&] { file.read(0, std::span(out)); }).find("shrank while it was read"),
            std::string::npos);
}

TEST(RawFile, IsWhatLiesBehindTheOffset) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.raw", "abc" + bytes_of(std::vector<double>{1.5, 2.5, 3.5}));
  const ArrayFile file = open_raw(path, parse_data_type("=f8"), 3);
  EXPECT_EQ(file.shape(), (std::vector<Index>{3}));
  EXPECT_EQ(file.data_offset(), 3);
  EXPECT_FALSE(file.fortran_order());
  std::vector<double> out(2);
  file.read(1, std::span(out));
  EXPECT_EQ(out, (std::vector<double>{2.5, 3.5}));
  EXPECT_EQ(open_raw(path, parse_data_type("|u1")).size(), 27);
  EXPECT_EQ(open_raw(path, parse_data_type("=f8"), 27).size(), 0);
}

TEST(RawFile, RefusesWhatIsNoWholeNumberOfElements) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.raw", std::string(20, 'x'));
  EXPECT_EQ(message_of<FormatError>([&] { open_raw(path, parse_data_type("<f8")); }),
            path +
                ": 20 bytes from byte 0 on are not a multiple of the 8 bytes of <f8; state another dtype or "
                "offset");
  EXPECT_EQ(message_of<FormatError>([&] { open_raw(path, parse_data_type("<f8"), 21); }),
            path + ": offset 21 lies outside its 20 bytes; give one from 0 to 20");
  EXPECT_THROW(open_raw(path, parse_data_type("<f8"), -4), FormatError);
  EXPECT_THROW(open_raw(folder.path("no"), parse_data_type("<f8")), FileError);
}

TEST(ArrayFile, Moves) {
  static_assert(std::is_nothrow_move_constructible_v<ArrayFile> && !std::is_copy_constructible_v<ArrayFile>);
  const TemporaryFolder folder;
  ArrayFile first = open_raw(folder.file("a.raw", "abc"), parse_data_type("|u1"));
  const ArrayFile second(std::move(first));
  std::vector<std::int32_t> out(3);
  second.read(0, std::span(out));
  EXPECT_EQ(out, (std::vector<std::int32_t>{'a', 'b', 'c'}));
}

}  // namespace
}  // namespace tutti
