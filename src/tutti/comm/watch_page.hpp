// The page that the ranks of a node share: what each of them does.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tutti/memory/process_state.hpp"
#include "tutti/memory/shared_segment.hpp"

namespace tutti::comm {

/// Where a rank is.
enum class Stage : std::uint32_t {
  outside,       ///< in code of the program; the collective named is the last one it was in
  waiting,       ///< in the packet of the collective named: until all ranks have come
  transferring,  ///< in what follows its packet: data, or the second round after trouble
  inside,        ///< in MPI calls of the program's own, which the guard named has let in
};

/// One rank's line in the page. Everything is atomic: other processes read it while it changes.
struct alignas(256) RankSlot {
  static constexpr std::size_t text_words = 16;

  std::atomic<std::int64_t> pid;
  std::atomic<std::uint64_t> start_time;
  std::atomic<std::int32_t> rank;  ///< in the outermost World
  std::atomic<Stage> stage;
  std::atomic<std::uint32_t>
      failing;  ///< 1: waits, with an error, for ranks that may be in MPI calls of their own
  std::atomic<std::uint64_t> world;  ///< 0: none yet
  std::atomic<std::uint64_t> sequence;
  std::array<std::atomic<std::uint64_t>, text_words> text;  ///< "sum at a.cpp:8", cut, zero-padded
};
static_assert(sizeof(RankSlot) == 256);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<Stage>::is_always_lock_free,
              "the page is shared between processes");

struct alignas(256) PageHead {
  std::atomic<std::uint64_t> warned;  ///< the wait that has been warned of: one voice a node
  std::atomic<std::uint32_t> line;    ///< 1: the node's first rank can ask other nodes
  std::atomic<std::uint32_t> ending;  ///< 1: a verdict is being told; 2 + exit code: told, all exit
};
static_assert(sizeof(PageHead) == 256);

class WatchPage {
 public:
  /// A page for one process alone: where the node's ranks cannot share memory.
  WatchPage(int rank);
  /// This process's slot of a page for all ranks of the node.
  WatchPage(memory::SharedSegment segment, int slot, int rank);

  static std::size_t bytes_for(int ranks_on_node);

  PageHead& head() const { return *head_; }
  RankSlot& mine() const { return slots_[static_cast<std::size_t>(own_)]; }
  std::span<RankSlot> slots() const { return slots_; }
  RankSlot& slot(int index) const { return slots_[static_cast<std::size_t>(index)]; }
  int own() const { return own_; }
  bool shared() const { return segment_.has_value(); }

  static void write_text(RankSlot& slot, std::string_view text);
  static std::string read_text(const RankSlot& slot);
  static memory::ProcessIdentity process(const RankSlot& slot);

 private:
  void introduce(int rank);

  std::optional<memory::SharedSegment> segment_;
  std::vector<RankSlot> own_slots_;
  std::vector<PageHead> own_head_;
  PageHead* head_ = nullptr;
  std::span<RankSlot> slots_;
  int own_ = 0;
};

}  // namespace tutti::comm
