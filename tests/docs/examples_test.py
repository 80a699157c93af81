#!/usr/bin/env python3
"""Runs one example of the tutorial on 1, 2, 3, 4 and 7 ranks and checks what it claims.

    examples_test.py --program FILE --examples FOLDER --launcher mpiexec -n RANKS ...
"""
import argparse
import array
import math
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
from fractions import Fraction

RANKS = [1, 2, 3, 4, 7]


def run(launcher, ranks, program, folder, arguments):
    words = [str(ranks) if word == "RANKS" else word for word in launcher]
    done = subprocess.run(words + [str(program)] + arguments, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{program.name} on {ranks} ranks: exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout.splitlines()


def same_on_all(lines_of):
    for ranks, lines in lines_of.items():
        assert lines == lines_of[1], f"{ranks} ranks print {lines}, one rank {lines_of[1]}"


def check_01(lines_of):
    for ranks, lines in lines_of.items():
        assert lines == [f"hello from rank {r} of {ranks}" for r in range(ranks)], lines


def check_02(lines_of):
    (first,) = lines_of[1]
    result = re.fullmatch(r"rank 0: 100000 products, a\.b = (\S+)", first).group(1)
    for ranks, lines in lines_of.items():
        assert lines == [f"rank {r}: 100000 products, a.b = {result}" for r in range(ranks)], lines


def check_03(lines_of):
    values = set()
    for ranks, lines in lines_of.items():
        shares = [f"rank {r}: {len(range(r, 100000, ranks))} products" for r in range(ranks)]
        assert lines[:-1] == shares, lines
        decimal, bits = re.fullmatch(r"a\.b = (\S+) = (\S+)", lines[-1]).groups()
        assert float(decimal) == float.fromhex(bits), lines[-1]
        values.add(float(decimal))
    # Close together, yet not the same: this is what the example is there to show.
    assert max(values) - min(values) < 1e-11 * abs(max(values)), values
    assert len(values) > 1, values


def check_04(lines_of):
    same_on_all(lines_of)
    names = [line.split("=")[0].strip() for line in lines_of[1]]
    assert names == ["sum of rounded products", "exact dot product"], names
    bits = [float.fromhex(line.split("= ")[2]) for line in lines_of[1]]
    assert bits[0] != bits[1], "rounding the products shows in the last bit: choose other vectors"


def numbers(path):
    content = path.read_bytes()
    values = array.array("d")
    values.frombytes(content[10 + int.from_bytes(content[8:10], "little"):])
    if sys.byteorder == "big":
        values.byteswap()
    return [Fraction(value) for value in values]


def check_05(lines_of, folder):
    same_on_all(lines_of)
    exact = sum(x * y for x, y in zip(numbers(folder / "a.npy"), numbers(folder / "b.npy")))
    (line,) = lines_of[1]
    value = line[len("a.b = "):]
    assert line.startswith("a.b = ") and float(value) == float(exact), f"{line}, but it is {float(exact)!r}"


def check_06(lines_of):
    same_on_all(lines_of)
    *lengths, last = lines_of[1]
    found = [re.fullmatch(r"t\^(\d): length (\S+) = (\S+)", line).groups() for line in lengths]
    assert [power for power, _, _ in found] == list("01234567"), lengths
    assert all(float(decimal) == float.fromhex(bits) for _, decimal, bits in found), lengths
    assert float(found[0][1]) == math.sqrt(100000), "the length of a vector of ones"
    # The norm of Legendre's polynomials with leading coefficient 1, on n points: about sqrt(n / 2) times that on -1 .. 1.
    for k, (_, decimal, _) in enumerate(found):
        legendre = 2.0 ** k * math.factorial(k) ** 2 / math.factorial(2 * k) * math.sqrt(100000 / (2 * k + 1))
        assert abs(float(decimal) / legendre - 1) < 1e-3, (k, decimal, legendre)
    assert float(last.removeprefix("off from orthogonal by at most ")) < 1e-14, last


def check_07(lines_of):
    """The same energy three ways, and what the ledger says: 2000 points of 24 bytes."""
    points = 2000
    energies = set()
    for ranks, lines in lines_of.items():
        found = [re.fullmatch(r"(\S+)  +(\S+), rank (\d+) B, node (\d+) B", line).groups() for line in lines]
        assert [way for way, *_ in found] == ["replicated", "node-shared", "distributed"], lines
        energies.update(energy for _, energy, *_ in found)
        longest = -(-points // ranks)  # part of rank 0, who prints; two buffers of that length
        expected = [(24 * points, 24 * points * ranks), (0, 24 * points),
                    (24 * 3 * longest, 24 * (points + 2 * longest * ranks))]
        assert [(int(rank), int(node)) for *_, rank, node in found] == expected, (ranks, lines, expected)
    assert len(energies) == 1, energies


def sum_of(terms):
    """The exact sum; quicker than adding fractions, whose denominators would be reduced each time."""
    ratios = (term.as_integer_ratio() for term in terms)
    return Fraction(sum((above << 1100) // below for above, below in ratios), 1 << 1100)


def check_08(lines_of):
    """From C: an exact sum beside that of MPI, and an error of the last rank, which all survive."""
    plain, exact = {}, set()
    for ranks, lines in lines_of.items():
        by_mpi, by_tutti, error = lines
        plain[ranks] = re.fullmatch(r"MPI_Allreduce (\S+)", by_mpi).group(1)
        exact.add(re.fullmatch(r"tutti_sum     (\S+)", by_tutti).group(1))
        assert error == f"rank {ranks - 1}: no/such/file: cannot be read; going on without it", error
    assert len(set(plain.values())) > 1, f"{plain}: choose terms whose ordinary sum shows the order"
    right = sum_of((-1) ** i / (i + 1) for i in range(100000))
    assert {float.fromhex(value) for value in exact} == {float(right)}, exact


def check_09(lines_of):
    """From Fortran: the energy of pairs, computed here in another way."""
    points = [i + 0.3 / i for i in range(1, 501)]
    energy = float(sum_of(1 / (points[i] - points[j]) for i in range(500) for j in range(i)))
    for ranks, lines in lines_of.items():
        assert float(re.fullmatch(r"energy +(\S+)", lines[0]).group(1)) == energy, (lines, energy)
        assert lines[1:] == [f"rank {ranks - 1}: no/such/file is missing", "all go on"], lines


def exact_dot(numpy, x, y):
    """Correctly rounded: a product and its rounding error (Dekker, doi:10.1007/BF01397083) are added up by fsum."""
    def halves(a):
        high = a * 134217729.0
        high = high - (high - a)
        return high, a - high

    x, y = x.ravel(), y.ravel()
    product, (x1, x2), (y1, y2) = x * y, halves(x), halves(y)
    error = x2 * y2 - (((product - x1 * y1) - x2 * y1) - x1 * y2)
    return math.fsum(numpy.concatenate([product, error]))


def conjugate_gradients(numpy, load):
    """The residuals, and the solution, with the operations of the example, but for one process, by NumPy."""
    x, r, p = numpy.zeros(load.shape), load.copy(), numpy.zeros([n + 2 for n in load.shape])
    inner = p[1:-1, 1:-1, 1:-1]
    inner[...] = r
    rr = exact_dot(numpy, r, r)
    history = [math.sqrt(rr)]
    while history[-1] > 1e-10 * history[0]:
        q = 6 * inner - p[:-2, 1:-1, 1:-1] - p[2:, 1:-1, 1:-1] - p[1:-1, :-2, 1:-1] - p[1:-1, 2:, 1:-1] \
            - p[1:-1, 1:-1, :-2] - p[1:-1, 1:-1, 2:]
        alpha = rr / exact_dot(numpy, inner, q)
        x += alpha * inner
        r -= alpha * q
        before, rr = rr, exact_dot(numpy, r, r)
        history.append(math.sqrt(rr))
        inner[...] = r + (rr / before) * inner
    return history, x


def check_11(lines_of, rounded_lines_of):
    """Each bit as NumPy has it in one process; with ordinary products not."""
    import numpy
    same_on_all(lines_of)
    i, j, k = numpy.indices((24, 20, 16))
    history, x = conjugate_gradients(numpy, 1 / (1.0 + (7 * i + 5 * j + 3 * k) % 11))
    *steps, last = lines_of[1]
    found = [re.fullmatch(r"step (\d+): (\S+) = (\S+)", line).groups() for line in steps]
    assert [int(step) for step, _, _ in found] == list(range(len(history))), (len(found), len(history))
    assert all(float(decimal) == float.fromhex(bits) for _, decimal, bits in found), steps
    assert [float.fromhex(bits) for _, _, bits in found] == history, (steps, history)
    value, place, total = re.fullmatch(r"deepest (\S+) at (\d+), sum (\S+)", last).groups()
    assert (float(value), int(place), float(total)) == (x.max(), x.argmax(), math.fsum(x.ravel())), last
    ordinary = {ranks: [float.fromhex(line.split("= ")[1]) for line in lines[:-1]] for ranks, lines in rounded_lines_of.items()}
    assert len({tuple(values) for values in ordinary.values()}) > 1, "ordinary products must show the number of ranks"
    for values in ordinary.values():
        assert all(abs(a / b - 1) < 1e-2 for a, b in zip(values[:50], history[:50])), (values, history)


def processes_of(program):
    found = []
    for link in pathlib.Path("/proc").glob("[0-9]*/exe"):
        try:
            if os.readlink(link) == str(program.resolve()):
                found.append(int(link.parent.name))
        except OSError:  # ended meanwhile, or another user's
            pass
    return found


def interrupted(launcher, ranks, program, folder, arguments):
    """What it prints when one of its ranks is asked to end, some time after its first checkpoint."""
    before = set(processes_of(program))
    words = [str(ranks) if word == "RANKS" else word for word in launcher]
    job = subprocess.Popen(words + [str(program)] + arguments, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        end = time.monotonic() + 60
        while not (folder / arguments[0] / "latest").exists():
            assert job.poll() is None and time.monotonic() < end, "there is no checkpoint"
            time.sleep(0.05)
        os.kill(next(iter(set(processes_of(program)) - before)), signal.SIGTERM)
        out, err = job.communicate(timeout=60)
    finally:
        job.kill()
    assert job.returncode != 0 and "asked to end by signal" in err, (job.returncode, out, err)
    return out.splitlines()


def check_10(launcher, program, folder):
    """Parts of a run by several numbers of ranks are a run by one."""
    whole = {ranks: run(launcher, ranks, program, folder, [f"whole-{ranks}", "60"]) for ranks in RANKS}
    same_on_all(whole)
    *_, last = interrupted(launcher, 2, program, folder, ["parts", "1000000"])
    step = int(re.fullmatch(r"asked to end: saved after step (\d+)", last)[1])
    goes_on, continued = run(launcher, 3, program, folder, ["parts", str(step + 7)])
    assert goes_on == f"going on after step {step}", goes_on
    (at_once,) = run(launcher, 4, program, folder, ["whole", str(step + 7)])
    assert continued == at_once, (continued, at_once)
    decimal, bits = re.fullmatch(rf"after step {step + 7}: heat (\S+) = (\S+), warmest \S+ at \d+", continued).groups()
    assert float(decimal) == float.fromhex(bits)
    return whole | {"2, interrupted, then 3": [last, goes_on, continued]}


def check_12(lines_of):
    """Two particles may be anywhere, their energy may not: all pairs once more, in plain Python."""
    same_on_all(lines_of)
    folder = pathlib.Path(__file__).resolve().parents[2] / "examples" / "12_lj_energy"
    lines = (folder / "argon.xyz").read_text().splitlines()
    edge = float(re.search(r'Lattice="(\S+)', lines[1])[1])
    places = [[float(word) for word in line.split()[1:]] for line in lines[2:]]
    sigma, epsilon, cutoff = 3.4, 0.238, 8.5
    terms = []
    for i, a in enumerate(places):
        for b in places[:i]:
            r2 = sum((x - y - edge * round((x - y) / edge)) ** 2 for x, y in zip(a, b))
            if r2 < cutoff * cutoff:
                s6 = (sigma * sigma / r2) ** 3
                terms.append(4 * epsilon * (s6 * s6 - s6))
    n, s3 = len(places), (sigma / cutoff) ** 3
    tail = 8 / 3 * math.pi * n * n / edge ** 3 * epsilon * sigma ** 3 * (s3 ** 3 / 3 - s3)
    found = dict(line.split(" ")[:2] for line in lines_of[1])
    assert math.isclose(float(found["pairs"]), math.fsum(terms), rel_tol=1e-8), (found, math.fsum(terms))
    assert math.isclose(float(found["tail"]), tail, rel_tol=1e-12), (found, tail)
    assert float.fromhex(found["bits"]) == float(found["pairs"]), found


def run_and_check(number, given, folder):
    arguments = []
    if number == "12":
        arguments = [str(given.examples / "12_lj_energy" / name) for name in ("argon.toml", "argon.xyz")]
    if number == "05":
        maker = given.examples / "05_dot_of_files" / "make_vectors.py"
        subprocess.run([sys.executable, maker, folder, "10007"], check=True)
        arguments = ["a.npy", "b.npy"]
    lines_of = {ranks: run(given.launcher, ranks, given.program, folder, arguments) for ranks in RANKS}
    if number == "05":
        check_05(lines_of, folder)
    elif number == "11":
        check_11(lines_of, {ranks: run(given.launcher, ranks, given.program, folder, ["--rounded"]) for ranks in RANKS})
    else:
        globals()[f"check_{number}"](lines_of)
    return lines_of


def check_13(lines_of):
    """The same bits on any number of ranks, and at the end those of the start."""
    same_on_all(lines_of)
    start, melted, end = lines_of[1]
    assert start == end and start.startswith("temperature 1.440000, energy -4.613908, state "), lines_of[1]
    assert melted.split()[-1] != start.split()[-1], melted


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--examples", type=pathlib.Path, required=True)
    parser.add_argument("--launcher", nargs=argparse.REMAINDER, required=True)
    given = parser.parse_args()
    number = given.program.name[:2]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if number == "10":
            lines_of = check_10(given.launcher, given.program, folder)
        else:
            lines_of = run_and_check(number, given, folder)
    for ranks, lines in lines_of.items():
        print(f"{ranks} ranks:", *lines, sep="\n  ")


main()
