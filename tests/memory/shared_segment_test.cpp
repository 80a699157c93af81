#include "tutti/memory/shared_segment.hpp"

#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <sys/resource.h>
#include <utility>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"
#include "tutti/memory/buffer.hpp"
#include "tutti/memory/proc_text.hpp"
#include "tutti/memory/system_memory.hpp"

#include "children.hpp"

namespace tutti::memory {
namespace {

void write_text(SharedSegment& segment, const char* value) {
  std::memcpy(segment.bytes().data(), value, std::strlen(value) + 1);
}

std::string read_back(const SharedSegment& segment) {
  return reinterpret_cast<const char*>(segment.view().data());
}

std::string refusal(const SegmentHandle& handle) {
  try {
    SharedSegment::open(handle, Access::read_only);
  } catch (const SystemError& error) {
    return error.what();
  }
  return "";
}

TEST(SharedSegment, IsSharedByProcesses) {
  auto segment = SharedSegment::create(100, "watch");
  EXPECT_EQ(segment.bytes().size(), 100U);
  for (const std::byte byte : segment.view()) EXPECT_EQ(byte, std::byte{0});
  write_text(segment, "from the parent");
  const SegmentHandle handle = segment.handle();
  Child child([&] {
    auto mine = SharedSegment::open(handle, Access::read_write);
    if (mine.view().data() == segment.view().data()) return 1;  // a mapping of its own, not the inherited one
    if (read_back(mine) != "from the parent") return 2;
    write_text(mine, "from the child");
    return 0;
  });
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(read_back(segment), "from the child");
}

TEST(SharedSegment, MapsReadOnlyWhenAsked) {
  auto segment = SharedSegment::create(8, "constants");
  const SegmentHandle handle = segment.handle();
  Child child([&] {
    auto mine = SharedSegment::open(handle, Access::read_only);
    if (mine.access() != Access::read_only) return 1;
    ::signal(SIGSEGV, [](int) { ::_exit(42); });
    *const_cast<volatile std::byte*>(mine.view().data()) = std::byte{1};
    return 0;
  });
  EXPECT_EQ(child.wait(), 42);
}

TEST(SharedSegment, BecomesReadOnlyWhenAllHaveWritten) {
  auto segment = SharedSegment::create(3 * Allocation::huge_page + 5000, "constants");
  write_text(segment, "once");
  const SegmentHandle handle = segment.handle();
  Child child([&] {
    ::signal(SIGSEGV, [](int) { ::_exit(42); });
    segment.set_access(Access::read_only);
    if (segment.access() != Access::read_only || read_back(segment) != "once") return 1;
    segment.set_access(Access::read_write);  // and back
    write_text(segment, "again");
    auto other = SharedSegment::open(handle, Access::read_only);
    try {
      other.set_access(Access::read_write);
      return 2;
    } catch (const SystemError& error) {
      if (std::string(error.what()).find("making it writable") == std::string::npos) return 3;
    }
    segment.set_access(Access::read_only);
    *const_cast<volatile std::byte*>(&segment.view().back()) = std::byte{1};
    return 4;
  });
  EXPECT_EQ(child.wait(), 42);
  EXPECT_EQ(read_back(segment), "again");
}

TEST(SharedSegment, IsMappedTwiceByOneProcess) {
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{100}, 2 * Allocation::huge_page + 5000}) {
    auto segment = SharedSegment::create(bytes, "positions");
    const auto reading = segment.again(Access::read_only);
    EXPECT_EQ(reading.access(), Access::read_only);
    EXPECT_EQ(reading.view().size(), bytes);
    EXPECT_NE(reading.view().data(), segment.view().data());
    if (bytes == 0) continue;
    write_text(segment, "step 1");
    segment.bytes().back() = std::byte{7};
    EXPECT_EQ(read_back(reading), "step 1");
    EXPECT_EQ(reading.view().back(), std::byte{7});
    Child child([&] {
      ::signal(SIGSEGV, [](int) { ::_exit(42); });
      *const_cast<volatile std::byte*>(reading.view().data()) = std::byte{1};
      return 0;
    });
    EXPECT_EQ(child.wait(), 42);
  }
}

