"""tutti plan: the numbers, the verdict, and one clear error for every bad input. Cached figures are given, so nothing here
depends on what MPI takes on this machine; one test measures it."""
import json
import sys

from program import Case, Setup, main, run

COORDINATES = ["--array", "coordinates:replicated:1e8x3:float64"]
JOB = ["--ranks", "4096", "--per-node", "128", "--node-memory", "256GB"]
REPORT = {
    "schema": "tutti-memory/1", "program": "pairs", "mpi": "openmpi", "ranks": 2,
    "nodes": [{"name": "here", "ranks": 2, "booked_bytes": dict.fromkeys(
        ["program", "distributed", "node-shared", "replicated", "halo", "buffer"], 0), "peak_bytes": 0, "start_bytes": 0,
        "pss_bytes": 0, "rss_bytes": 0, "page_table_bytes": 0}],
    "holdings": [{"name": "field", "category": "distributed", "elements": 1000003, "element_bytes": 8, "layout": "cyclic",
                  "rank_bytes": 4000016, "node_bytes": 8000024},
                 {"name": "copied", "category": "replicated", "elements": 1000, "element_bytes": 8, "layout": "",
                  "rank_bytes": 8000, "node_bytes": 16000}]}
TOML = """
ranks = 4096
per-node = 128
node-memory = "256GB"
[[array]]
name = "coordinates"
kind = "replicated"
shape = [100_000_000, 3]
type = "float64"
"""


class PlanCase(Case):
    """Never measures by itself, and keeps its cache in the test's folder."""

    def plan(self, *words, calibrate="never"):
        return run([Setup.program, "plan", "--calibrate", calibrate, *words], env={"XDG_CACHE_HOME": str(self.folder)})


