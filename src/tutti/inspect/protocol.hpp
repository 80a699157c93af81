// What the speaker of a node asks the agents of its ranks, and what they answer. One host, one executable:
// the structs travel as they are.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "tutti/inspect/mappings.hpp"
#include "tutti/inspect/page_hash.hpp"
#include "tutti/memory/shared_segment.hpp"

namespace tutti::inspect {

enum class Ask : std::uint32_t {
  sample,  ///< how much memory has your rank?
  scan,    ///< hash its pages, with this key; give me the hashes
  match,   ///< here are the groups: find yours
  halt,    ///< stop the rank
  step,    ///< write one batch into its lane, compare another with what is there
  go_on,   ///< let it run
  tally,   ///< what did you find in which mapping? Then forget the scan
};

inline constexpr std::uint64_t no_batch = ~std::uint64_t{0};

struct Request {
  Ask ask = Ask::sample;
  std::uint32_t index = 0;  ///< match: which of the comparing ranks you are
  std::uint32_t count = 0;  ///< match: how many there are
  std::uint64_t write_batch = no_batch;
  std::uint64_t compare_batch = no_batch;
  HashKey key{};
  memory::SegmentHandle segment;  ///< match: the ComparisonTable
};
static_assert(std::is_trivially_copyable_v<Request>);

/// Names longer than this are cut.
inline constexpr std::size_t row_name_bytes = 80;

/// Bytes that several ranks have, in the mapping in which the reference rank has them.
struct Row {
  MappingKind kind = MappingKind::anonymous;
  std::array<char, row_name_bytes> name{};  ///< terminated by a zero
  std::uint64_t on_all = 0;                 ///< bytes that every rank has
  std::uint64_t on_several = 0;             ///< bytes that 2 to P - 1 ranks have
  std::uint64_t saved = 0;                  ///< by one copy instead
};
static_assert(std::is_trivially_copyable_v<Row>);
inline constexpr std::size_t most_rows = 256;

/// The first message of an agent, and the answer to each request.
struct Reply {
  std::int32_t rank = -1;           ///< first message: in the job
  std::int32_t error = 0;           ///< errno
  std::int64_t process = 0;         ///< that the error is about; first message: the agent
  std::uint64_t bytes = 0;          ///< sample: PSS; scan: private bytes read
  std::uint64_t zero_bytes = 0;     ///< scan
  std::uint64_t skipped_bytes = 0;  ///< scan
  double cpu_seconds = 0;           ///< sample: that it took
  std::uint32_t proportional = 1;   ///< sample: 0: `bytes` is the RSS
  std::uint32_t rows = 0;           ///< tally: that follow this struct in the message
  memory::SegmentHandle segment;    ///< scan: the sorted hashes
};
static_assert(std::is_trivially_copyable_v<Reply>);

}  // namespace tutti::inspect
