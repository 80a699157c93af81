"""What must work: empty vectors, NaN and infinities, more ranks than elements, every output option."""
import json
import math
import sys

import npy
from program import Case, Setup, launched, main, run, tutti

INFINITY = math.inf


class Values(Case):
    def check(self, values, expected, dtype="<f8", shape=None):
        """dot of a file with itself, on 1, 2 and 3 ranks: the JSON's value."""
        path = self.file("x.npy", npy.npy(values, dtype, shape))
        for ranks in (None, 3):
            result = tutti("dot", "--json", path, path, ranks=ranks)
            self.assertEqual((result.code, result.err), (0, ""), result)
            found = result.json()
            self.assertEqual(found["schema"], "tutti-dot/1")
            self.assertEqual(found["n"], len(values))
            self.assertEqual(found["ranks"], ranks or 1)
            self.assertEqual(found["value"], expected)
            if isinstance(expected, float):
                self.assertEqual(float.fromhex(found["hex"]), expected)
            elif isinstance(expected, int):
                self.assertEqual(int(found["hex"], 16), expected)
            else:
                self.assertEqual(found["hex"], expected)

    def test_empty(self):
        self.check([], 0.0)

    def test_empty_matrix(self):
        self.check([], 0.0, shape=(3, 0))

    def test_fewer_elements_than_ranks(self):
        self.check([3.0, 4.0], 25.0)

    def test_single_number_without_dimensions(self):
        self.check([3.0], 9.0, shape=())

    def test_not_a_number(self):
        self.check([1.0, math.nan, INFINITY], "nan")

    def test_infinity(self):
        self.check([1.0, -INFINITY, 2.0], "inf")

    def test_integers_beyond_64_bits(self):
        self.check([2**62, -(2**62)], 2**125, "<i8")

    def test_integers_beyond_128_bits_are_an_error(self):
        path = self.file("x.npy", npy.npy([-(2**63)] * 2, "<i8"))
        self.expect_error(tutti("dot", path, path, ranks=2), 65, path, "128-bit", "float64")
        self.expect_json_error(tutti("dot", "--json", path, path), 65, "RangeError", path, "128-bit")

    def test_statistics_of_nothing(self):
        path = self.file("x.npy", npy.npy([]))
        found = tutti("stats", "--json", path, ranks=2).json()
        self.assertEqual((found["n"], found["sum"]["value"], found["norm2"]["value"]), (0, 0.0, 0.0))
        self.assertEqual((found["mean"]["value"], found["variance"]["hex"]), ("nan", "nan"))
        self.assertEqual((found["min"], found["max"]), (None, None))
        self.assertIn("min = none", tutti("stats", path).out)

    def test_statistics_of_specials(self):
        path = self.file("x.npy", npy.npy([1.0, INFINITY, -2.0, math.nan, -INFINITY]))
        found = tutti("stats", "--json", path, ranks=3).json()
        for name in ("sum", "mean", "variance", "norm2", "asum"):
            self.assertEqual(found[name], {"value": "nan", "hex": "nan"}, name)
        for name in ("min", "max"):
            self.assertEqual(found[name], {"value": "nan", "hex": "nan", "index": 3}, name)

    def test_statistics_of_the_largest_unsigned_integers(self):
        path = self.file("x.npy", npy.npy([2**64 - 1, 2**63, 2**64 - 1], "<u8"))
        found = tutti("stats", "--json", path, ranks=2).json()
        self.assertEqual(found["sum"]["value"], 2 * (2**64 - 1) + 2**63)
        self.assertEqual(found["max"], {"value": 2**64 - 1, "hex": hex(2**64 - 1), "index": 0})
        self.assertEqual(found["min"], {"value": 2**63, "hex": hex(2**63), "index": 1})

    def test_raw(self):
        path = self.file("x.bin", b"head" + npy.data([1.5, -2.5], ">f4"))
        result = tutti("dot", "--dtype", ">f4", "--offset", "4", path, path, ranks=2)
        self.assertEqual((result.code, result.out), (0, "dot = 8.5 = 0x1.1p+3\n"))

    def test_memory_orders(self):
        a = self.file("a.npy", npy.npy([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], shape=(2, 3)))
        b = self.file("b.npy", npy.npy([10.0, 40.0, 20.0, 50.0, 30.0, 60.0], shape=(2, 3), fortran_order=True))
        for ranks in (None, 3):
            self.assertEqual(tutti("dot", "--quiet", a, b, ranks=ranks).out, "dot = 910 = 0x1.c7p+9\n")


