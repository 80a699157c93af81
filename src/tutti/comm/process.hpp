// What one process has once, for its outermost World and all Worlds split from it.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tutti/comm/channel.hpp"
#include "tutti/comm/node_map.hpp"
#include "tutti/comm/node_page.hpp"
#include "tutti/comm/tell.hpp"
#include "tutti/comm/trace.hpp"
#include "tutti/comm/watchdog.hpp"
#include "tutti/memory/ledger.hpp"
#include "tutti/memory/shared_segment.hpp"

namespace tutti::comm {

class Context;
class LateChannel;

struct Settings {
  bool strict = false;      ///< TUTTI_STRICT: call sites must agree, too
  int pretended_nodes = 1;  ///< TUTTI_NODES
  bool board = true;        ///< TUTTI_BOARD: packets go through memory where all ranks share a node
  memory::Budget budget;    ///< TUTTI_MEMORY_BUDGET, and what else limits the memory of a node
  std::optional<std::string> memory_report;  ///< TUTTI_MEMORY_REPORT: "-", or the file to write
  WatchdogSettings watchdog;

  /// @throws UsageError for nonsense in a variable.
  static Settings from_environment();
};

struct Process {
  int rank = 0;  ///< in the outermost World
  Context* outermost = nullptr;
  Settings settings;
  std::exception_ptr bad_settings;  ///< nonsense in a variable of this rank, until all ranks have heard of it
  NodeMap nodes;
  ErrorStyle style = ErrorStyle::text;  ///< how errors are told
  std::shared_ptr<NodePage> page;
  std::unique_ptr<memory::Ledger> ledger;
  std::string program_name;        ///< of the executable, without folders
  memory::ProcessMemory at_start;  ///< what this process held before it booked anything
  memory::Booking program;         ///< the same, where a budget counts it
  std::unique_ptr<Trace> trace;    ///< on rank 0 of MPI_COMM_WORLD, where TUTTI_TRACE names a file
  std::shared_ptr<PacketType> packets;
  std::unique_ptr<Watchdog> watchdog;
  std::vector<std::pair<Context*, Context*>>
      scopes;  ///< open splits, outermost first: (split, its sub-world)

  /// Shared memory that has been given back here. It stays mapped until the next packet, so that the system
  /// still divides it by all its ranks where one of them, a little later, is asked for its memory.
  std::vector<memory::SharedSegment> leaving;

  /// Of the Worlds in which nonblocking operations may be under way. Whoever waits, in any World, helps them
  /// on.
  std::vector<LateChannel*> late;
  void progress_late() const;

  /// The outermost World and all open sub-worlds, in the order in which they were opened.
  std::vector<Context*> open_worlds() const;
  template <class F>
  void for_each_open_world(const F& f) const {
    f(*outermost);
    for (const auto& scope : scopes) f(*scope.second);
  }
};

}  // namespace tutti::comm
