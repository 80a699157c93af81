#!/usr/bin/env python3
"""Checkpoints where the disk is full, closed or limited, or somebody else writes there: the program ends with the right
code and one message, the last checkpoint is whole, and a later run goes on from it. And what NumPy, json and zlib read.

    disk_test.py --program FILE -- mpiexec -n RANKS ...
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

try:
    import reader
except ImportError as problem:
    print(f"skipped: {problem}")
    sys.exit(77)

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
import program

N = 200_000  # two arrays of 1.6 MB: 3.2 MB a checkpoint, two of them kept, a third while it is written


class Setup:
    program = ""
    launcher = []


def command(ranks, *words):
    return [*(str(ranks) if word == "RANKS" else word for word in Setup.launcher), Setup.program, *map(str, words)]


def need_mounts():
    if os.geteuid() != 0:
        raise unittest.SkipTest("only root can make this")
    if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode != 0:
        raise unittest.SkipTest("this container does not let root make a mount namespace")


class Disk(program.Case):
    def on_a_small_disk(self, options, script):
        """Runs a shell script in a namespace where $DISK is a small file system; its output and exit code."""
        need_mounts()
        disk = self.folder / "disk"
        disk.mkdir()
        words = ["unshare", "-m", "sh", "-c", f"mount -t tmpfs -o {options} tmpfs {disk} && cd {disk} && {script}", "sh"]
        return program.run(words, env={"PYTHONDONTWRITEBYTECODE": "1"})

    def expect(self, result, code, *words):
        self.assertEqual(len(result.errors()), 1, result.err)
        for word in words:
            self.assertIn(word, result.errors()[0])
        self.assertEqual(result.code, code, result.err)

    def look(self, expected):
        """Shell words that check with the independent reader which steps are whole, and that nothing else is there."""
        return f'{sys.executable} {os.path.abspath(__file__)} --look run {expected}'

    def test_a_full_disk(self):
        for ranks, layout in ((2, "block"), (3, "cyclic")):
            with self.subTest(ranks=ranks):
                run = " ".join(command(ranks, "run", "run"))
                # Room for two checkpoints and half a third one: the second is written, the third is not.
                result = self.on_a_small_disk("size=8m", f"{run} 5 {N} {layout}; code=$?; {self.look('1,2')} || exit 99; exit $code")
                self.expect(result, 74, "cannot write run/00003-step-3/", "No space left on device")
                shutil.rmtree(self.folder / "disk")

    def test_a_disk_that_is_full_to_the_last_byte(self):
        run = " ".join(command(2, "run", "run"))
        script = (f"{run} 1 {N} block && {{ cat /dev/zero > fill 2> /dev/null; {run} 2 {N} cyclic; code=$?; "
                  f"{self.look('1')} || exit 99; rm fill; {run} 2 {N} cyclic && {self.look('1,2')} || exit 98; exit $code; }}")
        self.expect(self.on_a_small_disk("size=16m", script), 74, "No space left on device")

    def test_a_disk_without_room_for_names(self):
        run = " ".join(command(2, "run", "run"))
        script = (f"{run} 1 {N} block && {{ i=0; while touch f$i 2> /dev/null; do i=$((i+1)); done; {run} 2 {N} block; code=$?; "
                  f"{self.look('1')} || exit 99; exit $code; }}")
        self.expect(self.on_a_small_disk("size=16m,nr_inodes=30", script), 74, "No space left on device")

    def test_a_disk_that_is_read_only(self):
        run = " ".join(command(2, "run", "run"))
        script = (f"{run} 1 {N} block && {{ mount -o remount,ro . && {run} 2 {N} block; code=$?; {self.look('1')} || exit 99; "
                  f"exit $code; }}")
        self.expect(self.on_a_small_disk("size=16m", script), 73, "Read-only file system")

    def test_a_folder_that_is_closed(self):
        if os.geteuid() != 0:
            self.skipTest("only root can run a program as somebody else")
        folder = self.folder / "run"
        self.assertEqual(program.run(command(2, "run", folder, 1, N, "block")).code, 0)
        folder.chmod(0o555)
        result = program.run(command(2, "run", folder, 2, N, "block"), user=program.NOBODY, env={"HOME": "/tmp"})
        if result.code == 126 or "Permission denied" not in result.err:
            self.skipTest("the build folder is closed to ordinary users")
        self.expect(result, 73, "Permission denied")
        self.assertEqual([reader.read(path)[0]["step"] for path in reader.stored(folder)], [1])

    def test_a_limit_for_the_size_of_files(self):
        folder = self.folder / "run"
        self.assertEqual(program.run(command(2, "run", folder, 1, N, "block")).code, 0)
        # As ulimit -f, but after MPI has made its own files.
        result = program.run(command(2, "run", folder, 2, N, "block"), env={"CHECKPOINT_TEST_FILE_SIZE": str(1 << 20)})
        self.expect(result, 74, "cannot write ", "00002-step-2/x.npy: File too large")
        self.assertEqual([reader.read(path)[0]["step"] for path in reader.stored(folder)], [1])
        self.assertEqual(program.run(command(3, "run", folder, 3, N, "cyclic")).code, 0)

    def test_two_jobs_in_one_folder(self):
        folder = self.folder / "run"
        first = program.start(command(2, "run", folder, 10 ** 6, N, "block"))
        try:
            while not (folder / "latest").exists():
                self.assertIsNone(first.poll())
            result = program.run(command(2, "run", folder, 10 ** 6, N, "block"))
            self.expect(result, 73, "run: is in use by process ", "; give each job a folder of its own")
            self.assertIsNone(first.poll(), "the first job notices nothing")
        finally:
            program.end_group(first)
            first.communicate()

    def test_buffers_are_in_the_books(self):
        report = self.folder / "report"
        result = program.run(command(3, "run", self.folder / "run", 1, N, "cyclic"), env={"TUTTI_MEMORY_REPORT": str(report)})
        self.assertEqual(result.code, 0, result.err)
        held = {entry["name"]: entry for entry in json.loads(report.read_text())["holdings"]}
        pieces = [entry for name, entry in held.items() if name in ("pieces of x", "pieces of visits")]
        self.assertEqual([entry["rank_bytes"] for entry in pieces], [2 << 20], sorted(held))

    def test_pretended_nodes(self):
        folder = self.folder / "run"
        for nodes, ranks in ((2, 4), (3, 3), (1, 2)):
            result = program.run(command(ranks, "run", folder, nodes * 2, N, "cyclic"), env={"TUTTI_NODES": str(nodes)})
            self.assertEqual(result.code, 0, result.err)
        for path in reader.stored(folder):
            reader.read(path)

    def test_the_bytes_are_the_same_for_any_ranks(self):
        found = set()
        for ranks, layout in ((1, "block"), (2, "cyclic"), (3, "block-cyclic:77")):
            folder = self.folder / f"run-{ranks}"
            self.assertEqual(program.run(command(ranks, "run", folder, 2, 5000, layout)).code, 0)
            found.add(tuple((path.name, file.name, file.read_bytes()) for path in reader.stored(folder)
                            for file in sorted(path.iterdir())))
        self.assertEqual(len(found), 1, "checkpoints differ")


def look(folder, expected):
    """The steps that are there are the expected ones, and whole; nothing else is."""
    folder = pathlib.Path(folder)
    steps = [str(reader.read(path)[0]["step"]) for path in reader.stored(folder)]
    assert steps == expected.split(","), steps
    left = {path.name for path in folder.iterdir()} - {path.name for path in reader.stored(folder)}
    assert left <= {".lock", "latest"}, left
    assert (folder / "latest").resolve() == reader.stored(folder)[-1].resolve()


def main():
    if sys.argv[1] == "--look":
        return look(*sys.argv[2:])
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("launcher", nargs="+")
    given = parser.parse_args()
    Setup.program, Setup.launcher = os.path.realpath(given.program), given.launcher
    unittest.main(argv=[sys.argv[0]], verbosity=2)


if __name__ == "__main__":
    main()