class Output(Case):
    def setUp(self):
        super().setUp()
        self.path = self.file("x.npy", npy.npy([1.0, 2.0, 3.0]))

    def test_plain_is_one_line(self):
        for ranks in (None, 2):
            result = tutti("dot", self.path, self.path, ranks=ranks)
            self.assertEqual((result.code, result.out), (0, "dot = 14 = 0x1.cp+3\n"))
            self.assertEqual(len(result.err.splitlines()), 1)
            self.assertTrue(result.err.startswith("n 3, "), result.err)
            self.assertNotIn("\x1b", result.err)

    def test_bare_launcher(self):
        result = launched(3, "dot", self.path, self.path)
        self.assertEqual((result.code, result.out.replace("\r\n", "\n")), (0, "dot = 14 = 0x1.cp+3\n"))

    def test_quiet(self):
        result = tutti("stats", "--quiet", self.path, ranks=2)
        self.assertEqual((result.code, result.err), (0, ""))
        self.assertEqual(len(result.out.splitlines()), 8)

    def test_n_that_the_launcher_has_started(self):
        result = launched(2, "dot", "-n", "2", "--json", self.path, self.path)
        self.assertEqual(json.loads(result.out)["ranks"], 2)

    def test_distributions(self):
        for layout in ("block", "cyclic", "block-cyclic:1", "block-cyclic:1000000000000"):
            found = tutti("dot", "--json", "--distribution", layout, self.path, self.path, ranks=2).json()
            self.assertEqual(found["value"], 14.0)

    def test_rounded(self):
        found = tutti("dot", "--rounded", "--json", self.path, self.path, ranks=2).json()
        self.assertEqual((found["value"], found["rounded"]), (14.0, True))

    def test_output_is_what_stdout_says(self):
        for ranks, options in ((None, []), (2, []), (2, ["--json"])):
            target = self.folder / "result"
            result = tutti("dot", *options, "--output", target, self.path, self.path, ranks=ranks)
            self.assertEqual(result.code, 0, result)
            self.assertEqual(target.read_text(), result.out)
            self.assertEqual(self.names(), ["result", "x.npy"])

    def test_output_of_a_failed_run_is_not_touched(self):
        target = self.folder / "result"
        target.write_text("before")
        result = tutti("dot", "--output", target, self.path, self.folder / "missing", ranks=2)
        self.assertEqual(result.code, 66)
        self.assertEqual(target.read_text(), "before")
        self.assertEqual(self.names(), ["result", "x.npy"])

    def test_memory_report(self):
        for ranks in (1, 3):
            report = self.folder / "run.json"
            result = tutti("dot", "--memory-report", report, self.path, self.path, ranks=ranks)
            self.assertEqual((result.code, result.out), (0, "dot = 14 = 0x1.cp+3\n"))
            found = json.loads(report.read_text())
            self.assertEqual((found["schema"], found["ranks"], len(found["nodes"])), ("tutti-memory/1", ranks, 1))
            held = {entry["name"]: entry["node_bytes"] for entry in found["holdings"]}
            self.assertEqual(list(held), ["pieces of " + str(self.path)])
            self.assertEqual(held["pieces of " + str(self.path)], found["nodes"][0]["booked_bytes"]["buffer"])
            self.assertGreater(found["nodes"][0]["pss_bytes"], found["nodes"][0]["start_bytes"])
            table = tutti("dot", "--memory-report", "-", self.path, self.path, ranks=ranks)
            self.assertEqual(table.out, "dot = 14 = 0x1.cp+3\n")
            self.assertIn("pieces of " + str(self.path), table.err)
            self.assertIn("what the node gave", table.err)

    def test_memory_budget(self):
        result = tutti("dot", "--memory-budget", "1MiB", self.path, self.path, ranks=2)
        self.expect_error(result, 75, "program and MPI", "budget of 1.00 MiB", "raise the budget to at least")
        enough = tutti("dot", "--memory-budget", "4GiB", self.path, self.path, ranks=2, env={"TUTTI_MEMORY_BUDGET": "1"})
        self.assertEqual((enough.code, enough.out), (0, "dot = 14 = 0x1.cp+3\n"))

    def test_doctor(self):
        for ranks in (None, 2):
            found = tutti("doctor", "--json", ranks=ranks)
            self.assertEqual((found.code, found.err), (0, ""))
            self.assertEqual(found.json()["mpi"]["ranks"], str(ranks or 1))
        self.assertIn("kernels", tutti("doctor").out)


class Help(Case):
    def test_all(self):
        for words in (["--help"], ["-h"], ["--version"], ["dot", "--help"], ["stats", "--help"], ["run", "--help"],
                      ["doctor", "--help"], ["run", "-n", "2", "--help", "--", "true"]):
            result = run([Setup.program, *words])
            self.assertEqual((result.code, result.err), (0, ""), words)
            self.assertTrue(result.out.endswith("\n"))

    def test_names_every_option(self):
        text = run([Setup.program, "dot", "--help"]).out
        for option in ("-n", "--distribution", "--rounded", "--dtype", "--offset", "--json", "--quiet", "--output",
                       "--color", "--mpiexec", "--launcher"):
            self.assertIn(option, text)

    def test_once_under_a_launcher(self):
        self.assertEqual(launched(2, "--version").out.replace("\r\n", "\n"), run([Setup.program, "--version"]).out)


if __name__ == "__main__":
    main(sys.modules[__name__])
