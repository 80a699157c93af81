#include "tutti/io/read_box.hpp"

#include <algorithm>
#include <memory>
#include <numeric>

namespace tutti::io {
namespace {

constexpr Index scratch_elements = Index{1} << 16U;

// A gap up to this long is read and thrown away rather than skipped by another system call: copying 4 KiB
// takes as long as one, and a disk or network file system transfers the page anyway.
constexpr Index worthwhile_bytes_per_run = 4096;

// A box in the order of the file, fastest dimension first; dimensions that are taken whole are merged with
// the next slower one, so that dimension 0 is a run: consecutive elements of the file.
struct Nest {
  std::vector<Index> size;    // of the array
  std::vector<Index> extent;  // of the box
  std::vector<Index> stride;  // elements of the file from one index to the next
  std::vector<Index> count;   // elements of the box in dimensions 0 .. d
  std::vector<Index> span;    // elements of the file from the first to the last of those
  Index position = 0;         // of the box's first element

  Nest(const std::vector<Index>& shape, const Box& box, bool fortran_order) {
    const std::size_t dimensions = shape.size();
    Index array_stride = 1;
    for (std::size_t i = 0; i < dimensions; ++i) {
      const std::size_t d = fortran_order ? i : dimensions - 1 - i;
      position += box.first[d] * array_stride;
      if (shape[d] > 1) append(shape[d], box.extent[d], array_stride);
      array_stride *= shape[d];
    }
    if (extent.empty()) append(1, 1, 1);
    for (std::size_t d = 0; d < extent.size(); ++d) {
      count.push_back(extent[d] * (d == 0 ? 1 : count[d - 1]));
      span.push_back((extent[d] - 1) * stride[d] + (d == 0 ? 1 : span[d - 1]));
    }
  }

 private:
  void append(Index array_size, Index box_extent, Index array_stride) {
    if (!size.empty() && extent.back() == size.back()) {
      size.back() *= array_size;
      extent.back() *= box_extent;
    } else {
      size.push_back(array_size);
      extent.push_back(box_extent);
      stride.push_back(array_stride);
    }
  }
};

// Reads a nest into consecutive elements, in the order of the file.
template <class T>
class NestReader {
 public:
  NestReader(const ArrayFile& file, const Nest& nest) : file_(file), nest_(nest) {}

  void read(T* out) {
    const std::size_t slowest = nest_.extent.size() - 1;
    read_part(slowest, nest_.extent[slowest], nest_.position, out);
  }

 private:
  // `rows` indices of dimension d, and all of the box in the faster ones.
  void read_part(std::size_t d, Index rows, Index position, T* out) {
    const Index count = d == 0 ? rows : rows * nest_.count[d - 1];
    if (count == span(d, rows)) return read_run(position, out, count);
    const Index fitting = rows_that_fit(d, rows);
    if (fitting == rows && is_dense(d, rows)) return read_and_pick(d, rows, position, out);
    const bool in_groups = fitting > 1 && fitting < rows && is_dense(d, fitting);
    for (Index row = 0; row < rows;) {
      const Index group = in_groups ? std::min(fitting, rows - row) : 1;
      T* const group_out = out + row * nest_.count[d - 1];
      const Index group_position = position + row * nest_.stride[d];
      if (in_groups)
        read_part(d, group, group_position, group_out);
      else
        read_part(d - 1, nest_.extent[d - 1], group_position, group_out);
      row += group;
    }
  }

  Index span(std::size_t d, Index rows) const {
    return (rows - 1) * nest_.stride[d] + (d == 0 ? 1 : nest_.span[d - 1]);
  }

  Index rows_that_fit(std::size_t d, Index rows) const {
    const Index one = nest_.span[d - 1];
    if (one > scratch_elements) return 0;
    return std::min(rows, (scratch_elements - one) / nest_.stride[d] + 1);
  }

  bool is_dense(std::size_t d, Index rows) const {
    const Index runs = rows * nest_.count[d - 1] / nest_.extent[0];
    return span(d, rows) * static_cast<Index>(file_.type().size()) / worthwhile_bytes_per_run <= runs;
  }

  void read_run(Index position, T* out, Index count) const {
    file_.read(position, std::span<T>(out, static_cast<std::size_t>(count)));
  }

