// PETSc's KSPCG on the operator of example 11: a MatShell that applies the seven points to a DMDA's local
// vector. Without a preconditioner, and with the norm that costs no product of its own.
//
//   peer_petsc_cg EXTENT STEPS REPEATS
//
// One line of JSON: seconds of one step, the slowest rank's, of each repeat of so many steps from the same
// beginning, and the last residual.
#include <cstdlib>
#include <petscdmda.h>
#include <petscksp.h>
#include <string>

namespace {

struct Operator {
  DM grid;
  Vec local;  ///< with ghosts, which are zero beyond the ends
};

PetscErrorCode apply(Mat matrix, Vec p, Vec q) {
  PetscFunctionBeginUser;
  Operator* self = nullptr;
  PetscCall(MatShellGetContext(matrix, &self));
  PetscCall(DMGlobalToLocal(self->grid, p, INSERT_VALUES, self->local));
  PetscInt x = 0, y = 0, z = 0, m = 0, n = 0, l = 0;
  PetscCall(DMDAGetCorners(self->grid, &x, &y, &z, &m, &n, &l));
  const PetscScalar*** u = nullptr;
  PetscScalar*** out = nullptr;
  PetscCall(DMDAVecGetArrayRead(self->grid, self->local, &u));
  PetscCall(DMDAVecGetArray(self->grid, q, &out));
  for (PetscInt i = z; i < z + l; ++i)
    for (PetscInt j = y; j < y + n; ++j) {
      const PetscScalar *here = u[i][j], *before = u[i - 1][j], *behind = u[i + 1][j], *left = u[i][j - 1],
                        *right = u[i][j + 1];
      PetscScalar* to = out[i][j];
      for (PetscInt k = x; k < x + m; ++k)
        to[k] = 6 * here[k] - before[k] - behind[k] - left[k] - right[k] - here[k - 1] - here[k + 1];
    }
  PetscCall(DMDAVecRestoreArray(self->grid, q, &out));
  PetscCall(DMDAVecRestoreArrayRead(self->grid, self->local, &u));
  PetscFunctionReturn(0);
}

PetscErrorCode fill(DM grid, Vec load) {
  PetscFunctionBeginUser;
  PetscInt x = 0, y = 0, z = 0, m = 0, n = 0, l = 0;
  PetscCall(DMDAGetCorners(grid, &x, &y, &z, &m, &n, &l));
  PetscScalar*** f = nullptr;
  PetscCall(DMDAVecGetArray(grid, load, &f));
  for (PetscInt i = z; i < z + l; ++i)
    for (PetscInt j = y; j < y + n; ++j)
      for (PetscInt k = x; k < x + m; ++k)
        f[i][j][k] = 1 / static_cast<PetscScalar>(1 + (7 * i + 5 * j + 3 * k) % 11);
  PetscCall(DMDAVecRestoreArray(grid, load, &f));
  PetscFunctionReturn(0);
}

PetscErrorCode measure(PetscInt extent, PetscInt steps, int repeats) {
  PetscFunctionBeginUser;
  PetscMPIInt ranks = 1;
  MPI_Comm_size(PETSC_COMM_WORLD, &ranks);
  Operator self{};
  // Slabs of planes, whose faces lie together in memory; z is the slowest axis.
  PetscCall(DMDACreate3d(PETSC_COMM_WORLD, DM_BOUNDARY_GHOSTED, DM_BOUNDARY_GHOSTED, DM_BOUNDARY_GHOSTED,
                         DMDA_STENCIL_STAR, extent, extent, extent, 1, 1, ranks, 1, 1, nullptr, nullptr,
                         nullptr, &self.grid));
  PetscCall(DMSetUp(self.grid));
  PetscCall(DMCreateLocalVector(self.grid, &self.local));
  PetscCall(VecSet(self.local, 0));
  Vec load = nullptr, x = nullptr;
  PetscCall(DMCreateGlobalVector(self.grid, &load));
  PetscCall(VecDuplicate(load, &x));
  PetscCall(fill(self.grid, load));
  PetscInt mine = 0;
  PetscCall(VecGetLocalSize(load, &mine));
  Mat matrix = nullptr;
  PetscCall(MatCreateShell(PETSC_COMM_WORLD, mine, mine, PETSC_DETERMINE, PETSC_DETERMINE, &self, &matrix));
  PetscCall(MatShellSetOperation(matrix, MATOP_MULT, reinterpret_cast<void (*)()>(apply)));
  KSP solver = nullptr;
  PC none = nullptr;
  PetscCall(KSPCreate(PETSC_COMM_WORLD, &solver));
  PetscCall(KSPSetOperators(solver, matrix, matrix));
  PetscCall(KSPSetType(solver, KSPCG));
  PetscCall(KSPSetNormType(solver, KSP_NORM_NATURAL));
  PetscCall(KSPGetPC(solver, &none));
  PetscCall(PCSetType(none, PCNONE));
  PetscCall(KSPSetTolerances(solver, 0, 0, PETSC_DEFAULT, steps));
  PetscCall(KSPSolve(solver, load, x));
  std::string seconds;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    MPI_Barrier(PETSC_COMM_WORLD);
    const double start = MPI_Wtime();
    PetscCall(KSPSolve(solver, load, x));
    double of_step = (MPI_Wtime() - start) / static_cast<double>(steps), slowest = 0;
    MPI_Allreduce(&of_step, &slowest, 1, MPI_DOUBLE, MPI_MAX, PETSC_COMM_WORLD);
    seconds += (seconds.empty() ? "" : ", ") + std::to_string(slowest);
  }
  PetscReal residual = 0;
  PetscCall(KSPGetResidualNorm(solver, &residual));
  PetscCall(PetscPrintf(
      PETSC_COMM_WORLD,
      "{\"peer\": \"PETSc KSPCG\", \"ranks\": %d, \"extent\": %d, \"seconds\": [%s], \"residual\": %.17g}\n",
      ranks, static_cast<int>(extent), seconds.c_str(), residual));
  PetscCall(KSPDestroy(&solver));
  PetscCall(MatDestroy(&matrix));
  PetscCall(VecDestroy(&x));
  PetscCall(VecDestroy(&load));
  PetscCall(VecDestroy(&self.local));
  PetscCall(DMDestroy(&self.grid));
  PetscFunctionReturn(0);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: peer_petsc_cg EXTENT STEPS REPEATS\n", stderr);
    return EXIT_FAILURE;
  }
  PetscCall(PetscInitialize(nullptr, nullptr, nullptr, nullptr));
  PetscCall(measure(std::atoi(argv[1]), std::atoi(argv[2]), std::atoi(argv[3])));
  PetscCall(PetscFinalize());
}
