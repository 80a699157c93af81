// How results reach the user: stdout, --output, and a summary on stderr.
#pragma once

#include <optional>
#include <string>

#include "tutti/comm/world.hpp"
#include "tutti/files/atomic_file.hpp"
#include "tutti/io/file_reductions.hpp"

#include "cli/command_line.hpp"

namespace tutti::cli {

/// "30296.40669908669 = 0x1.d961a075b9b29p+14"; an integer: "42".
std::string number_text(const Scalar& value);

/// Bytes of the ranks so far.
struct Memory {
  std::int64_t peak_rank_bytes = 0;  ///< largest resident set that any rank has had
  std::int64_t node_pss_bytes = 0;   ///< proportional set size of all ranks of the fullest node, now
};
/// Collective.
Memory memory_of(const World& world);

/// A result, on its way to stdout and to --output. The file is made ready before the work, so that a wrong
/// path is not found out after it.
class Result {
 public:
  /// Collective.
  Result(const World& world, const Common& common);
  /// Collective.
  void print(const std::string& text);

 private:
  const World& world_;
  std::optional<std::string> path_;
  std::optional<AtomicFile> file_;  // on rank 0
};

/// "n 16000000, 4 ranks on 1 node, block; read 0.12 s, ..." on stderr, by rank 0, unless --quiet or --json.
void summarize(const World& world, const Common& common, Index n, const std::string& how,
               const Seconds& seconds, const Memory& memory);

}  // namespace tutti::cli
