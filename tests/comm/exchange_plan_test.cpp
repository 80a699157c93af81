// Exchanges that are made again and again, and those that a rank has no use for.
#include "tutti/comm/exchange_plan.hpp"

#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "mpi_main.hpp"

namespace tutti::comm {
namespace {

using testing_world::world;

constexpr Operation operation{"exchange of a test"};

TEST(ExchangePlan, MovesNothingUnlessAllWantIt) {
  const auto numbers = std::make_shared<std::vector<int>>(2, -1);
  const int next = (world().rank() + 1) % world().size();
  const int previous = (world().rank() + world().size() - 1) % world().size();
  auto* const bytes = reinterpret_cast<std::byte*>(numbers->data());
  const std::vector<Message> sends{{next, {bytes, sizeof(int)}}};
  const std::vector<Message> receives{{previous, {bytes + sizeof(int), sizeof(int)}}};
  agree_on_messages(world(), {operation, Site()}, [&](MessageLists& lists) { lists = {sends, receives}; });
  ExchangePlan plan(world(), {sends, receives});
  for (int turn = 0; turn < 12; ++turn) {
    const bool wanted = turn % 3 != 0;
    const bool begun = plan.begin_if_wanted(
        {operation, Site()},
        [&] {
          (*numbers)[0] = 100 * turn + world().rank();
          return wanted || world().rank() != turn % world().size();  // one rank has no use for it
        },
        numbers);
    EXPECT_EQ(begun, wanted);
    EXPECT_EQ(plan.under_way(), wanted);
    const int before = (*numbers)[1];
    if (begun) plan.end();
    EXPECT_EQ((*numbers)[1], wanted ? 100 * turn + previous : before);
  }
  EXPECT_THROW(plan.begin_if_wanted(
                   {operation, Site()},
                   [&]() -> bool {
                     if (world().rank() == world().size() - 1) throw FormatError("no");
                     return true;
                   },
                   numbers),
               FormatError);
  EXPECT_FALSE(plan.under_way());
}

}  // namespace
}  // namespace tutti::comm
