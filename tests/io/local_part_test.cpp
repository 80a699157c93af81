#include "tutti/io/local_part.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace tutti::io {
namespace {

using Bytes = std::vector<std::byte>;

Bytes numbered(std::size_t count) {
  Bytes bytes(count);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::byte>(i);
  return bytes;
}

TEST(LocalPart, SideBySideIsNotCopied) {
  Bytes memory = numbered(24);
  const LocalPart part{std::span(memory)};
  EXPECT_TRUE(part.side_by_side());
  EXPECT_EQ(part.bytes(), 24U);
  EXPECT_EQ(part.get(5, 7, nullptr).data(), memory.data() + 5);
  EXPECT_EQ(part.place(5, 7, nullptr).data(), memory.data() + 5);
  EXPECT_EQ(part.place(5, 7, nullptr).size(), 7U);
  part.put(5, part.get(5, 7, nullptr));
  EXPECT_EQ(memory, numbered(24));
}

TEST(LocalPart, RowsWithoutGapsAreOneRow) {
  Bytes memory(2 * 3 * 4 * 2);
  EXPECT_TRUE(LocalPart(memory.data(), {2, 3, 4}, {12, 4, 1}, 2).side_by_side());
  EXPECT_TRUE(LocalPart(memory.data(), {1, 1, 4}, {99, 77, 1}, 2).side_by_side());
  EXPECT_FALSE(LocalPart(memory.data(), {2, 3, 3}, {12, 4, 1}, 2).side_by_side());
  EXPECT_FALSE(LocalPart(memory.data(), {2, 2, 4}, {12, 4, 1}, 2).side_by_side());
}

// The inner 2 x 3 x 4 of 4 x 5 x 6 elements: every range of its bytes, to and fro.
TEST(LocalPart, RowsWithGapsAreCopied) {
  for (const std::size_t size : std::initializer_list<std::size_t>{1, 2, 3}) {
    Bytes memory = numbered(4 * 5 * 6 * size);
    const std::size_t first = (30 + 6 + 1) * size;
    const LocalPart part(memory.data() + first, {2, 3, 4}, {30, 6, 1}, size);
    Bytes expected;
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t j = 0; j < 3; ++j)
        for (std::size_t b = 0; b < 4 * size; ++b)
          expected.push_back(memory[first + (30 * i + 6 * j) * size + b]);
    ASSERT_EQ(part.bytes(), expected.size());
    for (std::size_t from = 0; from < expected.size(); ++from)
      for (std::size_t count = 0; count <= expected.size() - from; ++count) {
        Bytes room(count + 1);
        const auto got = part.get(from, count, room.data());
        ASSERT_EQ(Bytes(got.begin(), got.end()),
                  Bytes(expected.begin() + static_cast<std::ptrdiff_t>(from),
                        expected.begin() + static_cast<std::ptrdiff_t>(from + count)));
        Bytes other(memory.size());
        const LocalPart target(other.data() + first, {2, 3, 4}, {30, 6, 1}, size);
        EXPECT_EQ(target.place(from, count, room.data()).data(), room.data());
        target.put(from, got);
        Bytes back(count + 1);
        const auto again = target.get(from, count, back.data());
        ASSERT_TRUE(std::equal(got.begin(), got.end(), again.begin(), again.end()));
        std::size_t touched = 0;
        for (const std::byte byte : other) touched += byte != std::byte{} ? 1 : 0;
        ASSERT_LE(touched, count);
      }
  }
}

TEST(LocalPart, Nothing) {
  const LocalPart none(static_cast<std::byte*>(nullptr), {2, 0, 4}, {0, 4, 1}, 8),
      empty{std::span<std::byte>()};
  EXPECT_EQ(none.bytes(), 0U);
  EXPECT_EQ(empty.bytes(), 0U);
  EXPECT_EQ(none.get(0, 0, nullptr).size(), 0U);
  none.put(0, {});
}

}  // namespace
}  // namespace tutti::io
