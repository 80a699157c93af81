#include "tutti/checkpoint/element_form.hpp"

#include <gtest/gtest.h>

namespace tutti::checkpoint {
namespace {

struct Record {
  double x;
  std::int32_t kind;
};

template <class T>
void expect_form(const char* dtype, const std::vector<Index>& shape) {
  const ElementForm form = element_form<T>();
  EXPECT_EQ(form.dtype, dtype);
  EXPECT_EQ(form.shape, shape);
  EXPECT_EQ(form.bytes, sizeof(T));
}

TEST(ElementForm, IsNumPysNotation) {
  expect_form<double>("<f8", {});
  expect_form<float>("<f4", {});
  expect_form<std::int16_t>("<i2", {});
  expect_form<std::uint64_t>("<u8", {});
  expect_form<signed char>("|i1", {});
  expect_form<bool>("|b1", {});
  expect_form<std::complex<float>>("<c8", {});
  expect_form<std::complex<double>>("<c16", {});
  expect_form<std::array<double, 3>>("<f8", {3});
  expect_form<std::array<std::array<std::int32_t, 2>, 3>>("<i4", {3, 2});
  expect_form<Record>("|V16", {});
  expect_form<std::array<Record, 2>>("|V16", {2});
}

TEST(BytesOfDtype, OfThoseThatCheckpointsHave) {
  for (const auto& [dtype, bytes] : std::initializer_list<std::pair<const char*, std::size_t>>{{"<f8", 8},
                                                                                               {">f8", 8},
                                                                                               {"<f2", 2},
                                                                                               {"|b1", 1},
                                                                                               {"|i1", 1},
                                                                                               {"<u4", 4},
                                                                                               {"<c16", 16},
                                                                                               {"|V16", 16},
                                                                                               {"|V1", 1}})
    EXPECT_EQ(bytes_of_dtype(dtype), bytes) << dtype;
  for (const char* dtype : {"",
                            "<",
                            "<f",
                            "f8",
                            "=f8",
                            "|f8",
                            "<f16",
                            "<f3",
                            "<i16",
                            "<b1",
                            "|O",
                            "|O8",
                            "<U4",
                            "<f08",
                            "<f8 ",
                            "<V16",
                            "|V0",
                            "|V-1",
                            "<f18446744073709551624",
                            "|V99999999999"})
    EXPECT_EQ(bytes_of_dtype(dtype), 0U) << dtype;
}

}  // namespace
}  // namespace tutti::checkpoint
