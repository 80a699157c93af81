"""tutti energy, as a user runs it: NIST's published values, a sum over pairs in plain Python, every rank count, bad input."""
import math
import os
import pathlib
import struct
import sys

from program import Case, main, several, tutti

# Configuration, cutoff, truncation, energy, virial, tail of the energy: what NIST has printed (REFERENCE.md).
PUBLISHED = [
    (1, "3", "tail", "-4.3515E+03", "-5.6867E+02", "-1.9849E+02"),
    (1, "4", "tail", "-4.4675E+03", "-1.2639E+03", "-8.3769E+01"),
    (1, "3", "force-shift", "-3.8709E+03", "3.1754E+02", None),
    (3, "3", "tail", "-1.1467E+03", "-1.1649E+03", "-4.9622E+01"),
    (3, "4", "tail", "-1.1754E+03", "-1.3371E+03", "-2.0942E+01"),
    (3, "3", "force-shift", "-1.0210E+03", "-9.3578E+02", None),
]
MIXTURE = """units = "real"
cutoff = 8.5
truncation = "force-shift"
[[type]]
name = "Ar"
sigma = 3.4
epsilon = 0.24
mass = 39.948
[[type]]
name = "Kr"
sigma = 3.6
epsilon = 0.33
[[pair]]
types = ["Ar", "Kr"]
epsilon = 0.3
"""


