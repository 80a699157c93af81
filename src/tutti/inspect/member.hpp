// What an agent does for the speaker of its node: it looks into its own rank.
#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <sys/types.h>
#include <vector>

#include "tutti/inspect/comparison.hpp"
#include "tutti/inspect/halt.hpp"
#include "tutti/inspect/meeting.hpp"
#include "tutti/inspect/page_scan.hpp"
#include "tutti/inspect/protocol.hpp"
#include "tutti/memory/shared_segment.hpp"

namespace tutti::inspect {

/// Answers requests about one rank until the line ends. The rank never stands still for longer than 5 s
/// without a word from the speaker.
class Member {
 public:
  /// @param program  the rank's first process: a child of this one
  /// @param stop     ends a scan early
  Member(pid_t program, std::stop_token stop) : program_(program), stop_(std::move(stop)) {}

  void serve(const Line& line);

 private:
  struct Scan {
    PageHash hash;
    PageScan pages;
    memory::SharedSegment hashes;
    std::optional<Comparison> comparison;
    std::uint32_t ranks = 0;
  };

  Reply answer(const Request& request, std::vector<Row>& rows);
  Reply sample() const;
  Reply scan(const HashKey& key);
  Reply match(const Request& request);
  Reply halt();
  Reply step(const Request& request);
  std::vector<Row> tally() const;

  pid_t program_;
  std::stop_token stop_;
  std::optional<Scan> scan_;
  std::optional<Halt> halt_;
};

}  // namespace tutti::inspect
