"""The same bits, and the right ones: nasty numbers on 1, 2, 3, 4 and 7 ranks, in all distributions, by all kernels, under
both MPIs, against Python's integers and fractions.

--program TUTTI --bits BITS_PROGRAM --mpi openmpi|mpich --launch MPIEXEC -n RANKS ...
"""
import math
import pathlib
import sys
from fractions import Fraction

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "exact"), str(HERE.parent / "cli")]

import npy
from exact_cases import SIMD, TIERS
from exact_generator import Generator
from exact_oracle import OPERATIONS, bits, expected
from program import Case, Setup, main, run, tutti

SEED = 20261120


def hex_bits(text):
    return bits(math.nan if text == "nan" else math.inf if text == "inf" else -math.inf if text == "-inf"
                else float.fromhex(text))


def oracle(name, x, y=None):
    kind, value = expected((OPERATIONS.index(name), 0, 0, 0, x, y))
    assert kind == "d"
    return bits(value)


def interleaved(x, y):
    return [v for pair in zip(x, y) for v in pair]


def several(x, y):
    """What gram, weighted_mean and the dot products of x + iy and y + ix must give, as bits_program prints it."""
    values = [oracle("dot", x, x), oracle("dot", x, y), oracle("dot", y, y), oracle("weighted_mean", x, y)]
    z, w = interleaved(x, y), interleaved(y, x)
    for name in ("complex_dot", "complex_dotu"):
        values += map(bits, expected((OPERATIONS.index(name), 0, 0, 0, z, w))[1])
    return values


def lowest(values):
    return next((v for v in values if v != v), None) or min(values)


def highest(values):
    return next((v for v in values if v != v), None) or max(values)


def pairs():
    """A vector of several hundred numbers of each family; for some also a small one, and a pair whose products cancel."""
    generator = Generator(SEED)
    families = sorted(set(Generator.FLOATS))
    for number, family in enumerate(families):
        small = [generator.r.randint(0, 9)] if number % 4 == 0 else []
        for n in [*small, 300 + 13 * number]:
            x = getattr(generator, family)(n)
            yield x, getattr(generator, generator.r.choice(families))(n)
        if number % 4 == 1:
            yield generator.pair(n)
    yield generator.changing(12011), generator.one_sign(12011)  # several blocks of a kernel on each rank


def kernels():
    names = tutti("doctor", "--json").json()["processor"]["kernels"].split(", ")
    assert {"reference", "portable"} <= set(names), names
    return names


def choices():
    """Every kernel, as it chooses and on each tier that can be forced: pairs, "" for none."""
    return [(kernel, tier) for kernel in kernels() for tier in ["", *(TIERS if kernel in SIMD else [])]]


def each_rank_its_own(words, turn):
    """The command, on each rank with another kernel and tier."""
    every = choices()
    lines = ["case ${OMPI_COMM_WORLD_RANK-$PMI_RANK} in"]
    for rank in range(7):
        kernel, tier = every[(rank + 7 * turn) % len(every)]
        lines.append(f"{rank}) export TUTTI_KERNEL={kernel} TUTTI_TIER={tier} ;;")
    return ["sh", "-c", "\n".join([*lines, "*) exit 70 ;; esac", 'exec "$@"']), "each_rank_its_own", *words]


