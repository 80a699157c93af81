#include "tutti/verify/file_comparison.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "temporary_folder.hpp"

namespace tutti::verify {
namespace {

constexpr std::size_t head = 4;  // bytes before the numbers of the arrays below

// An array of doubles behind "ARR\0".
std::string array(const std::vector<double>& values) { return std::string("ARR\0", head) + bytes_of(values); }

std::optional<Elements> elements_of(const std::string& path, bool floating) {
  const std::string contents = contents_of(path);
  if (!contents.starts_with("ARR")) return std::nullopt;
  Elements elements{head, sizeof(double), "<f8", {}};
  if (floating)
    elements.read = [contents](Index first, std::span<double> out) {
      std::memcpy(out.data(), contents.data() + head + sizeof(double) * static_cast<std::size_t>(first),
                  out.size_bytes());
    };
  return elements;
}

class CompareFiles : public ::testing::Test {
 protected:
  std::optional<FileDifference> compared(const std::string& a, const std::string& b) {
    return compare_files({folder_.file("a", a), "a", 1}, {folder_.file("b", b), "b", 2}, rules_,
                         [this](const std::string& path) { return elements_of(path, floating_); });
  }
  template <class Kind>
  Kind difference(const std::string& a, const std::string& b) {
    const auto found = compared(a, b);
    if (!found || !std::holds_alternative<Kind>(*found)) {
      ADD_FAILURE() << "no such difference";
      return {};
    }
    return std::get<Kind>(*found);
  }

  TemporaryFolder folder_;
  Rules rules_;
  bool floating_ = true;
};

TEST_F(CompareFiles, TellsTextFromBytes) {
  const auto text = [&](const std::string& contents) { return is_text(folder_.file("x", contents)); };
  EXPECT_TRUE(text(""));
  EXPECT_TRUE(text("a\tb\r\n\x1b[1m \xc3\xa9 \xe2\x82\xac \xf0\x9f\x8e\xb5\n"));
  EXPECT_FALSE(text(std::string("a\0b", 3)));
  EXPECT_FALSE(text("\x01"));
  EXPECT_FALSE(text("caf\xe9"));
  EXPECT_FALSE(text("\xc3("));
  EXPECT_FALSE(text("cut \xc3"));
  EXPECT_TRUE(text(std::string(65535, 'x') + "\xc3\xa9"));  // cut by the piece that is read
}

TEST_F(CompareFiles, TextsLineByLine) {
  EXPECT_FALSE(compared("x 1.0\n", "x 1\n"));
  EXPECT_EQ(difference<TextDifference>("x 1\n", "x 2\n").where.ordinal, 1U);
  const auto kind = difference<KindDifference>("text", std::string("\0", 1));
  EXPECT_EQ(kind.a, "a text");
  EXPECT_EQ(kind.b, "binary");
}

TEST_F(CompareFiles, BytesByByte) {
  const std::string zeros(100000, '\0');
  std::string other = zeros;
  EXPECT_FALSE(compared(zeros, other));
  other[70000] = '\x7f';
  const auto found = difference<ByteDifference>(zeros, other);
  EXPECT_EQ(found.offset, 70000);
  EXPECT_EQ(found.a, 0);
  EXPECT_EQ(found.b, 0x7f);
  const auto longer = difference<ByteDifference>(zeros, zeros + "x");
  EXPECT_EQ(longer.offset, 100000);
  EXPECT_FALSE(longer.a);
  EXPECT_EQ(longer.b, 'x');
}

TEST_F(CompareFiles, ArraysByElement) {
  std::vector<double> values(10000, 1.5);
  const std::string before = array(values);
  EXPECT_FALSE(compared(before, before));
  values[9000] = std::nextafter(1.5, 2);
  const auto found = difference<ElementDifference>(before, array(values));
  EXPECT_EQ(found.element, 9000);
  EXPECT_EQ(found.apart.ulp, 1U);
  rules_.tolerance.ulp = 1;
  EXPECT_FALSE(compared(before, array(values)));
  EXPECT_FALSE(compared(array({0.0, std::nan("")}), array({-0.0, -std::nan("")})));
}

TEST_F(CompareFiles, ArraysOfIntegersByByteAndElement) {
  floating_ = false;
  rules_.tolerance.relative = 0.5;
  EXPECT_EQ(difference<ByteDifference>(array({1, 2, 3}), array({1, 2, 4})).element, 2);
  const auto kind = difference<KindDifference>(array({1}), std::string("\0", 1));
  EXPECT_EQ(kind.a, "<f8");
  EXPECT_EQ(kind.b, "no array");
}

TEST_F(CompareFiles, CountsWhatThereIs) {
  const FileCount text = count_file({folder_.file("x", "a 1 2\n"), "x", 1}, rules_);
  EXPECT_TRUE(text.is_text);
  EXPECT_EQ(text.text.numbers, 2);
  const FileCount bytes = count_file({folder_.file("x", std::string("\0\0", 2)), "x", 1}, rules_);
  EXPECT_FALSE(bytes.is_text);
  EXPECT_EQ(bytes.bytes, 2);
}

}  // namespace
}  // namespace tutti::verify
