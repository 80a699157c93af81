#include "tutti/comm/run.hpp"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <thread>
#include <unistd.h>

#include <mpi.h>

#include "tutti/comm/context.hpp"
#include "tutti/comm/interruption.hpp"
#include "tutti/comm/memory_report.hpp"
#include "tutti/comm/mpi.hpp"
#include "tutti/comm/mpi_error.hpp"
#include "tutti/comm/ranks.hpp"
#include "tutti/launch/build_info.hpp"
#include "tutti/launch/launcher.hpp"

namespace tutti::comm {

namespace {

bool mpi_is(int (*asked)(int*)) {
  int yes = 0;
  asked(&yes);
  return yes != 0;
}

// What is left in the buffers belongs to the result: a full disk must not go unnoticed.
void flush_output() {
  errno = 0;
  std::cout.flush();
  const bool flushed = std::fflush(stdout) == 0 && std::cout.good();
  const int reason = errno;
  if (flushed && std::ferror(stdout) == 0)
    return;  // ferror: an earlier write has failed, with nobody looking
  const std::string what = flushed || reason == 0 ? "a write failed" : errno_text(reason);
  throw IoError(text("stdout: ", what, "; the result is lost"), {"stdout", {reason, 0}});
}

// exit() called inside f would leave the other ranks alone. The one mutable global of the library: atexit()
// takes no argument.
struct ActiveRun {
  Context* context;
  std::thread::id thread;
  pid_t process;
};
std::atomic<ActiveRun*> active_run{nullptr};  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

void exit_inside_run() {
  const ActiveRun* run = active_run.exchange(nullptr);
  // A forked child that exits, or another thread, must not speak for this rank.
  if (run == nullptr || run->process != getpid() || run->thread != std::this_thread::get_id()) return;
  Context& context = *run->context;
  int code = exit_code(ErrorType::remote);
  try {
    const auto error = context.abandon(std::make_exception_ptr(RemoteError(
        "the program called exit() inside tutti::run; throw an error, or return from the function")));
    if (error) {
      code = error->exit_code();
      if (context.rank() == 0) tell(*error, context.process().style, context.size());
    }
    context.process().watchdog->finalizing(code);
    context.drain();
    context.tickets().release();  // as the others do, in release()
    std::fflush(nullptr);
    if (!mpi_is(MPI_Finalized))
      MPI_Finalize();  // also where the program started it: it will not end it any more
  } catch (...) {      // nobody is left to tell
  }
  _exit(code);
}

class ActiveScope {
 public:
  explicit ActiveScope(Context& context) : run_{&context, std::this_thread::get_id(), getpid()} {
    static const bool registered =
        std::atexit(exit_inside_run) == 0 && std::at_quick_exit(exit_inside_run) == 0;
    if (registered && ranks_are_processes) before_ = active_run.exchange(&run_);
  }
  ActiveScope(const ActiveScope&) = delete;
  ActiveScope& operator=(const ActiveScope&) = delete;
  ~ActiveScope() {
    if (ranks_are_processes) active_run.store(before_);
  }

 private:
  ActiveRun run_;
  ActiveRun* before_ = nullptr;
};

int run_in(MPI_Comm communicator, const std::function<int(World&)>& f, ErrorStyle style, bool ends_mpi) {
  MPI_Comm own = MPI_COMM_NULL;
  check_mpi(MPI_Comm_dup(communicator, &own), "MPI_Comm_dup");
  const std::shared_ptr<Context> context = Context::outermost(own, style);
  int code = 0;
  std::exception_ptr failure;
  const Interruptible interruptible;  // to the end: who waits for the last packet must not be killed there
  {
    const ActiveScope active(*context);
    try {
      context->start();
      World world(context);
      code = f(world);
      flush_output();
      write_requested_report(world);
      if (context->process().trace) context->process().trace->finish();
    } catch (...) {
      failure = std::current_exception();
    }
  }
  const auto error = context->close(failure, code);
  if (error) {
    context->process().watchdog->leave_it_to_the_verdict();
    code = error->exit_code();
    if (context->rank() == 0) tell(*error, context->process().style, context->size());
  } else if (interruption::was_heard() && context->rank() == 0) {
    tell_code(code);  // the front end knows of the signal, and would believe that it ended the program
  }
  context->release();
  context->process().packets->release();
  if (ends_mpi) {
    context->process().watchdog->finalizing(code);
    MPI_Finalize();
  }
  context->process().watchdog->stop();
  return code;
}

// An error before there is a World, or one of MPI itself: every rank that has it is on its own.
int tell_alone(const std::exception_ptr& failure, ErrorStyle style, bool speaks) {
  const core::ErrorRecord record = core::describe(failure);
  if (speaks) tell(record, style, 1);
  return record.exit_code();
}

}  // namespace

int TUTTI_FOR_MPI::run(const std::function<int(World&)>& f, MPI_Comm communicator, ErrorStyle style) {
  try {
    return run_in(communicator, f, style, /*ends_mpi=*/false);
  } catch (...) {
    const int code = tell_alone(std::current_exception(), style, true);
    MPI_Abort(communicator, code);
    return code;
  }
}

int TUTTI_FOR_MPI::run(const std::function<int(World&)>& f, int argc, char** argv, ErrorStyle style) {
  if (mpi_is(MPI_Initialized)) return run(f, MPI_COMM_WORLD, style);
  int provided = 0;
  if (MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS) {
    std::fputs("tutti: error: MPI does not start\n", stderr);
    return exit_code(ErrorType::system);
  }
  int size = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  try {
    launch::check_launcher(size, launch::built_mpi, {argv, argv + argc});
  } catch (const Error&) {
    const auto launcher = launch::detect_launcher();
    const int code = tell_alone(std::current_exception(), style, !launcher || launcher->rank == 0);
    MPI_Finalize();
    return code;
  }
  try {
    return run_in(MPI_COMM_WORLD, f, style, /*ends_mpi=*/true);
  } catch (...) {
    const int code = tell_alone(std::current_exception(), style, true);
    MPI_Abort(MPI_COMM_WORLD, code);
    return code;
  }
}

}  // namespace tutti::comm