TEST(SharedSegment, IsAllocatedInParts) {
  const std::size_t bytes = 2 * Allocation::huge_page + 5000;
  auto segment = SharedSegment::create_empty(bytes, "stripes");
  const auto resident = [&] { return process_memory().value_or(ProcessMemory{}).rss; };
  const std::uint64_t before = resident();
  const auto part = [&](std::size_t first, std::size_t count) {
    return segment.view().subspan(first, count);
  };
  segment.allocate(part(0, 0));
  segment.allocate(part(0, bytes / 2));
  EXPECT_GE(resident() + (std::size_t{1} << 18U), before + bytes / 2);
  Child other([&] {
    auto mine = SharedSegment::open(segment.handle(), Access::read_write);
    mine.allocate(mine.view().subspan(bytes / 2));
    std::memset(mine.bytes().data() + bytes / 2, 3, bytes - bytes / 2);
    return 0;
  });
  EXPECT_EQ(other.wait(), 0);
  EXPECT_EQ(segment.view()[bytes / 2 - 1], std::byte{0});
  EXPECT_EQ(segment.view()[bytes / 2], std::byte{3});
  EXPECT_EQ(segment.view().back(), std::byte{3});
}

TEST(SharedSegment, OutlivesItsHandleAndItsCreator) {
  Pipe to_parent;
  Pipe to_child;
  Child creator([&] {
    auto segment = SharedSegment::create(4096, "orphan");
    write_text(segment, "still here");
    to_parent.send(segment.handle());
    to_child.receive<char>();
    segment.close_handle();
    if (read_back(segment) != "still here") return 1;
    to_parent.send('c');
    to_child.receive<char>();
    return 0;
  });
  const auto handle = to_parent.receive<SegmentHandle>();
  const auto segment = SharedSegment::open(handle, Access::read_only);
  to_child.send('c');
  to_parent.receive<char>();
  EXPECT_EQ(read_back(segment), "still here");
  EXPECT_NE(refusal(handle).find("released"), std::string::npos) << refusal(handle);
  to_child.send('e');
  EXPECT_EQ(creator.wait(), 0);
  EXPECT_EQ(read_back(segment), "still here");
  EXPECT_NE(refusal(handle).find("has ended"), std::string::npos) << refusal(handle);
}

TEST(SharedSegment, OutlivesACreatorThatIsKilled) {
  Pipe to_parent;
  Child creator([&] {
    auto segment = SharedSegment::create(4096, "orphan");
    write_text(segment, "still here");
    to_parent.send(segment.handle());
    ::pause();
    return 0;
  });
  const auto segment = SharedSegment::open(to_parent.receive<SegmentHandle>(), Access::read_write);
  creator.signal(SIGKILL);
  EXPECT_EQ(creator.wait(), 128 + SIGKILL);
  EXPECT_EQ(read_back(segment), "still here");
}

TEST(SharedSegment, RefusesWhatIsAnotherSegment) {
  const auto segment = SharedSegment::create(4096, "a");
  const auto other = SharedSegment::create(4096, "b");
  SegmentHandle handle = segment.handle();
  handle.cookie[1] ^= 1U;
  EXPECT_NE(refusal(handle).find("Stale"), std::string::npos) << refusal(handle);
  handle = segment.handle();
  handle.inode += 1000000;
  EXPECT_NE(refusal(handle), "");
  handle = segment.handle();
  handle.bytes = 5000;
  EXPECT_NE(refusal(handle), "");
  handle = segment.handle();
  handle.descriptor = other.handle().descriptor;
  EXPECT_NE(refusal(handle), "");
  handle = segment.handle();
  handle.pid = 1;
  EXPECT_NE(refusal(handle), "");
  EXPECT_NE(refusal(SegmentHandle{}), "");
  EXPECT_EQ(refusal(segment.handle()), "");
}

