#include "tutti/memory/buffer.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <sys/resource.h>
#include <utility>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"
#include "tutti/memory/proc_text.hpp"
#include "tutti/memory/system_memory.hpp"

#include "children.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TUTTI_SANITIZED_MEMORY 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TUTTI_SANITIZED_MEMORY 1
#endif
#endif

namespace tutti::memory {
namespace {

std::uintptr_t address(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }

TEST(Buffer, IsZeroAndAligned) {
  for (const std::size_t size :
       {1UL, 3UL, 1000UL, Allocation::large / 8 - 1, Allocation::large / 8, 700001UL}) {
    Buffer<double> buffer(size, "numbers");
    ASSERT_EQ(buffer.size(), size);
    const bool huge = size * 8 >= Allocation::large;
    EXPECT_EQ(address(buffer.data()) % (huge ? Allocation::huge_page : Allocation::alignment), 0U);
    for (const double value : buffer) ASSERT_EQ(value, 0);
    for (double& value : buffer) value = 1.5;  // all of it is ours
    EXPECT_EQ(buffer[size - 1], 1.5);
    EXPECT_EQ(buffer.span().size(), size);
  }
}

TEST(Buffer, OfNothingHoldsNothing) {
  const Buffer<double> none(0, "none");
  EXPECT_TRUE(none.empty());
  EXPECT_TRUE(none.span().empty());
  EXPECT_EQ(none.begin(), none.end());
  EXPECT_TRUE(Buffer<int>().empty());
}

TEST(Buffer, Moves) {
  Buffer<int> a(10, "a");
  a[3] = 7;
  const int* const place = a.data();
  Buffer<int> b(std::move(a));
  EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move): that is the test
  EXPECT_EQ(b.data(), place);
  Buffer<int> c(2000000, "c");
  c = std::move(b);
  EXPECT_EQ(c.size(), 10U);
  EXPECT_EQ(c[3], 7);
  c = Buffer<int>();
  EXPECT_TRUE(c.empty());
}

TEST(Buffer, ReturnsItsMemory) {
  const auto before = process_memory()->rss;
  for (int i = 0; i < 20; ++i) {
    Buffer<char> large(std::size_t{32} << 20U, "large");
    for (std::size_t k = 0; k < large.size(); k += 4096) large[k] = 1;
  }
  EXPECT_LT(process_memory()->rss, before + (std::uint64_t{100} << 20U));
}

TEST(Buffer, AsksForHugePages) {
  if (huge_pages() == HugePages::never || huge_pages() == HugePages::unknown)
    GTEST_SKIP() << "this kernel gives no huge pages";
  Buffer<char> large(std::size_t{8} << 20U, "large");
  bool advised = false;
  bool inside = false;
  const std::string smaps = read_text("/proc/self/smaps").value_or("");
  for (const std::string_view line : lines(smaps)) {
    const auto word = words(line);
    if (word[0].find('-') != std::string_view::npos) {
      const std::string range(word[0]);
      const auto dash = range.find('-');
      inside = std::stoull(range.substr(0, dash), nullptr, 16) <= address(large.data()) &&
               address(large.data()) < std::stoull(range.substr(dash + 1), nullptr, 16);
    }
    if (inside && word[0] == "VmFlags:") advised = line.find(" hg") != std::string_view::npos;
  }
  EXPECT_TRUE(advised);
}

TEST(Buffer, RefusesWhatNoAddressSpaceHolds) {
  const std::size_t largest = std::numeric_limits<std::size_t>::max();
  try {
    Buffer<double>(largest / 4, "forces");
    FAIL();
  } catch (const SystemError& error) {
    EXPECT_EQ(std::string(error.what()).rfind("forces: ", 0), 0U) << error.what();
  }
  EXPECT_THROW(Buffer<char>(largest, "forces"), SystemError);
  EXPECT_THROW(Buffer<char>(largest - Allocation::huge_page, "forces"), SystemError);
}

TEST(Buffer, RefusesMoreThanTheMachineHasBeforeTouchingIt) {
  const std::uint64_t total = system_memory().total;
  try {
    Buffer<char>(2 * total, "coordinates");
    FAIL();
  } catch (const BudgetError& error) {
    EXPECT_EQ(error.needed(), static_cast<std::int64_t>(2 * total));
    EXPECT_LE(error.available(), static_cast<std::int64_t>(total));
    EXPECT_NE(std::string(error.what()).find("coordinates: needs"), std::string::npos);
  }
}

TEST(Buffer, SaysWhatItWantedWhenTheSystemRefuses) {
#ifdef TUTTI_SANITIZED_MEMORY
  GTEST_SKIP() << "the sanitizer needs the whole address space";
#else
  Child child([] {
    const rlimit limit{std::uint64_t{256} << 20U, std::uint64_t{256} << 20U};
    ::setrlimit(RLIMIT_AS, &limit);
    try {
      Buffer<char>(std::size_t{512} << 20U, "grid");
    } catch (const SystemError& error) {
      const std::string message = error.what();
      for (const char* part : {"grid: needs 512.00 MiB, ", " available", "limited to 256.00 MiB (ulimit -v)",
                               "Cannot allocate memory"})
        if (message.find(part) == std::string::npos) return 2;
      return error.error_number() == ENOMEM ? 0 : 3;
    }
    return 1;
  });
  EXPECT_EQ(child.wait(), 0);
#endif
}

}  // namespace
}  // namespace tutti::memory
