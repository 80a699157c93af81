"""tutti inspect with programs that know nothing of it: what it finds, and that they notice nothing."""
import json
import os
import pathlib
import signal
import sys
import time
import unittest

from program import NOBODY, Case, Setup, end_group, finish, launched, main, run, start, tutti

RANK = os.environ["TUTTI_RANK_MEMORY"]  # tests/cli/rank_memory.cpp
MIB = 1 << 20
SIZE = 16
LIFE = 5  # seconds: long enough to be scanned on a busy machine


def reports(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith('{"schema":"tutti-inspect/1"')]


def processes(word):
    """(pid, parent, session) of those that have the word in their command line."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if word.encode() in (folder / "cmdline").read_bytes():
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                if fields[0] != "Z":
                    found.append((int(folder.name), int(fields[1]), int(fields[3])))
        except OSError:
            pass  # it has just ended
    return found


class InspectCase(Case):
    def inspect(self, *program, ranks=4, options=(), **settings):
        """The one report of the one node, and the result."""
        result = tutti("inspect", "--json", *options, "--", *program, ranks=ranks, **settings)
        found = reports(result.err)
        self.assertEqual(len(found), 1, result)
        return found[0], result

    def expect_nothing_left(self, word):
        for _ in range(100):
            if not processes(word):
                return
            time.sleep(0.1)
        self.fail(f"left behind: {processes(word)}")

    def kept(self, what, *more, ranks=4, **settings):
        report, result = self.inspect(RANK, what, SIZE, LIFE, *more, ranks=ranks, **settings)
        self.assertEqual((result.code, result.out), (0, f"{what} unchanged\n" * ranks), result)
        return report


class Findings(InspectCase):
    def test_the_same_on_all_ranks(self):
        report = self.kept("same")
        scan = report["scan"]
        self.assertIsNotNone(scan, report)
        self.assertGreaterEqual(scan["on_all_bytes"], 0.99 * SIZE * MIB)
        self.assertLess(scan["on_all_bytes"], (SIZE + 1) * MIB)
        self.assertEqual(scan["saved_bytes"] - 3 * scan["on_all_bytes"] >= 0, True)
        self.assertEqual(scan["ranks"], 4)
        self.assertEqual(scan["mappings"][0]["kind"], "anonymous")
        self.assertEqual(sum(row["saved_bytes"] for row in scan["mappings"]), scan["saved_bytes"])
        self.assertEqual(sum(row["on_all_bytes"] for row in scan["mappings"]), scan["on_all_bytes"])
        self.assertEqual((report["ranks"], report["job_ranks"]), ([0, 1, 2, 3], 4))
        self.assertGreaterEqual(report["memory"]["peak_bytes"], 4 * SIZE * MIB)
        self.assertEqual(report["memory"]["kind"], "pss")
        self.assertGreater(report["scans"]["stopped_seconds"], 0)
        forecast = {entry["ranks"]: entry for entry in report["at_other_rank_counts"]}
        self.assertGreaterEqual(forecast[64]["memory_bytes"] - forecast[64]["one_copy_bytes"], 0.99 * 63 * SIZE * MIB)

    def test_different_on_each_rank(self):
        scan = self.kept("different")["scan"]
        self.assertGreaterEqual(scan["private_bytes"], 4 * SIZE * MIB)
        self.assertLess(scan["on_all_bytes"] + scan["on_several_bytes"], MIB)

    def test_memory_that_is_shared_already(self):
        path = self.file("data", os.urandom(SIZE * MIB))
        os.chmod(path, 0o644)
        for what in ("shared", "file"):
            report = self.kept(what, path, ranks=2)
            self.assertGreaterEqual(report["memory"]["peak_bytes"], SIZE * MIB)
            found = report["scan"]
            if found:  # a scan needs some private memory to begin with
                self.assertLess(found["on_all_bytes"], MIB)

    def test_a_rank_that_ends_before_the_others(self):
        code = f'if [ "${{PMI_RANK:-$OMPI_COMM_WORLD_RANK}}" = 2 ]; then exit 0; fi; exec {RANK} same {SIZE} {LIFE}'
        report, result = self.inspect("sh", "-c", code, ranks=3, options=["--at", "2"])
        self.assertEqual((result.code, report["ranks"], report["scan"]["ranks"]), (0, [0, 1, 2], 2), result)
        self.assertGreaterEqual(report["scan"]["on_all_bytes"], 0.99 * SIZE * MIB)
        self.assertEqual(report["at_other_rank_counts"][0]["ranks"], 2)

    def test_in_a_step_of_slurm(self):
        report, result = self.inspect("true", ranks=2, env={"SLURM_STEP_ID": "0"})
        self.assertEqual((result.code, report["ranks"]), (0, [0, 1]), result)

    def test_under_a_bare_launcher(self):
        result = launched(3, "inspect", "--json", "--", RANK, "same", SIZE, LIFE)
        self.assertEqual((result.code, result.out), (0, "same unchanged\n" * 3), result)
        [report] = reports(result.err)
        self.assertEqual(report["ranks"], [0, 1, 2])
        self.assertGreaterEqual(report["scan"]["on_all_bytes"], 0.99 * SIZE * MIB)

    def test_without_a_launcher(self):
        result = run([Setup.program, "inspect", "--json", "--", RANK, "same", SIZE, 2])
        [report] = reports(result.err)  # one rank has nothing in common with others
        self.assertEqual((result.code, report["ranks"], report["scan"]["saved_bytes"]), (0, [0], 0), result)

    def test_a_program_that_a_script_starts(self):
        report, result = self.inspect("sh", "-c", 'echo begin; "$@"; echo end', "sh", RANK, "same", SIZE, LIFE, ranks=2)
        self.assertEqual(sorted(result.out.split("\n")), sorted(["begin", "same unchanged", "end"] * 2 + [""]))
        self.assertGreaterEqual(report["scan"]["on_all_bytes"], 0.99 * SIZE * MIB)

    def test_several_nodes(self):
        result = tutti("inspect", "--json", "--", RANK, "same", SIZE, LIFE, ranks=4, env={"TUTTI_NODES": "2"})
        found = sorted(reports(result.err), key=lambda report: report["ranks"])
        self.assertEqual([report["ranks"] for report in found], [[0, 1], [2, 3]], result)
        for report in found:
            self.assertGreaterEqual(report["scan"]["on_all_bytes"], 0.99 * SIZE * MIB)

    def test_at(self):
        report, _ = self.inspect(RANK, "same", SIZE, LIFE, ranks=2, options=["--at", "1.5"])
        self.assertEqual(report["scans"]["count"], 1)
        self.assertGreaterEqual(report["scan"]["at_seconds"], 1.5)

    def test_as_an_ordinary_user(self):
        if os.geteuid() != 0:
            self.skipTest("we are one: the other tests show it")
        scan = self.kept("same", ranks=2, user=NOBODY)["scan"]
        self.assertGreaterEqual(scan["on_all_bytes"], 0.99 * SIZE * MIB)

    def test_no_permission(self):
        user = NOBODY if os.geteuid() == 0 else None  # root may look anywhere
        report = self.kept("hidden", ranks=2, user=user)
        self.assertIsNone(report["scan"])
        self.assertIn("no permission to look into process", report["trouble"])
        self.assertIn("ptrace", report["trouble"])
        self.assertEqual(report["memory"]["kind"], "rss")


class Untouched(InspectCase):
    def test_output(self):
        expected = bytes(range(256)) * 4096
        path = self.folder / "out"
        with open(path, "wb") as out:
            result = run([Setup.program, "inspect", "--", RANK, "bytes"], stdout=out)
        self.assertEqual((result.code, path.read_bytes() == expected), (0, True))

    def test_exit_codes(self):
        for code in (0, 3, 255):
            for ranks in (1, 2):
                _, result = self.inspect("sh", "-c", f"exit {code}", ranks=ranks)
                self.assertEqual((result.code, result.out), (code, ""), result)

    def test_signals(self):
        for number in (signal.SIGSEGV, signal.SIGKILL, signal.SIGTERM):
            result = run([Setup.program, "inspect", "--", "sh", "-c", f"kill -{number} $$"])
            self.assertEqual(result.code, -number, result)
        # One rank: where several die at once, MPICH's mpiexec may fail an assertion of its own.
        result = tutti("inspect", "--", "sh", "-c", "kill -11 $$", ranks=1)
        self.assertEqual(result.code, 128 + signal.SIGSEGV, result)
        self.assertEqual(len(result.errors()), 1, result)

    def test_a_short_program(self):
        result = tutti("inspect", "--", "true", ranks=2)
        self.assertEqual((result.code, result.out), (0, ""))
        self.assertIn("ended before its pages were compared; --at", result.err)
        self.assertEqual(result.err.count("tutti inspect: node"), 1, result)

    def test_programs_that_cannot_be_started(self):
        for ranks in (None, 1, 2):
            self.expect_error(tutti("inspect", "--", "/no/such/program", ranks=ranks), 66, "/no/such/program")
        result = launched(2, "inspect", "--", "/no/such/program")
        self.expect_error(result, 66, "/no/such/program", noise=True, exact_code=Setup.mpi == "mpich")

    def test_wrong_options(self):
        for words in (["--every", "0"], ["--every", "nan"], ["--at", "-1"], ["--at", "soon"]):
            self.expect_error(tutti("inspect", *words, "--", "true"), 64, words[0])
        self.expect_error(tutti("inspect"), 64, "no program")

    def test_report_in_a_file(self):
        path = self.folder / "report"
        result = tutti("inspect", "--json", "--output", path, "--", "true", ranks=4, env={"TUTTI_NODES": "2"})
        self.assertEqual((result.code, result.out, result.err), (0, "", ""))
        first = json.loads(path.read_text())
        [other] = [name for name in self.names() if name != "report"]
        second = json.loads((self.folder / other).read_text())
        self.assertEqual((first["ranks"], second["ranks"]), ([0, 1], [2, 3]))
        self.assertEqual(other, "report." + second["node"])


class Ends(InspectCase):
    """Whatever ends, nothing is left behind. Each test finds its processes by a word of their own."""

    def begin(self, ranks=2, seconds=60):
        word = str(self.folder)  # no other test has it
        process = start([Setup.program, "inspect", "-n", ranks, "--", "sh", "-c",
                         f'echo ready; "$@"; exit 5', word, RANK, "same", 1, seconds])
        self.addCleanup(end_group, process)
        for _ in range(ranks):
            self.assertEqual(process.stdout.readline().strip(), "ready")
        return process, word

    def test_interrupted(self):
        process, word = self.begin()
        os.kill(process.pid, signal.SIGTERM)
        result = finish(process)
        self.assertEqual(result.code, 128 + signal.SIGTERM, result)
        self.expect_nothing_left(word)

    def test_killed(self):
        process, word = self.begin()
        os.kill(process.pid, signal.SIGKILL)
        finish(process)
        self.expect_nothing_left(word)

    def test_the_speaker_is_killed(self):
        process, word = self.begin(seconds=3)
        for _ in range(100):  # the program may be ready before the speaker has a session of its own
            everybody = processes(word)
            numbers = {pid for pid, _, _ in everybody}
            speakers = [pid for pid, parent, session in everybody
                        if pid == session and parent in numbers - {process.pid}]
            if speakers:
                break
            time.sleep(0.01)
        self.assertEqual(len(speakers), 1, everybody)
        os.kill(speakers[0], signal.SIGKILL)
        result = finish(process)
        self.assertEqual((result.code, result.out), (5, "same unchanged\n" * 2), result)
        self.expect_nothing_left(word)


if __name__ == "__main__":
    main(sys.modules[__name__])
