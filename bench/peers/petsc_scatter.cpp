// PETSc's VecScatter between a vector whose parts are those of a cyclic division and one in blocks.
#include <petscvec.h>

#include "../stitch/moving.hpp"

namespace {

class VecScatterPeer {
 public:
  VecScatterPeer(const moving::Division& from, const moving::Division& to) : from_(from), to_(to) {
    for (const auto& [division, vec] : {std::pair{&from_, &x_}, {&to_, &y_}})
      PetscCallAbort(PETSC_COMM_WORLD,
                     VecCreateMPI(PETSC_COMM_WORLD, static_cast<PetscInt>(division->count()),
                                  static_cast<PetscInt>(division->total), vec));
  }
  VecScatterPeer(const VecScatterPeer&) = delete;
  VecScatterPeer& operator=(const VecScatterPeer&) = delete;
  ~VecScatterPeer() {
    VecScatterDestroy(&scatter_);
    VecDestroy(&x_);
    VecDestroy(&y_);
  }

  double* source() { return values(x_); }
  double* target() { return values(y_); }

  // Places in a vector of PETSc's are numbered rank by rank. Those of the cyclic side are this rank's own,
  // one after another; those in the other vector are every ranks-th.
  void plan() {
    const moving::Division& cyclic = from_.cyclic ? from_ : to_;
    IS own = nullptr, dealt = nullptr;
    PetscInt first = 0;
    PetscCallAbort(PETSC_COMM_WORLD, VecGetOwnershipRange(from_.cyclic ? x_ : y_, &first, nullptr));
    const auto count = static_cast<PetscInt>(cyclic.count());
    PetscCallAbort(PETSC_COMM_WORLD, ISCreateStride(PETSC_COMM_WORLD, count, first, 1, &own));
    PetscCallAbort(PETSC_COMM_WORLD,
                   ISCreateStride(PETSC_COMM_WORLD, count, cyclic.rank, cyclic.ranks, &dealt));
    PetscCallAbort(PETSC_COMM_WORLD, VecScatterCreate(x_, from_.cyclic ? own : dealt, y_,
                                                      from_.cyclic ? dealt : own, &scatter_));
    ISDestroy(&own);
    ISDestroy(&dealt);
  }

  void move() {
    PetscCallAbort(PETSC_COMM_WORLD, VecScatterBegin(scatter_, x_, y_, INSERT_VALUES, SCATTER_FORWARD));
    PetscCallAbort(PETSC_COMM_WORLD, VecScatterEnd(scatter_, x_, y_, INSERT_VALUES, SCATTER_FORWARD));
  }

 private:
  static double* values(Vec vec) {
    PetscScalar* values = nullptr;
    PetscCallAbort(PETSC_COMM_WORLD, VecGetArray(vec, &values));
    double* const kept = values;
    PetscCallAbort(PETSC_COMM_WORLD, VecRestoreArray(vec, &values));
    return kept;
  }

  moving::Division from_, to_;
  Vec x_ = nullptr, y_ = nullptr;
  VecScatter scatter_ = nullptr;
};

}  // namespace

int main(int argc, char** argv) {
  PetscCall(PetscInitialize(nullptr, nullptr, nullptr, nullptr));
  moving::answer<VecScatterPeer>(argc, argv, "PETSc VecScatter");
  PetscCall(PetscFinalize());
}