  void read_and_pick(std::size_t d, Index rows, Index position, T* out) {
    if (!scratch_) scratch_ = std::make_unique_for_overwrite<T[]>(static_cast<std::size_t>(scratch_elements));
    read_run(position, scratch_.get(), span(d, rows));
    pick(d, rows, scratch_.get(), out);
  }

  void pick(std::size_t d, Index rows, const T* from, T* out) const {
    if (d == 0) {
      std::copy_n(from, rows, out);
    } else if (d == 1 && nest_.extent[0] == 1) {
      for (Index row = 0; row < rows; ++row) out[row] = from[row * nest_.stride[1]];
    } else {
      for (Index row = 0; row < rows; ++row)
        pick(d - 1, nest_.extent[d - 1], from + row * nest_.stride[d], out + row * nest_.count[d - 1]);
    }
  }

  const ArrayFile& file_;
  const Nest& nest_;
  std::unique_ptr<T[]> scratch_;
};

// An array in memory in Fortran order, copied to where its elements belong: out[sum of index[d] * stride[d]].
template <class T>
class Transposition {
 public:
  // Dimensions of extent 1 say nothing; the others keep their order.
  Transposition(const std::vector<Index>& extent, const std::vector<Index>& out_stride) {
    Index from_stride = 1;
    for (std::size_t d = 0; d < extent.size(); ++d) {
      if (extent[d] > 1) dimensions_.push_back({extent[d], from_stride, out_stride[d]});
      from_stride *= extent[d];
    }
    while (dimensions_.size() < 2) dimensions_.push_back({1, 0, 0});
  }

  void copy(const T* from, T* out) const { copy_middle(1, from, out); }

 private:
  struct Dimension {
    Index extent;
    Index from_stride;
    Index out_stride;
  };

  void copy_middle(std::size_t d, const T* from, T* out) const {
    if (d + 1 == dimensions_.size()) return copy_plane(from, out);
    const Dimension& middle = dimensions_[d];
    for (Index i = 0; i < middle.extent; ++i)
      copy_middle(d + 1, from + i * middle.from_stride, out + i * middle.out_stride);
  }

  // First and last dimension, in squares of which source and target lines (64 B) both stay in the first
  // cache.
  void copy_plane(const T* from, T* out) const {
    constexpr Index side = 32;
    const Dimension& fast_from = dimensions_.front();
    const Dimension& fast_out = dimensions_.back();
    for (Index i0 = 0; i0 < fast_from.extent; i0 += side)
      for (Index j0 = 0; j0 < fast_out.extent; j0 += side)
        for (Index i = i0; i < std::min(i0 + side, fast_from.extent); ++i)
          for (Index j = j0; j < std::min(j0 + side, fast_out.extent); ++j)
            out[i * fast_from.out_stride + j * fast_out.out_stride] =
                from[i * fast_from.from_stride + j * fast_out.from_stride];
  }

  std::vector<Dimension> dimensions_;
};

std::vector<Index> c_order_strides(const std::vector<Index>& extent) {
  std::vector<Index> stride(extent.size(), 1);
  for (std::size_t d = extent.size(); d-- > 1;) stride[d - 1] = stride[d] * extent[d];
  return stride;
}

// A box of a Fortran-order file to out[sum of index in the box * out_stride], through `scratch`.
template <class T>
void read_transposed(const ArrayFile& file, const Box& box, const std::vector<Index>& out_stride, T* scratch,
                     T* out) {
  const Nest nest(file.shape(), box, true);
  NestReader<T>(file, nest).read(scratch);
  Transposition<T>(box.extent, out_stride).copy(scratch, out);
}

void require_inside(const ArrayFile& file, const Box& box, std::size_t out_elements) {
  const std::vector<Index>& shape = file.shape();
  bool inside = box.first.size() == shape.size() && box.extent.size() == shape.size();
  for (std::size_t d = 0; inside && d < shape.size(); ++d)
    inside = box.first[d] >= 0 && box.extent[d] >= 0 && box.first[d] <= shape[d] &&
             box.extent[d] <= shape[d] - box.first[d];
  if (!inside) throw InternalError(text(file.path(), ": a box outside the array"));
  if (checked_cast<std::size_t>(box.size()) != out_elements)
    throw InternalError(text(file.path(), ": a box of ", box.size(), " elements into ", out_elements));
}

// The boxes that a range of C-order indices consists of: rows begun, whole rows, rows ended; in their order.
template <class T>
class LogicalReader {
 public:
  explicit LogicalReader(const ArrayFile& file)
      : file_(file), stride_(c_order_strides(file.shape())), box_{file.shape(), file.shape()} {}

