#include "cli/verify_options.hpp"

#include <CLI/CLI.hpp>

namespace tutti::cli {

namespace {

void several(CLI::App& app, const char* name, std::vector<std::string>& values, const char* help,
             const char* type) {
  app.add_option(name, values, help)
      ->type_name(type)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

}  // namespace

CLI::App* add_verify(CLI::App& app, VerifyCommand& command) {
  CLI::App* verify = app.add_subcommand(
      "verify", "run any MPI program on several numbers of ranks, and compare its results bit by bit");
  several(*verify, "-n,--ranks", command.ranks,
          "numbers of ranks, as 1,2,3,4,7; all are compared with the first", "P,...");
  several(*verify, "--mpi", command.mpi,
          "openmpi, mpich or both (openmpi,mpich); without it: both in turn where {mpi} stands in PROG, else "
          "PROG's own",
          "MPI");
  verify->add_option("--mpiexec", command.common.mpiexec, "launcher to start the ranks with [TUTTI_MPIEXEC]")
      ->type_name("PATH");
  verify->add_option("--repeat", command.repeat, "run on each number of ranks so often")->type_name("K");
  verify->add_option("--timeout", command.timeout, "end a run that takes longer, and fail")
      ->type_name("SECONDS");
  several(*verify, "--match", command.match, "compare only lines of its output that match (as grep -E)",
          "REGEX");
  several(*verify, "--ignore", command.ignore, "leave out lines that match, in files too", "REGEX");
  verify->add_flag("--sorted", command.sorted, "the order of lines does not count");
  several(*verify, "--mask", command.mask,
          "what may differ: ranks (numbers that are the number of ranks), time (numbers that are times), or\n"
          "what matches, or its first group",
          "WHAT");
  verify->add_option("--ulp", command.ulp, "floating-point numbers may be so many doubles apart")
      ->type_name("N");
  verify->add_option("--rtol", command.rtol, "or differ by so much of the larger one")->type_name("X");
  several(*verify, "--file", command.files, "compare this file, too, which each run writes", "FILE");
  verify->add_flag("--no-output", command.no_output, "do not compare what the program prints");
  several(*verify, "--ignore-call", command.ignore_calls,
          "leave out reductions of which \"name at site\" matches, as times or memory", "REGEX");
  verify->add_flag("--no-trace", command.no_trace,
                   "do not compare the reductions of a program that is linked with tutti [TUTTI_TRACE]");
  verify->footer(
      "The program and its arguments follow --. Prints that all runs are the same, or the first difference.\n"
      "Exit code 1 if results differ, or a run fails or takes too long. The page docs/verify.md explains "
      "it.");
  return verify;
}

}  // namespace tutti::cli
