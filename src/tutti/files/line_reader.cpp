#include "tutti/files/line_reader.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::files {

namespace {

constexpr Index piece = Index{1} << 18U;

}  // namespace

LineReader::LineReader(const std::string& path, std::string name, LineRules rules)
    : file_(path), name_(std::move(name)), rules_(std::move(rules)), size_(file_->size()) {}

LineReader::LineReader(InMemory contents, std::string name, LineRules rules)
    : name_(std::move(name)),
      rules_(std::move(rules)),
      size_(checked_cast<Index>(contents.text.size())),
      offset_(size_),
      buffer_(contents.text) {}

bool LineReader::fill() {
  const Index count = std::min(piece, size_ - offset_);
  if (count <= 0) return false;
  if (rules_.between) rules_.between();
  buffer_.erase(0, std::exchange(begin_, 0));
  const std::size_t old = buffer_.size();
  buffer_.resize(old + static_cast<std::size_t>(count));
  file_->read_at(offset_, std::as_writable_bytes(std::span(buffer_).subspan(old)));
  offset_ += count;
  return true;
}

bool LineReader::next(std::string_view& line) {
  std::size_t searched = begin_;
  std::size_t end = buffer_.find('\n', searched);
  while (end == std::string::npos) {
    if (buffer_.size() - begin_ > rules_.longest) break;
    searched = buffer_.size() - begin_;
    if (!fill()) break;
    end = buffer_.find('\n', searched);
  }
  const bool ended = end != std::string::npos;
  if ((ended ? end : buffer_.size()) - begin_ > rules_.longest)
    throw FormatError(
        text(name_, ": line ", number_ + 1, " has more than ", rules_.longest, " bytes; ", rules_.expected),
        {name_, {number_ + 1, 0}});
  if (!ended && begin_ >= buffer_.size()) return false;
  line = std::string_view(buffer_).substr(begin_, (ended ? end : buffer_.size()) - begin_);
  begin_ = ended ? end + 1 : buffer_.size();
  if (line.ends_with('\r')) line.remove_suffix(1);
  ++number_;
  return true;
}

LineReader::Place LineReader::place() const {
  return {offset_ - static_cast<Index>(buffer_.size() - begin_), number_};
}

void LineReader::go_to(const Place& place) {
  if (place.offset < 0 || place.offset > size_)
    throw InternalError(text(name_, ": byte ", place.offset, " was asked for, it has ", size_));
  number_ = place.lines;
  const Index first = offset_ - static_cast<Index>(buffer_.size());  // of the buffer
  if (place.offset >= first && place.offset <= offset_) {
    begin_ = static_cast<std::size_t>(place.offset - first);
    return;
  }
  buffer_.clear();
  begin_ = 0;
  offset_ = place.offset;
}

}  // namespace tutti::files
