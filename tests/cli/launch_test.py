"""Launchers, lost output, changing files, ended programs: what happens around the ranks."""
import os
import shutil
import signal
import sys
import threading
import unittest

import npy
from program import TIMEOUT, Case, Setup, end_group, finish, launched, main, run, start, tutti

OTHER_LAUNCHER = {"mpich": "mpirun.openmpi", "openmpi": "mpiexec.mpich"}


class LostOutput(Case):
    def setUp(self):
        super().setUp()
        self.path = self.file("x.npy", npy.npy([1.0, 2.0, 3.0]))

    def expect_lost(self, result, ranks):
        self.assertEqual(result.code, 74, result)
        self.assertEqual(len(result.errors()), 1, result)
        self.assertIn("stdout", result.errors()[0])

    def test_full(self):
        for ranks in (None, 1, 2, 3):
            with open("/dev/full", "w") as full:
                self.expect_lost(tutti("stats", self.path, ranks=ranks, stdout=full), ranks)

    def test_closed(self):
        for ranks in ([], ["-n", "2"], ["-n", "3"]):
            result = run(["sh", "-c", 'exec "$@" >&-', "sh", Setup.program, "stats", *ranks, self.path])
            self.expect_lost(result, ranks)

    def test_nobody_reads(self):
        for ranks in (None, 2):
            read_end, write_end = os.pipe()
            os.close(read_end)
            with os.fdopen(write_end, "w") as pipe:
                result = tutti("stats", self.path, ranks=ranks, stdout=pipe)
            if ranks is None and result.code == -signal.SIGPIPE:
                continue  # one process in a pipeline ends as all programs do
            self.expect_lost(result, ranks)

    def test_head(self):
        for ranks in ("1", "2"):
            result = run(["sh", "-c", '"$@" | head -n 1', "sh", Setup.program, "stats", "-n", ranks, self.path])
            self.assertEqual(result.out, "n = 3\n", result)
            self.assertNotIn("Signal", result.err)

    def test_help_is_output_too(self):
        with open("/dev/full", "w") as full:
            self.expect_lost(run([Setup.program, "--help"], stdout=full), None)

    def test_file_output_survives(self):
        target = self.folder / "result"
        with open("/dev/full", "w") as full:
            result = tutti("dot", "--output", target, self.path, self.path, ranks=2, stdout=full)
        self.expect_lost(result, 2)
        self.assertEqual(target.read_text(), "dot = 14 = 0x1.cp+3\n")
        self.assertEqual(self.names(), ["result", "x.npy"])


class ChangingFiles(Case):
    """A large file of zeros, without blocks on the disk, is changed once the program says that it reads."""
    SIZE = 16 << 30

    def change(self, ranks, new_size):
        path = self.folder / "zeros.npy"
        elements = self.SIZE // 8
        path.write_bytes(npy.header(npy.dictionary(shape=f"({elements},)")))
        offset = path.stat().st_size
        try:
            os.truncate(path, offset + self.SIZE)
        except OSError as error:
            self.skipTest(f"no sparse file of 16 GiB here: {error}")
        words = [Setup.program, "dot", "-n", ranks, path, path]
        process = start(words, env={"TUTTI_KERNEL": "reference"})  # slow enough to be met while reading
        watch = threading.Timer(TIMEOUT, end_group, [process])
        watch.start()
        first = process.stderr.readline()  # "dot 10 %", after two seconds at the earliest
        os.truncate(path, new_size)
        out, err = process.communicate()
        watch.cancel()
        self.assertTrue(first.startswith("dot "), first + err)
        self.assertEqual(out, "")
        errors = [line for line in err.splitlines() if line.startswith("tutti: error:")]
        self.assertEqual(len(errors), 1, err)
        self.assertIn(str(path), errors[0])
        self.assertEqual(process.returncode, 74, err)
        return errors[0]

    def test_shrinks_while_it_is_read(self):
        for ranks in (2, 3):
            self.assertIn("shrank while it was read", self.change(ranks, 4096))


