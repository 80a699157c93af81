// The one voice of a node: asks the agents of its ranks, decides when to look for equal pages, and reports.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "tutti/inspect/comparison.hpp"
#include "tutti/inspect/meeting.hpp"
#include "tutti/inspect/protocol.hpp"
#include "tutti/inspect/report.hpp"
#include "tutti/inspect/scan_policy.hpp"

namespace tutti::inspect {

struct SpeakerOptions {
  double every = 0.2;        ///< s between samples, at most
  std::optional<double> at;  ///< s: one scan then
  std::string node;          ///< its name
  int job_ranks = 0;         ///< 0: not known
  int expected = 1;  ///< ranks of this node: it waits a moment for those that have not come. 0: not known
};

/// It is a process of its own, so that an agent may leave the moment its rank has ended: launchers watch for
/// that.
class Speaker {
 public:
  /// @param meeting  listening socket; closed at the end
  Speaker(int meeting, SpeakerOptions options);
  Speaker(const Speaker&) = delete;
  Speaker& operator=(const Speaker&) = delete;
  ~Speaker();

  /// Returns when all ranks have ended. Without ranks in the report if none has come.
  NodeReport run();

 private:
  using Clock = std::chrono::steady_clock;

  // An agent, and what it said last.
  struct Peer {
    Line line;
    int rank = -1;
    Reply reply;
    std::vector<Row> rows;
  };

  double now() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }
  bool finished() const;
  enum class Newcomers : unsigned char { welcome, later };
  void wait(double seconds, Newcomers newcomers);
  void prune();
  void welcome();
  void receive(Peer& peer, std::chrono::milliseconds patience);
  bool ask(const Request& request, std::chrono::milliseconds patience);
  void sample();
  void scan(const MemorySample& memory);
  bool hash_all(ScanResult& result);
  std::optional<ComparisonTable> find_candidates(ScanResult& result);
  bool compare(const ComparisonTable& table, ScanResult& result);
  bool halt_all();
  bool compare_slice(const ComparisonTable& table, std::size_t& next);
  bool count(const ComparisonTable& table, ScanResult& result);
  void note_trouble(const std::string& what);
  NodeReport conclude();

  int meeting_;
  SpeakerOptions options_;
  Clock::time_point begin_ = Clock::now();
  std::vector<Peer> peers_;
  std::size_t come_ = 0;
  double emptied_ = 0;
  double cut_at_ = -1;  // when the last scan began, if it was cut short
  ScanPolicy policy_;
  double next_sample_ = 0;
  NodeReport report_;
};

}  // namespace tutti::inspect
