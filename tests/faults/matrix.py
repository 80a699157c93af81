#!/usr/bin/env python3
"""The matrix of faults as one table: each fault under both MPIs, on 2, 3 and 5 ranks, with the exit code that came of it.

  matrix.py [--ranks 2,3,5] [--only REGEX] [--turns N] BUILD_FOLDER...

Each folder holds a build tree, whose name is its MPI. Exit status 1 if anything was not as it should be.
"""
import argparse
import pathlib
import re
import subprocess
import sys

import run_faults


def launcher(folder, ranks):
    cache = (folder / "CMakeCache.txt").read_text()
    mpiexec = re.search(r"^MPIEXEC_EXECUTABLE:\w+=(.*)$", cache, re.MULTILINE)[1]
    version = subprocess.run([mpiexec, "--version"], capture_output=True, text=True).stdout
    openmpi = "OpenRTE" in version or "Open MPI" in version
    more = ["--oversubscribe", "--bind-to", "none"] if openmpi else []
    return "openmpi" if openmpi else "mpich", [mpiexec, "-n", str(ranks), *more, str(folder / "tests/faults/fault_program")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ranks", default="2,3,5")
    parser.add_argument("--only", default="")
    parser.add_argument("--turns", type=int, default=2, help="times that what all ranks agree on is played again in one job")
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    columns, cells, wrong = [], {}, []
    for folder in arguments.folders:
        for ranks in map(int, arguments.ranks.split(",")):
            mpi, words = launcher(folder, ranks)
            column = f"{mpi} {ranks}"
            columns.append(column)
            more = ["--only", arguments.only, "--turns", str(arguments.turns)]
            options = run_faults.arguments_of([f"--ranks={ranks}", f"--mpi={mpi}", *more, "--", *words])
            for fault, how, seconds, code, complaints, output in run_faults.play_all(options):
                row = cells.setdefault(fault.label(), {})
                row[column] = "WRONG" if complaints or row.get(column) == "WRONG" else code
                if complaints:
                    wrong.append(f"{column}: {fault.label()}{how}: {'; '.join(complaints)}\n{output[-2000:]}")
                print(f"\r{column}: {fault.label() + how:60.60}", end="", file=sys.stderr)
    print(file=sys.stderr)
    print("| fault | " + " | ".join(columns) + " |\n|---|" + "---|" * len(columns))
    for label, row in cells.items():
        print(f"| {label} | " + " | ".join(str(row.get(column, "")) for column in columns) + " |")
    plays = sum(len(row) for row in cells.values())
    print(f"\n{len(cells)} faults, {plays} cells, {len(wrong)} wrong")
    print("\n".join(wrong), end="")
    return 1 if wrong or not cells else 0


if __name__ == "__main__":
    sys.exit(main())
