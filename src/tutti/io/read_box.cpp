#include "tutti/io/read_box.hpp"

#include <algorithm>
#include <memory>
#include <numeric>

#include "tutti/io/nest_reader.hpp"
#include "tutti/io/transposition.hpp"

namespace tutti::io {
namespace {

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
