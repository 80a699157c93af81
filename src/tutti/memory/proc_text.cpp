#include "tutti/memory/proc_text.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <unistd.h>

#include "tutti/core/integer.hpp"

namespace tutti::memory {

namespace {

template <class Number>
std::optional<Number> number(std::string_view word) {
  Number value{};
  const auto end = std::from_chars(word.data(), word.data() + word.size(), value);
  if (end.ec != std::errc{} || end.ptr != word.data() + word.size()) return std::nullopt;
  return value;
}

std::vector<std::string_view> pieces(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> result;
  std::size_t begin = 0;
  while ((begin = text.find_first_not_of(separators, begin)) != std::string_view::npos) {
    const std::size_t end = std::min(text.find_first_of(separators, begin), text.size());
    result.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return result;
}

}  // namespace

std::optional<std::string> read_text(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  std::string text;
  std::array<char, 4096> piece{};
  ssize_t count = 0;
  while ((count = ::read(file, piece.data(), piece.size())) != 0) {
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) break;
    text.append(piece.data(), static_cast<std::size_t>(count));
  }
  const int error = errno;
  ::close(file);
  errno = error;
  if (count < 0) return std::nullopt;
  return text;
}

std::vector<std::string_view> words(std::string_view text) { return pieces(text, " \t\n"); }

std::vector<std::string_view> lines(std::string_view text) { return pieces(text, "\n"); }

std::optional<std::int64_t> whole_number(std::string_view word) { return number<std::int64_t>(word); }

std::optional<std::uint64_t> natural_number(std::string_view word) { return number<std::uint64_t>(word); }

std::optional<std::uint64_t> number_after(std::string_view text, std::string_view key) {
  for (const std::string_view line : lines(text)) {
    const auto word = words(line);
    if (word.size() < 2 || word[0] != key) continue;
    const auto value = natural_number(word[1]);
    std::uint64_t bytes = 0;
    if (!value || word.size() < 3 || word[2] != "kB") return value;
    if (!multiply_fits(*value, std::uint64_t{1024}, bytes)) return std::nullopt;
    return bytes;
  }
  return std::nullopt;
}

}  // namespace tutti::memory
