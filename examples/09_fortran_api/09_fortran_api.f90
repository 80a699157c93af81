! Shows: the same from Fortran, by its integer communicator, and an array that the ranks of a node share: they fill it
! together, then all read it. The energy of the pairs of all points is divided by rank; its bits do not depend on the
! number of ranks. Then the last rank fails, all ranks hear of it, and go on together.
!
!   mpirun -n 1 ./09_fortran_api             or   tutti run -n 1 -- ./09_fortran_api
!   mpirun -n 4 ./09_fortran_api
program fortran_api
  use mpi
  use tutti
  implicit none
  integer(tutti_count), parameter :: points = 500
  type(tutti_world) :: world
  type(tutti_node_array) :: table
  integer :: rank, ranks, error, status
  real(tutti_real) :: energy

  call MPI_Init(error)
  call MPI_Comm_rank(MPI_COMM_WORLD, rank, error)
  call MPI_Comm_size(MPI_COMM_WORLD, ranks, error)
  call tutti_world_from(MPI_COMM_WORLD, world, status)
  if (status == TUTTI_OK) call share_points(status)
  if (status == TUTTI_OK) call add_pairs(status)
  if (status == TUTTI_OK .and. rank == 0) write (*, "(a, es23.16)") "energy ", energy
  if (status == TUTTI_OK) call read_files(status)
  if (status == TUTTI_ERROR_FILE) then ! on all ranks
    if (rank == 0) write (*, "(a, i0, 2a)") "rank ", tutti_last_error_rank(), ": ", tutti_last_error()
    call tutti_sum(world, "ranks that go on", 1.0_tutti_real, energy, status)
    if (rank == 0 .and. nint(energy) == ranks) write (*, "(a)") "all go on"
  end if
  if (status /= TUTTI_OK .and. rank == 0) write (*, "(2a)") "error: ", tutti_last_error() ! all have it: one says it
  call MPI_Finalize(error)
  if (status /= TUTTI_OK) stop 1

contains

  ! The positions of the points, once on each node: every rank writes its stripe.
  subroutine share_points(status)
    integer, intent(out) :: status
    real(tutti_real), pointer :: part(:)
    integer(tutti_count) :: i
    integer :: mine
    call tutti_node_array_create(world, "points", points, table, status)
    if (status /= TUTTI_OK) return ! on all ranks, as wherever a comment says Collective
    call tutti_node_array_stripe(table, part, mine)
    if (mine == TUTTI_OK) then
      do i = lbound(part, 1, tutti_count), ubound(part, 1, tutti_count)
        part(i) = i + 0.3_tutti_real / i
      end do
    end if
    call tutti_node_array_publish(table, mine, tutti_last_error(), status)
  end subroutine

  ! Every P-th row of the pairs is this rank's.
  subroutine add_pairs(status)
    integer, intent(out) :: status
    real(tutti_real), pointer :: x(:)
    real(tutti_real), allocatable :: row(:), mine(:)
    integer(tutti_count) :: i
    call tutti_node_array_read(table, x, status)
    allocate (mine(0))
    do i = 1 + rank, points, ranks
      row = 1 / (x(i) - x(:i - 1))
      mine = [mine, row]
    end do
    call tutti_sum(world, "energy", mine, energy, status)
  end subroutine

  ! The last rank does not find its file. What all ranks get is one answer.
  subroutine read_files(status)
    integer, intent(out) :: status
    logical :: there
    integer :: mine
    mine = TUTTI_OK
    inquire (file="no/such/file", exist=there)
    if (rank == ranks - 1 .and. .not. there) mine = TUTTI_ERROR_FILE
    call tutti_together(world, "read files", mine, "no/such/file is missing", status)
  end subroutine

end program
