#include "tutti/array/plain.hpp"
#include "tutti/core/hash.hpp"
#include "tutti/exact/reduce.hpp"
#include "tutti/io/read_box.hpp"
#include "tutti/io/stream.hpp"
#include "tutti/io/tiles.hpp"

namespace tutti {

namespace {

using io::Share;
using io::Stopwatch;

constexpr comm::Operation dot_operation{"dot of files"};
constexpr comm::Operation rounded_dot_operation{"rounded dot of files"};

void check_shapes(const ArrayFile& a, const ArrayFile& b) {
  if (a.shape() == b.shape()) return;
  if (a.shape().size() == 1 && b.shape().size() == 1)
    throw ShapeError(text(b.path(), ": ", b.size(), " elements, ", a.path(), " has ", a.size(),
                          "; give vectors of equal length"),
                     {{}, {a.size(), b.size()}});
  throw ShapeError(text(b.path(), ": shape ", shape_text(b.shape()), ", ", a.path(), " has ",
                        shape_text(a.shape()), "; give arrays of equal shape"),
                   {{}, {a.size(), b.size()}});
}

// This rank's part of the sum: exact, or in the ordinary order.
struct Part {
  bool rounded = false;
  ExactSum exact;
  double plain = 0;

  template <class T, class U>
  void add(std::span<const T> a, std::span<const U> b) {
    if (rounded)
      array::plain_dot(plain, a, b);
    else
      exact::add_dot(exact, a, b);
  }
};

struct Job {
  const World& world;
  const ArrayFile& a;
  const ArrayFile& b;
  const StreamOptions& options;
  Site site;
  Stopwatch& watch;
  Part& part;
};

// Both files in one memory order: position by position.
template <class T, class U>
void go_by_position(const Job& job, const std::string& what) {
  constexpr std::size_t most = io::buffer_bytes / std::max(sizeof(T), sizeof(U));
  const Share share(Distribution(job.options.layout, job.a.size(), job.world.size()), job.world.rank(), most);
  io::PieceReader<T> reader_a(job.world, job.a, most);
  io::PieceReader<U> reader_b(job.world, job.b, most);
  io::go_through(job.world, what, share.pieces(), share.most_pieces(), job.options, job.site, [&](Index k) {
    const Range piece = share.piece(k);
    std::span<const T> x;
    std::span<const U> y;
    job.watch.time(&Seconds::read, [&] {
      x = reader_a.read_own(share, piece);
      y = reader_b.read_own(share, piece);
    });
    job.watch.time(&Seconds::compute, [&] { job.part.add(x, y); });
  });
}

// Irregular counts are of elements; tiles are divided in the same proportions.
Layout layout_of_tiles(const Layout& layout) {
  if (layout.kind() != Layout::Kind::irregular) return layout;
  const std::span<const Index> boundaries = layout.boundaries();
  if (boundaries.back() == 0) return block;
  std::vector<double> weights;
  for (std::size_t r = 1; r < boundaries.size(); ++r)
    weights.push_back(static_cast<double>(boundaries[r] - boundaries[r - 1]));
  return weighted(weights);
}

// One in C order, one in Fortran order: tile by tile, which are divided as elements are.
template <class T, class U>
void go_by_tile(const Job& job, const std::string& what) {
  const io::TileGrid grid(job.a.shape());
  const Distribution tiles_of(layout_of_tiles(job.options.layout), grid.count(), job.world.size());
  const Share share(tiles_of, job.world.rank(), 1);
  const auto largest = static_cast<std::size_t>(grid.largest());
  io::PieceReader<T> reader_a(job.world, job.a, largest);
  io::PieceReader<U> reader_b(job.world, job.b, largest);
  io::go_through(job.world, what, share.pieces(), share.most_pieces(), job.options, job.site, [&](Index k) {
    const Range tiles = share.piece(k);
    if (tiles.count == 0) return;
    std::span<const T> x;
    std::span<const U> y;
    job.watch.time(&Seconds::read, [&] {
      x = io::read_tile(job.a, grid, tiles.first, reader_a.buffer());
      y = io::read_tile(job.b, grid, tiles.first, reader_b.buffer());
    });
    job.watch.time(&Seconds::compute, [&] { job.part.add(x, y); });
  });
}

template <class T, class U>
FileDot dot_of_types(const Job& job) {
  const std::string what = text("read ", job.a.path(), " and ", job.b.path());
  if (job.a.fortran_order() == job.b.fortran_order())
    go_by_position<T, U>(job, what);
  else
    go_by_tile<T, U>(job, what);
  FileDot result;
  result.n = job.a.size();
  const auto call = [&](const comm::Operation& operation) {
    comm::Call made{operation, job.site, comm::element_name<T>(), result.n};
    made.note = what;
    // Ranks that divide the work differently would leave elements out, or count them twice.
    made.detail = core::mix(job.options.layout.hash(), comm::element_name<U>().hash);
    return made;
  };
  const auto unchanged = [&] {
    job.a.require_unchanged();
    job.b.require_unchanged();
  };
  job.watch.time(&Seconds::reduce, [&] {
    if (job.options.rounded) {
      result.value = comm::merge_rounded(job.world, call(rounded_dot_operation), [&] {
        unchanged();
        return job.part.plain;
      });
      return;
    }
    const ExactSum total = comm::merge_sums(job.world, call(dot_operation), [&] {
      unchanged();
      return job.part.exact;
    });
    result.value = io::scalar_of<T, U>(total, text("dot of ", job.a.path(), " and ", job.b.path()));
  });
  result.seconds = job.watch.slowest(job.world, job.site);
  return result;
}

}  // namespace

FileDot dot_of_files(const World& world, const FileSource& a, const FileSource& b,
                     const StreamOptions& options, Site site) {
  const auto files = world.together(
      text("open ", a.path, " and ", b.path),
      [&] {
        std::pair<ArrayFile, ArrayFile> opened(a.open(), b.open());
        check_shapes(opened.first, opened.second);
        static_cast<void>(Distribution(options.layout, opened.first.size(),
                                       world.size()));  // throws if the layout does not fit
        return opened;
      },
      site);
  Stopwatch watch;
  Part part;
  part.rounded = options.rounded;
  const Job job{world, files.first, files.second, options, site, watch, part};
  return io::with_type(files.first, [&]<class T>(T) {
    return io::with_type(files.second, [&]<class U>(U) { return dot_of_types<T, U>(job); });
  });
}

}  // namespace tutti
