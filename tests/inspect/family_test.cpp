#include "tutti/inspect/family.hpp"

#include <cstring>
#include <vector>

#include <gtest/gtest.h>

#include "../memory/children.hpp"

namespace tutti::inspect {
namespace {

TEST(FamilyOf, IsTheProcessAndWhatItHasStarted) {
  memory::Pipe ready;
  const memory::Child child([&] {
    const memory::Child grandchild([&] {
      ready.send(::getpid());
      for (;;) ::pause();
      return 0;
    });
    for (;;) ::pause();
    return 0;
  });
  const auto grandchild = ready.receive<pid_t>();
  EXPECT_EQ(family_of(child.pid()), (std::vector<pid_t>{child.pid(), grandchild}));
  EXPECT_EQ(family_of(grandchild), (std::vector<pid_t>{grandchild}));
  ::kill(grandchild, SIGKILL);
}

TEST(MemoryOf, GrowsWithWhatTheFamilyTouches) {
  constexpr std::size_t bytes = std::size_t{32} << 20U;
  memory::Pipe first;
  memory::Pipe second;
  memory::Pipe touched;
  const memory::Child child([&] {
    first.send(1);
    second.receive<int>();
    std::vector<char> data(bytes, 1);
    touched.send(data[bytes / 2]);
    for (;;) ::pause();
    return 0;
  });
  first.receive<int>();
  const FamilyMemory before = memory_of({child.pid()});
  second.send(1);
  touched.receive<char>();
  const FamilyMemory after = memory_of({child.pid()});
  EXPECT_TRUE(after.proportional);
  EXPECT_GE(after.bytes, before.bytes + bytes);
  EXPECT_LE(after.bytes, before.bytes + bytes + (bytes >> 2U));
}

TEST(MemoryOf, IsNothingForAProcessThatHasEnded) { EXPECT_EQ(memory_of({999999999}).bytes, 0U); }

}  // namespace
}  // namespace tutti::inspect
