#include "tutti/exact/multi_dot.hpp"

#include <algorithm>
#include <concepts>
#include <cstdint>

#include "tutti/core/error.hpp"
#include "tutti/exact/kernels.hpp"
#include "tutti/exact/number_types.hpp"
#include "tutti/exact/pieces.hpp"

namespace tutti::exact {

namespace {

// What is worked on at a time stays in the second-level cache (1 or 2 MiB on today's servers, and at least
// 512 KiB on most) while each of its vectors is used again. Small pieces would not do: every call of a kernel
// costs some 100 ns beside its terms, which is 2 % of a piece of 16 Ki doubles and 30 % of one of 1 Ki.
constexpr std::size_t vector_piece_bytes = std::size_t{128} << 10U;
constexpr std::size_t all_pieces_bytes = std::size_t{512} << 10U;
constexpr std::size_t smallest_piece = 1024;  // elements

void check_count(const char* operation, std::size_t totals, std::size_t results) {
  if (totals != results)
    throw ShapeError(text(operation, ": ", totals, " totals for ", results, " results; give one for each"),
                     {"", {static_cast<std::int64_t>(totals), static_cast<std::int64_t>(results)}});
}

template <class T>
void check_all_lengths(const char* operation, std::size_t n, std::span<const std::span<const T>> vectors) {
  for (const std::span<const T> vector : vectors) check_lengths(operation, n, vector.size());
}

template <class T>
void add_piece(ExactSum& total, std::span<const T> x, std::span<const T> y) {
  if constexpr (std::floating_point<T>)
    kernel_set<T>().streamed_dot(total, x, y);
  else
    add_dot(total, x, y);
}

}  // namespace

template <Number T>
void add_multi_dot(std::span<ExactSum> totals, std::span<const T> x, std::span<const std::span<const T>> ys) {
  check_count("multi_dot", totals.size(), ys.size());
  check_all_lengths("multi_dot", x.size(), ys);
  const std::size_t piece =
      ys.size() == 1 ? std::max<std::size_t>(1, x.size()) : vector_piece_bytes / sizeof(T);
  in_pieces(x.size(), piece, [&](std::size_t first, std::size_t count) {
    for (std::size_t k = 0; k < ys.size(); ++k)
      add_piece(totals[k], x.subspan(first, count), ys[k].subspan(first, count));
  });
}

template <Number T>
void add_gram(std::span<ExactSum> totals, std::span<const std::span<const T>> vectors) {
  check_count("gram", totals.size(), pair_count(vectors.size()));
  if (vectors.empty()) return;
  check_all_lengths("gram", vectors[0].size(), vectors);
  const std::size_t piece = std::clamp(all_pieces_bytes / sizeof(T) / vectors.size(), smallest_piece,
                                       vector_piece_bytes / sizeof(T));
  in_pieces(vectors[0].size(), piece, [&](std::size_t first, std::size_t count) {
    auto total = totals.begin();
    for (std::size_t i = 0; i < vectors.size(); ++i) {
      const std::span<const T> row = vectors[i].subspan(first, count);
      add_squares(*total++, row);
      for (std::size_t j = i + 1; j < vectors.size(); ++j)
        add_dot(*total++, row, vectors[j].subspan(first, count));
    }
  });
}

#define TUTTI_INSTANTIATE(T)                                                                                 \
  template void add_multi_dot(std::span<ExactSum>, std::span<const T>, std::span<const std::span<const T>>); \
  template void add_gram(std::span<ExactSum>, std::span<const std::span<const T>>);
TUTTI_FOR_NUMBERS(TUTTI_INSTANTIATE)
#undef TUTTI_INSTANTIATE

}  // namespace tutti::exact
