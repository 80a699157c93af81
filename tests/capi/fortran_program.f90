! Every subroutine of tutti.f90, once: values, and what each makes of an error of the last rank. Prints what fails, and
! ends with 1.
!
!   mpiexec -n 3 fortran_program 3
program fortran_program
  use mpi
  use tutti
  implicit none
  type(tutti_world) :: world, none
  integer :: rank, ranks, last, expected, error, status, failures = 0
  character(len=9) :: argument
  real(tutti_real) :: total

  call MPI_Init(error)
  call MPI_Comm_rank(MPI_COMM_WORLD, rank, error)
  call MPI_Comm_size(MPI_COMM_WORLD, ranks, error)
  last = ranks - 1
  call get_command_argument(1, argument)
  read (argument, *) expected
  call check(ranks == expected, "the number of ranks")
  call tutti_world_from(MPI_COMM_WORLD, world, status)
  call check(status == TUTTI_OK, "tutti_world_from")
  call sums()
  call lengths()
  call voice()
  call arrays()
  call tutti_barrier(none, "barrier", status)
  call check(status == TUTTI_ERROR_USAGE, "a world that was not made")
  call tutti_world_free(world, status)
  call check(status == TUTTI_OK, "tutti_world_free")
  call tutti_world_free(world, status)
  call check(status == TUTTI_ERROR_USAGE, "tutti_world_free again")
  call MPI_Finalize(error)
  if (failures > 0) stop 1
  if (rank == 0) write (*, "(a, i0, 2a)") "fortran: ok on ", ranks, " ranks, tutti ", tutti_version()

