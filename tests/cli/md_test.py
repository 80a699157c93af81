"""tutti md, as a user runs it: one hash for all rank counts, placements and kernels; restarts; reversal; g(r) and displacements
against a calculation in plain Python and against MDAnalysis; errors, once."""
import math
import pathlib
import sys
import warnings

try:
    import MDAnalysis
    from MDAnalysis.analysis.rdf import InterRDF
except ImportError:
    MDAnalysis = None

from program import Case, Setup, main, run, several, tutti

MELT = ["md", "--melt", "500", "--steps", "40", "--every", "20", "--quiet"]


def tutti_in(folder, *words):
    return run(["env", "-C", folder, Setup.program, *words])


def frames(path):
    """Of an extended XYZ file: edges, and positions by particle."""
    lines = pathlib.Path(path).read_text().splitlines()
    found = []
    while lines:
        count = int(lines[0])
        edge = float(lines[1].split('"')[1].split()[0])
        found.append((edge, [tuple(map(float, line.split()[1:4])) for line in lines[2:2 + count]]))
        lines = lines[2 + count:]
    return found


def pairs(edge, places, cutoff, bins):
    counts = [0] * bins
    for i, a in enumerate(places):
        for b in places[:i]:
            squares = sum((x - y - edge * round((x - y) / edge)) ** 2 for x, y in zip(a, b))
            if squares < cutoff ** 2:
                counts[int(math.sqrt(squares) / (cutoff / bins))] += 2
    return counts


