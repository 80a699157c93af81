#include "tutti/verify/line_reader.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

#include "temporary_folder.hpp"

namespace tutti::verify {
namespace {

std::vector<std::string> lines_of(const std::string& contents) {
  const TemporaryFolder folder;
  LineReader reader(folder.file("text", contents), "text");
  std::vector<std::string> lines;
  for (std::string_view line; reader.next(line);) {
    lines.emplace_back(line);
    EXPECT_EQ(reader.number(), static_cast<Index>(lines.size()));
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(LineReader, GivesAllLines) {
  EXPECT_EQ(lines_of(""), Lines{});
  EXPECT_EQ(lines_of("\n"), Lines{""});
  EXPECT_EQ(lines_of("a\n\nb"), (Lines{"a", "", "b"}));
  EXPECT_EQ(lines_of("a\r\nb\r"), (Lines{"a", "b"}));
  EXPECT_EQ(lines_of(std::string("a\0b\n", 4)), Lines{std::string("a\0b", 3)});
}

TEST(LineReader, CrossesPieces) {
  Lines expected;
  std::string contents;
  for (int i = 0; i < 3000; ++i) {
    expected.push_back(std::string(static_cast<std::size_t>(i), 'x') + std::to_string(i));
    contents += expected.back() + "\n";
  }
  expected.emplace_back(1000000, 'y');
  EXPECT_EQ(lines_of(contents + expected.back()), expected);
}

TEST(LineReader, RefusesEndlessLines) {
  EXPECT_EQ(lines_of(std::string(longest_line, 'x')).size(), 1U);
  EXPECT_THROW(lines_of(std::string(longest_line + 1, 'x') + std::string(1 << 19, 'x')), FormatError);
}

}  // namespace
}  // namespace tutti::verify
