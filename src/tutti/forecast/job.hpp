// The description of a job that is to be: how many ranks, and what they will hold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tutti/core/integer.hpp"
#include "tutti/distribution/layout.hpp"
#include "tutti/memory/ledger.hpp"
#include "tutti/memory/memory_report.hpp"

namespace tutti::forecast {

/// Where a number comes from.
enum class Origin : std::uint8_t {
  computed,  ///< exact arithmetic on what was described
  measured,  ///< on this machine
  assumed,   ///< neither: a figure of another machine, or that other ranks will do as those of a small run
};
/// "computed", "measured here", "assumed".
const char* name(Origin origin);

/// One array, or the buffers of one kind.
struct Array {
  std::string name;
  memory::Category category = memory::Category::distributed;
  Index elements = 0;  ///< of the whole array; a halo's and a buffer's: on each rank
  std::uint64_t element_bytes = 8;
  Layout layout = block;  ///< of a distributed one
  Origin origin = Origin::computed;
};

/// Ranks fill the nodes one after another: rank r is on node r / per_node.
struct Job {
  int ranks = 1;
  int per_node = 1;  ///< ranks on a full node
  std::vector<Array> arrays;

  int nodes() const { return (ranks - 1) / per_node + 1; }
  int ranks_on_fullest_node() const { return ranks < per_node ? ranks : per_node; }
};

/// "1000000", "1e6", "1e6x3" (the factors of a shape): elements; nothing for anything else, or 2^63 and more.
std::optional<Index> parse_elements(std::string_view text);

/// Bytes of an element: "float64", "f8", "double" and the other names of NumPy and C, or "48B" for a
/// structure; nothing for anything else.
std::optional<std::uint64_t> parse_element_bytes(std::string_view text);

/// "distributed", "node-shared", "replicated", "halo" or "buffer"; nothing for anything else.
std::optional<memory::Category> parse_kind(std::string_view text);

/// "coordinates:replicated:1e6x3:float64" or "forces:distributed:3000000:f8:block-cyclic:64": name, kind,
/// elements, type and, for distributed ones, a layout (block without it).
/// @throws UsageError naming `option`, the text, and what is wrong with it.
Array parse_array(std::string_view text, const std::string& option);

/// The job of a TOML document (schema in docs/memory.md); what it leaves out is not set.
struct Description {
  std::optional<int> ranks;
  std::optional<int> per_node;
  std::optional<std::uint64_t> node_memory;  ///< bytes
  std::vector<Array> arrays;
};
/// @throws FormatError naming `source`, the line, and the remedy: not TOML, an unknown or missing key, a
/// wrong type or value.
Description parse_description(std::string_view document, const std::string& source);

/// What a small run held, for other numbers of ranks. Distributed arrays are divided anew, exactly, by their
/// layout; what is node-shared or replicated keeps its size. Assumed: halos and buffers take of every rank
/// what they took, on average, of those of the node with most of them; and where a layout belongs to its
/// number of ranks (irregular, weighted) every rank gets the fullest one's share.
std::vector<Array> arrays_of(const MemoryReport& report);

}  // namespace tutti::forecast
