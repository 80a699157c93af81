// Internal: reading a box of a file in the order of the file, with few system calls.
#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

#include "tutti/io/npy_file.hpp"
#include "tutti/io/tiles.hpp"

namespace tutti::io {

/// Elements of the buffer from which short runs are picked.
inline constexpr Index scratch_elements = Index{1} << 16U;

/// A gap up to this long is read and thrown away rather than skipped by another system call: copying 4 KiB
/// takes as long as one, and a disk or network file system transfers the page anyway.
inline constexpr Index worthwhile_bytes_per_run = 4096;

/// A box in the order of the file, fastest dimension first; dimensions that are taken whole are merged with
/// the next slower one, so that dimension 0 is a run: consecutive elements of the file.
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

/// Reads a nest into consecutive elements, in the order of the file.
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

}  // namespace tutti::io