contains

  subroutine check(holds, what)
    logical, intent(in) :: holds
    character(len=*), intent(in) :: what
    if (holds) return
    failures = failures + 1
    write (*, "(a, i0, 4a)") "rank ", rank, ": ", what, "; last error: ", tutti_last_error()
  end subroutine

  ! Values are whole numbers: compared as such.
  subroutine check_value(value, expected, what)
    real(tutti_real), intent(in) :: value
    integer, intent(in) :: expected
    character(len=*), intent(in) :: what
    call check(status == TUTTI_OK .and. abs(value - expected) <= 0, what)
  end subroutine

  subroutine sums()
    real(tutti_real) :: x(4), columns(2, 3), totals(3)
    real(tutti_single) :: f(4)
    x = [1e17_tutti_real, 1.0_tutti_real, 2.0_tutti_real, -1e17_tutti_real]
    f = [1, 2, 3, 4]
    call tutti_sum(world, "value", 2.0_tutti_real, total, status)
    call check_value(total, 2*ranks, "tutti_sum of a value")
    call tutti_sum(world, "array", x, total, status)
    call check_value(total, 3*ranks, "tutti_sum of an array")
    call tutti_sum(world, "part", x(2:3), total, status)
    call check_value(total, 3*ranks, "tutti_sum of a part")
    call tutti_sum(world, "every other", x(1:3:2), total, status)
    call check(abs(total - ranks*(1e17_tutti_real + 2)) <= 0, "tutti_sum with a stride")
    call tutti_sum(world, "nothing", x(1:0), total, status)
    call check_value(total, 0, "tutti_sum of nothing")
    call tutti_sum(world, "singles", f, total, status)
    call check_value(total, 10*ranks, "tutti_sum of singles")
    call tutti_dot(world, "dot", x(2:3), x(2:3), total, status)
    call check_value(total, 5*ranks, "tutti_dot")
    call tutti_dot(world, "dot", f, f, total, status)
    call check_value(total, 30*ranks, "tutti_dot of singles")
    columns = reshape([1.0_tutti_real, 2.0_tutti_real, 3.0_tutti_real, 4.0_tutti_real, 5.0_tutti_real, 6.0_tutti_real], [2, 3])
    call tutti_sums(world, "columns", columns, totals, status)
    call check(status == TUTTI_OK .and. all(nint(totals) == [3, 7, 11]*ranks), "tutti_sums")
    call tutti_sum_elements(world, "elements", x(2:3), status)
    call check_value(x(2), ranks, "tutti_sum_elements")
    call tutti_sum_elements(world, "elements", f, status)
    call check(status == TUTTI_OK .and. all(nint(f) == [1, 2, 3, 4]*ranks), "tutti_sum_elements of singles")
  end subroutine

  ! The last rank's arrays do not fit together: all ranks hear it in the call that they are in.
  subroutine lengths()
    real(tutti_real) :: x(3)
    real(tutti_real), allocatable :: totals(:)
    real(tutti_single) :: f(3)
    integer :: n
    n = merge(2, 3, rank == last)
    allocate (totals(n))
    x = 1
    f = 1
    call tutti_dot(world, "a.b", x, x(:n), total, status)
    call check(status == TUTTI_ERROR_DATA .and. tutti_last_error_rank() == last, "tutti_dot of unequal lengths")
    call check(tutti_last_error() == "a.b: x has 3 elements, y has 2; give arrays of equal length", "its text")
    call tutti_dot(world, "a.b", f, f(:n), total, status)
    call check(status == TUTTI_ERROR_DATA, "tutti_dot of unequal singles")
    call tutti_sums(world, "sums", reshape(x, [1, 3]), totals, status)
    call check(status == TUTTI_ERROR_DATA, "tutti_sums of unequal lengths")
  end subroutine

  subroutine voice()
    character(len=40) :: name = "padded with blanks"
    call tutti_barrier(world, name, status)
    call check(status == TUTTI_OK, "tutti_barrier")
    call tutti_together(world, name, 0, "", status)
    call check(status == TUTTI_OK, "tutti_together")
    call tutti_together(world, name, merge(TUTTI_ERROR_IO, 0, rank == last), "disk full  ", status)
    call check(status == TUTTI_ERROR_IO .and. tutti_last_error() == "disk full", "tutti_together with an error")
    call tutti_guard_begin(world, name, status)
    call check(status == TUTTI_OK, "tutti_guard_begin")
    call MPI_Barrier(MPI_COMM_WORLD, error)
    call tutti_guard_end(world, merge(7, 0, rank == last), "", status)
    call check(status == TUTTI_ERROR_REMOTE .and. tutti_last_error() == "padded with blanks: status 7", "tutti_guard_end")
  end subroutine

  subroutine arrays()
    integer(tutti_count), parameter :: n = 100
    type(tutti_node_array) :: array
    real(tutti_real), pointer :: part(:), x(:)
    real(tutti_real) :: hits(n)
    integer(tutti_count) :: i
    call tutti_node_array_create(world, "table", -n, array, status)
    call check(status == TUTTI_ERROR_USAGE, "tutti_node_array_create of less than nothing")
    call tutti_node_array_create(world, "table", n, array, status)
    call check(status == TUTTI_OK, "tutti_node_array_create")
    call tutti_node_array_read(array, x, status)
    call check(status == TUTTI_ERROR_REMOTE, "tutti_node_array_read too early")
    call tutti_node_array_stripe(array, part, status)
    call check(status == TUTTI_OK, "tutti_node_array_stripe")
    hits = 0
    do i = lbound(part, 1, tutti_count), ubound(part, 1, tutti_count)
      part(i) = 2*i
      hits(i) = 1
    end do
    call tutti_sum_elements(world, "hits", hits, status)
    call check(all(nint(hits) == 1), "stripes that cover the array once")
    call tutti_node_array_publish(array, merge(TUTTI_ERROR_FILE, 0, rank == last), "table.dat is cut", status)
    call check(status == TUTTI_ERROR_FILE, "tutti_node_array_publish with an error")
    call tutti_node_array_publish(array, 0, "", status)
    call check(status == TUTTI_OK, "tutti_node_array_publish")
    call tutti_node_array_read(array, x, status)
    call check(status == TUTTI_OK .and. size(x, kind=tutti_count) == n, "tutti_node_array_read")
    call check(all(nint(x) == [(2*i, i=1, n)]), "elements")
    call tutti_node_array_free(array, status)
    call check(status == TUTTI_OK, "tutti_node_array_free")
  end subroutine

end program
