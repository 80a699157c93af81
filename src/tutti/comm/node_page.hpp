// What the ranks of a node keep in memory that they share: the sum of their books, a place for each rank
// where it leaves the handle of a segment for the others, and the board for their packets.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "tutti/memory/node_account.hpp"
#include "tutti/memory/shared_segment.hpp"

namespace tutti::comm {

class NodePage {
 public:
  /// @param segment  of bytes_for(ranks on the node), zero at the beginning; nothing: a page of this process
  /// alone, where the ranks of a node cannot share memory.
  NodePage(std::optional<memory::SharedSegment> segment, int ranks_on_node);

  static std::size_t bytes_for(int ranks_on_node);

  bool shared() const { return segment_.has_value(); }
  memory::NodeCounters& counters() const { return *counters_; }

  /// Leaves a handle for the others. It may be overwritten once all who read it have been in a later
  /// collective.
  void post(int slot, const memory::SegmentHandle& handle) const;
  /// What a rank has posted before a collective that both were in. @pre shared()
  memory::SegmentHandle posted(int slot) const;

  /// The board of these ranks (board.hpp). @pre shared()
  std::span<std::byte> board() const { return board_; }

 private:
  std::byte* place(int slot) const;

  std::optional<memory::SharedSegment> segment_;
  std::byte* begin_ = nullptr;  // of the segment
  std::span<std::byte> board_;
  std::unique_ptr<memory::NodeCounters> own_counters_;
  memory::NodeCounters* counters_;
};

}  // namespace tutti::comm
