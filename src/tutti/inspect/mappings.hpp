// The parts of a process's memory that only it can have written: /proc/<pid>/maps.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::inspect {

/// What a mapping is for, as a user would look for it in his program.
enum class MappingKind : std::uint8_t {
  heap,       ///< grown by brk: small allocations
  anonymous,  ///< large allocations, threads' stacks and heaps
  stack,      ///< of the first thread
  file,       ///< a program's or library's own data, and its modified copy of a file mapped privately
};

/// "heap", "anonymous", "stack", "file".
const char* name(MappingKind kind);

struct Mapping {
  std::uint64_t begin = 0;  ///< addresses
  std::uint64_t end = 0;
  MappingKind kind = MappingKind::anonymous;
  std::string name;  ///< of a file, without its folder; of anonymous memory, if the program has named it
};

/// The readable private mappings, in order of address. Left out are: what is mapped shared (one copy of it
/// serves all), devices (reading may have effects), and what the kernel puts there.
///
/// Nameless memory that begins where a file's writable mapping ends is that file's uninitialized data.
std::vector<Mapping> private_mappings(std::string_view maps);

}  // namespace tutti::inspect
