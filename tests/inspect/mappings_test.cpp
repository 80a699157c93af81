#include "tutti/inspect/mappings.hpp"

#include <gtest/gtest.h>

#include "tutti/memory/proc_text.hpp"

namespace tutti::inspect {
namespace {

constexpr const char* maps =
    "55d0c0000000-55d0c0001000 r--p 00000000 fe:00 1234       /usr/bin/a program\n"
    "55d0c0001000-55d0c0003000 rw-p 00001000 fe:00 1234       /usr/bin/a program\n"
    "55d0c0003000-55d0c0004000 rw-p 00000000 00:00 0 \n"
    "55d0c1000000-55d0c1021000 rw-p 00000000 00:00 0          [heap]\n"
    "7f0000000000-7f0010000000 rw-p 00000000 00:00 0 \n"
    "7f0010000000-7f0010001000 ---p 00000000 00:00 0 \n"
    "7f0010001000-7f0010002000 rw-p 00000000 00:00 0          [anon:arena 1]\n"
    "7f0020000000-7f0020001000 rw-s 00000000 00:01 5          /memfd:tutti (deleted)\n"
    "7f0020001000-7f0020002000 rw-p 00000000 00:06 6          /dev/dri/card0\n"
    "7f0020002000-7f0020003000 rw-p 00000000 00:06 6          /dev/zero\n"
    "7f0030000000-7f0030001000 rw-p 00000000 fe:00 77         /tmp/libx.so.1 (deleted)\n"
    "7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0          [stack]\n"
    "7ffc00100000-7ffc00104000 r--p 00000000 00:00 0          [vvar]\n"
    "7ffc00104000-7ffc00106000 r-xp 00000000 00:00 0          [vdso]\n"
    "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0  [vsyscall]\n";

TEST(PrivateMappings, SaysWhatEachIsFor) {
  const auto found = private_mappings(maps);
  struct Expected {
    std::uint64_t begin;
    MappingKind kind;
    const char* name;
  };
  const std::vector<Expected> expected{
      {0x55d0c0000000, MappingKind::file, "a program"},
      {0x55d0c0001000, MappingKind::file, "a program"},
      {0x55d0c0003000, MappingKind::file, "a program"},  // its uninitialized data
      {0x55d0c1000000, MappingKind::heap, ""},
      {0x7f0000000000, MappingKind::anonymous, ""},
      {0x7f0010001000, MappingKind::anonymous, "arena 1"},
      {0x7f0020002000, MappingKind::file, "zero"},
      {0x7f0030000000, MappingKind::file, "libx.so.1"},
      {0x7ffc00000000, MappingKind::stack, ""},
  };
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].begin, expected[i].begin) << i;
    EXPECT_EQ(found[i].kind, expected[i].kind) << i;
    EXPECT_EQ(found[i].name, expected[i].name) << i;
  }
  EXPECT_EQ(found[4].end, 0x7f0010000000U);
}

TEST(PrivateMappings, PassesOverNonsense) {
  for (const char* text : {"", "\n", "nonsense", "10-", "10-20", "20-10 rw-p 0 0 0", "10-20 rw",
                           "x-20 rw-p 0 0:0 0", "10-20 rw-s 0 0:0 0", "10-20 ---p 0 0:0 0"})
    EXPECT_TRUE(private_mappings(text).empty()) << text;
  EXPECT_EQ(private_mappings("10-20 rw-p").size(), 1U);
}

TEST(PrivateMappings, FindsOurOwn) {
  const auto text = memory::read_text("/proc/self/maps");
  ASSERT_TRUE(text);
  std::vector<std::uint64_t> data(1 << 20, 1);
  const auto address = reinterpret_cast<std::uint64_t>(&data[1000]);
  bool found = false;
  for (const Mapping& mapping : private_mappings(memory::read_text("/proc/self/maps").value_or("")))
    found = found || (mapping.begin <= address && address < mapping.end);
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace tutti::inspect
