// How many messages each operation costs: MPI's functions are counted before MPI sees them.
#include <optional>
#include <vector>

#include <gtest/gtest.h>
#include <mpi.h>

#include "tutti/array/dist_array.hpp"
#include "tutti/array/dist_vector.hpp"
#include "tutti/array/gather_scatter.hpp"
#include "tutti/array/get.hpp"
#include "tutti/array/halo_array.hpp"
#include "tutti/array/multi_dot.hpp"
#include "tutti/array/node_shared.hpp"
#include "tutti/array/redistribution.hpp"
#include "tutti/array/reductions.hpp"
#include "tutti/array/replicated.hpp"
#include "tutti/array/scans.hpp"
#include "tutti/array/updatable_node_shared.hpp"
#include "tutti/array/weighted.hpp"
#include "tutti/array/work_queue.hpp"
#include "tutti/checkpoint/checkpoints.hpp"
#include "tutti/comm/collectives.hpp"
#include "tutti/comm/exchange.hpp"
#include "tutti/comm/nonblocking.hpp"
#include "tutti/comm/reductions.hpp"

#include "io/shared_folder.hpp"
#include "mpi_main.hpp"

namespace {

struct Counts {
  int reductions = 0;  // MPI_Allreduce, or its nonblocking form where there are more ranks than cores
  int packets = 0;     // among them: one element of 64 bytes
  int last_bytes = 0;  // of the last reduction
  int broadcasts = 0;  // MPI_Bcast or MPI_Ibcast
  int sent = 0;        // bytes, by MPI_Isend
  int fetches = 0;     // one-sided
  int others = 0;
} counts;

void reduction(int count, MPI_Datatype type) {
  int size = 0;
  PMPI_Type_size(type, &size);
  ++counts.reductions;
  counts.packets += count == 1 && size == 64 ? 1 : 0;
  counts.last_bytes = count * size;
}

}  // namespace

extern "C" {
int MPI_Allreduce(const void* in, void* out, int count, MPI_Datatype type, MPI_Op operation, MPI_Comm comm) {
  reduction(count, type);
  return PMPI_Allreduce(in, out, count, type, operation, comm);
}
int MPI_Iallreduce(const void* in, void* out, int count, MPI_Datatype type, MPI_Op operation, MPI_Comm comm,
                   MPI_Request* request) {
  reduction(count, type);
  return PMPI_Iallreduce(in, out, count, type, operation, comm, request);
}
int MPI_Bcast(void* data, int count, MPI_Datatype type, int root, MPI_Comm comm) {
  ++counts.broadcasts;
  return PMPI_Bcast(data, count, type, root, comm);
}
int MPI_Ibcast(void* data, int count, MPI_Datatype type, int root, MPI_Comm comm, MPI_Request* request) {
  ++counts.broadcasts;
  return PMPI_Ibcast(data, count, type, root, comm, request);
}
int MPI_Allgather(const void* in, int in_count, MPI_Datatype in_type, void* out, int out_count,
                  MPI_Datatype out_type, MPI_Comm comm) {
  ++counts.others;
  return PMPI_Allgather(in, in_count, in_type, out, out_count, out_type, comm);
}
int MPI_Iallgather(const void* in, int in_count, MPI_Datatype in_type, void* out, int out_count,
                   MPI_Datatype out_type, MPI_Comm comm, MPI_Request* request) {
  ++counts.others;
  return PMPI_Iallgather(in, in_count, in_type, out, out_count, out_type, comm, request);
}
int MPI_Isend(const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm,
              MPI_Request* request) {
  int size = 0;
  PMPI_Type_size(type, &size);
  counts.sent += count * size;
  ++counts.others;
  return PMPI_Isend(data, count, type, to, tag, comm, request);
}
int MPI_Fetch_and_op(const void* in, void* out, MPI_Datatype type, int rank, MPI_Aint place, MPI_Op operation,
                     MPI_Win window) {
  ++counts.fetches;
  return PMPI_Fetch_and_op(in, out, type, rank, place, operation, window);
}
int MPI_Barrier(MPI_Comm comm) {
  ++counts.others;
  return PMPI_Barrier(comm);
}
}

