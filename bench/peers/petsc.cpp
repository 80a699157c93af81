// PETSc's VecDot, and VecMDot of one vector against four.
#include <array>
#include <petscvec.h>

#include "peer.hpp"

namespace {

/// A vector of PETSc's; errors abort, as PETSc's own examples have it.
class Vector {
 public:
  Vector(const peer::Share& share, peer::Element f) {
    PetscCallAbort(PETSC_COMM_WORLD, VecCreateMPI(PETSC_COMM_WORLD, static_cast<PetscInt>(share.count()),
                                                  static_cast<PetscInt>(share.total), &vec_));
    PetscScalar* values = nullptr;
    PetscCallAbort(PETSC_COMM_WORLD, VecGetArray(vec_, &values));
    for (std::int64_t i = 0; i < share.count(); ++i) values[i] = share.element(f, i);
    PetscCallAbort(PETSC_COMM_WORLD, VecRestoreArray(vec_, &values));
  }
  Vector(const Vector&) = delete;
  Vector& operator=(const Vector&) = delete;
  ~Vector() { VecDestroy(&vec_); }
  Vec get() const { return vec_; }

 private:
  Vec vec_ = nullptr;
};

class VecDotPeer {
 public:
  static constexpr const char* name = "PETSc VecDot";
  static constexpr int vectors = 2, dots = 1;
  VecDotPeer(const peer::Share& share, peer::Element f, peer::Element g) : x_(share, f), y_(share, g) {}
  double dot() {
    PetscScalar result = 0;
    PetscCallAbort(PETSC_COMM_WORLD, VecDot(x_.get(), y_.get(), &result));
    return result;
  }

 private:
  Vector x_, y_;
};

class VecMDotPeer {
 public:
  static constexpr const char* name = "PETSc VecMDot of 4";
  static constexpr int vectors = 5, dots = 4;
  VecMDotPeer(const peer::Share& share, peer::Element f, peer::Element g)
      : x_(share, f), y_{Vector(share, g), Vector(share, g), Vector(share, g), Vector(share, g)} {}
  double dot() {
    const std::array<Vec, 4> y{y_[0].get(), y_[1].get(), y_[2].get(), y_[3].get()};
    std::array<PetscScalar, 4> results{};
    PetscCallAbort(PETSC_COMM_WORLD, VecMDot(x_.get(), 4, y.data(), results.data()));
    return results[0];
  }

 private:
  Vector x_;
  std::array<Vector, 4> y_;
};

}  // namespace

int main(int argc, char** argv) {
  PetscCall(PetscInitialize(nullptr, nullptr, nullptr, nullptr));
  peer::answer<VecDotPeer>(argc, argv);
  peer::answer<VecMDotPeer>(argc, argv);
  PetscCall(PetscFinalize());
}
