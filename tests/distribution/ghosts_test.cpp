// The exchange of ghosts in one process: all ranks' boxes as maps, every message as an assignment. What each
// ghost should be is said by a rule of one line, independent of pieces.
#include "tutti/distribution/ghosts.hpp"

#include <limits>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

#include "message_of.hpp"

namespace tutti {
namespace {

using distribution::GhostPiece;
using distribution::Ghosts;

template <std::size_t N, class F>
void for_each(const Box<N>& box, const F& f) {
  for_each_row(box, [&](Indices<N> i) {
    for (Index k = 0; k < box.extent[N - 1]; ++k, ++i[N - 1]) f(i);
  });
}

template <std::size_t N>
Indices<N> sum(Indices<N> a, const Indices<N>& b) {
  for (std::size_t axis = 0; axis < N; ++axis) a[axis] += b[axis];
  return a;
}
template <std::size_t N>
Indices<N> difference(Indices<N> a, const Indices<N>& b) {
  for (std::size_t axis = 0; axis < N; ++axis) a[axis] -= b[axis];
  return a;
}

/// An exchange of global indices: what a cell holds tells whence it came.
template <std::size_t N>
class Play {
 public:
  Play(const Shape<N>& shape, const ProcessGrid<N>& grid, const Halo<N>& halo)
      : distribution_(shape, grid), halo_(halo), ghosts_(distribution_, halo) {
    for (int rank = 0; rank < distribution_.ranks(); ++rank) cells_.push_back(at_first(rank));
  }

  void check() {
    for (int rank = 0; rank < distribution_.ranks(); ++rank)
      for (const GhostPiece<N>& piece : ghosts_.copies(rank)) {
        EXPECT_EQ(piece.rank, rank);
        move(rank, piece.there, rank, piece.here);
      }
    const auto after_copies = cells_;
    for (int rank = 0; rank < distribution_.ranks(); ++rank)
      for (const GhostPiece<N>& piece : ghosts_.received(rank))
        move(piece.rank, piece.there, rank, piece.here, &after_copies);
    for (int rank = 0; rank < distribution_.ranks(); ++rank) check_cells(rank);
    check_lists();
  }

 private:
  using Cells = std::map<Indices<N>, Indices<N>>;  // local index: the global index that its value has

  // The element, or the boundary value, that the cell with these global indices should hold.
  Indices<N> right(Indices<N> global) const {
    for (std::size_t a = 0; a < N; ++a) {
      const Index n = distribution_.shape()[a];
      if (halo_.ends[a] == Ends::periodic) global[a] = (global[a] % n + n) % n;
    }
    return global;
  }

  // A rank's own elements and the boundary values beside them; the other cells hold nothing.
  Cells at_first(int rank) const {
    Cells cells;
    const Box<N> box = distribution_.box(rank);
    for_each(ghosts_.padded_box(rank), [&](const Indices<N>& local) {
      const Indices<N> global = sum(local, box.first);
      Indices<N> nearest = global;
      for (std::size_t a = 0; a < N; ++a)
        if (halo_.ends[a] == Ends::open)
          nearest[a] = std::clamp<Index>(global[a], 0, distribution_.shape()[a] - 1);
      if (box.contains(nearest)) cells[local] = global;
    });
    return cells;
  }

  void move(int from, const Indices<N>& there, int to, const Box<N>& here,
            const std::vector<Cells>* source = nullptr) {
    const Cells& given = (source != nullptr ? *source : cells_)[static_cast<std::size_t>(from)];
    Cells& taken = cells_[static_cast<std::size_t>(to)];
    for_each(here, [&](const Indices<N>& i) {
      const auto value = given.find(sum(there, difference(i, here.first)));
      ASSERT_NE(value, given.end()) << "rank " << from << " has nothing there";
      const bool fresh = taken.emplace(i, value->second).second;
      EXPECT_TRUE(fresh) << "written twice, or over an element";
    });
  }