class Bits(Case):
    def write(self, name, values, **how):
        return self.file(name, npy.npy(values, **how))

    def test_in_every_way_that_must_not_matter(self):
        cases = list(pairs())
        self.assertGreater(sum(len(x) for x, _ in cases), 5000)
        for k, (x, y) in enumerate(cases):
            self.write(f"a{k}.npy", x)
            self.write(f"b{k}.npy", y)
        wanted = {}
        for k, (x, y) in enumerate(cases):
            wanted[k] = [oracle("dot", x, y), oracle("sum", x), oracle("magnitudes", x), oracle("norm", x),
                         oracle("mean", x), oracle("variance", x), *(several(x, y) if k // 2 % 2 == 0 else [])]
            wanted[k] += [bits(lowest(x) + 0.0), bits(highest(x) + 0.0)] if x else ["none", "none"]
        words = [BITS_PROGRAM, self.folder, len(cases)]
        jobs = [("as chosen", words)]
        jobs += [(f"mixed kernels and tiers, {turn}", each_rank_its_own(words, turn))
                 for turn in range(math.ceil(len(choices()) / 7))]
        for name, words in jobs:
            result = run([*Setup.launch(7), *words])
            self.assertEqual(result.code, 0, result.err)
            lines = result.out.splitlines()
            self.assertEqual(len(lines), len(cases), f"{name}: more than one result: {result.out}")
            for line in lines:
                words = line.partition(" | ")[0].split()
                k = int(words[0])
                found = [word if word == "none" else hex_bits(word) for word in words[1:]]
                self.assertEqual(found, wanted[k], f"{name}: {line}\nx = {cases[k][0][:800]}\ny = {cases[k][1][:800]}")

    def runs(self):
        """(ranks, distribution, kernel): every rank count, distribution and kernel, not every combination."""
        names = kernels()
        layouts = ("block", "cyclic", "block-cyclic:3", "block-cyclic:100")
        for number, ranks in enumerate((1, 2, 3, 4, 7)):
            yield ranks, layouts[number % 4], names[number % len(names)]
            yield ranks, layouts[(number + 2) % 4], names[(number + 1) % len(names)]

    def test_program_dot(self):
        generator = Generator(SEED + 1)
        x, y = [], []
        for family in ("wide", "cancelling", "subnormal", "tiny", "powers", "ties", "growing", "total_cancellation"):
            x += [math.ldexp(v, -300) if abs(v) > 2.0 ** 800 else v for v in getattr(generator, family)(500)]
            y += generator.wide(500)  # below 2^122, so that no sum overflows
        exact = sum(Fraction(a) * Fraction(b) for a, b in zip(x, y))
        a, b = self.write("a.npy", x), self.write("b.npy", y, dtype=">f8", shape=(len(y),))
        for ranks, layout, kernel in self.runs():
            result = tutti("dot", "--json", "--distribution", layout, a, b, ranks=ranks, env={"TUTTI_KERNEL": kernel})
            self.assertEqual(hex_bits(result.json()["hex"]), bits(float(exact)), (ranks, layout, kernel))
            self.assertEqual(bits(result.json()["value"]), bits(float(exact)), "value and hex differ")

    def test_program_stats(self):
        generator = Generator(SEED + 2)
        x = [math.ldexp(v, -600) if abs(v) > 2.0 ** 500 else v
             for family in ("wide", "subnormal", "cancelling", "zeros", "ties") for v in getattr(generator, family)(400)]
        values = [Fraction(v) for v in x]
        total, squares, n = sum(values), sum(v * v for v in values), len(values)
        wanted = {"sum": bits(float(total)), "mean": bits(float(total / n)), "asum": bits(float(sum(map(abs, values)))),
                  "variance": bits(float((n * squares - total * total) / (n * n))), "norm2": oracle("norm", x)}
        path = self.write("x.npy", x)
        for ranks, layout, kernel in self.runs():
            found = tutti("stats", "--json", "--distribution", layout, path, ranks=ranks,
                          env={"TUTTI_KERNEL": kernel}).json()
            for name, value in wanted.items():
                self.assertEqual(hex_bits(found[name]["hex"]), value, (name, ranks, layout, kernel))
            self.assertEqual((found["min"]["value"], found["min"]["index"]), (min(x), x.index(min(x))))
            self.assertEqual((found["max"]["value"], found["max"]["index"]), (max(x), x.index(max(x))))

    def test_both_mpis(self):
        if not Setup.other:
            self.skipTest("TUTTI_OTHER_PROGRAM is not set: the program is not built for the other MPI")
        generator = Generator(SEED + 3)
        a, b = self.write("a.npy", generator.wide(3000)), self.write("b.npy", generator.one_sign(3000))
        every = choices()
        for number, ranks in enumerate((1, 3, 7)):
            for words in (["dot", "--json", a, b], ["stats", "--json", a]):
                (kernel, tier), (other_kernel, other_tier) = every[number % len(every)], every[-1 - number]
                mine = tutti(*words, ranks=ranks, env={"TUTTI_KERNEL": kernel, "TUTTI_TIER": tier}).json()
                other = run([Setup.other, words[0], "-n", ranks, *words[1:]],
                            env={"TUTTI_KERNEL": other_kernel, "TUTTI_TIER": other_tier}).json()
                for costs in ("seconds", "memory"):
                    del mine[costs], other[costs]
                self.assertEqual(mine, other)


if __name__ == "__main__":
    at = sys.argv.index("--bits")
    BITS_PROGRAM = sys.argv[at + 1]
    del sys.argv[at:at + 2]
    main(sys.modules[__name__])
