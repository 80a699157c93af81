// OpenBLAS and MPI_Allreduce: what a program without a library of distributed vectors does.
#include <cblas.h>

#include "peer.hpp"
#include "two_vectors.hpp"

namespace {

class OpenBlas : peer::TwoVectors {
 public:
  static constexpr const char* name = "OpenBLAS cblas_ddot + MPI_Allreduce";
  static constexpr int vectors = 2, dots = 1;
  using TwoVectors::TwoVectors;
  double dot() {
    const double mine = cblas_ddot(static_cast<blasint>(n), x.get(), 1, y.get(), 1);
    double all = 0;
    MPI_Allreduce(&mine, &all, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
    return all;
  }
};

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  peer::answer<OpenBlas>(argc, argv);
  MPI_Finalize();
}