class Md(Case):
    def hashes(self, results):
        for result in results:
            self.assertEqual(result.code, 0, result.err)
        return {result.out.split()[-1] for result in results}

    def test_one_hash(self):
        runs = [MELT + ["-n", str(ranks), "--placement", placement]
                for ranks, placement in ((1, "spatial"), (2, "spatial"), (2, "replicated"), (3, "node-shared"), (4, "spatial"), (7, "auto"))]
        runs += [MELT + ["-n", "2", "--skin", "0.6"], MELT + ["--launcher", "none", "--skin", "0.1"]]
        results = several(tutti, runs)
        for kernel in ("portable", *(["avx2"] if "avx2" in pathlib.Path("/proc/cpuinfo").read_text() else [])):
            results.append(tutti(*MELT, "-n", "2", env={"TUTTI_KERNEL": kernel}))
        results.append(tutti(*MELT, "-n", "4", env={"TUTTI_NODES": "2"}))
        self.assertEqual(len(self.hashes(results)), 1)

    def test_each_precision_has_its_own(self):
        found = [self.hashes([tutti(*MELT, "-n", ranks, "--precision", precision) for ranks in ("1", "3")])
                 for precision in ("float", "double", "reference")]
        self.assertEqual([len(hashes) for hashes in found], [1, 1, 1])
        self.assertEqual(len(set.union(*found)), 3)

    def test_restart(self):
        files = ["--table", "table", "--trajectory", "run.lammpstrj", "--trajectory-every", "15"]
        whole, parts = self.folder / "whole", self.folder / "parts"
        for folder in (whole, parts):
            folder.mkdir()
        truth = tutti_in(whole, *MELT, *files)
        self.assertEqual(truth.code, 0, truth.err)
        saved = ["--checkpoints", "checkpoints", "--checkpoint-every", "10"]
        first = tutti_in(parts, "md", "--melt", "500", "--steps", "27", "--every", "20", *files, *saved, "-n", "3")
        self.assertEqual(first.code, 0, first.err)
        second = tutti_in(parts, *MELT, *files, *saved, "--restart", "-n", "2")
        self.assertEqual(second.code, 0, second.err)
        self.assertEqual(second.out.splitlines()[-1], truth.out.splitlines()[-1])
        for name in ("table", "run.lammpstrj"):
            self.assertEqual((parts / name).read_bytes(), (whole / name).read_bytes(), name)

    def test_goes_back(self):
        result = tutti("md", "--melt", "864", "--verify-reverse", "60", "-n", "3")
        self.assertEqual(result.code, 0, result.err)
        words = result.out.replace(",", "").split()
        self.assertEqual(words[-1], words[-4])

    def test_pairs_and_displacements(self):
        result = tutti_in(self.folder, "md", "--melt", "500", "--steps", "20", "--every", "10", "--trajectory", "run.xyz", "--pairs", "pairs", "--bins", "25",
                       "--displacements", "--json", "-n", "3")
        self.assertEqual(result.code, 0, result.err)
        seen = frames(self.folder / "run.xyz")
        counts = [sum(each) for each in zip(*(pairs(edge, places, 2.5, 25) for edge, places in seen))]
        edge = seen[0][0]
        for k, line in enumerate((self.folder / "pairs").read_text().splitlines()[1:]):
            shell = 4 / 3 * math.pi * 0.1 ** 3 * ((k + 1) ** 3 - k ** 3)
            self.assertAlmostEqual(float(line.split()[1]), counts[k] / (3 * 500 * 499 / edge ** 3 * shell), delta=1e-9)
        ways = [sum((x - y - edge * round((x - y) / edge)) ** 2 for a, b in zip(places, seen[0][1]) for x, y in zip(a, b)) / 500
                for edge, places in seen]
        rows = result.json()["rows"]
        for row, way in zip(rows, ways):
            self.assertAlmostEqual(row["mean_square_displacement"], way, delta=1e-12)
            kinetic = sum(row["pressure_tensor"][:3]) / 3
            self.assertAlmostEqual(row["pressure"], kinetic, delta=1e-9)

    def test_pairs_as_mdanalysis_counts_them(self):
        if MDAnalysis is None:
            self.skipTest("MDAnalysis is not installed (Debian: python3-mdanalysis)")
        particles, bins, cutoff = 2048, 50, 2.5
        result = tutti_in(self.folder, "md", "--melt", particles, "--steps", "300", "--every", "100", "--trajectory", "run.dcd",
                          "--pairs", "pairs", "--bins", bins, "-n", "3")
        self.assertEqual(result.code, 0, result.err)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            universe = MDAnalysis.Universe.empty(particles, trajectory=True)
            universe.load_new(str(self.folder / "run.dcd"))
            all_atoms = universe.select_atoms("all")
            theirs = InterRDF(all_atoms, all_atoms, nbins=bins, range=(0, cutoff), exclusion_block=(1, 1)).run().results.rdf
            frame_count, volume = len(universe.trajectory), universe.trajectory[0].volume
        self.assertEqual(frame_count, 4)
        ours = [float(line.split()[1]) for line in (self.folder / "pairs").read_text().splitlines()[1:]]
        self.assertEqual(len(ours), bins)
        self.assertGreater(max(ours), 2)  # a liquid has a shell of neighbours
        for k, (mine, its) in enumerate(zip(ours, theirs)):
            shell = 4 / 3 * math.pi * (cutoff / bins) ** 3 * ((k + 1) ** 3 - k ** 3)
            one_pair = 2 / (frame_count * particles * (particles - 1) / volume * shell)
            # DCD has single precision: a few of the thousands of pairs change their bin.
            self.assertAlmostEqual(mine, its, delta=4.5 * one_pair, msg=f"bin {k}")

    def test_a_file_goes_on(self):
        first = tutti_in(self.folder, *MELT, "--trajectory", "run.xyz", "-n", "2")
        self.assertEqual(first.code, 0, first.err)
        words = ["md", "run.xyz", "--frame", "3", "--cutoff", "2.5", "--steps", "10", "--quiet"]
        results = [tutti_in(self.folder, *words, "-n", ranks) for ranks in ("1", "3")]
        self.assertEqual(len(self.hashes(results)), 1)
        at_end = first.out.splitlines()[-1].split()
        again = results[0].out.splitlines()[1].split()
        for k in (1, 2, 3):
            self.assertAlmostEqual(float(at_end[k]), float(again[k]), delta=1e-8)

    def test_errors_once(self):
        cases = [
            (["md", "--steps", "3"], 64, "--melt"),
            (["md", "--melt", "500"], 64, "--steps"),
            (["md", "--melt", "501", "--steps", "3"], 64, "500"),
            (["md", "--melt", "500", "--steps", "-3"], 64, "-3"),
            (["md", "--melt", "32", "--steps", "3"], 64, "cutoff"),
            (["md", "--melt", "500", "--steps", "3", "--placement", "here"], 64, "spatial"),
            (["md", "--melt", "500", "--steps", "3", "--restart"], 64, "checkpoints"),
            (["md", "--melt", "500", "--steps", "3", "--checkpoints", "none", "--restart"], 66, "none"),
            (["md", "--melt", "500", "--steps", "9", "--time-step", "0.5"], 65, "particle"),
            (["md", "absent.xyz", "--steps", "9"], 66, "absent.xyz"),
            (["md", "--melt", "500", "--steps", "3", "--table", "no/folder"], 73, "no/folder"),
            (["md", "--melt", "108000", "--steps", "3", "--memory-budget", "20MiB"], 75, "budget"),
        ]
        for words, code, said in cases:
            with self.subTest(words):
                result = tutti_in(self.folder, *words, "-n", "3")
                self.assertEqual(result.code, code, result.err)
                self.assertEqual(len(result.errors()), 1, result.err)
                self.assertIn(said, result.errors()[0])

    def test_overlap_names_both(self):
        (self.folder / "two.xyz").write_text('3\nLattice="9 0 0 0 9 0 0 0 9"\nA 1 1 1\nA 5 5 5\nA 5 5 5.01\n')
        result = tutti_in(self.folder, "md", "two.xyz", "--cutoff", "2.5", "--temperature", "1", "--steps", "5", "-n", "2")
        self.assertEqual(result.code, 65)
        self.assertIn("particles 2 and 3 overlap", result.errors()[0])

    def test_the_nearest_overlap_is_told_on_any_ranks(self):
        (self.folder / "six.xyz").write_text('6\nLattice="12 0 0 0 12 0 0 0 12"\nA 1 1 1\nA 1 1 1.02\nA 6 6 6\nA 6 6.01 6\n'
                                             'A 11 11 5\nA 11.03 11 5\n')
        words = [["md", "six.xyz", "--cutoff", "2.5", "--temperature", "1", "--steps", "5", "-n", ranks, "--placement", placement]
                 for ranks in ("1", "2", "3", "7") for placement in ("spatial", "node-shared")]
        words += [["energy", "six.xyz", "--cutoff", "2.5", "-n", ranks] for ranks in ("1", "3")]
        told = set()
        for result in several(lambda *words: tutti_in(self.folder, *words), words):
            self.assertEqual(result.code, 65, result.err)
            self.assertEqual(len(result.errors()), 1, result.err)
            told.add(result.errors()[0].partition("particles")[2])
        self.assertEqual(len(told), 1, told)
        self.assertTrue(told.pop().startswith(" 3 and 4 overlap"), told)

    def test_too_few_cells(self):
        result = tutti("md", "--melt", "256", "--steps", "3", "--placement", "spatial", "-n", "7")
        self.assertEqual(result.code, 0)
        self.assertIn("too few for 7 ranks", result.err)
        self.assertIn("node-shared", result.err)


if __name__ == "__main__":
    main(sys.modules[__name__])