  void check_cells(int rank) const {
    const Cells& cells = cells_[static_cast<std::size_t>(rank)];
    const Box<N> padded = ghosts_.padded_box(rank), box = distribution_.box(rank);
    EXPECT_EQ(static_cast<Index>(cells.size()), padded.size());
    for_each(padded, [&](const Indices<N>& local) {
      const auto found = cells.find(local);
      ASSERT_NE(found, cells.end()) << "a ghost that nobody sends";
      EXPECT_EQ(found->second, right(sum(local, box.first)));
    });
  }

  // What one rank sends another is what that one expects of it, in the same order.
  void check_lists() const {
    for (int from = 0; from < distribution_.ranks(); ++from) {
      const std::vector<GhostPiece<N>> sent = ghosts_.sent(from);
      std::size_t matched = 0;
      for (int to = 0; to < distribution_.ranks(); ++to) {
        std::vector<GhostPiece<N>> expected, given;
        for (const GhostPiece<N>& piece : ghosts_.received(to))
          if (piece.rank == from && to != from) expected.push_back(piece);
        for (const GhostPiece<N>& piece : sent)
          if (piece.rank == to) given.push_back(piece);
        ASSERT_EQ(given.size(), expected.size());
        matched += given.size();
        for (std::size_t i = 0; i < given.size(); ++i) {
          EXPECT_EQ(given[i].there, expected[i].here.first);
          EXPECT_EQ(given[i].here, (Box<N>{expected[i].there, expected[i].here.extent}));
        }
      }
      EXPECT_EQ(matched, sent.size());
    }
  }

