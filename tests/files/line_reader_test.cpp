#include "tutti/files/line_reader.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

#include "temporary_folder.hpp"

namespace tutti::files {
namespace {

std::vector<std::string> all_of(LineReader& reader) {
  std::vector<std::string> lines;
  for (std::string_view line; reader.next(line);) {
    lines.emplace_back(line);
    EXPECT_EQ(reader.number(), static_cast<Index>(lines.size()));
  }
  return lines;
}

// Of a file, and of the same in memory.
std::vector<std::string> lines_of(const std::string& contents) {
  const TemporaryFolder folder;
  LineReader reader(folder.file("text", contents), "text");
  const auto lines = all_of(reader);
  LineReader in_memory(LineReader::InMemory{contents}, "text");
  EXPECT_EQ(all_of(in_memory), lines);
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

TEST(LineReader, RefusesWhatIsLongerThanItsRules) {
  for (const std::size_t length : {4U, 5U}) {
    LineReader reader(LineReader::InMemory{"a\n" + std::string(length, 'x') + "\n"}, "text",
                      {.longest = 4, .expected = "give shorter ones"});
    std::string_view line;
    EXPECT_TRUE(reader.next(line));
    if (length == 4) {
      EXPECT_TRUE(reader.next(line));
      continue;
    }
    try {
      reader.next(line);
      ADD_FAILURE();
    } catch (const FormatError& error) {
      EXPECT_EQ(error.message(), "text: line 2 has more than 4 bytes; give shorter ones");
    }
  }
}

TEST(LineReader, GoesToAPlace) {
  std::string contents;
  for (int i = 0; i < 100000; ++i) contents += std::to_string(i) + "\n";
  const TemporaryFolder folder;
  LineReader reader(folder.file("text", contents), "text");
  std::string_view line;
  LineReader::Place early, late;
  for (int i = 0; i < 90000; ++i) {
    ASSERT_TRUE(reader.next(line));
    if (i == 9) early = reader.place();
  }
  late = reader.place();
  for (int turn = 0; turn < 2; ++turn) {
    reader.go_to(early);
    ASSERT_TRUE(reader.next(line));
    EXPECT_EQ(line, "10");
    EXPECT_EQ(reader.number(), 11);
    reader.go_to(late);
    ASSERT_TRUE(reader.next(line));
    EXPECT_EQ(line, "90000");
    EXPECT_EQ(reader.number(), 90001);
  }
  EXPECT_THROW(reader.go_to({reader.size() + 1, 0}), InternalError);
}

}  // namespace
}  // namespace tutti::files
