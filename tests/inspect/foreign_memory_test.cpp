#include "tutti/inspect/foreign_memory.hpp"

#include <cerrno>
#include <cstring>
#include <sys/mman.h>
#include <sys/resource.h>

#include <gtest/gtest.h>

#include "tutti/memory/system_memory.hpp"

#include "../memory/children.hpp"

namespace tutti::inspect {
namespace {

constexpr std::uint64_t present = std::uint64_t{1} << 63U;
constexpr std::uint64_t swapped = std::uint64_t{1} << 62U;
constexpr std::uint64_t shared = std::uint64_t{1} << 61U;
constexpr std::uint64_t one_owner = std::uint64_t{1} << 56U;

TEST(OwnPages, AreThosePresentAndNotShared) {
  const std::vector<std::uint64_t> entries{
      present, present | one_owner,         0, present | shared, swapped, present, present,
      present, present | shared | one_owner};
  const auto runs = own_pages(entries, Merging::off);
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].first, 0U);
  EXPECT_EQ(runs[0].count, 2U);
  EXPECT_EQ(runs[1].first, 5U);
  EXPECT_EQ(runs[1].count, 3U);
  const auto exclusive = own_pages(entries, Merging::on);  // may have been merged by the kernel already
  ASSERT_EQ(exclusive.size(), 1U);
  EXPECT_EQ(exclusive[0].first, 1U);
  EXPECT_TRUE(own_pages({}, Merging::off).empty());
}

// Memory of ours that a child has, too.
class ForeignMemoryTest : public ::testing::Test {
 protected:
  ForeignMemoryTest()
      : page_(memory::page_size()),
        data_(static_cast<std::byte*>(
            ::mmap(nullptr, 8 * page_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
    std::memset(data_, 1, 8 * page_);
  }
  ~ForeignMemoryTest() override { ::munmap(data_, 8 * page_); }
  std::uint64_t address(std::size_t page) const {
    return reinterpret_cast<std::uint64_t>(data_) + page * page_;
  }

  std::size_t page_;
  std::byte* data_;
};

TEST_F(ForeignMemoryTest, ReadsWhatTheOtherProcessHas) {
  memory::Pipe ready;
  const memory::Child child([&] {
    std::memset(data_ + page_, 7, page_);
    ::munmap(data_ + 5 * page_, page_);
    ready.send(1);
    for (;;) ::pause();
    return 0;
  });
  ready.receive<int>();
  ForeignMemory foreign(child.pid());
  std::vector<std::byte> copy(8 * page_);
  std::vector<Piece> pieces;
  for (const std::size_t page : {1U, 0U, 4U, 5U, 6U})
    pieces.push_back({address(page), &copy[page * page_], page_});
  ASSERT_EQ(foreign.read(pieces), 3U);  // the page that it has unmapped ends it
  EXPECT_EQ(errno, EFAULT);
  EXPECT_EQ(copy[page_], std::byte{7});
  EXPECT_EQ(copy[2 * page_ - 1], std::byte{7});
  EXPECT_EQ(copy[0], std::byte{1});

  std::vector<std::uint64_t> entries(8);
  ASSERT_EQ(foreign.read_table(address(0) / page_, entries), 8U);
  std::size_t count = 0;
  for (const PageRun& run : own_pages(entries, Merging::off)) count += run.count;
  EXPECT_EQ(count, 7U);
}

TEST_F(ForeignMemoryTest, ReadsManyPiecesInOneCall) {
  std::vector<std::byte> copy(2000 * 64);
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < 2000; ++i) pieces.push_back({address(0) + i % 8 * page_, &copy[i * 64], 64});
  ForeignMemory self(::getpid());
  EXPECT_EQ(self.read(pieces), 2000U);
  for (const std::byte byte : copy) ASSERT_EQ(byte, std::byte{1});
}

TEST_F(ForeignMemoryTest, SaysThatAProcessHasEnded) {
  memory::Child child([] { return 0; });
  const pid_t pid = child.pid();
  child.wait();
  ForeignMemory foreign(pid);
  std::byte byte{};
  const Piece piece{address(0), &byte, 1};
  EXPECT_EQ(foreign.read({&piece, 1}), 0U);
  EXPECT_EQ(errno, ESRCH);
  std::vector<std::uint64_t> entries(1);
  EXPECT_EQ(foreign.read_table(address(0) / page_, entries), 0U);
}

TEST(ForeignMemory, SaysThatThereIsNoDescriptorLeft) {
  EXPECT_EQ(ForeignMemory(::getpid()).error(), 0);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const int error = ForeignMemory(::getpid()).error();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(error, EMFILE);
}

TEST(WhyUnreadable, NamesTheRemedy) {
  EXPECT_NE(why_unreadable(42, EPERM).find("process 42"), std::string::npos);
  EXPECT_NE(why_unreadable(42, EACCES).find("ptrace"), std::string::npos);
  EXPECT_NE(why_unreadable(42, ENOMEM).find("memory"), std::string::npos);
}

}  // namespace
}  // namespace tutti::inspect
