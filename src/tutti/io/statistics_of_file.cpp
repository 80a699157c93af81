#include "tutti/array/extrema.hpp"
#include "tutti/array/plain.hpp"
#include "tutti/exact/reduce.hpp"
#include "tutti/exact/statistics.hpp"
#include "tutti/io/stream.hpp"
#include "tutti/io/tiles.hpp"

namespace tutti {

namespace {

constexpr comm::Operation sum_operation{"sum of file"};
constexpr comm::Operation squares_operation{"sum of squares of file"};
constexpr comm::Operation asum_operation{"asum of file"};
constexpr comm::Operation extrema_operation{"extrema of file"};

// This rank's part of all statistics.
template <class T>
struct Part {
  ExactSum sum, squares, magnitudes;
  array::Extrema<T> extrema;

  void add(std::span<const T> values) {
    exact::add_sum(sum, values);
    exact::add_squares(squares, values);
    exact::add_magnitudes(magnitudes, values);
  }
};

// Runs of neighbouring positions; the index of an element that may be an extremum is what C order calls it.
template <class T>
void add_places(array::Extrema<T>& extrema, const ArrayFile& file, std::span<const T> values, Index first) {
  if (!file.fortran_order()) return extrema.add(values, first);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (extrema.matters(values[i]))
      extrema.add(values[i], io::logical_index(file.shape(), first + static_cast<Index>(i)));
}

template <class T>
void go_through_file(const World& world, const ArrayFile& file, const StreamOptions& options, Site site,
                     io::Stopwatch& watch, Part<T>& part) {
  constexpr std::size_t most = io::buffer_bytes / sizeof(T);
  const io::Share share(Distribution(options.layout, file.size(), world.size()), world.rank(), most);
  io::PieceReader<T> reader(world, file, most);
  io::go_through(world, "read " + file.path(), share.pieces(), share.most_pieces(), options, site,
                 [&](Index k) {
                   const Range piece = share.piece(k);
                   std::span<T> values;
                   watch.time(&Seconds::read, [&] { values = reader.read(piece); });
                   watch.time(&Seconds::compute, [&] {
                     share.visit_runs(piece, [&](std::size_t at, std::size_t count) {
                       add_places<T>(part.extrema, file, values.subspan(at, count),
                                     piece.first + static_cast<Index>(at));
                     });
                     part.add(values.first(share.whole(piece) ? values.size() : share.pick(piece, values)));
                   });
                 });
}

template <class T>
FileStatistics statistics_of_type(const World& world, const ArrayFile& file, const StreamOptions& options,
                                  Site site) {
  Part<T> part;
  io::Stopwatch watch;
  go_through_file(world, file, options, site, watch, part);
  FileStatistics result;
  result.n = file.size();
  const auto call = [&](const comm::Operation& operation) {
    comm::Call made{operation, site, comm::element_name<T>(), result.n};
    made.note = file.path();
    made.detail = options.layout.hash();  // ranks that divide the work differently would leave elements out
    return made;
  };
  watch.time(&Seconds::reduce, [&] {
    const ExactSum sum = comm::merge_sums(world, call(sum_operation), [&] {
      file.require_unchanged();
      return part.sum;
    });
    const ExactSum squares = comm::merge_sums(world, call(squares_operation), [&] { return part.squares; });
    const ExactSum magnitudes =
        comm::merge_sums(world, call(asum_operation), [&] { return part.magnitudes; });
    const auto extrema =
        comm::merge_candidates(world, call(extrema_operation), [&] { return part.extrema.candidates(); });
    result.sum = io::scalar_of<T>(sum, "sum of " + file.path());
    result.asum = io::scalar_of<T>(magnitudes, "asum of " + file.path());
    result.mean = exact::mean(sum, result.n);
    result.variance = exact::variance(sum, squares, result.n);
    result.norm2 = exact::square_root(squares);
    if (result.n == 0) return;
    const Place<T> lowest = array::Extrema<T>::place(extrema[0], false),
                   highest = array::Extrema<T>::place(extrema[1], true);
    result.min = FilePlace{io::scalar(lowest.value), lowest.index};
    result.max = FilePlace{io::scalar(highest.value), highest.index};
  });
  result.seconds = watch.slowest(world, site);
  return result;
}

}  // namespace

FileStatistics statistics_of_file(const World& world, const FileSource& x, const StreamOptions& options,
                                  Site site) {
  const ArrayFile file = world.together(
      "open " + x.path,
      [&] {
        ArrayFile opened = x.open();
        static_cast<void>(
            Distribution(options.layout, opened.size(), world.size()));  // throws if the layout does not fit
        return opened;
      },
      site);
  return io::with_type(file, [&]<class T>(T) { return statistics_of_type<T>(world, file, options, site); });
}

}  // namespace tutti
