#include "tutti/io/element_type.hpp"

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

namespace tutti {
namespace {

std::string refusal(const std::string& notation) {
  try {
    parse_data_type(notation);
  } catch (const FormatError& error) {
    return error.message();
  }
  return "accepted";
}

TEST(DataType, ReadsAndWritesNumPysNotation) {
  const std::map<std::string, DataType> known{
      {"|b1", {ElementType::bool8, false}},  {"|i1", {ElementType::int8, false}},
      {"|u1", {ElementType::uint8, false}},  {"<i2", {ElementType::int16, false}},
      {">i2", {ElementType::int16, true}},   {"<u2", {ElementType::uint16, false}},
      {">u2", {ElementType::uint16, true}},  {"<i4", {ElementType::int32, false}},
      {">i4", {ElementType::int32, true}},   {"<u4", {ElementType::uint32, false}},
      {">u4", {ElementType::uint32, true}},  {"<i8", {ElementType::int64, false}},
      {">i8", {ElementType::int64, true}},   {"<u8", {ElementType::uint64, false}},
      {">u8", {ElementType::uint64, true}},  {"<f2", {ElementType::float16, false}},
      {">f2", {ElementType::float16, true}}, {"<f4", {ElementType::float32, false}},
      {">f4", {ElementType::float32, true}}, {"<f8", {ElementType::float64, false}},
      {">f8", {ElementType::float64, true}}};
  for (const auto& [notation, type] : known) {
    EXPECT_EQ(parse_data_type(notation), type) << notation;
    EXPECT_EQ(type.text(), notation);
    EXPECT_EQ(type.text().back() - '0', static_cast<int>(type.size()));
  }
}

TEST(DataType, NativeAndOneByteNotations) {
  EXPECT_EQ(parse_data_type("=f8"), native_type(ElementType::float64));
  EXPECT_EQ(parse_data_type("f8"), native_type(ElementType::float64));
  EXPECT_EQ(parse_data_type(">u1"), parse_data_type("|u1"));
  EXPECT_EQ(parse_data_type("<b1"), parse_data_type("?"));
  EXPECT_EQ(native_type(ElementType::int8).text(), "|i1");
}

TEST(DataType, RefusalsSayWhyAndWhatToDo) {
  EXPECT_EQ(refusal("|O"),
            "dtype '|O' holds Python objects, and loading those can run any code; save numbers, for example "
            "array.astype('<f8')");
  EXPECT_NE(refusal("<c16").find("complex numbers; save array.real"), std::string::npos);
  EXPECT_NE(refusal("<U5").find("text"), std::string::npos);
  EXPECT_NE(refusal("|S5").find("text"), std::string::npos);
  EXPECT_NE(refusal("|V8").find("structures"), std::string::npos);
  EXPECT_NE(refusal("<M8[ns]").find("dates or times"), std::string::npos);
  EXPECT_NE(refusal("<m8").find("dates or times"), std::string::npos);
  EXPECT_NE(refusal("<f16").find("long double"), std::string::npos);
  EXPECT_NE(refusal("|f8").find("no byte order; give '<f8' or '>f8'"), std::string::npos);
  for (const char* nonsense :
       {"", "<", "f", "f80", "<f3", "<i16", "<<f8", "f8 ", " f8", "8", "<f-8", "x4", "u0", "b8"})
    EXPECT_NE(refusal(nonsense).find("is not known"), std::string::npos) << nonsense;
}

TEST(DataType, ARefusedTextIsCutAndMadeVisible) {
  EXPECT_EQ(refusal("\x1b[31m").substr(0, 18), "dtype '\\x1b[31m' i");
  EXPECT_LT(refusal(std::string(100000, 'x')).size(), 250U);
}

TEST(ComputeType, IsTheNarrowestThatHoldsAllValues) {
  using E = ElementType;
  const std::map<E, E> expected{{E::bool8, E::int32},     {E::int8, E::int32},      {E::int16, E::int32},
                                {E::int32, E::int32},     {E::int64, E::int64},     {E::uint8, E::int32},
                                {E::uint16, E::int32},    {E::uint32, E::int64},    {E::uint64, E::uint64},
                                {E::float16, E::float32}, {E::float32, E::float32}, {E::float64, E::float64}};
  for (const auto& [type, compute] : expected) {
    EXPECT_EQ(compute_type(type), compute) << element_name(type);
    EXPECT_TRUE(holds_exactly(compute, type));
    EXPECT_TRUE(holds_exactly(type, type));
  }
}

TEST(HoldsExactly, KnowsSignsAndDigits) {
  using E = ElementType;
  EXPECT_TRUE(holds_exactly(E::float64, E::int32));
  EXPECT_TRUE(holds_exactly(E::float64, E::uint32));
  EXPECT_TRUE(holds_exactly(E::float32, E::uint16));
  EXPECT_TRUE(holds_exactly(E::int64, E::uint32));
  EXPECT_TRUE(holds_exactly(E::uint64, E::bool8));
  EXPECT_FALSE(holds_exactly(E::float64, E::int64));
  EXPECT_FALSE(holds_exactly(E::float64, E::uint64));
  EXPECT_FALSE(holds_exactly(E::float32, E::int32));
  EXPECT_FALSE(holds_exactly(E::float32, E::float64));
  EXPECT_FALSE(holds_exactly(E::uint64, E::int8));
  EXPECT_FALSE(holds_exactly(E::int64, E::uint64));
  EXPECT_FALSE(holds_exactly(E::int32, E::uint32));
  EXPECT_FALSE(holds_exactly(E::int64, E::float16));
}

}  // namespace
}  // namespace tutti
