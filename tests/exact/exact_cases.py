#!/usr/bin/python3
"""Compares exact reductions, bit by bit, with Python's integers on nasty cases.

    exact_cases.py PROGRAM [--cases 6000] [--seed 1] [--through "valgrind -q" --without avx512]

PROGRAM is exact_cases.cpp. Every case runs on every kernel (TUTTI_KERNEL), and on one of the tiers of each SIMD kernel
(TUTTI_TIER). Only the standard library is used. --through runs the program by another one, under which some kernels must
not be offered.
"""
import argparse
import os
import shutil
import struct
import subprocess
import sys
import time

from exact_generator import Generator
from exact_oracle import OPERATIONS, bits, expected

TYPES = ["float64", "float32", "int32", "int64", "uint64"]
SIMD = {"avx2", "avx512"}
TIERS = ["0", "1", "2", "3", "4", "general"]
CODES = {"float64": "d", "float32": "f", "int32": "i", "int64": "q", "uint64": "Q"}


def encode(case):
    operation, x_type, y_type, parameter, x, y = case
    out = struct.pack("<BBBBIq", operation, x_type, y_type, 0, len(x), parameter)
    out += struct.pack(f"<{len(x)}{CODES[TYPES[x_type]]}", *x)
    if y is not None:
        out += struct.pack(f"<{len(y)}{CODES[TYPES[y_type]]}", *y)
    return out


def decode(record):
    kind, = struct.unpack_from("<Q", record)
    kind = chr(kind)
    if kind == "i":
        return kind, int.from_bytes(record[8:], "little", signed=True)
    if kind == "d":
        return kind, struct.unpack_from("<Q", record, 8)[0]
    if kind == "c":
        return kind, struct.unpack_from("<QQ", record, 8)
    return kind, 0


def show(kind, value):
    if kind == "d":
        return struct.unpack("<d", struct.pack("<Q", value))[0].hex()
    if kind == "c":
        return " + i ".join(show("d", part) for part in value)
    return {"r": "RangeError", "m": "merged pieces differ from the whole"}.get(kind, str(value))


def forced(kernel, tier, command, data=b""):
    """Runs a command on a kernel and on a tier; None: as the kernel chooses."""
    environment = {**os.environ, "TUTTI_KERNEL": kernel}
    environment.pop("TUTTI_TIER", None)
    if tier is not None:
        environment["TUTTI_TIER"] = tier
    return subprocess.run(command, input=data, capture_output=True, env=environment)


def check_choices(command, kernels, absent):
    """The forced choices are obeyed, and refused where there is no such kernel or tier."""
    for kernel in kernels:
        run = forced(kernel, None, [*command, "--kernel"])
        if run.stdout.decode().split() != [kernel]:
            sys.exit(f"exact_cases: TUTTI_KERNEL={kernel}: exit {run.returncode}, {run.stdout} {run.stderr}")
    some = encode((OPERATIONS.index("sum"), 0, 0, 0, [1.0] * 100, None))
    refused = [(name, None, "TUTTI_KERNEL") for name in ["fastest", *absent]]
    if set(kernels) & SIMD:
        refused += [(kernels[-1], tier, "TUTTI_TIER") for tier in ("5", "-1", "12", "General", "0 ")]
    for kernel, tier, variable in refused:
        run = forced(kernel, tier, command, some)
        if run.returncode != 64 or not run.stderr.startswith(f"exact_cases: {variable}: no ".encode()):
            sys.exit(f"exact_cases: kernel {kernel}, tier {tier}: exit {run.returncode}, {run.stderr}; wanted 64")


def differences(command, kernel, tier, cases, wanted):
    """Runs numbered cases; yields the number of each that went wrong, and what came out."""
    run = forced(kernel, tier, command, b"".join(data for _, _, data in cases))
    if run.returncode != 0 or len(run.stdout) != 24 * len(cases):
        sys.exit(f"exact_cases: kernel {kernel}, tier {tier}: exit {run.returncode}, {len(run.stdout)} bytes for "
                 f"{len(cases)} cases: {run.stderr.decode()}")
    for i, (number, _, _) in enumerate(cases):
        got = decode(run.stdout[24 * i:24 * i + 24])
        if got != wanted[number]:
            yield number, got


def result_bits(kind, value):
    if kind == "d":
        return kind, bits(value)
    return kind, tuple(map(bits, value)) if kind == "c" else value


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("--cases", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--through", type=str.split, default=[])
    parser.add_argument("--without", type=str.split, default=[])
    options = parser.parse_args()
    if options.through and not shutil.which(options.through[0]):
        print(f"skipped: {options.through[0]} is not installed")
        sys.exit(77)
    command = [*options.through, options.program]
    started = time.time()
    generator = Generator(options.seed)
    kernels = subprocess.run([*command, "--list"], check=True, capture_output=True, text=True).stdout.split()
    if set(kernels) & set(options.without):
        sys.exit(f"exact_cases: {options.through} cannot run all of {kernels}, which are offered")
    check_choices(command, kernels, options.without)
    wrong = done = runs = 0
    while done < options.cases:  # in portions, so that long runs need little memory
        cases = [generator.case() for _ in range(min(2000, options.cases - done))]
        cases = [(i, case, encode(case)) for i, case in enumerate(cases)]
        wanted = [result_bits(*expected(case)) for _, case, _ in cases]
        plans = [(kernel, None, cases) for kernel in kernels]
        plans += [(kernel, tier, cases[first::len(TIERS)]) for kernel in kernels if kernel in SIMD
                  for first, tier in enumerate(TIERS)]
        for kernel, tier, some in plans:
            runs += len(some)
            for number, got in differences(command, kernel, tier, some, wanted):
                wrong += 1
                if wrong <= 10:
                    operation, x_type, y_type, parameter, x, y = cases[number][1]
                    print(f"wrong: kernel {kernel}, tier {tier}, seed {options.seed}, case {done + number}: "
                          f"{OPERATIONS[operation]} of {TYPES[x_type]} x {TYPES[y_type]}, n = {len(x)}, parameter "
                          f"{parameter}: got {show(*got)}, expected {show(*wanted[number])}; x = {x[:6]}, y = {(y or [])[:6]}")
        done += len(cases)
    print(f"exact_cases: {done} cases on each of {len(kernels)} kernels ({', '.join(kernels)}) and on forced tiers, {runs} "
          f"comparisons, seed {options.seed}: {wrong} wrong, {time.time() - started:.1f} s")
    sys.exit(1 if wrong or not kernels or not done else 0)


if __name__ == "__main__":
    main()
