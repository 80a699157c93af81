#!/usr/bin/python3
"""NumPy and mpi4py: a @ b and an allreduce. The same vectors, measurement and lines as peer.hpp, which see."""
import json
import sys
import time

import numpy
from mpi4py import MPI

WORLD = MPI.COMM_WORLD
NAME = "NumPy a @ b + mpi4py"


def bits(index):
    z = (index + numpy.uint64(1)) * numpy.uint64(0x9e3779b97f4a7c15)
    z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xbf58476d1ce4e5b9)
    z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94d049bb133111eb)
    return z ^ (z >> numpy.uint64(31))


def uniform(index):
    return (bits(index) >> numpy.uint64(11)).astype(numpy.float64) * 2.0**-52 - 1


def usual(i, total):
    return uniform(numpy.uint64(2) * i), uniform(numpy.uint64(2) * i + numpy.uint64(1))


def cancelling(i, total):
    at = i * numpy.uint64(7919) % numpy.uint64(total)
    pair = at // numpy.uint64(2) * numpy.uint64(2)
    sign = numpy.where(at % numpy.uint64(2) == 0, 1.0, -1.0)
    single = at == total - 1
    return (numpy.where(single, 1.0, sign * uniform(pair) * 2.0**30),
            numpy.where(single, 1.0, uniform(pair + numpy.uint64(1)) * 2.0**30))


def share_of(total):
    """The first index and the number of elements of this rank."""
    each, more = divmod(total, WORLD.size)
    return each * WORLD.rank + min(WORLD.rank, more), each + (WORLD.rank < more)


def make(data, total, piece=1 << 20):
    """This rank's part of both vectors, made in pieces."""
    first, count = share_of(total)
    x, y = numpy.empty(count), numpy.empty(count)
    for start in range(0, count, piece):
        end = min(count, start + piece)
        x[start:end], y[start:end] = data(numpy.arange(first + start, first + end, dtype=numpy.uint64), total)
    return x, y


def dot(x, y):
    return WORLD.allreduce(x @ y)


def seconds_of_dot(x, y, elements):
    calls = min(10000, max(3, (1 << 26) // elements))
    for _ in range(2):
        dot(x, y)
    WORLD.Barrier()
    start = time.perf_counter()
    for _ in range(calls):
        dot(x, y)
    return WORLD.allreduce((time.perf_counter() - start) / calls, MPI.MAX)


def fingerprint(vector):
    return WORLD.allreduce(int(vector.view(numpy.uint64).sum(dtype=numpy.uint64))) % 2**64


def main():
    question, *sizes = sys.argv[1:]
    for n in map(int, sizes):
        line = {"peer": NAME, "ranks": WORLD.size, "elements": n}
        if question == "time":
            x, y = make(usual, n * WORLD.size)
            line.update(vectors=2, dots=1, seconds=seconds_of_dot(x, y, n))
        else:
            x, y = make(usual, n)
            v, w = make(cancelling, n)
            given = sum(factor * fingerprint(each) for factor, each in ((1, x), (3, y), (5, v), (7, w))) % 2**64
            line.update(given=f"{given:x}", usual=dot(x, y).hex(), cancelling=dot(v, w).hex())
        if WORLD.rank == 0:
            print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