  // The range [first, first + count) of the sub-array whose dimensions before d are fixed in box_.
  void read(std::size_t d, Index first, Index count, T* out) {
    if (count == 0) return;
    const std::vector<Index>& shape = file_.shape();
    const Index row_elements = stride_[d];
    Index row = first / row_elements;
    const Index begun = first % row_elements;
    if (begun != 0 || count < row_elements) {
      const Index part = std::min(count, row_elements - begun);
      fix(d, row++, 1);
      read(d + 1, begun, part, out);
      out += part;
      count -= part;
    }
    const Index rows = count / row_elements;
    if (rows > 0) {
      fix(d, row, rows);
      for (std::size_t inner = d + 1; inner < shape.size(); ++inner) fix(inner, 0, shape[inner]);
      read_rows(out);
      out += rows * row_elements;
    }
    if (count % row_elements > 0) {
      fix(d, row + rows, 1);
      read(d + 1, 0, count % row_elements, out);
    }
  }

 private:
  void fix(std::size_t d, Index first, Index extent) {
    box_.first[d] = first;
    box_.extent[d] = extent;
  }

  void read_rows(T* out) {
    const TileGrid grid(box_.extent);
    if (grid.largest() > scratch_size_) {
      scratch_size_ = grid.largest();
      scratch_ = std::make_unique_for_overwrite<T[]>(static_cast<std::size_t>(scratch_size_));
    }
    const std::vector<Index> out_stride = c_order_strides(box_.extent);
    for (Index k = 0; k < grid.count(); ++k) {
      Box tile = grid.tile(k);
      const Index offset =
          std::inner_product(tile.first.begin(), tile.first.end(), out_stride.begin(), Index{0});
      for (std::size_t d = 0; d < tile.first.size(); ++d) tile.first[d] += box_.first[d];
      read_transposed(file_, tile, out_stride, scratch_.get(), out + offset);
    }
  }

  const ArrayFile& file_;
  std::vector<Index> stride_;  // C-order, of the array
  Box box_;
  std::unique_ptr<T[]> scratch_;
  Index scratch_size_ = 0;
};

}  // namespace

template <ComputeType T>
void read_box(const ArrayFile& file, const Box& box, std::span<T> out) {
  require_inside(file, box, out.size());
  file.require_exact(element_type_of<T>);
  if (out.empty()) return;
  if (file.fortran_order()) {
    const auto scratch = std::make_unique_for_overwrite<T[]>(out.size());
    read_transposed(file, box, c_order_strides(box.extent), scratch.get(), out.data());
  } else {
    const Nest nest(file.shape(), box, false);
    NestReader<T>(file, nest).read(out.data());
  }
}

template <ComputeType T>
void read_logical(const ArrayFile& file, Index first, std::span<T> out) {
  const auto count = checked_cast<Index>(out.size());
  if (!file.fortran_order() || count == 0) return file.read(first, out);
  file.require_exact(element_type_of<T>);
  file.require_range(first, count);
  LogicalReader<T>(file).read(0, first, count, out.data());
}

template void read_box(const ArrayFile&, const Box&, std::span<float>);
template void read_box(const ArrayFile&, const Box&, std::span<double>);
template void read_box(const ArrayFile&, const Box&, std::span<std::int32_t>);
template void read_box(const ArrayFile&, const Box&, std::span<std::int64_t>);
template void read_box(const ArrayFile&, const Box&, std::span<std::uint64_t>);
template void read_logical(const ArrayFile&, Index, std::span<float>);
template void read_logical(const ArrayFile&, Index, std::span<double>);
template void read_logical(const ArrayFile&, Index, std::span<std::int32_t>);
template void read_logical(const ArrayFile&, Index, std::span<std::int64_t>);
template void read_logical(const ArrayFile&, Index, std::span<std::uint64_t>);

}  // namespace tutti::io
