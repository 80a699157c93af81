#include "tutti/io/arrays.hpp"

#include <array>
#include <optional>

#include "tutti/comm/collectives.hpp"
#include "tutti/exact/number_types.hpp"
#include "tutti/files/atomic_file.hpp"
#include "tutti/io/npy_header.hpp"
#include "tutti/io/read_box.hpp"
#include "tutti/io/share.hpp"

namespace tutti {

namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 20U;

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

constexpr std::size_t direct_bytes = std::size_t{64}
                                     << 10U;  // runs of this length are written where they stand

// Own runs to their places in the file.
template <class T>
void write_runs(const DistVector<T>& x, Index data_offset, OutputPart& file) {
  for (std::size_t l = 0; l < x.local().size();) {
    const Range run = x.distribution().run(x.world().rank(), l);
    file.write_at(data_offset + run.first * static_cast<Index>(sizeof(T)),
                  std::as_bytes(x.local().subspan(l, run.count)));
    l += run.count;
  }
}

// Elements that are dealt out singly or in small blocks: the file is cut into windows, each window into one
// piece for each rank, which collects it from all others and writes it at once. A rank's elements of a piece
// follow one another in its memory, so nothing is packed to be sent.
template <class T>
void write_windows(const DistVector<T>& x, Index data_offset, OutputPart& file, Site site) {
  const World& world = x.world();
  const auto ranks = static_cast<std::size_t>(world.size());
  const auto most = static_cast<Index>(piece_bytes / sizeof(T));
  std::vector<io::Share> shares;
  for (int r = 0; r < world.size(); ++r) shares.emplace_back(x.distribution(), r, piece_bytes / sizeof(T));
  const io::Share& own = shares[static_cast<std::size_t>(world.rank())];
  memory::Buffer<T> received, ordered;
  world.together("buffers for " + x.name(), [&] {
    for (memory::Buffer<T>* buffer : {&received, &ordered})
      *buffer = memory::Buffer<T>(piece_bytes / sizeof(T), "pieces of " + x.name(), world.ledger());
  });
  std::vector<std::span<const T>> send(ranks);
  std::vector<std::span<T>> receive(ranks);
  const auto clipped = [&](Index position) { return std::min(position, x.size()); };
  for (Index window = 0; window < x.size(); window += most * static_cast<Index>(ranks)) {
    const Index mine = clipped(window + most * world.rank()), mine_end = clipped(mine + most);
    std::size_t expected = 0;
    for (std::size_t r = 0; r < ranks; ++r) {
      const Index begin = clipped(window + most * static_cast<Index>(r));
      const Index from = own.count_before(begin), to = own.count_before(clipped(begin + most));
      send[r] = x.local().subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from));
      const auto count =
          static_cast<std::size_t>(shares[r].count_before(mine_end) - shares[r].count_before(mine));
      receive[r] = received.span().subspan(expected, count);
      expected += count;
    }
    all_to_all(world, send, receive, site);
    for (std::size_t r = 0; r < ranks; ++r) {
      const Range part = shares[r].within(mine, mine_end);
      std::size_t taken = 0;
      const auto offset = static_cast<std::size_t>(part.first - mine);
      shares[r].visit_runs(part, [&](std::size_t at, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) ordered[offset + at + i] = receive[r][taken++];
      });
    }
    if (mine < mine_end)
      file.write_at(data_offset + mine * static_cast<Index>(sizeof(T)),
                    std::as_bytes(ordered.span().first(static_cast<std::size_t>(mine_end - mine))));
  }
}

template <class T>
void write_part(const DistVector<T>& x, Index data_offset, OutputPart& file, Site site) {
  const Distribution& distribution = x.distribution();
  const bool long_runs =
      distribution.contiguous() ||
      static_cast<std::size_t>(distribution.layout().block_size()) >= direct_bytes / sizeof(T);
  if (long_runs)
    write_runs(x, data_offset, file);
  else
    write_windows(x, data_offset, file, site);
}

// The name of the temporary file, from the rank that made it to the others.
std::string share_name(const World& world, const std::string& name, Site site) {
  const auto letters = gather(world, name, 0, site);
  std::string shared(static_cast<std::size_t>(broadcast(world, static_cast<Index>(letters.size()), 0, site)),
                     ' ');
  if (world.rank() == 0) shared.assign(letters.begin(), letters.end());
  broadcast(world, shared, 0, site);
  return shared;
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
  const std::string temporary = share_name(world, file ? file->temporary_path() : std::string(), site);
  world.together(
      "write " + path,
      [&] {
        const auto offset = static_cast<Index>(text.size());
        OutputPart part(temporary, path);
        if (world.rank() == 0) part.write_at(0, std::as_bytes(std::span(text)));
        write_part(x, offset, part, site);
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
