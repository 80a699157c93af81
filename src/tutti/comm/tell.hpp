// How an error reaches the user: once, by one rank.
#pragma once

#include "tutti/core/error_record.hpp"

namespace tutti {

enum class ErrorStyle {
  text,  ///< "tutti: error: rank 3 on node n12: ..." on stderr
  json   ///< {"error":{"type":...,"message":...,"rank":...,"exit":...}} on stdout
};

/// Prints an error; to be called by one rank. Under `tutti ... -n P` also tells the front end the exit code,
/// which not every launcher passes on.
/// @param world_size  the rank and node are named if there is more than one rank
void tell(const core::ErrorRecord& record, ErrorStyle style, int world_size = 1);

/// Tells the front end, if there is one, the exit code of a program that has no error to tell.
void tell_code(int exit_code);

}  // namespace tutti
