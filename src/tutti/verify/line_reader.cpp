#include "tutti/verify/line_reader.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::verify {

namespace {

constexpr Index piece = Index{1} << 18U;

}  // namespace

LineReader::LineReader(const std::string& path, std::string name, std::function<void()> between)
    : file_(path), name_(std::move(name)), between_(std::move(between)) {}

bool LineReader::fill() {
  const Index count = std::min(piece, file_.size() - offset_);
  if (count <= 0) return false;
  if (between_) between_();
  buffer_.erase(0, std::exchange(begin_, 0));
  const std::size_t old = buffer_.size();
  buffer_.resize(old + static_cast<std::size_t>(count));
  file_.read_at(offset_, std::as_writable_bytes(std::span(buffer_).subspan(old)));
  offset_ += count;
  return true;
}

bool LineReader::next(std::string_view& line) {
  std::size_t searched = begin_;
  std::size_t end = buffer_.find('\n', searched);
  while (end == std::string::npos) {
    if (buffer_.size() - begin_ > longest_line)
      throw FormatError(text(name_, ": line ", number_ + 1, " has more than ", longest_line,
                             " bytes; results in lines are expected here"),
                        {name_, {}});
    searched = buffer_.size() - begin_;
    if (!fill()) break;
    end = buffer_.find('\n', searched);
  }
  const bool ended = end != std::string::npos;
  if (!ended && begin_ >= buffer_.size()) return false;
  line = std::string_view(buffer_).substr(begin_, (ended ? end : buffer_.size()) - begin_);
  begin_ = ended ? end + 1 : buffer_.size();
  if (line.ends_with('\r')) line.remove_suffix(1);
  ++number_;
  return true;
}

}  // namespace tutti::verify
