#!/usr/bin/env python3
"""Plays every fault on some number of ranks, and checks what a user would see of it: one message, the right rank
or both places in it, one exit code, an end within seconds, and no process left behind.

  run_faults.py --ranks=3 --mpi=mpich [--only REGEX] [--turns N] [--repeat N] -- mpiexec -n 3 ./fault_program

Each fault is played in a job of its own. What ends in an error on which all ranks agree is played again, many faults in
one job, since such an error leaves MPI as it was.
"""
import argparse
import concurrent.futures
import re
import sys
import time

import plays
import tables


def arguments_of(words):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ranks", type=int, required=True)
    parser.add_argument("--mpi", choices=("openmpi", "mpich"), required=True)
    parser.add_argument("--only", default="", help="regular expression of the faults to play")
    parser.add_argument("--jobs", type=int, default=0, help="jobs at once: most of the time launchers wait")
    parser.add_argument("--sanitized", action="store_true", help="the program is built with AddressSanitizer")
    parser.add_argument("--turns", type=int, default=0, help="so often together with others in one job")
    parser.add_argument("--together-only", action="store_true", help="only so, where that is possible")
    parser.add_argument("--repeat", type=int, default=1, help="so often in a job of its own")
    parser.add_argument("launcher", nargs="+", help="the words that start the program on so many ranks")
    return parser.parse_args(words)


def play_all(arguments):
    """Yields (fault, how, seconds, exit code, list of complaints, output), one for each fault and way of playing it."""
    faults = [fault for fault in tables.everything(arguments.mpi)
              if fault.least <= arguments.ranks <= fault.most and re.search(arguments.only, fault.label())]
    if arguments.sanitized:
        faults = [fault for fault in faults if fault.label() != "throw-huge-allocation"]
        print("throw-huge-allocation: left out: AddressSanitizer ends the process itself where memory cannot be had")
    agreed = [fault for fault in faults if not fault.alone()]
    single = [fault for fault in faults if fault.alone() or not (arguments.together_only and arguments.turns)]
    jobs = arguments.jobs or (6 if arguments.ranks <= 3 else 4)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        together = arguments.turns and agreed and pool.submit(plays.play_together, agreed, arguments.ranks,
                                                              arguments.launcher, arguments.turns)
        played = [(fault, pool.submit(plays.play, fault, arguments.ranks, arguments.launcher))
                  for _ in range(arguments.repeat) for fault in single]
        for fault, outcome in played:
            yield fault, "", *outcome.result()
        for fault, outcome in zip(agreed, together.result() if together else []):
            yield fault, f" x {arguments.turns}", *outcome


def main():
    arguments = arguments_of(sys.argv[1:])
    begin, failed, count = time.monotonic(), 0, 0
    print(f"{'fault on ' + str(arguments.ranks) + ' ranks':56} {'exit':>4} {'seconds':>7}")
    for fault, how, seconds, code, complaints, output in play_all(arguments):
        count += 1
        print(f"{fault.label() + how:56} {code:4} {seconds:7.2f}  {'; '.join(complaints) or 'as it should be'}", flush=True)
        if complaints:
            failed += 1
            print("    | " + "\n    | ".join(output.strip().splitlines()[-15:]), flush=True)
    print(f"{count - failed} passed, {failed} failed, of {count} plays on {arguments.ranks} ranks in "
          f"{time.monotonic() - begin:.0f} s")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