def lattice(edge, spacing, names):
    """Particles on a lattice, shaken by numbers that a generator of Lehmer makes."""
    state = 1
    particles = []
    for i in range(edge ** 3):
        place = []
        for axis in range(3):
            state = state * 48271 % 2147483647
            place.append(spacing * (i // edge ** axis % edge + 0.2 * state / 2147483647))
        particles.append((names[i % len(names)], place))
    return particles, [edge * spacing] * 3


def xyz(particles, box=None, comment="plain"):
    if box:
        comment = f'Lattice="{box[0]!r} 0 0 0 {box[1]!r} 0 0 0 {box[2]!r}" Properties=species:S:1:pos:R:3'
    lines = [str(len(particles)), comment] + [f"{name} {x!r} {y!r} {z!r}" for name, (x, y, z) in particles]
    return ("\n".join(lines) + "\n").encode()


def by_pairs(particles, box, pair_of, shift):
    """Energy, virial and forces, pair by pair, in the plainest way. shift: the force at the cutoff is taken off."""
    energies, virials = [], []
    forces = [[[], [], []] for _ in particles]
    for i, (name, a) in enumerate(particles):
        for j in range(i):
            other, b = particles[j]
            sigma, epsilon, cutoff = pair_of(name, other)
            d = [x - y - edge * round((x - y) / edge) for x, y, edge in zip(a, b, box)]
            r = math.sqrt(sum(x * x for x in d))
            if r >= cutoff:
                continue
            energy = lambda x: 4 * epsilon * ((sigma / x) ** 12 - (sigma / x) ** 6)
            force = lambda x: 24 * epsilon * (2 * (sigma / x) ** 12 - (sigma / x) ** 6) / x
            f = force(r) - (force(cutoff) if shift else 0)
            energies.append(energy(r) - (energy(cutoff) - (r - cutoff) * force(cutoff) if shift else 0))
            virials.append(f * r)
            for axis in range(3):
                forces[i][axis].append(f * d[axis] / r)
                forces[j][axis].append(-f * d[axis] / r)
    return math.fsum(energies), math.fsum(virials), [[math.fsum(axis) for axis in force] for force in forces]


def read_npy(path):
    contents = pathlib.Path(path).read_bytes()
    start = 10 + struct.unpack("<H", contents[8:10])[0]
    assert b"'descr': '<f8', 'fortran_order': False" in contents[:start], contents[:start]
    numbers = struct.unpack(f"<{(len(contents) - start) // 8}d", contents[start:])
    return [numbers[k:k + 3] for k in range(0, len(numbers), 3)]


def published(value):
    return f"{value:.4E}"


class Published(Case):
    def test_every_digit(self):
        folder = os.environ.get("TUTTI_REFERENCE_DATA")
        if not folder:
            self.skipTest("TUTTI_REFERENCE_DATA does not say where NIST's configurations are")
        cases = [(row, precision) for row in PUBLISHED for precision in ("float", "double", "reference")]
        results = several(lambda *words: tutti(*words), [
            ("energy", f"{folder}/lj_sample_config_periodic{number}.txt", "--cutoff", cutoff, "--truncation", truncation,
             "--precision", precision, "--json") for (number, cutoff, truncation, *_), precision in cases])
        for ((number, cutoff, truncation, energy, virial, tail), precision), result in zip(cases, results):
            with self.subTest(f"{number} {cutoff} {truncation} {precision}"):
                self.assertEqual(result.code, 0, result.err)
                found = result.json()
                self.assertEqual(published(found["pair_energy"]["value"]), energy)
                self.assertEqual(published(found["virial"]["value"]), virial)
                if tail:
                    self.assertEqual(published(found["tail_energy"]["value"]), tail)


class Sums(Case):
    def setUp(self):
        super().setUp()
        self.particles, self.box = lattice(7, 3.9, ["Ar", "Kr", "Ar"])
        self.path = self.file("mixture.xyz", xyz(self.particles, self.box))
        self.input = self.file("mixture.toml", MIXTURE.encode())

    def test_pairs_in_plain_python(self):
        def pair_of(a, b):
            return {"ArAr": (3.4, 0.24, 8.5), "KrKr": (3.6, 0.33, 8.5)}.get(a + b, (3.5, 0.3, 8.5))
        energy, virial, forces = by_pairs(self.particles, self.box, pair_of, shift=True)
        # How far forces may be off, in units of 1 kcal/mol/angstrom.
        for precision, bound in (("float", 2e-5), ("double", 1e-8), ("reference", 1e-10)):
            out = self.folder / "forces.npy"
            result = tutti("energy", self.path, "--input", self.input, "--precision", precision, "--json", "--forces", out)
            self.assertEqual(result.code, 0, result.err)
            found = result.json()
            self.assertEqual((found["schema"], found["particles"], found["units"]), ("tutti-energy/1", 343, "real"))
            self.assertEqual(found["types"], [{"name": "Ar", "particles": 229}, {"name": "Kr", "particles": 114}])
            self.assertAlmostEqual(found["potential_energy"]["value"] / energy, 1, delta=1e-6)
            self.assertAlmostEqual(found["virial"]["value"] / virial, 1, delta=1e-5)
            volume = self.box[0] * self.box[1] * self.box[2]
            atmospheres = virial / 3 / volume * 4184 / (6.02214076e23 * 1e-30 * 101325)
            self.assertAlmostEqual(found["pressure_of_interactions"]["value"] / atmospheres, 1, delta=1e-5)
            computed = read_npy(out)
            self.assertEqual(len(computed), len(forces))
            worst = max(abs(x - y) for f, g in zip(computed, forces) for x, y in zip(f, g))
            self.assertLess(worst, bound, precision)
            for axis in range(3):  # forces are whole numbers of quanta: this sum has no rounding
                self.assertEqual(math.fsum(force[axis] for force in computed), 0)

    def test_any_number_of_ranks(self):
        shuffled = self.file("shuffled.xyz", xyz(self.particles[::-1], self.box))
        command = ("energy", self.path, "--input", self.input, "--quiet")
        outputs, files = set(), {"npy": set(), "xyz": set()}
        for ranks in (None, 1, 2, 3, 4, 7):
            for kind, contents in files.items():
                out = self.folder / f"forces.{kind}"
                result = tutti(*command, "--forces", out, ranks=ranks)
                self.assertEqual((result.code, result.err), (0, ""))
                outputs.add(result.out)
                contents.add(out.read_bytes())
        outputs.add(tutti("energy", shuffled, "--input", self.input, "--quiet", ranks=2).out)
        self.assertEqual([len(outputs), len(files["npy"]), len(files["xyz"])], [1, 1, 1])

    def test_output_and_summary(self):
        out = self.folder / "result.txt"
        result = tutti("energy", self.path, "--input", self.input, "--output", out, ranks=2)
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(out.read_text(), result.out)
        self.assertEqual(result.out.splitlines()[0].split(" = ")[0], "potential energy")
        value, bits = result.out.splitlines()[0].split(" = ")[1:]
        self.assertEqual(float(value), float.fromhex(bits))
        for words in ("343 particles of 2 types", "box 27.3 x 27.3 x 27.3 angstrom", "kcal/mol", "2 ranks"):
            self.assertIn(words, result.err)

    def test_forces_in_xyz_read_back(self):
        out = self.folder / "forces.xyz"
        first = tutti("energy", self.path, "--input", self.input, "--quiet", "--forces", out)
        again = tutti("energy", out, "--input", self.input, "--quiet")
        self.assertEqual(first.out, again.out)


class Bad(Case):
    def cases(self):
        good = xyz([("A", (1.0, 1, 1)), ("A", (3.0, 1, 1)), ("B", (5.0, 1, 1))], [10.0, 10.0, 10.0])
        plain = self.file("plain.xyz", xyz([("A", (1.0, 1, 1)), ("A", (3.0, 1, 1))]))
        path = self.file("good.xyz", good)
        one = self.file("one.xyz", good.replace(b"B", b"A"))
        near = self.file("near.xyz", good.replace(b"B 5.0", b"A 3.1"))
        bad = self.file("bad.xyz", good.replace(b"3.0 1 1", b"3.0 nan 1"))
        cut = self.file("cut.xyz", good[:-10])
        toml = self.file("system.toml", b"cutoff = 2.5\n[[type]]\nname = 'A'\n")
        typo = self.file("typo.toml", b"cutof = 2.5\n")
        missing = str(self.folder / "missing.xyz")
        cutoff = ["--cutoff", "2.5"]
        return [
            ([near, *cutoff], 65, "FormatError", ["particles 2 and 3 overlap", "0.1"]),
            ([bad, *cutoff], 65, "FormatError", [bad, "line 4", "nan"]),
            ([cut, *cutoff], 65, "FormatError", [cut, "line 4", "particle 3 of 3"]),
            ([path, "--input", toml], 65, "FormatError", [path, "line 5", '"B"', "known are A"]),
            ([path, "--input", typo], 65, "FormatError", [typo, "line 1", "cutof", "did you mean cutoff"]),
            ([path, *cutoff], 64, "UsageError", ["2 types", "input file"]),
            ([one], 64, "UsageError", ["no cutoff", "--cutoff"]),
            ([one, "--cutoff", "5.5"], 64, "UsageError", ["cutoff is 5.5", "half"]),
            ([one, "--cutoff", "-1"], 64, "UsageError", ["cutoff is -1"]),
            ([one, "--cutoff", "nan"], 64, "UsageError", ["cutoff is nan"]),
            ([one, *cutoff, "--units", "metal"], 64, "UsageError", ["metal", "lj or real"]),
            ([one, *cutoff, "--units", "real"], 64, "UsageError", ["no epsilon"]),
            ([one, *cutoff, "--truncation", "cut"], 64, "UsageError", ["cut", "force-shift"]),
            ([one, *cutoff, "--precision", "half"], 64, "UsageError", ["half", "reference"]),
            ([plain, *cutoff], 64, "UsageError", [plain, "--box"]),
            ([plain, *cutoff, "--box", "10,10"], 64, "UsageError", ["--box 10,10", "three lengths"]),
            ([plain, *cutoff, "--box", "10,10,x"], 64, "UsageError", ["--box 10,10,x"]),
            ([plain, *cutoff, "--box", "10,10,0"], 64, "UsageError", ["--box 10,10,0"]),
            ([plain, *cutoff, "--box", "10,10,10,10"], 64, "UsageError", ["--box 10,10,10,10"]),
            ([one, *cutoff, "--box", "9,9,9"], 64, "UsageError", ["edges of 10, 10, 10", "9, 9, 9"]),
            ([one, *cutoff, "--format", "pdb"], 64, "UsageError", ["--format pdb", "lammps-data"]),
            ([one, *cutoff, "--format", "nist"], 65, "FormatError", [one, "line 1"]),
            ([one, *cutoff, "--frame", "2"], 65, "FormatError", [one, "has 1 frame", "--frame 2"]),
            ([one, *cutoff, "--ignore", "masses"], 64, "UsageError", ["--ignore masses", "charges"]),
            ([one, *cutoff, "--atom-style", "full"], 64, "UsageError", ["--atom-style", "LAMMPS"]),
            ([one, *cutoff, "--forces", "forces.txt"], 64, "UsageError", ["--forces forces.txt", ".npy"]),
            ([one, *cutoff, "--forces", str(self.folder / "no" / "f.npy")], 73, "OutputError", ["no/f.npy"]),
            ([one, *cutoff, "--forces", str(self.folder / "no" / "f.xyz")], 73, "OutputError", ["no/f.xyz"]),
            ([one, "--input", toml, "--sigma", "2"], 64, "UsageError", ["--sigma", toml]),
            ([one, *cutoff, "--input", missing], 66, "FileError", [missing]),
            ([missing, *cutoff], 66, "FileError", [missing, "No such file"]),
            ([str(self.folder), *cutoff], 66, "FileError", [str(self.folder)]),
            ([], 64, "UsageError", ["FILE"]),
        ]

    def test_one_rank(self):
        for words, code, _, message in self.cases():
            with self.subTest(str(words)):
                self.expect_error(tutti("energy", *words), code, *message)

    def test_three_ranks_json(self):
        cases = self.cases()
        before = self.names()
        results = several(lambda *words: tutti("energy", *words, "--json", ranks=3), [words for words, *_ in cases])
        for (words, code, error_type, message), result in zip(cases, results):
            with self.subTest(str(words)):
                self.expect_json_error(result, code, error_type, *message, where=str(words))
        self.assertEqual(self.names(), before)


if __name__ == "__main__":
    main(sys.modules[__name__])
