#!/usr/bin/env python3
"""Kills a program with SIGKILL at random moments, mostly while it writes a checkpoint, and lets other numbers of ranks go on:
whatever has a checkpoint's name is whole, and in the end the bits are those of a run that nobody interrupted.

    kill_test.py --program FILE --times N [--seed S] -- mpiexec -n RANKS ...
"""
import argparse
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

try:
    import reader
except ImportError as problem:
    print(f"skipped: {problem}")
    sys.exit(77)

N = 400_000  # two arrays of 3.2 MB
LAYOUTS = ["block", "cyclic", "block-cyclic:1000", "block-cyclic:200000"]
RANKS = [1, 2, 3, 4]


class Job:
    """A launched program, its ranks' processes, and their end."""

    def __init__(self, launcher, ranks, program, words, scratch):
        self.pids = scratch / "pids"
        shutil.rmtree(self.pids, ignore_errors=True)
        self.pids.mkdir()
        self.ranks = ranks
        command = [str(ranks) if word == "RANKS" else word for word in launcher] + [program, *map(str, words)]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("TUTTI_")}
        environment["CHECKPOINT_TEST_PIDS"] = str(self.pids)
        self.output = tempfile.TemporaryFile()
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=self.output,
                                        stderr=subprocess.STDOUT, start_new_session=True)

    def known(self):
        """The ranks' processes, as far as they have told."""
        found = [path.read_text() for path in self.pids.iterdir()]
        return [int(text) for text in found if text.endswith("\n")]

    def wait_for_ranks(self):
        end = time.monotonic() + 60
        while len(self.known()) < self.ranks and self.process.poll() is None:
            assert time.monotonic() < end, "the ranks do not start"
            time.sleep(0.002)

    def kill(self, which):
        """SIGKILL to the processes in `which`; the launcher sees to the others, or is killed, too."""
        for pid in which:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.finish()

    def finish(self):
        pids = self.known()
        try:
            self.process.wait(90)
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        end = time.monotonic() + 30
        while any(pathlib.Path(f"/proc/{pid}").exists() for pid in pids):
            assert time.monotonic() < end, "a rank is left behind"
            time.sleep(0.01)

    def text(self):
        self.output.seek(0)
        return self.output.read().decode(errors="replace")


def run(job):
    job.finish()
    assert job.process.returncode == 0, f"exit {job.process.returncode}\n{job.text()}"
    return [line for line in job.text().splitlines() if line.startswith("x ")], job.text()


def stored(folder):
    return reader.stored(folder) if folder.exists() else []


def leftovers(folder):
    return [path for path in folder.glob(".*.tmp")] if folder.exists() else []


def wait_for(what, folder, newest):
    """Also where everything is slow, not all are killed before they have come to write."""
    end = time.monotonic() + 60
    while what != "nothing" and time.monotonic() < end:
        if what == "a draft" and leftovers(folder):
            return
        if what == "a new checkpoint" and any(int(name.name.rpartition("-")[2]) > newest for name in stored(folder)):
            return


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--times", type=int, required=True)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("launcher", nargs="+")
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    choose = random.Random(given.seed)
    with tempfile.TemporaryDirectory(prefix="tutti-kill-") as name:
        scratch = pathlib.Path(name)
        folder = scratch / "run"

        def start(ranks, last, where=folder):
            return Job(given.launcher, ranks, given.program, ["run", where, last, N, choose.choice(LAYOUTS)], scratch)

        newest = during = restarts = before = 0
        for _ in range(given.times):
            ranks = choose.choice(RANKS)
            job = start(ranks, 10 ** 6)
            job.wait_for_ranks()
            wait_for(choose.choice(["nothing", "a new checkpoint", "a draft"]), folder, newest)
            time.sleep(choose.uniform(0, 0.3) * choose.uniform(0, 1))
            pids = job.known()
            everybody = choose.random() < 0.5
            job.kill([*pids, job.process.pid] if everybody else [choose.choice(pids)])
            during += len(leftovers(folder)) > 0
            complete = stored(folder)
            assert len(complete) <= max(3, before + 1), complete  # two, and for each that was killed one not yet removed
            before = len(complete)
            steps = []
            for path in complete:
                manifest, arrays = reader.read(path)
                assert set(arrays) == {"x", "visits"} and len(arrays["x"]) == N
                steps.append(manifest["step"])
            assert steps == sorted(steps) and (not steps or steps[-1] >= newest), (steps, newest)
            restarts += bool(steps) and steps[-1] > newest
            newest = steps[-1] if steps else newest
        last = newest + 3
        continued, text = run(start(choose.choice(RANKS), last))
        assert f"from {newest}\n" in text, f"it should go on from {newest}\n{text}"
        assert not leftovers(folder), f"not removed: {leftovers(folder)}"
        assert [path.name.split("-step-")[1] for path in reader.stored(folder)] == [str(last - 1), str(last)]
        whole, _ = run(start(1, last, scratch / "whole"))
        assert continued == whole, f"{continued}\nwithout interruption {whole}"
        print(f"killed {given.times} times, {during} times while a checkpoint was being written or removed; "
              f"{restarts} restarts went on; step {last}: {whole[0]}")
        assert during > 0 and restarts > 0, "it was always killed at the wrong time: nothing is shown"


if __name__ == "__main__":
    main()