class Numbers(PlanCase):
    def test_exact_bytes(self):
        result = self.plan("--json", *JOB, *COORDINATES, "--array", "field:distributed:1000003:f8:cyclic")
        self.assertEqual((result.code, result.err), (75, ""))
        found = result.json()
        self.assertEqual(found["schema"], "tutti-plan/1")
        self.assertEqual((found["ranks"], found["per_node"], found["nodes"]), (4096, 128, 32))
        self.assertEqual(found["categories"]["replicated"], {"rank_bytes": 2400002048, "node_bytes": 128 * 2400002048,
                                                             "origin": "computed"})
        # 1000003 = 244 * 4096 + 579: the first 128 ranks have 245 elements, 1960 bytes, which take 1984.
        self.assertEqual(found["categories"]["distributed"]["node_bytes"], 128 * 1984)
        self.assertEqual(found["categories"]["program"]["origin"], "assumed")
        self.assertEqual(found["total"]["node_bytes"], sum(each["node_bytes"] for each in found["categories"].values()))
        self.assertEqual(found["verdict"], "does not fit")
        self.assertEqual(found["changes"][0]["change"], "share coordinates (NodeShared)")
        self.assertEqual(found["changes"][0]["verdict"], "fits")

    def test_particles(self):
        found = {}
        for placement in ("spatial", "node-shared", "replicated"):
            result = self.plan("--json", "--particles", "32000000", "--placement", placement, "--ranks", "64", "--per-node", "32",
                               "--node-memory", "16GiB")
            found[placement] = result.json()
            self.assertEqual(result.code, 75 if placement == "replicated" else 0, result.err)
        self.assertEqual(found["node-shared"]["categories"]["node-shared"]["node_bytes"], 32 * 32000000)
        self.assertGreaterEqual(found["replicated"]["categories"]["replicated"]["rank_bytes"], 32 * 32000000)
        # A brick of 30 x 30 x 30 cells, of 19.8 particles each, and one cell more around it, of 32 bytes, and as much packed.
        self.assertAlmostEqual(found["spatial"]["categories"]["halo"]["rank_bytes"] / 6.84e6, 1, delta=0.02)

    def test_follows_the_advice(self):
        for change, words in (("share coordinates (NodeShared)", [*JOB, "--array", "coordinates:node-shared:1e8x3:float64"]),
                              ("at most", [*JOB[:2], "--per-node", None, *JOB[4:], *COORDINATES])):
            found = self.plan("--json", *JOB, *COORDINATES).json()
            advice = next(each for each in found["changes"] if each["change"].startswith(change))
            words = [advice["change"].split()[2] if word is None else word for word in words]
            result = self.plan("--json", *words)
            self.assertEqual((result.code, result.json()["verdict"]), (0, "fits"), change)
            self.assertEqual(result.json()["total"]["node_bytes"], advice["node_bytes"], change)

    def test_text(self):
        result = self.plan(*JOB, *COORDINATES)
        self.assertEqual((result.code, result.err), (75, ""))
        for words in ("4096 ranks, 128 on each of 32 nodes", "replicated", "286.10 GiB", "page tables", "assumed",
                      "does not fit: ", "cheapest change: share coordinates (NodeShared): ", "past forecasts: none yet"):
            self.assertIn(words, result.out)
        self.assertIn("too close: ", self.plan("--ranks", "1", "--node-memory", "1030MiB", "--array", "a:buffer:960MiB:1B"
                                               .replace("960MiB", str(960 << 20))).out)

    def test_from_a_run(self):
        path = self.file("run.json", json.dumps(REPORT).encode())
        found = self.plan("--json", "--from-run", path, *JOB).json()
        self.assertEqual(found["categories"]["distributed"]["node_bytes"], 128 * 1984)
        self.assertEqual(found["categories"]["replicated"]["rank_bytes"], 8000)
        self.assertEqual(self.plan("--json", "--from-run", path).json()["ranks"], 2)
        # A program with memory that it did not book: a GiB on each rank.
        report = json.loads(json.dumps(REPORT))
        report["nodes"][0]["pss_bytes"] = 3 << 30
        path = self.file("heavy.json", json.dumps(report).encode())
        heavy = self.plan("--json", "--from-run", path, *JOB).json()["categories"]["buffer"]
        self.assertEqual(heavy["origin"], "assumed")
        self.assertGreater(heavy["rank_bytes"], 1400 << 20)

    def test_from_toml(self):
        path = self.file("job.toml", TOML.encode())
        found = self.plan("--json", path).json()
        self.assertEqual((found["ranks"], found["per_node"], found["limit"]["bytes"]), (4096, 128, 256000000000))
        self.assertEqual(found["categories"]["replicated"]["rank_bytes"], 2400002048)
        self.assertEqual(self.plan("--json", path, "--per-node", "64", "--node-memory", "1TB").json()["nodes"], 64)

    def test_limit_of_this_node(self):
        words = ["plan", "--calibrate", "never", "--json", "--ranks", "1", "--array", "a:buffer:1e9:f8"]
        result = run([Setup.program, *words], env={"XDG_CACHE_HOME": str(self.folder), "TUTTI_MEMORY_BUDGET": "1GB"})
        self.assertEqual((result.code, result.json()["limit"]["bytes"]), (75, 10**9))
        self.assertEqual(result.json()["limit"]["origin"], "TUTTI_MEMORY_BUDGET")
        result = run([Setup.program, *words], env={"XDG_CACHE_HOME": str(self.folder), "TUTTI_MEMORY_BUDGET": "much"})
        self.assertEqual((result.code, result.json()["error"]["type"]), (64, "UsageError"))

    def test_history(self):
        self.cache({"history.txt": "1009 1000 4 mpich a\n1016 1000 4 mpich b\n"})
        self.assertIn("past forecasts: 2 runs here: median 1.6 %, worst 1.6 %\n", self.plan("--ranks", "1", *COORDINATES).out)

    def cache(self, files):
        (self.folder / "tutti").mkdir()
        for name, text in files.items():
            (self.folder / "tutti" / name).write_text(text)


class Calibration(PlanCase):
    def test_measures_once(self):
        words = ["--json", "--ranks", "256", "--node-memory", "1TB", "--array", "a:replicated:1:f8"]
        first = run([Setup.program, "plan", *words], env={"XDG_CACHE_HOME": str(self.folder)})
        self.assertEqual((first.code, first.err), (0, ""))
        program = first.json()["categories"]["program"]
        self.assertEqual(program["origin"], "measured here")
        self.assertRegex(first.json()["program_origin"], r"^measured here on 1-\d+ ranks, extrapolated to 256$")
        self.assertGreater(program["node_bytes"], 256 << 20)
        self.assertLess(program["node_bytes"], 256 << 30)
        kept, = self.folder.glob("tutti/base-*.txt")
        self.assertIn(Setup.mpi, kept.name)
        kept.write_text(kept.read_text().splitlines()[0] + "\n1 1048576 4096\n")  # a second time would replace it
        second = run([Setup.program, "plan", *words], env={"XDG_CACHE_HOME": str(self.folder)})
        self.assertEqual(second.json()["categories"]["program"]["node_bytes"], 256 << 20)

    def test_unwritable_cache_is_no_error(self):
        blocked = self.file("blocked", b"")
        result = run([Setup.program, "plan", "--calibrate", "now", "--ranks", "1", "--array", "a:buffer:1:f8"],
                     env={"XDG_CACHE_HOME": blocked})
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("note: what MPI takes: not kept: ", result.out)
        self.assertIn("measured here", result.out)

    def test_without_a_launcher(self):
        words = ["--ranks", "1", "--array", "a:buffer:1:f8", "--mpiexec", "/nonexistent/mpiexec"]
        result = self.plan(*words, calibrate="auto")
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("assumed", result.out)
        self.assertIn("note: what MPI takes: --mpiexec /nonexistent/mpiexec: no such program", result.out)
        self.expect_error(self.plan(*words, calibrate="now"), 69, "/nonexistent/mpiexec", noise=True)


