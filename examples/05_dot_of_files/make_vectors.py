#!/usr/bin/env python3
"""Makes two vectors of float64 for the dot product: a.npy and b.npy, in this folder or in the one given.

    python3 make_vectors.py [FOLDER] [NUMBER OF ELEMENTS]

Magnitudes from 2^-30 to 2^30, random signs; the same numbers on every machine. Needs nothing but Python.
"""
import array
import math
import pathlib
import random
import sys


def write_npy(path, values):
    """NumPy's format, version 1.0: magic, length of the header, header, numbers."""
    header = repr({"descr": "<f8", "fortran_order": False, "shape": (len(values),)})
    header += " " * (-(10 + len(header) + 1) % 64) + "\n"
    numbers = array.array("d", values)
    if sys.byteorder == "big":
        numbers.byteswap()
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + numbers.tobytes())


def vector(n, seed):
    draw = random.Random(seed).random
    return [math.ldexp(2 * draw() - 1, int(61 * draw()) - 30) for _ in range(n)]


folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
elements = int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
for seed, name in enumerate(["a.npy", "b.npy"], start=2026):
    write_npy(folder / name, vector(elements, seed))
