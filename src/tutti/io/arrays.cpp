#include "tutti/io/arrays.hpp"

#include <optional>

#include "tutti/exact/number_types.hpp"
#include "tutti/files/atomic_file.hpp"
#include "tutti/io/npy_header.hpp"
#include "tutti/io/read_box.hpp"
#include "tutti/io/share.hpp"
#include "tutti/io/shared_text.hpp"
#include "tutti/io/two_phase.hpp"

namespace tutti {

namespace {

using io::piece_bytes;

template <class T>
void read_part(const ArrayFile& file, DistVector<T>& x) {
  const Distribution& distribution = x.distribution();
  const int rank = x.world().rank();
  const std::span<T> part = x.local();
  if (distribution.contiguous()) {
    io::read_logical(file, distribution.range(rank).first, part);
    return;
  }
  const io::Share share(distribution, rank, piece_bytes / sizeof(T));
  memory::Buffer<T> buffer(piece_bytes / sizeof(T), "pieces of " + file.path(), x.world().ledger());
  std::size_t done = 0;
  for (Index k = 0; k < share.pieces(); ++k) {
    const Range piece = share.piece(k);
    const std::span<T> values = buffer.span().first(piece.count);
    io::read_logical(file, piece.first, values);
    share.visit_runs(piece, [&](std::size_t at, std::size_t count) {
      std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(at), count,
                  part.begin() + static_cast<std::ptrdiff_t>(done));
      done += count;
    });
  }
}

template <class T, class Open>
DistVector<T> read_file(const World& world, const std::string& path, const Layout& layout, Site site,
                        const Open& open) {
  const ArrayFile file = world.together(
      "open " + path,
      [&] {
        ArrayFile opened = open();
        opened.require_exact(element_type_of<T>);
        return opened;
      },
      site);
  DistVector<T> x(world, file.size(), layout, path, site);
  world.together(
      "read " + path,
      [&] {
        read_part(file, x);
        file.require_unchanged();
      },
      site);
  return x;
}

}  // namespace

template <ComputeType T>
DistVector<T> read_npy(const World& world, const std::string& path, const Layout& layout, Site site) {
  return read_file<T>(world, path, layout, site, [&] { return open_npy(path); });
}

template <ComputeType T>
DistVector<T> read_raw(const World& world, const std::string& path, DataType type, Index byte_offset,
                       const Layout& layout, Site site) {
  return read_file<T>(world, path, layout, site, [&] { return open_raw(path, type, byte_offset); });
}

template <ComputeType T>
void write_npy(const DistVector<T>& x, const std::string& path, Site site) {
  const World& world = x.world();
  io::NpyHeader header;
  header.type = native_type(element_type_of<T>);
  header.shape = {x.size()};
  const std::string text = io::format_npy_header(header);
  std::optional<AtomicFile> file;
  world.together(
      "create " + path,
      [&] {
        if (world.rank() == 0) file.emplace(path);
      },
      site);
  const std::string temporary = io::shared_text(world, file ? file->temporary_path() : std::string(), site);
  world.together(
      "write " + path,
      [&] {
        const auto offset = static_cast<Index>(text.size());
        OutputPart part(temporary, path);
        if (world.rank() == 0) part.write_at(0, std::as_bytes(std::span(text)));
        io::write_elements(
            world, io::Placement(x.distribution(), sizeof(T)), io::LocalPart(std::as_bytes(x.local())),
            x.name(), [&](Index at, std::span<const std::byte> piece) { part.write_at(offset + at, piece); },
            site);
        part.synchronize();
      },
      site);
  world.together(
      "complete " + path,
      [&] {
        if (file) file->commit();
      },
      site);
}

#define TUTTI_INSTANTIATE(T)                                                                           \
  template DistVector<T> read_npy<T>(const World&, const std::string&, const Layout&, Site);           \
  template DistVector<T> read_raw<T>(const World&, const std::string&, DataType, Index, const Layout&, \
                                     Site);                                                            \
  template void write_npy<T>(const DistVector<T>&, const std::string&, Site);
TUTTI_FOR_NUMBERS(TUTTI_INSTANTIATE)
#undef TUTTI_INSTANTIATE

}  // namespace tutti
