// Going through files in rounds that all ranks share.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include "tutti/array/reductions.hpp"
#include "tutti/comm/collectives.hpp"
#include "tutti/io/file_reductions.hpp"
#include "tutti/io/share.hpp"

namespace tutti::io {

inline constexpr std::size_t buffer_bytes = std::size_t{1}
                                            << 20U;  ///< of a piece: fits the second-level cache

/// What one rank has spent.
class Stopwatch {
 public:
  template <class F>
  void time(double Seconds::*field, const F& f) {
    const auto start = std::chrono::steady_clock::now();
    f();
    spent_.*field += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  /// Collective. The slowest rank's times. Gathered and not reduced: the trace of reductions (TUTTI_TRACE)
  /// holds results, and no measurements.
  Seconds slowest(const World& world, Site site) const {
    Seconds result;
    for (const Seconds& seconds : all_gather(world, spent_, site))
      for (const auto field : {&Seconds::read, &Seconds::compute, &Seconds::reduce})
        result.*field = std::max(result.*field, seconds.*field);
    return result;
  }

 private:
  Seconds spent_;
};

/// Collective. Calls step(k) for this rank's steps 0 .. own - 1 in rounds of some 100 MiB, between which all
/// ranks learn of a failure on one of them, and progress is told. `most` is the largest `own` of any rank,
/// the same on all.
void go_through(const World& world, const std::string& what, Index own, Index most,
                const StreamOptions& options, Site site, const std::function<void(Index)>& step);

/// Reads the pieces of a share of one file: a span of this rank's elements at a time. Its buffer is allocated
/// at the first piece, in the step whose failure all ranks hear.
template <class T>
class PieceReader {
 public:
  PieceReader(const World& world, const ArrayFile& file, std::size_t most)
      : ledger_(&world.ledger()), file_(&file), most_(most) {}

  /// All elements from the first to the last that is this rank's.
  std::span<T> read(const Range& piece) {
    const std::span<T> values = buffer().first(piece.count);
    if (piece.count > 0) file_->read(piece.first, values);
    return values;
  }
  std::span<const T> read_own(const Share& share, const Range& piece) {
    const std::span<T> values = read(piece);
    return share.whole(piece) ? values : values.first(share.pick(piece, values));
  }
  std::span<T> buffer() {
    if (buffer_.empty()) buffer_ = memory::Buffer<T>(most_, "pieces of " + file_->path(), *ledger_);
    return buffer_.span();
  }

 private:
  memory::Ledger* ledger_;
  const ArrayFile* file_;
  std::size_t most_;
  memory::Buffer<T> buffer_;
};

/// Calls f(T{}) with the compute type of a file.
template <class F>
auto with_type(const ArrayFile& file, const F& f) {
  switch (compute_type(file.type().type)) {
    case ElementType::float32:
      return f(float{});
    case ElementType::int32:
      return f(std::int32_t{});
    case ElementType::int64:
      return f(std::int64_t{});
    case ElementType::uint64:
      return f(std::uint64_t{});
    default:
      return f(double{});
  }
}

/// double or integer, whatever T is.
template <class T>
Scalar scalar(T value) {
  if constexpr (std::is_floating_point_v<T>)
    return static_cast<double>(value);
  else
    return static_cast<Int128>(value);
}

/// @throws RangeError that names `what` if all T are integers and the sum exceeds 128 bits.
template <class... T>
Scalar scalar_of(const ExactSum& sum, const std::string& what) {
  if constexpr (std::is_same_v<SumOf<T...>, double>)
    return sum.round();
  else
    return array::integer_of(sum, what);
}

}  // namespace tutti::io
