// Messages between some pairs of ranks, and what is said where the lists of the ranks do not fit.
#include "tutti/comm/exchange.hpp"

#include <numeric>
#include <string>
#include <vector>

#include "tutti/comm/collectives.hpp"
#include "tutti/comm/context.hpp"
#include "tutti/comm/nonblocking.hpp"
#include "tutti/comm/reductions.hpp"

#include "mpi_main.hpp"

namespace tutti {
namespace {

using testing_world::world;
using Send = SendTo<int>;
using Receive = ReceiveFrom<int>;

template <class Expected, class F>
Expected caught(const F& f) {
  try {
    f();
  } catch (const Expected& error) {
    return error;
  }
  ADD_FAILURE() << "rank " << world().rank() << ": nothing was thrown";
  throw std::logic_error("nothing was thrown");
}

int next() { return (world().rank() + 1) % world().size(); }
int previous() { return (world().rank() + world().size() - 1) % world().size(); }

TEST(Exchange, MovesDataAroundARing) {  // on one rank, to itself
  for (const std::size_t length : {0U, 1U, 1000U, 200000U}) {
    const std::vector<int> mine(length, world().rank());
    std::vector<int> left(length, -1), right(length, -1);
    exchange<int>(world(), {{next(), mine}, {previous(), mine}}, {{previous(), left}, {next(), right}});
    EXPECT_EQ(left, std::vector<int>(length, previous()));
    EXPECT_EQ(right, std::vector<int>(length, next()));
  }
}

TEST(Exchange, NothingAtAllIsFine) {
  exchange<double>(world(), {}, {});
  exchange<double>(world(), {{world().rank(), {}}}, {{world().rank(), {}}});
}

TEST(Exchange, MessagesOfOnePairKeepTheirOrder) {
  // Rank 0 sends everybody, itself too, as many messages as that rank's number and one more.
  std::vector<std::vector<int>> out, in;
  std::vector<Send> sends;
  std::vector<Receive> receives;
  for (int rank = 0; world().rank() == 0 && rank < world().size(); ++rank)
    for (int i = 0; i <= rank; ++i) out.emplace_back(static_cast<std::size_t>(10 * i), 100 * rank + i);
  std::size_t at = 0;
  for (int rank = 0; world().rank() == 0 && rank < world().size(); ++rank)
    for (int i = 0; i <= rank; ++i) sends.push_back({rank, out[at++]});
  for (int i = 0; i <= world().rank(); ++i) in.emplace_back(static_cast<std::size_t>(10 * i), -1);
  for (auto& values : in) receives.push_back({0, values});
  exchange(world(), sends, receives);
  for (int i = 0; i <= world().rank(); ++i)
    EXPECT_EQ(in[static_cast<std::size_t>(i)],
              std::vector<int>(static_cast<std::size_t>(10 * i), 100 * world().rank() + i));
}

TEST(Exchange, LongMessagesTravelInPieces) {
  world().split(0, [](World& sub) {
    sub.context().channel().set_piece(1000);
    std::vector<int> mine(10001), theirs(10001, -1), few(3, 7), others(3, -1), expected(10001);
    std::iota(mine.begin(), mine.end(), next());
    std::iota(expected.begin(), expected.end(), world().rank());
    exchange<int>(sub, {{next(), mine}, {next(), few}}, {{previous(), theirs}, {previous(), others}});
    EXPECT_EQ(theirs, expected);
    EXPECT_EQ(others, few);
  });
}

TEST(Exchange, AnotherLengthIsNamedOnAllRanks) {
  for (int guilty = 0; guilty < world().size(); ++guilty) {
    const std::vector<int> mine(world().rank() == guilty ? 11 : 10);
    std::vector<int> theirs(10);
    const int to = (guilty + 1) % world().size();
    const auto error = caught<ShapeError>([&] {
      exchange<int>(world(), {{next(), mine}}, {{previous(), theirs}});
    });
    EXPECT_NE(
        error.message().find(text("rank ", guilty, " sends 44 bytes to rank ", to, ", which expects 40")),
        std::string::npos)
        << error.message();
    EXPECT_NE(error.message().find("exchange at exchange_test.cpp:"), std::string::npos) << error.message();
    EXPECT_EQ(error.left(), 44);
    EXPECT_EQ(error.right(), 40);
    EXPECT_EQ(theirs, std::vector<int>(10));
  }
  EXPECT_EQ(sum(world(), 1), world().size());
}

TEST(Exchange, AMissingMessageOrPlaceIsNamedOnAllRanks) {
  const std::vector<int> mine(10);
  std::vector<int> theirs(10);
  for (int guilty = 0; guilty < world().size(); ++guilty) {
    const bool me = world().rank() == guilty;
    const auto unsent = caught<MismatchError>([&] {
      exchange<int>(world(), me ? std::vector<Send>{} : std::vector<Send>{{next(), mine}},
                    {{previous(), theirs}});
    });
    EXPECT_NE(
        unsent.message().find(text("rank ", (guilty + 1) % world().size(), " expects 1 messages of rank ",
                                   guilty, ", which sends it 0; message 0 should have 40 bytes")),
        std::string::npos)
        << unsent.message();
    const auto unwanted = caught<MismatchError>([&] {
      exchange<int>(world(), {{next(), mine}},
                    me ? std::vector<Receive>{} : std::vector<Receive>{{previous(), theirs}});
    });
    EXPECT_NE(unwanted.message().find(
                  text(" sends 1 messages to rank ", guilty, ", which expects 0; message 0 has 40")),
              std::string::npos)
        << unwanted.message();
  }
  EXPECT_EQ(sum(world(), 1), world().size());
}

TEST(Exchange, SwappedMessagesAndPartnersAreNoticed) {
  const std::vector<int> one(1), two(2);
  std::vector<int> first(1), second(2);
  const int me = world().rank();
  exchange<int>(world(), {{me, one}, {me, two}}, {{me, first}, {me, second}});
  caught<ShapeError>([&] { exchange<int>(world(), {{me, one}, {me, two}}, {{me, second}, {me, first}}); });
  if (world().size() < 3) return;
  caught<MismatchError>([&] { exchange<int>(world(), {{next(), one}}, {{next(), first}}); });
}

TEST(Exchange, RanksThatDoNotExistAndOtherTypesAreErrorsOnAllRanks) {
  const std::vector<int> mine(1);
  const bool last = world().rank() == world().size() - 1;
  for (const int rank : {-1, world().size()}) {
    std::vector<Send> sends;
    if (last) sends.push_back({rank, mine});
    const auto error = caught<DistributionError>([&] { exchange<int>(world(), sends, {}); });
    EXPECT_EQ(error.rank(), world().size() - 1);
  }
  if (world().size() == 1) return;
  caught<MismatchError>([&] { last ? exchange<int>(world(), {}, {}) : exchange<float>(world(), {}, {}); });
}

TEST(Exchange, GoesBesideNonblockingOperations) {
  Pending<double> pending = isum(world(), 1.0);
  const std::vector<int> mine{world().rank()};
  std::vector<int> theirs{-1};
  exchange<int>(world(), {{next(), mine}}, {{previous(), theirs}});
  EXPECT_EQ(theirs[0], previous());
  EXPECT_EQ(pending.get(), world().size());
}

}  // namespace
}  // namespace tutti
