// What npy_numpy.py asks of our reader and writer.
//   npy_tool dump IN        the elements in C order, widened to the file's compute type, as raw bytes on
//   stdout npy_tool double IN      the same as float64 npy_tool info IN        dtype, memory order and shape
//   on one line npy_tool copy IN OUT    the same array, written by our header and AtomicFile
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "tutti/files/atomic_file.hpp"
#include "tutti/io/read_box.hpp"

namespace {

template <class T>
void dump(const tutti::ArrayFile& file) {
  std::vector<T> values(static_cast<std::size_t>(file.size()));
  tutti::io::read_logical(file, 0, std::span(values));
  if (!values.empty()) std::fwrite(values.data(), sizeof(T), values.size(), stdout);
}

void dump_exactly(const tutti::ArrayFile& file) {
  switch (tutti::compute_type(file.type().type)) {
    case tutti::ElementType::float32:
      return dump<float>(file);
    case tutti::ElementType::float64:
      return dump<double>(file);
    case tutti::ElementType::int32:
      return dump<std::int32_t>(file);
    case tutti::ElementType::int64:
      return dump<std::int64_t>(file);
    default:
      return dump<std::uint64_t>(file);
  }
}

void info(const tutti::ArrayFile& file) {
  std::string line = tutti::text(file.type().text(), file.fortran_order() ? " F" : " C");
  for (const tutti::Index extent : file.shape()) line += tutti::text(" ", extent);
  std::puts(line.c_str());
}

void copy(const tutti::ArrayFile& file, const std::string& path) {
  const tutti::ArrayFile raw =
      tutti::open_raw(file.path(), {tutti::ElementType::uint8, false}, file.data_offset());
  const std::string header =
      tutti::io::format_npy_header({file.type(), file.fortran_order(), file.shape(), 0});
  std::vector<std::byte> bytes(static_cast<std::size_t>(raw.size()));
  tutti::files::InputFile(file.path()).read_at(file.data_offset(), bytes);
  tutti::AtomicFile out(path);
  out.write_at(static_cast<tutti::Index>(header.size()), bytes);
  out.write_at(0, std::as_bytes(std::span(header)));
  out.commit();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::string_view command = argc > 2 ? argv[1] : "";
    if (argc < (command == "copy" ? 4 : 3))
      throw tutti::UsageError("npy_tool dump|double|info|copy IN [OUT]");
    const tutti::NpyFile file(argv[2]);
    if (command == "dump") dump_exactly(file);
    if (command == "double") dump<double>(file);
    if (command == "info") info(file);
    if (command == "copy") copy(file, argv[3]);
    return 0;
  } catch (const tutti::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return error.exit_code();
  }
}
