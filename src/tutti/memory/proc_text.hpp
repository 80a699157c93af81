// Reading what Linux writes under /proc and /sys: small texts that must be read whole and believed only as
// far as they parse.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::memory {

/// The whole text of a file of /proc, /sys or a cgroup; nothing if it cannot be opened or read.
/// errno then says why (ENOENT, EACCES, ESRCH ...).
std::optional<std::string> read_text(const std::string& path);

/// The text cut at spaces and tabs, without empty pieces.
std::vector<std::string_view> words(std::string_view text);

/// The text cut at newlines.
std::vector<std::string_view> lines(std::string_view text);

/// A whole number that fills `word` wholly; nothing for "", "max", "12x", or a number too large.
std::optional<std::int64_t> whole_number(std::string_view word);
std::optional<std::uint64_t> natural_number(std::string_view word);

/// The number after `key` at the start of a line, as /proc/meminfo ("MemTotal:  24684092 kB", in bytes then)
/// and a cgroup's memory.stat ("inactive_file 4096") write it. The key is compared whole, with its colon.
std::optional<std::uint64_t> number_after(std::string_view text, std::string_view key);

}  // namespace tutti::memory