TEST(SharedSegment, DoesNotOpenTheForeignFileBehindARecycledDescriptor) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  SegmentHandle handle = SharedSegment::create(4096, "gone").handle();
  handle.descriptor = ends[0];
  EXPECT_NE(refusal(handle).find("Stale"), std::string::npos) << refusal(handle);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(SharedSegment, CannotBeTruncatedUnderItsReaders) {
  const auto segment = SharedSegment::create(8192, "sealed");
  const int descriptor = static_cast<int>(segment.handle().descriptor);
  EXPECT_NE(::ftruncate(descriptor, 0), 0);
  EXPECT_NE(::ftruncate(descriptor, 1 << 20U), 0);
  EXPECT_NE(::fcntl(descriptor, F_ADD_SEALS, F_SEAL_WRITE), 0);
}

TEST(SharedSegment, OfNothingIsLegal) {
  const auto segment = SharedSegment::create(0, "empty");
  EXPECT_TRUE(segment.view().empty());
  const auto again = SharedSegment::open(segment.handle(), Access::read_only);
  EXPECT_TRUE(again.view().empty());
}

TEST(SharedSegment, RefusesMoreThanTheMachineHas) {
  const std::uint64_t total = system_memory().total;
  for (const std::uint64_t bytes : {2 * total, std::uint64_t{1} << 62U, UINT64_MAX, UINT64_MAX - 4096}) {
    try {
      SharedSegment::create(bytes, "coordinates");
      FAIL() << bytes;
    } catch (const BudgetError& error) {
      EXPECT_NE(std::string(error.what()).find("coordinates: needs "), std::string::npos) << error.what();
      EXPECT_GE(error.needed(), static_cast<std::int64_t>(2 * total));
    }
  }
}

TEST(SharedSegment, SaysWhatTheSystemRefused) {
  Child child([] {
    const rlimit few{3, 3};
    ::setrlimit(RLIMIT_NOFILE, &few);
    try {
      SharedSegment::create(1 << 20U, "grid");
    } catch (const SystemError& error) {
      const std::string message = error.what();
      const bool named = message.find("grid") != std::string::npos;
      return named && message.find("Too many open files") != std::string::npos ? 0 : 2;
    } catch (const Error&) {
      return 3;
    }
    return 1;
  });
  EXPECT_EQ(child.wait(), 0);
}

TEST(SharedSegment, MovesAndGivesItsHandleOnlyWhileItHasOne) {
  auto first = SharedSegment::create(16, "first");
  auto second = SharedSegment::create(32, "second");
  write_text(first, "one");
  second = std::move(first);
  EXPECT_EQ(read_back(second), "one");
  auto third = std::move(second);
  EXPECT_EQ(read_back(third), "one");
  EXPECT_THROW(second.handle(), InternalError);  // NOLINT(bugprone-use-after-move): that is the test
  EXPECT_TRUE(second.view().empty());
  third.close_handle();
  third.close_handle();
  EXPECT_THROW(third.handle(), InternalError);
  EXPECT_EQ(read_back(third), "one");
}

TEST(SharedSegment, ShowsItsNameInTheMemoryMap) {
  const auto segment = SharedSegment::create(16, "grid of/the\nday\\");
  const std::string maps = read_text("/proc/self/maps").value_or("");
  EXPECT_NE(maps.find(":grid_of_the_day_"), std::string::npos);
  const auto long_name = SharedSegment::create(16, std::string(10000, 'x'));
  EXPECT_EQ(long_name.view().size(), 16U);
}

TEST(SharedSegment, LeavesNoDescriptorBehind) {
  const int before = ::dup(0);
  ::close(before);
  {
    const auto segment = SharedSegment::create(16, "one");
    const auto again = SharedSegment::open(segment.handle(), Access::read_write);
    EXPECT_THROW(SharedSegment::create(UINT64_MAX, "too much"), BudgetError);
  }
  const int after = ::dup(0);
  ::close(after);
  EXPECT_EQ(before, after);
}

}  // namespace
}  // namespace tutti::memory
