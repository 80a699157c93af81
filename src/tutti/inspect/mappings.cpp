#include "tutti/inspect/mappings.hpp"

#include <charconv>
#include <optional>

#include "tutti/memory/proc_text.hpp"

namespace tutti::inspect {

namespace {

struct Line {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::string_view permissions;  // "rw-p"
  std::string_view path;         // empty: nameless
};

// The number at the start of the text, which is cut behind it and behind `separator`.
std::optional<std::uint64_t> address(std::string_view& text, char separator) {
  std::uint64_t value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  const auto length = static_cast<std::size_t>(end.ptr - text.data());
  if (end.ec != std::errc{} || length >= text.size() || text[length] != separator) return std::nullopt;
  text.remove_prefix(length + 1);
  return value;
}

// 7f1c2a000000-7f1c2a021000 rw-p 00000000 fe:00 1234      /usr/lib/x.so; the path may contain spaces.
std::optional<Line> parse(std::string_view text) {
  const auto begin = address(text, '-');
  const auto end = begin ? address(text, ' ') : std::nullopt;
  if (!end || *end <= *begin || text.size() < 4) return std::nullopt;
  Line line{*begin, *end, text.substr(0, 4), {}};
  for (int column = 0; column < 4; ++column) {  // permissions, offset, device, inode
    const auto space = text.find(' ');
    if (space == std::string_view::npos) return line;
    text.remove_prefix(space + 1);
  }
  const auto path = text.find_first_not_of(' ');
  if (path != std::string_view::npos) line.path = text.substr(path);
  return line;
}

std::string file_name(std::string_view path) {
  constexpr std::string_view deleted = " (deleted)";
  if (path.ends_with(deleted)) path.remove_suffix(deleted.size());
  return std::string(path.substr(path.rfind('/') + 1));
}

bool is_device(std::string_view path) {
  return path.starts_with("/dev/") && path != "/dev/zero" && !path.starts_with("/dev/shm/") &&
         !path.starts_with("/dev/hugepages/");
}

}  // namespace

const char* name(MappingKind kind) {
  switch (kind) {
    case MappingKind::heap:
      return "heap";
    case MappingKind::stack:
      return "stack";
    case MappingKind::file:
      return "file";
    case MappingKind::anonymous:
      break;
  }
  return "anonymous";
}

std::vector<Mapping> private_mappings(std::string_view maps) {
  std::vector<Mapping> result;
  std::uint64_t data_end = 0;  // where a file's writable mapping ends
  std::string data_file;
  for (const std::string_view text : memory::lines(maps)) {
    const auto line = parse(text);
    if (!line || line->permissions[3] != 'p') continue;
    Mapping mapping{line->begin, line->end, MappingKind::anonymous, {}};
    if (line->path.starts_with('/')) {
      mapping.kind = MappingKind::file;
      mapping.name = file_name(line->path);
      if (line->permissions[1] == 'w') {
        data_end = line->end;
        data_file = mapping.name;
      }
    } else if (line->path.empty() && line->begin == data_end) {
      mapping.kind = MappingKind::file;
      mapping.name = data_file;
    } else if (line->path == "[heap]") {
      mapping.kind = MappingKind::heap;
    } else if (line->path == "[stack]") {
      mapping.kind = MappingKind::stack;
    } else if (line->path.starts_with("[anon:")) {
      mapping.name = line->path.substr(6, line->path.size() - 7);
    } else if (!line->path.empty()) {
      continue;  // [vvar], [vdso], [vsyscall]
    }
    if (line->permissions[0] == 'r' && !is_device(line->path)) result.push_back(std::move(mapping));
  }
  return result;
}

}  // namespace tutti::inspect
