// How the agreed exit code reaches the front end although launchers garble it: MPICH's mpiexec ends with 9
// when one rank left with 65 and it killed the others.
//
// Under a front end, whoever prints an error also writes a note to stderr; the relay takes it out of the
// stream.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tutti::launch {

/// Whether a front end (`tutti ... -n P`) relays this process's output (TUTTI_FRONT_END).
bool under_front_end();

/// A line for stderr that tells the front end the agreed exit code; to be written with the message in one
/// write(2), so that no other rank's text can cut it. Only where under_front_end() is true.
std::string exit_note(int exit_code);

/// What every note begins with: a control character that no message contains (printable() sees to that).
inline constexpr std::string_view exit_note_begin = "\x1etutti exit ";

/// The code in such a line; nothing if it is none.
std::optional<int> parse_exit_note(std::string_view line);

}  // namespace tutti::launch
