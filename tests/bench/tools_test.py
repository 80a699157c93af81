"""What tools/bench makes of runs: ratios, tables, drawings, files. On figures made up, and on those that are stored."""
import json
import pathlib
import subprocess
import sys
import unittest
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "benchmarks"))
import dot
import drawing
import figures
import grids
import kernels
import machine
import melt_ranks
import molecular
import peers
import programs
import run
import store

MEMORY = 1 << 20  # bytes of a vector, in what is made up here


def timed(name, ranks, elements, seconds, mpi="openmpi", dots=1):
    return {"peer": name, "mpi": mpi, "ranks": ranks, "elements": elements, "vectors": dots + 1, "dots": dots,
            "seconds": figures.spread(seconds)}


def peers_made_up():
    times = [timed(name, ranks, elements, [factor * 1e-6] * 5) for name, factor in ((peers.DOT, 3), (peers.PLAIN, 2))
             for ranks in (1, 2) for elements in (peers.SHORT, peers.CACHED, MEMORY // 8)]
    bits = [{"peer": peers.DOT, "ranks": ranks, "elements": 9, "usual": "0x1.8p+0", "cancelling": "0x1p+0"} for ranks in (1, 2)]
    bits += [{"peer": peers.PLAIN, "ranks": ranks, "elements": 9, "usual": f"0x1.{ranks}p+0", "cancelling": f"0x1p+{ranks}"}
             for ranks in (1, 2)]
    return {"time": times, "bits": bits, "absent": {"Tpetra dot": "not installed"}}


def kernel_line(kernel, column, ratio, seconds):
    return {"operation": "dot", "type": "float64", "elements": 64, "ranks": 1, "kernel": kernel, "plain": "avx512", "column": column,
            "ratio": {"median": ratio, "min": ratio, "max": ratio}, "exact_seconds": figures.spread([seconds]),
            "plain_seconds": figures.spread([seconds])}


class Figures(unittest.TestCase):
    def test_spread(self):
        self.assertEqual(figures.spread([3, 1, 2, 9, 2]), {"median": 2, "min": 1, "max": 9, "runs": [3, 1, 2, 9, 2]})

    def test_bounds(self):
        self.assertEqual(figures.bounds([3, 1, 2]), {"median": 2, "min": 1, "max": 3})

    def test_ratio_is_of_medians_and_its_bounds_of_neighbours(self):
        self.assertEqual(figures.ratio([2, 4, 6], [1, 1, 2]), {"median": 4, "min": 2, "max": 4})

    def test_ratio_needs_runs_in_pairs(self):
        with self.assertRaises(ValueError):
            figures.ratio([1, 2], [1])

    def test_times_have_three_digits(self):
        for seconds, words in ((1.2e-7, "120 ns"), (9.996e-7, "1.00 µs"), (1.128e-6, "1.13 µs"), (0.02144, "21.4 ms"), (0, "0 ns"),
                               (12.34, "12.3 s"), (7e-10, "0.70 ns")):
            self.assertEqual(figures.time_text(seconds), words)

    def test_figures_beside_targets(self):
        self.assertEqual(figures.against(0.97, 0.95), "0.97 >= 0.95")
        self.assertEqual(figures.against(0.47, 0.55), "0.47 < 0.55")
        self.assertEqual(figures.against(1.4, 1.6, at_least=False), "1.40 <= 1.60")
        self.assertEqual(figures.against(2, 1.6, at_least=False), "2.00 > 1.60")
        self.assertEqual(figures.against(0.5, None), "0.50")

    def test_table(self):
        table = figures.Table("title", ["name", "x"])
        table.add("long name", 1)
        table.add("a|b", "10.5")
        self.assertEqual(table.text(), "title\n  name           x\n  long name      1\n  a|b         10.5\n")
        self.assertEqual(table.markdown(), "**title**\n\n| name | x |\n| --- | --: |\n| long name | 1 |\n| a\\|b | 10.5 |\n")
        with self.assertRaises(ValueError):
            table.add("only a name")


class Dot(unittest.TestCase):
    def test_vectors_are_beyond_the_cache_and_within_the_memory(self):
        mib, gib = 1 << 20, 1 << 30
        self.assertEqual(dot.bytes_out_of_cache(False, 64 * gib, 32 * mib), 512 * mib)
        self.assertEqual(dot.bytes_out_of_cache(False, 64 * gib, 400 * mib), 800 * mib)
        self.assertEqual(dot.bytes_out_of_cache(True, 64 * gib, 400 * mib), 64 * mib)
        self.assertLessEqual(10 * dot.bytes_out_of_cache(False, gib, 400 * mib), gib // 4)

    def test_bits_and_cancellation(self):
        made_up = peers_made_up()
        self.assertTrue(peers.same_bits(made_up, peers.DOT))
        self.assertFalse(peers.same_bits(made_up, peers.PLAIN))
        self.assertEqual(peers.cancelling_error(made_up, peers.DOT), 0)
        self.assertEqual(peers.cancelling_error(made_up, peers.PLAIN), 3)  # 4 instead of 1
        self.assertEqual([peers.error_text(error) for error in (0, 3, 1.1e7, 2e-16)], ["0", "3e0", "1e7", "2e-16"])

    def test_peers_table_shows_who_is_absent(self):
        text = peers.table(peers_made_up(), {"memory": MEMORY}).text()
        self.assertRegex(text, r"tutti::dot +3\.00 µs.*the same +0\n")
        self.assertRegex(text, r"plain loop.*2 different +3e0\n")
        self.assertIn("Tpetra dot: not installed", text)

    def test_global_figure(self):
        figure = next(each for each in peers.figures(peers_made_up(), MEMORY // 8) if "of 1000 a rank" in each[0])
        self.assertEqual(figure[1:], (1.5, 1.6, False))

    def test_peers_must_be_given_the_same_vectors(self):
        peers.check_same_vectors([{"given": "a"}, {"given": "a"}])
        with self.assertRaises(programs.Failed):
            peers.check_same_vectors([{"given": "a"}, {"given": "b"}])

    def test_targets(self):
        lines = [kernel_line("avx512", "L2", 0.6, 1e-6), kernel_line("avx512", "L3", 0.8, 1e-6),
                 kernel_line("avx512", "tiny", 0.1, 110e-9), kernel_line("reference", "L2", 0.01, 1e-3)]
        accumulator = [{"what": "add(x)", "seconds_a_term": figures.spread([2e-9])}]
        self.assertEqual([each[1:] for each in kernels.figures(lines, accumulator)],
                         [(0.6, 0.55, True), (0.8, 0.85, True), (110e-9, 120e-9, False), (2e-9, 3e-9, False)])
        results = {"kernels": lines, "accumulator": accumulator, "peers": peers_made_up(), "sizes": {"memory": MEMORY}}
        self.assertEqual(dot.summary(results).rows, [["kernels and accumulator", "3 of 4"], ["whole dots", "1 of 1"]])
        self.assertEqual(len(dot.tables(results)), 5)
        text = kernels.tables(lines, {"memory": MEMORY})[0].text()
        self.assertRegex(text, r"avx512 float64 dot +110 ns <= 120 ns +0\.60 >= 0\.55 +0\.80 < 0\.85 +-")
        self.assertLess(text.index("reference"), len(text))


class StitchGrid(unittest.TestCase):
    def test_figures_and_targets(self):
        runs = {"tutti": [2e-6] * 5, "in_place": [1.9e-6] * 5, "derived_types": [4e-6] * 5, "packing": [3e-6] * 5}
        halo = grids.halo("mpich", {"ranks": 2, "extent": 256, "ends": "open", "when": "in a row", **runs})
        self.assertEqual((halo["ratio"]["median"], halo["ratio_in_place"]["median"]), (1.5, 0.95))
        self.assertRegex(grids.halo_table([halo]).text(), r"mpich, open .* 1\.50 >= 0\.95 +0\.95\n")
        queue = grids.queue("mpich", {"ranks": 2, "nodes": 2, "tutti": [1e-6] * 5, "fetch_and_op": [0.8e-6] * 5,
                                            "tutti_waits": [0.18] * 5, "fetch_and_op_waits": [0.18] * 5})
        self.assertRegex(grids.queue_table([queue]).text(), r"mpich +2 .* 0\.80 < 0\.90 +180 ms +180 ms\n")
        cg = {"mpi": "mpich", "extent": 256, "exact": figures.spread([0.036]), "rounded": figures.spread([0.038]),
              "ratio": figures.ratio([0.038], [0.036])}
        self.assertRegex(grids.cg_table([cg]).text(), r"mpich +36\.0 ms +38\.0 ms +1\.06 >= 0\.95 +- +-\n")
        cg.update(petsc=figures.spread([0.048]), petsc_ratio=figures.ratio([0.048], [0.036]))
        self.assertRegex(grids.cg_table([cg]).text(), r"48\.0 ms +1\.33 >= 1\.00\n")


class Drawing(unittest.TestCase):
    def test_is_well_formed_whatever_the_names(self):
        rows = [drawing.Bars('<a> & "b"', [1.0, None], True, ["x"]), drawing.Bars("c", [0.5, 0.0], False, ["y"])]
        root = xml.etree.ElementTree.fromstring(drawing.bars('"t" <', "below " * 100, ["p", "q"], ["n"], rows))
        rectangles = [each for each in root.iter() if each.tag.endswith("rect")]
        self.assertEqual([each.get("class") for each in rectangles], ["marked", "bar"])
        self.assertEqual(float(rectangles[0].get("width")), 2 * float(rectangles[1].get("width")))
        self.assertTrue(all(float(each.get("x")) >= 0 for each in rectangles))


class Melt(unittest.TestCase):
    def test_slope(self):
        times = [k * molecular.DRIFT["every"] * molecular.DRIFT["dt"] for k in range(2001)]
        found = molecular.slope([-4.6 + 1e-6 * time + 1e-4 * (-1) ** k for k, time in enumerate(times)])
        self.assertAlmostEqual(found["slope"], 1e-6, delta=1e-8)
        self.assertAlmostEqual(found["fluctuation"], 1e-4, 4)
        self.assertLess(found["error"], 1e-7)

    def test_speeds_are_compared_with_the_faster_of_lammps(self):
        speeds = {molecular.PLAIN: 90, molecular.OPT: 100, molecular.GROMACS: 200, "tutti float": 600, "tutti double": 290}
        lines = [{"name": name, "particles": 32000, "steps": 1, "steps_a_second": figures.spread([speed] * 5)} for name, speed in speeds.items()]
        rows = {row[0]: row[1:] for row in molecular.speed_table({"speed": lines, "absent": []}).rows}
        self.assertEqual(rows["tutti float"], ["32000", "600.0", "6.00 >= 4.50", "3.00 >= 2.20"])
        self.assertEqual(rows["tutti double"][2:], ["2.90 < 3.00", "1.45"])

    def test_peers_that_are_not_there(self):
        lines = [{"name": "tutti float", "particles": 32000, "steps": 1, "steps_a_second": figures.spread([600] * 5)}]
        rows = molecular.speed_table({"speed": lines, "absent": [molecular.PLAIN]}).rows
        self.assertEqual(rows, [["tutti float", "32000", "600.0", "-", "-"], ["LAMMPS: not installed", "-", "-", "-", "-"]])

    def test_model_of_many_ranks(self):
        self.assertEqual(melt_ranks.bricks(10, 1), (1000, 0, 0))
        self.assertEqual(melt_ranks.bricks(10, 2), (500, 200, 1))
        self.assertEqual(melt_ranks.bricks(12, 8), (216, 264, 5))
        times = [melt_ranks.model(65e-9, ranks)["total"] for ranks in (1, 2, 64, 1024)]
        self.assertAlmostEqual(times[0], 32e6 * 65e-9)
        self.assertTrue(all(1 < slow * P / times[0] < 1.2 for slow, P in zip(times[1:], (2, 64, 1024))), times)

    def test_lattices(self):
        self.assertEqual([molecular.lattice(4 * n**3) for n in (1, 6, 20, 40)], [1, 6, 20, 40])


class Store(unittest.TestCase):
    def test_layout_is_json(self):
        value = {"a": [1.5, "µ", None, True], "long": [{"x": list(range(60))}, {}], "empty": []}
        self.assertEqual(json.loads(store.layout(value)), value)
        self.assertEqual(store.layout([1, 2]), "[1, 2]")

    def test_stored_runs_can_be_shown(self):
        stored = sorted(store.FOLDER.glob("*.json"))
        self.assertTrue(stored)
        for path in stored:
            document = store.read(path.stem)
            question = run.QUESTIONS[path.stem]
            self.assertIn("tools/bench", document["command"])
            self.assertIn(document["machine"]["processor"], machine.in_words(document["machine"]))
            tables = question.tables(document["results"])
            self.assertTrue(tables)
            for table in tables:
                self.assertTrue(table.rows, f"{path.name}: {table.title}")

    def test_stored_drawings_are_of_the_stored_runs(self):
        for path in store.FOLDER.glob("*.svg"):
            self.assertEqual(path.read_text(encoding="utf-8"), run.QUESTIONS[path.stem].draw(store.read(path.stem)))

    def test_what_is_not_stored(self):
        with self.assertRaises(store.NotStored):
            store.read("no such question")


class Door(unittest.TestCase):
    def call(self, *words):
        return subprocess.run([ROOT / "tools" / "bench", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def test_lists_its_questions(self):
        done = self.call()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(done.stdout.splitlines()), len(run.QUESTIONS))
        for name, question in run.QUESTIONS.items():
            self.assertRegex(done.stdout, rf"(?m)^{name} +\S.*\?$")
            self.assertTrue(callable(question.measure) and callable(question.tables))

    def test_refuses(self):
        for words, why in ((["nonsense"], "invalid choice"), (["guard", "--repeats", "4"], "at least 5"),
                           (["guard", "--quick", "--store"], "leave out")):
            done = self.call(*words)
            self.assertEqual(done.returncode, 2)
            self.assertIn(why, done.stderr)

    def test_shows_what_is_stored(self):
        done = self.call("guard", "--markdown")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("| guarded sum, exact | openmpi |", done.stdout)


if __name__ == "__main__":
    unittest.main()
