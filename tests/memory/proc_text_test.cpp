#include "tutti/memory/proc_text.hpp"

#include <cerrno>
#include <string>

#include <gtest/gtest.h>

namespace tutti::memory {
namespace {

TEST(ReadText, ReadsFilesThatTellNoSize) {
  const auto status = read_text("/proc/self/status");
  ASSERT_TRUE(status);
  EXPECT_EQ(status->rfind("Name:", 0), 0U);
  EXPECT_GT(read_text("/proc/self/smaps").value_or("").size(), 4096U);  // more than one piece
}

TEST(ReadText, SaysWhyNot) {
  errno = 0;
  EXPECT_FALSE(read_text("/proc/self/no such file"));
  EXPECT_EQ(errno, ENOENT);
  EXPECT_FALSE(read_text("/proc"));
  EXPECT_EQ(errno, EISDIR);
}

TEST(Words, AreCutAtBlanks) {
  const auto word = words("  a\tb  c\n");
  ASSERT_EQ(word.size(), 3U);
  EXPECT_EQ(word[2], "c");
  EXPECT_TRUE(words("").empty());
  EXPECT_TRUE(words(" \n").empty());
  EXPECT_EQ(lines("a b\n\nc").size(), 2U);
}

TEST(Numbers, MustFillTheirWord) {
  EXPECT_EQ(whole_number("-1"), -1);
  EXPECT_EQ(natural_number("18446744073709551615"), UINT64_MAX);
  for (const char* word : {"", "max", "12x", "18446744073709551616", " 1", "0x10"}) {
    EXPECT_FALSE(natural_number(word)) << word;
    EXPECT_FALSE(whole_number(word)) << word;
  }
  EXPECT_FALSE(natural_number("-1"));
}

TEST(NumberAfter, KnowsUnitsAndWholeKeys) {
  const std::string sample =
      "MemTotal:       24684092 kB\nMemFree: 1 kB\ninactive_file 4096\nempty\nbig: 18446744073709551615 kB\n";
  EXPECT_EQ(number_after(sample, "MemTotal:"), 24684092UL * 1024UL);
  EXPECT_EQ(number_after(sample, "inactive_file"), 4096U);
  EXPECT_FALSE(number_after(sample, "Mem"));
  EXPECT_FALSE(number_after(sample, "active_file"));
  EXPECT_FALSE(number_after(sample, "empty"));
  EXPECT_FALSE(number_after(sample, "big:"));
  EXPECT_FALSE(number_after("", "MemTotal:"));
}

}  // namespace
}  // namespace tutti::memory
