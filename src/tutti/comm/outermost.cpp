// How the outermost World comes to be: settings that all ranks share, the pages of each node, the ledger, the
// watchdog.
#include <array>
#include <cerrno>
#include <map>
#include <optional>

#include "tutti/comm/context.hpp"
#include "tutti/comm/mpi_error.hpp"
#include "tutti/comm/ranks.hpp"
#include "tutti/comm/share_on_node.hpp"
#include "tutti/core/environment.hpp"
#include "tutti/files/atomic_file.hpp"

namespace tutti::comm {

namespace {

constexpr Operation start_operation{"start"};

// The page of this rank's node; where its ranks cannot share memory, a page for each alone: then a waiting
// rank can tell that it waits, but not for whom.
WatchPage watch_page(Channel& node, int rank, Waiting how) {
  auto segment = share_on_node(node, WatchPage::bytes_for(node.size()), "tutti watchdog", how);
  return segment ? WatchPage(std::move(*segment), node.rank(), rank) : WatchPage(rank);
}

// All ranks come to know where the first ranks of the nodes listen.
void connect_watchdogs(Channel& channel, Process& process, Waiting how) {
  const NodeMap& map = process.nodes;
  if (map.nodes == 1 || !ranks_are_processes) return;
  struct Introduction {
    NodeAddress address;
    JobKey key;
  };
  auto line =
      process.settings.watchdog.enabled && map.node_rank == 0 ? std::make_unique<NodeLine>() : nullptr;
  const Introduction mine{line ? line->address() : NodeAddress{}, new_job_key()};
  std::vector<Introduction> all(map.node_of.size());
  channel.all_gather_equal(std::as_bytes(std::span(&mine, 1)), std::as_writable_bytes(std::span(all)), how);
  NodeRoster roster{std::vector<NodeAddress>(static_cast<std::size_t>(map.nodes)), map.node, all[0].key};
  for (std::size_t rank = all.size(); rank-- > 0;)  // the lowest rank of each node is its first
    roster.nodes[static_cast<std::size_t>(map.node_of[rank])] = all[rank].address;
  if (line) {
    line->connect(roster);
    line->greet(0.1);  // all do so now; who cannot be reached by then hardly ever can
  }
  process.watchdog->connect(std::move(roster), std::move(line));
}

// A budget that somebody gave bounds all that the job takes, so what is there before the first array counts,
// too.
void begin_books(Process& process) {
  memory::Ledger& ledger = *process.ledger;
  process.program_name = program_invocation_short_name;
  if (ranks_are_processes) process.at_start = memory::process_memory().value_or(memory::ProcessMemory{});
  if (const auto& report = process.settings.memory_report) {
    ledger.measure_at_peaks();
    if (process.rank == 0 && *report != "-") const AtomicFile probe(*report);  // not hours later
  }
  if (ledger.budget().is_given())
    process.program = ledger.book("program and MPI", memory::Category::program,
                                  process.at_start.pss.value_or(process.at_start.rss));
}

// One process of the job writes the trace, however many Worlds are made from communicators of its own.
bool is_first_of_job() {
  int rank = 0;
  check_mpi(MPI_Comm_rank(MPI_COMM_WORLD, &rank), "MPI_Comm_rank");
  return rank == 0;
}

}  // namespace

std::shared_ptr<Context> Context::outermost(MPI_Comm own, ErrorStyle style) {
  auto process = std::make_shared<Process>();
  process->packets = std::make_shared<PacketType>();
  process->style = style;
  try {
    process->settings = Settings::from_environment();
  } catch (...) {
    process->bad_settings = std::current_exception();
  }
  std::shared_ptr<Context> context(new Context(own, process, /*id=*/1));
  Channel& all = context->channel_;
  process->rank = all.rank();
  process->outermost = context.get();

  Settings& settings = process->settings;
  std::array<std::int64_t, 4> agreed{settings.strict ? 1 : 0, settings.pretended_nodes,
                                     settings.memory_report ? 1 : 0, settings.board ? 0 : 1};
  all.maximum(agreed, waiting_at_start);
  settings.strict = agreed[0] != 0;
  if (agreed[2] != 0 && !settings.memory_report)
    settings.memory_report = "-";  // rank 0 writes; the others take part
  const NodeMap& nodes = process->nodes = map_nodes(all, static_cast<int>(agreed[1]));
  if (nodes.oversubscribed) context->waiting_ = Waiting::yielding;

  const int size = all.size();
  std::optional<Channel> part;
  if (nodes.nodes > 1) part.emplace(node_communicator(all, nodes), process->packets);
  Channel& node = part ? *part : all;
  if (!ranks_are_processes) settings.watchdog.enabled = false;
  process->watchdog = std::make_unique<Watchdog>(
      settings.watchdog, watch_page(node, process->rank, context->waiting_), nodes.nodes, nodes.host,
      [style, size](const core::ErrorRecord& record) { tell(record, style, size); });
  connect_watchdogs(all, *process, context->waiting_);
  process->page = std::make_shared<NodePage>(
      share_on_node(node, NodePage::bytes_for(nodes.node_size), "tutti ledger", context->waiting_),
      nodes.node_size);
  if (part) part->release();
  if (nodes.nodes == 1 && process->page->shared() && ranks_are_processes && agreed[3] == 0)
    context->board_.emplace(process->page->board(), context->rank(), size);
  process->ledger = std::make_unique<memory::Ledger>(
      settings.budget, process->page->counters(), process->page, nodes.host, nodes.node_size,
      process->page->shared() ? memory::Counters::shared : memory::Counters::own);
  context->join_watch();
  return context;
}

void Context::start() {
  const Call call{start_operation, Site(nullptr, 0)};
  Packet packet;
  collective(call, packet, [&] {
    if (process_->bad_settings) std::rethrow_exception(process_->bad_settings);
    begin_books(*process_);
    const auto path = environment_text("TUTTI_TRACE");
    if (path && is_first_of_job()) process_->trace = std::make_unique<Trace>(*path);
  });
}

void Context::join_watch() {
  std::vector<std::int32_t> places(2 * static_cast<std::size_t>(size()));
  const std::array<std::int32_t, 2> mine{process_->nodes.node, process_->nodes.node_rank};
  channel_.all_gather_equal(std::as_bytes(std::span(mine)), std::as_writable_bytes(std::span(places)),
                            waiting_);
  std::map<int, int> index_of;  // in the order of the nodes' lowest ranks
  for (std::size_t r = 0; r < places.size(); r += 2)
    index_of.emplace(places[r], static_cast<int>(index_of.size()));
  nodes_ = NodeMap{};
  nodes_.host = process_->nodes.host;
  nodes_.nodes = static_cast<int>(index_of.size());
  nodes_.node = index_of.at(mine[0]);
  nodes_.node_size = 0;
  for (std::size_t r = 0; r < places.size(); r += 2) {
    nodes_.node_of.push_back(index_of.at(places[r]));
    if (places[r] != mine[0]) continue;
    if (places[r + 1] == mine[1]) nodes_.node_rank = nodes_.node_size;
    ++nodes_.node_size;
    nodes_.slots.push_back(places[r + 1]);
  }
  process_->watchdog->add_world(id_, nodes_.slots);
}

}  // namespace tutti::comm