namespace tutti {
namespace {

using testing_world::world;

template <class F>
Counts counted(const F& f) {
  counts = Counts{};
  f();
  return counts;
}

// Exactly one packet, and nothing else.
template <class F>
void expect_one_packet(const char* what, const F& f) {
  const Counts found = counted(f);
  EXPECT_EQ(found.reductions, 1) << what;
  EXPECT_EQ(found.packets, 1) << what;
  EXPECT_EQ(found.broadcasts + found.others, 0) << what;
}

bool i_am_first() { return world().rank() == 0; }

TEST(MessageCount, ReductionsOfValuesAreOnePacket) {
  expect_one_packet("sum of doubles", [] { sum(world(), 0.1); });
  expect_one_packet("rounded sum", [] { sum(world(), 0.1, rounded); });
  expect_one_packet("sum of integers", [] { sum(world(), 1); });
  expect_one_packet("min", [] { min(world(), 1.0); });
  expect_one_packet("any", [] { any(world(), true); });
  expect_one_packet("barrier", [] { barrier(world()); });
  expect_one_packet("together", [] { world().together("nothing", [] {}); });
}

TEST(MessageCount, ReductionsOfVectorsAreOnePacketForUsualData) {
  DistVector<double> x(world(), 1000, cyclic, "x"), y(world(), 1000, cyclic, "y");
  x.fill([](Index i) { return 0.1 * static_cast<double>(i); });
  y.fill([](Index i) { return (i % 2 == 0 ? 1e-9 : -1e9) * static_cast<double>(i); });
  expect_one_packet("dot", [&] { dot(x, y); });
  expect_one_packet("sum", [&] { sum(x); });
  expect_one_packet("asum", [&] { asum(x); });
  expect_one_packet("norm2", [&] { norm2(x); });
  expect_one_packet("mean", [&] { mean(x); });
  expect_one_packet("min", [&] { min(x); });
  expect_one_packet("rounded dot", [&] { dot(x, y, rounded); });
}

TEST(MessageCount, WideSumsTakeASecondRound) {
  DistVector<double> x(world(), 12, cyclic, "x");
  x.fill([](Index i) { return i % 2 == 0 ? 1e150 : 1e-150; });
  const Counts found = counted([&] { dot(x, x); });
  EXPECT_EQ(found.reductions, 2);
  EXPECT_EQ(found.packets, 1);
  EXPECT_EQ(found.last_bytes, 1112);
  EXPECT_EQ(found.broadcasts + found.others, 0);
}

TEST(MessageCount, TwoSumsOfUsualDataShareAPacket) {
  std::vector<ExactSum> parts(2);
  parts[0].add_product(0.1, 0.3);
  parts[1].add_product(-1e9, 0.7);
  expect_one_packet("two sums", [&] { sum(world(), parts); });
  parts[1].add(1e300);
  const Counts found = counted([&] { sum(world(), parts); });
  EXPECT_EQ(found.reductions, 2);
  EXPECT_EQ(found.packets, 1);
  EXPECT_EQ(found.broadcasts + found.others, 0);
}

// A packet of a fixed size, so that ranks in different calls find out, and all sums in one message.
TEST(MessageCount, SeveralSumsTravelTogether) {
  for (const std::size_t count : {3U, 4U, 10U, 100U}) {
    std::vector<ExactSum> parts(count);
    for (std::size_t i = 0; i < count; ++i) parts[i].add_product(0.1, static_cast<double>(i));
    const Counts found = counted([&] { sum(world(), parts); });
    EXPECT_EQ(found.reductions, 2);
    EXPECT_EQ(found.packets, 1);
    EXPECT_EQ(found.broadcasts + found.others, 0);
    EXPECT_LE(found.last_bytes, 80 * static_cast<int>(count));
    for (ExactSum& part : parts) part.add(i_am_first() ? 1e300 : 1e-300);
    EXPECT_EQ(counted([&] { sum(world(), parts); }).reductions, 2) << "wide sums make the message longer";
  }
}

TEST(MessageCount, ListsOfVectorsShareOneMessage) {
  DistVector<double> a(world(), 1000, cyclic, "a"), b(world(), 1000, cyclic, "b"),
      c(world(), 1000, cyclic, "c"), d(world(), 1000, cyclic, "d");
  a.fill([](Index i) { return 0.1 * static_cast<double>(i); });
  b.fill([](Index i) { return (i % 2 == 0 ? 1e-9 : -1e9) * static_cast<double>(i); });
  c.fill([](Index i) { return 1 / (1 + static_cast<double>(i)); });
  d.fill([](Index i) { return static_cast<double>(i % 7); });
  expect_one_packet("multi_dot of one", [&] { multi_dot(a, {&b}); });
  expect_one_packet("multi_dot of two", [&] { multi_dot(a, {&c, &d}); });
  expect_one_packet("gram of one", [&] { gram({&a}); });
  expect_one_packet("rounded multi_dot of four", [&] { multi_dot(a, {&a, &b, &c, &d}, rounded); });
  const auto packet_and_message = [&](const char* what, int results, const auto& f) {
    const Counts found = counted(f);
    EXPECT_EQ(found.reductions, 2) << what;
    EXPECT_EQ(found.packets, 1) << what;
    EXPECT_LE(found.last_bytes, 100 * results) << what;
    EXPECT_EQ(found.broadcasts + found.others, 0) << what;
  };
  packet_and_message("multi_dot of four", 4, [&] { multi_dot(a, {&a, &b, &c, &d}); });
  packet_and_message("gram of four", 10, [&] { gram({&a, &b, &c, &d}); });
  b.fill([](Index i) { return i % 2 == 0 ? 1e150 : 1e-150; });
  packet_and_message("multi_dot of wide data", 24, [&] { multi_dot(b, {&b, &b, &b, &b}); });
}

TEST(MessageCount, NonblockingOperationsAreOneWidePacketAfterTheFirst) {
  world().split(0, [](World& sub) {
    isum(sub, 1.0).get();
    // A rank that is waited for longer than 10 ms makes the others listen, which takes packets: try again.
    for (bool alone = false; !alone;) {
      static int attempts = 0;
      ASSERT_LT(++attempts, 100);
      std::optional<Pending<double>> sum;
      const Counts of_sum = counted([&] { sum = isum(sub, 0.1); });
      sum->get();
      barrier(sub);  // nobody listens any more
      const Counts beside = counted([&] { tutti::sum(sub, 0.1); });
      EXPECT_EQ(of_sum.broadcasts + of_sum.others, 0);
      alone = all(sub, of_sum.reductions == 1 && of_sum.last_bytes == 1176 && of_sum.packets == 0 &&
                           beside.reductions == 1 && beside.packets == 1);
    }
  });
}

TEST(MessageCount, AnExchangeIsOnePacketAndItsMessages) {
  const int me = world().rank(), next = (me + 1) % world().size(),
            before = (me + world().size() - 1) % world().size();
  const std::vector<double> mine(100);
  std::vector<double> theirs(100);
  const Counts found = counted([&] { exchange<double>(world(), {{next, mine}}, {{before, theirs}}); });
  EXPECT_EQ(found.reductions, 1);
  EXPECT_EQ(found.packets, 1);
  EXPECT_EQ(found.others, 1);
  EXPECT_EQ(found.broadcasts, 0);
}

// One packet for the exchange of each array, and each rank sends a face to each neighbour.
TEST(MessageCount, AHaloExchangeIsOnePacketAndTheFaces) {
  const int ranks = world().size(), rank = world().rank();
  const auto expect = [](const char* what, const Counts& found, int packets, int messages, int bytes) {
    EXPECT_EQ(found.reductions, packets) << what;
    EXPECT_EQ(found.packets, packets) << what;
    EXPECT_EQ(found.broadcasts + found.fetches, 0) << what;
    EXPECT_EQ(found.others, messages) << what;
    EXPECT_EQ(found.sent, bytes) << what;
  };
  std::optional<DistArray<double, 3>> x;
  expect("a new array", counted([&] { x.emplace(world(), Shape<3>{30, 20, 10}, "x"); }), 2, 0, 0);
  std::optional<HaloArray<double, 3>> line, ring, large;
  const Shape<3> shape{30, 20, 10};
  const ProcessGrid<3> slabs({ranks, 1, 1});
  expect("a new array with ghosts", counted([&] { line.emplace(world(), shape, slabs, 1, "line"); }), 4, 0,
         0);
  ring.emplace(world(), shape, slabs, Halo<3>(1, Ends::periodic), "ring");
  large.emplace(world(), Shape<3>{30, 60, 70}, slabs, Halo<3>(1, Ends::periodic), "large");
  const int face = 22 * 12 * 8;
  const int neighbours = (rank > 0 ? 1 : 0) + (rank + 1 < ranks ? 1 : 0);
  expect("in a line", counted([&] { line->exchange(); }), 1, neighbours, neighbours * face);
  // Both faces of two ranks go to one other, in one message where they are small.
  const int messages = ranks == 1 ? 0 : ranks == 2 ? 1 : 2, faces = ranks == 1 ? 0 : 2;
  expect("in a ring", counted([&] { ring->exchange(); }), 1, messages, faces * face);
  expect("large faces", counted([&] { large->exchange(); }), 1, faces, faces * 62 * 72 * 8);
  expect("the first half", counted([&] { ring->begin_exchange(); }), 1, messages, faces * face);
  expect("the second half", counted([&] { ring->end_exchange(); }), 0, 0, 0);
  expect("a sum", counted([&] { sum(*ring); }), 1, 0, 0);
  expect("the end of all", counted([&] {
           x.reset();
           line.reset();
           ring.reset();
           large.reset();
         }),
         0, 0, 0);
}

TEST(MessageCount, TicketsCostNothingOnOneNode) {
  const auto expect = [](const char* what, const Counts& found, int packets, int fetches) {
    EXPECT_EQ(found.reductions, packets) << what;
    EXPECT_EQ(found.packets, packets) << what;
    EXPECT_EQ(found.broadcasts + found.others, 0) << what;
    EXPECT_EQ(found.fetches, fetches) << what;
  };
  std::optional<WorkQueue> queue;
  expect("a new queue", counted([&] { queue.emplace(world(), 1000, 1); }), 2, 0);
  expect("a ticket", counted([&] { queue->next(); }), 0, world().nodes() > 1 ? 1 : 0);
  expect("a reset", counted([&] { queue->reset(); }), 1, 0);
  expect("its end", counted([&] { queue.reset(); }), 0, 0);
}

// `messages` of this rank.
template <class F>
void expect_packets_and_messages(const char* what, int packets, int messages, const F& f) {
  const Counts found = counted(f);
  EXPECT_EQ(found.reductions, packets) << what;
  EXPECT_EQ(found.packets, packets) << what;
  EXPECT_EQ(found.others, messages) << what;
}

TEST(MessageCount, MovingVectorsIsAFewPacketsAndOneMessageForEachPair) {
  const int others = world().size() - 1;
  DistVector<double> x(world(), 1000, cyclic, "x"), y(world(), 1000, block, "y"),
      z(world(), 1000, cyclic, "z");
  const RedistributionPlan plan(x.distribution(), y.distribution());
  const RedistributionPlan same(x.distribution(), z.distribution());
  const int alone = others == 0 ? 0 : 1;
  expect_packets_and_messages("a plan", 1, others, [&] { plan.apply(x, y); });
  expect_packets_and_messages("between equal distributions", 1, 0, [&] { same.apply(x, z); });
  expect_packets_and_messages("redistribute", 3, others, [&] { redistribute(x, block); });
  expect_packets_and_messages("gather", 2, i_am_first() ? 0 : 1, [&] { gather(x, 0); });
  expect_packets_and_messages("all_gather", 2, others, [&] { all_gather(x); });
  const std::vector<double> all(i_am_first() ? 1000 : 0);
  expect_packets_and_messages("scatter", 5, i_am_first() ? others : 0,
                              [&] { scatter(world(), all, cyclic, 0); });
  const std::vector<Index> mine{x.distribution().to_global(world().rank(), 0)};
  expect_packets_and_messages("get of one's own", 2, others, [&] { get(x, mine); });
  const std::vector<Index> next{(world().rank() + 1) % world().size()};
  expect_packets_and_messages("get of the next rank's", 2, others + 2 * alone, [&] { get(x, next); });
}

TEST(MessageCount, ScansAreAPacketAndFewMessages) {
  int messages = 0;  // to the ranks 1, 2, 4 ... after this one
  for (int step = 1; world().rank() + step < world().size(); step *= 2) ++messages;
  expect_packets_and_messages("of values", 1, messages, [] { exclusive_scan(world(), 0.1); });
  expect_packets_and_messages("of integers", 1, messages, [] { exclusive_scan(world(), 1); });
  const DistVector<double> x(world(), 1000, block, "x");
  expect_packets_and_messages("of a vector", 3, messages, [&] { exclusive_scan(x); });
  const DistVector<std::int32_t> y(world(), 1000, block, "y");
  expect_packets_and_messages("of a vector of integers", 4, messages, [&] { exclusive_scan(y); });
}

TEST(MessageCount, ComplexAndWeightedResultsAreOnePacketForUsualData) {
  using Complex = std::complex<double>;
  DistVector<Complex> z(world(), 1000, cyclic, "z");
  DistVector<double> x(world(), 1000, cyclic, "x");
  z.fill([](Index i) { return Complex(0.1 * static_cast<double>(i), 1 / (1 + static_cast<double>(i))); });
  x.fill([](Index i) { return 1 / (1 + static_cast<double>(i)); });
  expect_one_packet("complex dot", [&] { dot(z, z); });
  expect_one_packet("complex dotu", [&] { dotu(z, z); });
  expect_one_packet("complex sum", [&] { sum(z); });
  expect_one_packet("complex norm2", [&] { norm2(z); });
  expect_one_packet("rounded complex dot", [&] { dot(z, z, rounded); });
  expect_one_packet("weighted sum", [&] { weighted_sum(x, z); });
  expect_one_packet("weighted mean", [&] { weighted_mean(x, x); });
  expect_one_packet("variance", [&] { variance(x); });
  z.fill([](Index i) { return Complex(1, i % 2 == 0 ? 1e150 : 1e-150); });
  EXPECT_EQ(counted([&] { dot(z, z); }).reductions, 2);
}

// On one node nothing but packets; otherwise each stripe goes once to every other node.
TEST(MessageCount, StripesTravelOnceToEachOtherNode) {
  const int nodes = world().nodes(), spread = nodes > 1 ? 1 : 0;
  const auto expect_packets = [&](const char* what, int packets, int messages, const auto& f) {
    const Counts found = counted(f);
    EXPECT_EQ(found.reductions, packets) << what;
    EXPECT_EQ(found.packets, packets) << what;
    EXPECT_EQ(found.broadcasts, 0) << what;
    EXPECT_EQ(found.others, messages) << what;
  };
  const auto ones = [](std::span<double> part, Index) {
    for (double& element : part) element = 1;
  };
  std::optional<NodeShared<double>> x;
  std::optional<UpdatableNodeShared<double>> y;
  std::optional<Replicated<double>> z;
  expect_packets("a new node-shared array", 2, 0, [&] { x.emplace(world(), 1000, "x"); });
  expect_packets("publish", 1 + spread, nodes - 1, [&] { x->publish(ones); });
  expect_packets("view", 0, 0, [&] { x->view(); });
  expect_packets("a new updatable array", 2, 0, [&] { y.emplace(world(), 1000, "y"); });
  for (int step = 0; step < 3; ++step)
    expect_packets("update", 2 + spread, nodes - 1, [&] { y->update(ones); });
  expect_packets("a new replicated array", 2, 0, [&] { z.emplace(world(), 1000, "z"); });
  expect_packets("publish replicated", 1, 0, [&] { z->publish(ones); });
  expect_packets("the end of all", 0, 0, [&] {
    x.reset();
    y.reset();
    z.reset();
  });
}

TEST(MessageCount, CheckpointsTakeAFewPacketsForEachArray) {
  const SharedFolder folder(world());
  DistVector<double> x(world(), 1000, "x"), y(world(), 1000, "y");
  Checkpoints checkpoints(world(), folder.path("run"));
  const auto packets = [&](const std::vector<SavedArray>& arrays) {
    return counted([&] { checkpoints.write(1, arrays); }).packets;
  };
  EXPECT_EQ(packets({}), 7);
  EXPECT_EQ(packets({{"x", x}}), 11);
  EXPECT_EQ(packets({{"x", x}, {"y", y}}), 15);
  checkpoints.restore(
      [&](const Checkpoint& saved) { EXPECT_EQ(counted([&] { saved.read("x", x); }).packets, 5); });
  folder.leave();
}

TEST(MessageCount, BroadcastIsAPacketAndABroadcast) {
  const Counts found = counted([] { broadcast(world(), 1.0, 0); });
  EXPECT_EQ(found.reductions, 1);
  EXPECT_EQ(found.packets, 1);
  EXPECT_EQ(found.broadcasts, 1);
  EXPECT_EQ(found.others, 0);
}

}  // namespace
}  // namespace tutti
