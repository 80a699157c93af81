// The halo exchange that a program without tutti would write, in three ways: ranks in a line or a ring, each
// with a slab of planes and one layer of ghosts around it. Its memory is tutti's, which is in huge pages
// where it is large: with pages of 4 KiB, as std::vector has them, an MPI that copies from one process to the
// other takes several times as long, and that is not what is compared here.
#pragma once

#include <array>
#include <cstring>
#include <vector>

#include <tutti/memory/buffer.hpp>

#include <mpi.h>

namespace bench {

/// planes x rows x columns of doubles, and ghosts around them; faces are whole planes, ghosts and all, which
/// lie together in memory.
class PlainHalo {
 public:
  PlainHalo(int planes, int rows, int columns, bool ring)
      : planes_(planes), face_(static_cast<std::size_t>(rows + 2) * static_cast<std::size_t>(columns + 2)) {
    int rank = 0, size = 1;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    MPI_Comm_dup(MPI_COMM_WORLD, &comm_);
    below_ = rank > 0 ? rank - 1 : ring ? size - 1 : MPI_PROC_NULL;
    above_ = rank + 1 < size ? rank + 1 : ring ? 0 : MPI_PROC_NULL;
    cells_ = tutti::memory::Buffer<double>(face_ * static_cast<std::size_t>(planes + 2), "plain halo");
    for (double& cell : cells_) cell = rank;
    for (std::vector<double>& buffer : buffers_) buffer.resize(static_cast<std::size_t>(rows * columns));
    const std::array<int, 3> sizes{planes + 2, rows + 2, columns + 2}, part{1, rows, columns};
    for (std::size_t i = 0; i < 4; ++i) {
      const std::array<int, 3> start{plane_of(i), 1, 1};
      MPI_Type_create_subarray(3, sizes.data(), part.data(), start.data(), MPI_ORDER_C, MPI_DOUBLE,
                               &types_[i]);
      MPI_Type_commit(&types_[i]);
    }
    rows_ = static_cast<std::size_t>(rows);
    columns_ = static_cast<std::size_t>(columns);
  }
  PlainHalo(const PlainHalo&) = delete;
  PlainHalo& operator=(const PlainHalo&) = delete;
  ~PlainHalo() {
    for (MPI_Datatype& type : types_) MPI_Type_free(&type);
    MPI_Comm_free(&comm_);
  }

  /// Whole planes, in place.
  void in_place() {
    const auto at = [&](std::size_t i) { return &cells_[static_cast<std::size_t>(plane_of(i)) * face_]; };
    const int count = static_cast<int>(face_);
    messages(at(0), at(1), at(2), at(3), count, {MPI_DOUBLE, MPI_DOUBLE, MPI_DOUBLE, MPI_DOUBLE});
  }
  /// The owned part of the planes, by MPI's derived types.
  void by_types() { messages(cells_.data(), cells_.data(), cells_.data(), cells_.data(), 1, types_); }
  /// The same, packed row by row.
  void by_packing() {
    if (below_ != MPI_PROC_NULL)
      pack(2, [](double* buffer, double* row, std::size_t bytes) { std::memcpy(buffer, row, bytes); });
    if (above_ != MPI_PROC_NULL)
      pack(3, [](double* buffer, double* row, std::size_t bytes) { std::memcpy(buffer, row, bytes); });
    messages(buffers_[0].data(), buffers_[1].data(), buffers_[2].data(), buffers_[3].data(),
             static_cast<int>(buffers_[0].size()), {MPI_DOUBLE, MPI_DOUBLE, MPI_DOUBLE, MPI_DOUBLE});
    if (below_ != MPI_PROC_NULL)
      pack(0, [](double* buffer, double* row, std::size_t bytes) { std::memcpy(row, buffer, bytes); });
    if (above_ != MPI_PROC_NULL)
      pack(1, [](double* buffer, double* row, std::size_t bytes) { std::memcpy(row, buffer, bytes); });
  }

 private:
  // 0: the ghosts below, 1: those above, 2: the first plane, 3: the last one.
  int plane_of(std::size_t i) const {
    const std::array<int, 4> planes{0, planes_ + 1, 1, planes_};
    return planes[i];
  }

  void messages(void* from_below, void* from_above, void* to_below, void* to_above, int count,
                const std::array<MPI_Datatype, 4>& types) {
    std::array<MPI_Request, 4> requests{};
    MPI_Irecv(from_below, count, types[0], below_, 1, comm_, &requests[0]);
    MPI_Irecv(from_above, count, types[1], above_, 2, comm_, &requests[1]);
    MPI_Isend(to_below, count, types[2], below_, 2, comm_, &requests[2]);
    MPI_Isend(to_above, count, types[3], above_, 1, comm_, &requests[3]);
    MPI_Waitall(4, requests.data(), MPI_STATUSES_IGNORE);
  }

  template <class Copy>
  void pack(std::size_t i, const Copy& copy) {
    double* row = &cells_[static_cast<std::size_t>(plane_of(i)) * face_ + columns_ + 3];
    for (std::size_t j = 0; j < rows_; ++j, row += columns_ + 2)
      copy(&buffers_[i][j * columns_], row, columns_ * sizeof(double));
  }

  MPI_Comm comm_ = MPI_COMM_NULL;
  int planes_, below_ = MPI_PROC_NULL, above_ = MPI_PROC_NULL;
  std::size_t face_, rows_ = 0, columns_ = 0;
  tutti::memory::Buffer<double> cells_;
  std::array<std::vector<double>, 4> buffers_;
  std::array<MPI_Datatype, 4> types_{};
};

}  // namespace bench