class BadInput(PlanCase):
    def test_options(self):
        for words, said in {
                ("--array", "a:buffer:1:f8"): "how many ranks? give --ranks",
                ("--ranks", "4"): "what does the job hold? give --array",
                ("--ranks", "0", *COORDINATES): "--ranks 0: give a number of ranks of at least 1",
                ("--ranks", "-4", *COORDINATES): "--ranks -4",
                ("--ranks", "many", *COORDINATES): "--ranks",
                ("--ranks", "4", "--per-node", "0", *COORDINATES): "--per-node 0",
                ("--ranks", "99999999999", *COORDINATES): "--ranks",
                ("--ranks", "4", "--node-memory", "lots", *COORDINATES): "--node-memory lots: no amount of memory",
                ("--ranks", "4", "--node-memory", "0", *COORDINATES): "--node-memory 0",
                ("--ranks", "4", "--array", "a:b"): "--array a:b: give NAME:KIND:ELEMENTS:TYPE",
                ("--ranks", "4", "--array", "a:shared:1:f8"): "shared is no kind",
                ("--ranks", "4", "--array", "a:buffer:-1:f8"): "-1 is no number of elements",
                ("--ranks", "4", "--array", "a:buffer:1:f9"): "f9 is no type",
                ("--ranks", "4", "--array", "a:distributed:1:f8:round"): "round is no layout",
                ("--ranks", "4", "--calibrate", "often", *COORDINATES): "--calibrate",
                ("--bogus",): "--bogus"}.items():
            with self.subTest(words):
                self.expect_error(run([Setup.program, "plan", *words], env={"XDG_CACHE_HOME": str(self.folder)}), 64, said)
                result = run([Setup.program, "plan", "--json", *words], env={"XDG_CACHE_HOME": str(self.folder)})
                self.expect_json_error(result, 64, "UsageError", said)

    def test_files(self):
        bad = {"not.json": b"rubbish", "half.json": json.dumps(REPORT).encode()[:99], "list.json": b"[]", "empty.json": b"",
               "other.json": b'{"schema":"tutti-dot/1"}'}
        for name, contents in bad.items():
            path = self.file(name, contents)
            self.expect_error(self.plan("--ranks", "4", "--from-run", path), 65, path, "tutti-memory/1", where=name)
        for number in ("-1", "1.5", "1e30", '"x"', "null"):
            path = self.file("number.json", json.dumps(REPORT).encode().replace(b'"rank_bytes": 8000',
                                                                               b'"rank_bytes": ' + number.encode()))
            self.expect_error(self.plan("--ranks", "4", "--from-run", path), 65, "holdings[1].rank_bytes", where=number)
        for name, contents in {"a.toml": b"ranks = ", "b.toml": b"rnaks = 4", "c.toml": b"\xff\xfe", "d.toml": b"ranks = -4",
                               "e.toml": TOML.replace("replicated", "copied").encode()}.items():
            path = self.file(name, contents)
            self.expect_error(self.plan(path), 65, path, "line", where=name)
        missing = str(self.folder / "missing.toml")
        self.expect_error(self.plan(missing), 66, missing)
        self.expect_error(self.plan("--from-run", missing), 66, missing)
        self.expect_error(self.plan("--from-run", str(self.folder)), 66, str(self.folder))

    def test_lost_output(self):
        with open("/dev/full", "w") as full:
            result = run([Setup.program, "plan", "--calibrate", "never", "--ranks", "1", *COORDINATES], stdout=full,
                         env={"XDG_CACHE_HOME": str(self.folder)})
        self.assertEqual(result.code, 74, result.err)


if __name__ == "__main__":
    main(sys.modules[__name__])
