#include "tutti/io/npy_file.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tutti {

ArrayFile::ArrayFile(files::InputFile input, io::NpyHeader header)
    : input_(std::move(input)), header_(std::move(header)), size_(header_.size()) {
  if (io::has_one_order(header_.shape)) header_.fortran_order = false;
}

void ArrayFile::require_exact(ElementType target) const {
  try {
    io::require_exact(type(), target);
  } catch (const FormatError& error) {
    throw FormatError(text(path(), ": ", error.message()), {path(), {}});
  }
}

void ArrayFile::require_range(Index first, Index count) const {
  if (first >= 0 && count >= 0 && first <= size_ && count <= size_ - first) return;
  throw ShapeError(text(path(), ": elements ", first, " + ", count, " were asked for, it has ", size_),
                   {path(), {count, size_}});
}

template <ComputeType T>
void ArrayFile::read(Index first, std::span<T> out) const {
  require_exact(element_type_of<T>);
  require_range(first, checked_cast<Index>(out.size()));
  const auto element_bytes = static_cast<Index>(type().size());
  Index offset = data_offset() + first * element_bytes;
  if (io::is_native<T>(type())) return input_.read_at(offset, std::as_writable_bytes(out));
  std::array<std::byte, 65536> scratch;  // stays in the cache between reading and converting
  while (!out.empty()) {
    const std::size_t part = std::min(out.size(), scratch.size() / type().size());
    const auto raw = std::span(scratch).first(part * type().size());
    input_.read_at(offset, raw);
    io::convert<T>(type(), raw, out.first(part));
    offset += static_cast<Index>(raw.size());
    out = out.subspan(part);
  }
}

template void ArrayFile::read(Index, std::span<float>) const;
template void ArrayFile::read(Index, std::span<double>) const;
template void ArrayFile::read(Index, std::span<std::int32_t>) const;
template void ArrayFile::read(Index, std::span<std::int64_t>) const;
template void ArrayFile::read(Index, std::span<std::uint64_t>) const;

namespace {

// As much as any header that is read has.
std::vector<std::byte> beginning_of(const files::InputFile& input) {
  std::vector<std::byte> bytes(
      static_cast<std::size_t>(std::min<Index>(input.size(), 12 + Index{io::longest_npy_header})));
  input.read_at(0, bytes);
  return bytes;
}

}  // namespace

ArrayFile open_npy(const std::string& path) {
  files::InputFile input(path);
  io::NpyHeader header = io::parse_npy_header(beginning_of(input), path);
  const Index expected = header.data_offset + header.size() * static_cast<Index>(header.type.size());
  if (input.size() < expected)
    throw FormatError(
        text(path, ": is truncated: its header says ", header.size(), " elements of ", header.type.text(),
             ", ", expected, " bytes expected, ", input.size(), " present; write it again"),
        {path, {expected, input.size()}});
  if (input.size() > expected)
    throw FormatError(text(path, ": is longer than its header says: ", expected, " bytes expected, ",
                           input.size(), " present; save one array in one file with numpy.save"),
                      {path, {expected, input.size()}});
  return {std::move(input), std::move(header)};
}

namespace {

// Numbers of a .npy file taken from its header on would be a wrong result without an error.
void require_no_npy(const files::InputFile& input, Index byte_offset) {
  const std::vector<std::byte> beginning = beginning_of(input);
  if (!io::has_npy_magic(beginning)) return;
  Index header = 10;  // of a header that cannot be read: at least what every header has
  try {
    header = io::parse_npy_header(beginning, input.path()).data_offset;
  } catch (const FormatError&) {
  }
  if (byte_offset < header)
    throw FormatError(text(input.path(), ": is a .npy file, not raw numbers; leave out the dtype, or give ",
                           header, " bytes of offset to pass over its header"),
                      {input.path(), {byte_offset, header}});
}

}  // namespace

ArrayFile open_raw(const std::string& path, DataType type, Index byte_offset) {
  files::InputFile input(path);
  require_no_npy(input, byte_offset);
  if (byte_offset < 0 || byte_offset > input.size())
    throw FormatError(text(path, ": offset ", byte_offset, " lies outside its ", input.size(),
                           " bytes; give one from 0 to ", input.size()),
                      {path, {byte_offset, input.size()}});
  const auto element_bytes = static_cast<Index>(type.size());
  const Index bytes = input.size() - byte_offset;
  if (bytes % element_bytes != 0)
    throw FormatError(
        text(path, ": ", bytes, " bytes from byte ", byte_offset, " on are not a multiple of the ",
             element_bytes, " bytes of ", type.text(), "; state another dtype or offset"),
        {path, {bytes, element_bytes}});
  return {std::move(input), {type, false, {bytes / element_bytes}, byte_offset}};
}

}  // namespace tutti