  GridDistribution<N> distribution_;
  Halo<N> halo_;
  Ghosts<N> ghosts_;
  std::vector<Cells> cells_;
};

TEST(Ghosts, OfALineComeFromTheirOwners) {
  for (const Index n : {1, 2, 3, 5, 8})
    for (const int ranks : {1, 2, 3, 4, 7})
      for (const Index width : {0, 1, 2, 3, 11})
        for (const Ends ends : {Ends::open, Ends::periodic})
          Play<1>({n}, ProcessGrid<1>({ranks}), {width, ends}).check();
}

TEST(Ghosts, OfAPlaneComeFromTheirOwners) {
  for (const Shape<2>& shape : {Shape<2>{3, 4}, Shape<2>{1, 5}, Shape<2>{2, 2}})
    for (const ProcessGrid<2>& grid :
         {ProcessGrid<2>({1, 1}), ProcessGrid<2>({2, 1}), ProcessGrid<2>({1, 3}), ProcessGrid<2>({2, 2}),
          ProcessGrid<2>({3, 2}), ProcessGrid<2>({7, 1})})
      for (const std::array<Index, 2>& width : {std::array<Index, 2>{1, 1}, std::array<Index, 2>{2, 0},
                                                std::array<Index, 2>{1, 3}, std::array<Index, 2>{6, 5}})
        for (const Ends first : {Ends::open, Ends::periodic})
          for (const Ends last : {Ends::open, Ends::periodic})
            Play<2>(shape, grid, {width, {first, last}}).check();
}

TEST(Ghosts, OfABlockComeFromTheirOwners) {
  for (const Shape<3>& shape : {Shape<3>{2, 3, 4}, Shape<3>{4, 1, 2}})
    for (const ProcessGrid<3>& grid :
         {ProcessGrid<3>({1, 1, 1}), ProcessGrid<3>({2, 1, 1}), ProcessGrid<3>({1, 1, 2}),
          ProcessGrid<3>({2, 2, 1}), ProcessGrid<3>({2, 2, 2}), ProcessGrid<3>({1, 7, 1})})
      for (const std::array<Index, 3>& width :
           {std::array<Index, 3>{1, 1, 1}, std::array<Index, 3>{2, 1, 0}, std::array<Index, 3>{3, 2, 5}})
        for (int periodic = 0; periodic < 8; ++periodic) {
          std::array<Ends, 3> ends{};
          for (std::size_t a = 0; a < 3; ++a)
            ends[a] = (periodic >> a & 1) != 0 ? Ends::periodic : Ends::open;
          Play<3>(shape, grid, {width, ends}).check();
        }
}

TEST(Ghosts, AreAsTheCommentSays) {
  const GridDistribution<1> d({6}, 3);
  using Pieces = std::vector<GhostPiece<1>>;
  EXPECT_EQ(Ghosts<1>(d, 1).received(1), (Pieces{{0, {1}, {{-1}, {1}}}, {2, {0}, {{2}, {1}}}}));
  EXPECT_EQ(Ghosts<1>(d, {1, Ends::periodic}).received(0),
            (Pieces{{2, {1}, {{-1}, {1}}}, {1, {0}, {{2}, {1}}}}));
  EXPECT_EQ(Ghosts<1>(d, 3).received(2), (Pieces{{0, {1}, {{-3}, {1}}}, {1, {0}, {{-2}, {2}}}}));
}

// Two ranks and faces across the first axis: one piece each, from end to end along the others.
TEST(Ghosts, WholeFacesAreOnePiece) {
  const GridDistribution<3> d({256, 256, 256}, 2);
  for (const Ends ends : {Ends::open, Ends::periodic}) {
    const auto pieces = Ghosts<3>(d, {{1, 1, 1}, {Ends::open, ends, ends}}).received(0);
    ASSERT_EQ(pieces.size(), 1U);
    EXPECT_EQ(pieces[0].here, (Box<3>{{128, -1, -1}, {1, 258, 258}}));
  }
  EXPECT_EQ(Ghosts<3>(d, {1, Ends::periodic}).received(0).size(), 2U);
}

TEST(Ghosts, RefuseNonsense) {
  const GridDistribution<2> d({6, 5}, 3);
  EXPECT_EQ(message_of<ShapeError>([&] {
              Ghosts<2>(d, {{1, -2}, {}});
            }),
            "a halo of -2 layers along axis 1; give 0 or more");
  const Index most = std::numeric_limits<Index>::max();
  EXPECT_EQ(message_of<ShapeError>([&] {
              Ghosts<2>(d, {{most, 1}, {}});
            }),
            text("a halo of ", most, " layers along axis 0 is more than indices can count; give fewer"));
  EXPECT_EQ(message_of<ShapeError>([&] {
              Ghosts<2>(GridDistribution<2>({6, 0}, 3), 1);
            }),
            "shape 6 x 0: an array with a halo needs 1 or more elements along each axis");
  EXPECT_NE(message_of<ShapeError>([&] { Ghosts<2>(d, Index{1} << 40); }).find("more than 2^63 - 1 elements"),
            std::string::npos);
}

TEST(Inner, AndTheRimAreEachElementOnce) {
  for (const Shape<3>& shape : {Shape<3>{5, 6, 7}, Shape<3>{1, 2, 3}, Shape<3>{4, 0, 2}})
    for (const std::array<Index, 3>& width :
         {std::array<Index, 3>{1, 1, 1}, std::array<Index, 3>{0, 2, 1}, std::array<Index, 3>{3, 9, 0}}) {
      const Box<3> whole{{-1, 0, 10}, shape};
      const distribution::Inner<3> inner(whole, width);
      std::map<Indices<3>, int> times;
      for_each(inner.box, [&](const Indices<3>& i) {
        ++times[i];
        for (std::size_t a = 0; a < 3; ++a) {
          EXPECT_GE(i[a] - width[a], whole.first[a]);
          EXPECT_LT(i[a] + width[a], whole.end(a));
        }
      });
      for (const Box<3>& part : inner.rim) {
        EXPECT_GT(part.size(), 0);
        for_each(part, [&](const Indices<3>& i) { ++times[i]; });
      }
      EXPECT_EQ(static_cast<Index>(times.size()), whole.size());
      for (const auto& [i, count] : times) {
        EXPECT_EQ(count, 1);
        EXPECT_TRUE(whole.contains(i));
      }
    }
}

TEST(Halo, HasANameAndAHash) {
  const Halo<2> all(1), one({2, 0}, {Ends::periodic, Ends::open});
  EXPECT_EQ(all.name(), "1 x 1 layers, open x open");
  EXPECT_EQ(one.name(), "2 x 0 layers, periodic x open");
  EXPECT_NE(all.hash(), one.hash());
  EXPECT_EQ(one, Halo<2>({2, 0}, {Ends::periodic, Ends::open}));
}

}  // namespace
}  // namespace tutti
