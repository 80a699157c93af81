// What is said of ranks that are in different calls.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "tutti/comm/call.hpp"
#include "tutti/core/error_record.hpp"

namespace tutti::comm {

/// What one rank was doing, as it travels to the rank that explains a mismatch.
struct CallText {
  std::int32_t rank;  ///< in the outermost World: that is the number by which users know it
  std::array<char, 156> text;
};

CallText call_text(int rank, const Call& call);

/// "collective mismatch at #2: [rank 0,2: sum float64 n=1 at a.cpp:8] [rank 1: finalize]; ..."
/// @param world  " of a sub-world", or nothing
core::ErrorRecord mismatch_record(std::span<const CallText> calls, std::uint64_t sequence,
                                  std::string_view world);

}  // namespace tutti::comm
