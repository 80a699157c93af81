#!/usr/bin/python3
"""Compares exact reductions, bit by bit, with Python's integers on nasty cases.

    exact_cases.py PROGRAM [--cases 6000] [--seed 1]

PROGRAM is exact_cases.cpp. Every case runs on every kernel (TUTTI_KERNEL). Only the standard library is used.
"""
import argparse
import os
import struct
import subprocess
import sys
import time

from exact_generator import Generator
from exact_oracle import OPERATIONS, bits, expected

TYPES = ["float64", "float32", "int32", "int64", "uint64"]
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


def forced(kernel, command, data):
    return subprocess.run(command, input=data, capture_output=True, env={**os.environ, "TUTTI_KERNEL": kernel})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("--cases", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    started = time.time()
    generator = Generator(options.seed)
    kernels = subprocess.run([options.program, "--list"], check=True, capture_output=True, text=True).stdout.split()
    for kernel in kernels + ["fastest"]:  # the forced choice is obeyed, and refused where there is no such kernel
        run = forced(kernel, [options.program, "--kernel"], b"")
        if run.stdout.decode().split() != [kernel] and not (kernel == "fastest" and run.returncode == 64):
            sys.exit(f"exact_cases: TUTTI_KERNEL={kernel}: exit {run.returncode}, {run.stdout} {run.stderr}")
    wrong = 0
    done = 0
    while done < options.cases:  # in portions, so that long runs need little memory
        cases = [generator.case() for _ in range(min(2000, options.cases - done))]
        data = b"".join(map(encode, cases))
        wanted = [expected(case) for case in cases]
        for kernel in kernels:
            run = forced(kernel, [options.program], data)
            if run.returncode != 0 or len(run.stdout) != 24 * len(cases):
                sys.exit(f"exact_cases: kernel {kernel}: exit {run.returncode}, {len(run.stdout)} bytes for "
                         f"{len(cases)} cases: {run.stderr.decode()}")
            for i, (case, (kind, value)) in enumerate(zip(cases, wanted)):
                if kind == "d":
                    value = bits(value)
                if kind == "c":
                    value = tuple(map(bits, value))
                got = decode(run.stdout[24 * i:24 * i + 24])
                if got == (kind, value):
                    continue
                wrong += 1
                if wrong <= 10:
                    print(f"wrong: kernel {kernel}, seed {options.seed}, case {done + i}: {OPERATIONS[case[0]]} of "
                          f"{TYPES[case[1]]} x {TYPES[case[2]]}, n = {len(case[4])}, parameter {case[3]}: got "
                          f"{show(*got)}, expected {show(kind, value)}; x = {case[4][:6]}, y = {(case[5] or [])[:6]}")
        done += len(cases)
    print(f"exact_cases: {done} cases x {len(kernels)} kernels ({', '.join(kernels)}), seed {options.seed}: "
          f"{wrong} wrong, {time.time() - started:.1f} s")
    sys.exit(1 if wrong or not kernels or not done else 0)


if __name__ == "__main__":
    main()