class Launchers(Case):
    def setUp(self):
        super().setUp()
        self.path = self.file("x.npy", npy.npy([1.0, 2.0, 3.0]))

    def test_the_other_mpis_launcher(self):
        other = OTHER_LAUNCHER[Setup.mpi]
        if not shutil.which(other):
            self.skipTest(other + " is not installed")
        result = run([other, "-n", "2", Setup.program, "dot", self.path, self.path])
        self.expect_error(result, 69, "launcher", f"-n 2 {Setup.program} dot", noise=True, exact_code=Setup.mpi == "mpich")
        result = run([other, "-n", "2", Setup.program, "dot", "--json", self.path, self.path])
        self.assertEqual(result.out.count('"LauncherError"'), 1)
        self.assertEqual(result.out.count("\n"), 1)
        result = tutti("dot", "--mpiexec", other, self.path, self.path, ranks=2)
        self.expect_error(result, 69, "--mpiexec", other)

    def test_a_launcher_that_does_not_exist(self):
        result = tutti("dot", "--mpiexec", "/no/such/mpiexec", self.path, self.path, ranks=2)
        self.expect_error(result, 69, "/no/such/mpiexec")
        result = tutti("dot", self.path, self.path, ranks=2, env={"TUTTI_MPIEXEC": "no-such-mpiexec"})
        self.expect_error(result, 69, "TUTTI_MPIEXEC", "no-such-mpiexec")

    def test_without_launcher(self):
        self.assertEqual(tutti("dot", "--launcher", "none", self.path, self.path, ranks=1).code, 0)

    def test_interrupt(self):
        """A signal to the front end ends everything, with the shell's code for it."""
        for number in (signal.SIGINT, signal.SIGTERM):
            process = start([Setup.program, "run", "-n", "2", "--", "sh", "-c", "echo ready; exec sleep 300"])
            self.assertEqual(process.stdout.readline().strip(), "ready")
            os.kill(process.pid, number)
            self.assertEqual(finish(process).code, 128 + number)


class Run(Case):
    def test_passes_output_and_code_on(self):
        result = tutti("run", "--", "sh", "-c", "echo $TUTTI_FRONT_END; echo word >&2; exit 3", ranks=2)
        self.assertEqual((result.code, result.out), (3, "1\n1\n"), result)
        self.assertEqual(result.err.count("word"), 2)

    def test_programs_that_cannot_be_started(self):
        plain = self.file("plain", b"#!/bin/sh\n")
        os.chmod(plain, 0o644)
        for program, words in (("/no/such/program", ["no such program"]), ("no-such-program", ["PATH"]),
                               (str(self.folder), ["folder"]), (plain, ["not executable"])):
            self.expect_error(tutti("run", "--", program, ranks=2), 66, program, *words)
            self.expect_json_error(tutti("run", "--json", "--", program), 66, "FileError", program, *words)

    def test_a_killed_program(self):
        # One rank: where several die at once, MPICH's mpiexec may fail an assertion of its own.
        result = tutti("run", "--", "sh", "-c", "kill -9 $$", ranks=1)
        self.assertEqual(result.code, 128 + signal.SIGKILL, result)
        self.assertEqual(len(result.errors()), 1, result)
        self.assertIn("signal 9", result.errors()[0])

    def test_a_killed_program_in_json(self):
        result = tutti("run", "--json", "--", "sh", "-c", "kill -9 $$", ranks=1)
        self.assertEqual(result.json()["error"]["exit"], 128 + signal.SIGKILL, result)

    def test_a_program_of_the_other_mpi(self):
        if not Setup.other:
            self.skipTest("TUTTI_OTHER_PROGRAM is not set: the program is not built for the other MPI")
        path = self.file("x.npy", npy.npy([1.0, 2.0, 3.0]))
        result = tutti("run", "--", Setup.other, "dot", "--json", path, path, ranks=2)
        self.assertEqual((result.code, result.json()["ranks"], result.json()["value"]), (0, 2, 14.0), result)


class Memory(Case):
    """A rank needs a few MiB, whatever the size of the files."""

    def peak(self, elements):
        path = self.folder / f"{elements}.npy"
        path.write_bytes(npy.header(npy.dictionary(shape=f"({elements},)")))
        os.truncate(path, path.stat().st_size + 8 * elements)
        result = tutti("dot", "--json", path, path, ranks=2)
        self.assertEqual(result.code, 0, result)
        self.assertEqual((result.json()["n"], result.json()["value"]), (elements, 0.0))
        return result.json()["memory"]["peak_rank_bytes"]

    def test_two_gibibytes(self):
        room = shutil.disk_usage(self.folder).free
        if room < 1 << 30:
            self.skipTest(f"only {room >> 20} MiB of disk are free")
        tiny, large = self.peak(10), self.peak(1 << 28)
        self.assertLess(large - tiny, 64 << 20)


if __name__ == "__main__":
    main(sys.modules[__name__])
