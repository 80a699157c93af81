// The watchdog: a thread that never calls MPI, and tells who is missing when a rank waits too long.
//
// Each rank of a node writes into a page shared by the node which collective it has entered; each rank's
// watchdog reads the page. What a rank does all the time (enter, leave) costs a few stores; there is no clock
// in it.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tutti/comm/call.hpp"
#include "tutti/comm/node_line.hpp"
#include "tutti/comm/watch_page.hpp"
#include "tutti/core/error_record.hpp"

namespace tutti::comm {

struct WatchdogSettings {
  bool enabled = true;
  double limit = 60;  ///< s; TUTTI_WATCHDOG: a rank that waits longer has a warning printed
  std::optional<double>
      end_limit;  ///< s; TUTTI_WATCHDOG_END: and longer than this, the job ends (default: never)
  static constexpr double dead = 2;  ///< s until a dead rank ends the job: nobody else will wake its peers
  static constexpr double silence =
      10;  ///< s until a node that does not answer is gone; less for short limits
  static constexpr double finalize = 10;  ///< s that MPI_Finalize may take
};

class Watchdog {
 public:
  /// How a fatal verdict is told; called at most once on a node, from the watchdog's thread.
  using Report = std::function<void(const core::ErrorRecord&)>;

  Watchdog(WatchdogSettings settings, WatchPage page, int nodes, std::string node_name, Report report);
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  ~Watchdog();

  /// Which slots of the page belong to the ranks of a World on this node.
  void add_world(std::uint64_t world, std::vector<int> slots);
  void remove_world(std::uint64_t world);

  /// This rank waits in a collective from now on.
  void enter(std::uint64_t world, std::uint64_t sequence, const Call& call) {
    RankSlot& mine = page_.mine();
    if (call.site.file != last_site_.file || call.site.line != last_site_.line ||
        &call.operation != last_operation_ || call.detail != last_detail_)
      note(call);
    mine.world.store(world, std::memory_order_relaxed);
    mine.sequence.store(sequence, std::memory_order_relaxed);
    mine.stage.store(Stage::waiting, std::memory_order_release);
  }
  /// The next call is written down anew, even if it is made at the same place: its note matters.
  void forget_call() { last_operation_ = nullptr; }
  /// The same collective goes on, with its payload.
  void resume() { page_.mine().stage.store(Stage::transferring, std::memory_order_release); }
  void leave() { page_.mine().stage.store(Stage::outside, std::memory_order_release); }
  /// The program makes MPI calls of its own, let in by the collective that was entered last.
  void let_in() { page_.mine().stage.store(Stage::inside, std::memory_order_release); }

  /// This rank has failed where others are in MPI calls of the program's own, which nothing can interrupt:
  /// if they do not come out of them, the job ends with this error. Nothing: all have.
  void fails_with(std::optional<core::ErrorRecord> failure);

  /// How this rank tells other nodes a verdict; and on the first rank of each node, how it asks the others,
  /// and answers them.
  void connect(NodeRoster roster, std::unique_ptr<NodeLine> line);

  /// MPI_Finalize begins: if it takes more than 10 s, the process ends with `exit_code` (76 if that is 0).
  void finalizing(int exit_code);
  /// Does not return if the job has been told to end on this node: one voice. (A rank that was stopped is
  /// continued by the launcher only to be ended, and would tell of that as well.)
  void leave_it_to_the_verdict();
  /// Ends the thread.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Missing {
    int slot;
    memory::ProcessStatus status;
  };
  struct Position {
    std::uint64_t world, sequence;
    Stage stage;
    friend bool operator==(const Position&, const Position&) = default;
  };

  void note(const Call& call);
  void watch();
  void examine(double waited);
  bool verdict_is_near() const;
  bool deadlocked(const std::vector<Missing>& missing);
  bool ask_other_nodes(double waited);
  bool all_wait() const;
  std::string lost_node();
  std::string answer(std::uint64_t world, std::uint64_t sequence) const;
  std::vector<Missing> missing_ranks(std::uint64_t world, std::uint64_t sequence,
                                     std::vector<int>& waiting_ranks) const;
  std::vector<int> numbers(const std::vector<Missing>& missing) const;
  std::string describe(const std::vector<Missing>& missing, const std::vector<int>& waiting_ranks) const;
  std::string describe_states(const std::vector<Missing>& missing) const;
  std::string describe_unheard(const std::vector<Missing>& missing) const;
  std::string describe_elsewhere() const;
  std::string describe_inside() const;
  std::string describe_deadlock() const;
  void warn(const std::string& message);
  [[noreturn]] void end(const std::string& message);
  [[noreturn]] void end_unheard(core::ErrorRecord failure, const std::vector<Missing>& missing);
  [[noreturn]] void end(const core::ErrorRecord& record);
  [[noreturn]] void follow(int exit_code);
  void abort_by_hydra(int code) const;
  [[noreturn]] void exit_after_the_teller();

  WatchdogSettings settings_;
  WatchPage page_;
  int nodes_;
  std::string node_name_;
  Report report_;
  int hydra_;

  Site last_site_{nullptr, 0};
  const Operation* last_operation_ = nullptr;
  std::uint64_t last_detail_ = 0;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  bool stop_ = false;
  std::map<std::uint64_t, std::vector<int>> worlds_;
  std::optional<Clock::time_point> finalize_deadline_;
  int finalize_code_ = 0;
  std::optional<core::ErrorRecord> failing_;
  NodeRoster roster_;
  std::unique_ptr<NodeLine> line_;  // on the first rank of each node, if there are several

  // Of the watchdog's thread alone:
  std::uint64_t warned_ = 0;         // the wait that has been warned of
  std::uint64_t dead_in_ = 0;        // the wait in which a rank was seen dead
  std::vector<Position> positions_;  // of all ranks of the node, when they last changed while this one waited
  Clock::time_point positions_since_{};
  std::thread thread_;
};

}  // namespace tutti::comm
