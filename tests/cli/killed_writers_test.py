"""Kills everything that writes files at random moments, with SIGKILL. Under the final name there is the old content or the
new one, whole; and what is left of the dead has a name that nobody takes for a result.

    killed_writers_test.py --program TUTTI --mpi MPI --launch MPIEXEC -n RANKS ...
TUTTI_KILL_TIMES: how often (12); TUTTI_KILL_SEED: to repeat a run; TUTTI_WRITER: checkpoint_program, which writes .npy files
"""
import json
import os
import pathlib
import random
import re
import signal
import sys
import time
import unittest

import npy
import program

OLD = b"what was there before"
TIMES = int(os.environ.get("TUTTI_KILL_TIMES", "12"))
SEED = int(os.environ.get("TUTTI_KILL_SEED", random.SystemRandom().randrange(1 << 32)))
WRITER = os.environ["TUTTI_WRITER"]
N = 200_000
LEFT = re.compile(r"\..+\.[0-9a-f]{16}\.tmp")  # hidden: no pattern like *.npy, and no listing, shows it


def family(token):
    """All processes that have this in their environment: launchers give ranks sessions of their own, and some processes
    outlive those that started them."""
    found = set()
    for environ in pathlib.Path("/proc").glob("[0-9]*/environ"):
        try:
            if token in environ.read_bytes():
                found.add(int(environ.parent.name))
        except OSError:  # ended meanwhile, or another user's
            pass
    return found


def end_all(process, token):
    """SIGKILL to all of them, and to what they start meanwhile; zombies have no environment."""
    end = time.monotonic() + 30
    while True:
        everybody = family(token)
        for pid in everybody:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        process.poll()
        if not everybody:
            break
        assert time.monotonic() < end, f"processes are left behind: {everybody}"
    process.communicate()


class Killed(program.Case):
    def setUp(self):
        super().setUp()
        self.a = self.file("a.npy", npy.npy([float(i % 1000) for i in range(N)]))
        self.result = self.folder / "result"
        self.environment = {"XDG_CACHE_HOME": str(self.folder / "cache"), "TUTTI_MEMORY_REPORT": str(self.folder / "report")}

    def writers(self):
        """name -> (command, whether bytes are a whole result)"""
        tutti = [program.Setup.program]
        dot, stats = (program.run([*tutti, what, "-n", "2", *files, "--quiet"]) for what, files in
                      (("dot", [self.a, self.a]), ("stats", [self.a])))
        self.assertEqual((dot.code, stats.code), (0, 0), dot.err + stats.err)
        return {
            "dot": ([*tutti, "dot", "-n", "2", self.a, self.a, "--quiet", "--output", self.result],
                    lambda found: found == dot.out.encode()),
            "stats": ([*tutti, "stats", "-n", "3", self.a, "--quiet", "--output", self.result],
                      lambda found: found == stats.out.encode()),
            "inspect": ([*tutti, "inspect", "-n", "2", "--json", "--output", self.result, "--", "sleep", "0.3"],
                        lambda found: json.loads(found)["schema"] == "tutti-inspect/1"),
            "npy": ([*program.Setup.launch(2), WRITER, "npy", self.result, N, "100000"], self.is_vector),
        }

    @staticmethod
    def is_vector(found):
        """One number, N times."""
        numbers = found[128:]
        return found[:6] == b"\x93NUMPY" and len(numbers) == 8 * N and numbers == numbers[:8] * N

    def test_killed_at_random_moments(self):
        print(f"seed {SEED}", flush=True)
        choose = random.Random(SEED)
        writers = self.writers()
        outcomes = {}
        for turn in range(TIMES):
            name = list(writers)[turn % len(writers)]
            command, is_whole = writers[name]
            self.result.write_bytes(OLD)
            (self.folder / "report").unlink(missing_ok=True)
            token = f"{os.getpid()}-{SEED}-{turn}"
            process = program.start(command, env=self.environment | {"WHO_IS_TO_BE_KILLED": token})
            if name == "npy" and turn % 8 >= 4:  # also where everything is slow, some are killed between two files
                self.wait_for_the_first()
            time.sleep(choose.uniform(0, 1.2))
            end_all(process, f"WHO_IS_TO_BE_KILLED={token}\0".encode())
            found = self.result.read_bytes()
            outcome = "old" if found == OLD else "new"
            self.assertTrue(outcome == "old" or is_whole(found), f"{name}: neither old nor new: {found[:200]}")
            self.look_at_the_others(name)
            outcomes.setdefault(name, []).append(outcome)
        print(", ".join(f"{name}: {found.count('old')} old, {found.count('new')} new" for name, found in outcomes.items()))
        self.assertIn("new", outcomes["npy"], "it was always killed too early: nothing is shown")

    def wait_for_the_first(self):
        end = time.monotonic() + 60
        while self.result.stat().st_size == len(OLD) and time.monotonic() < end:
            time.sleep(0.01)

    def look_at_the_others(self, name):
        """The memory report and the cache, which are written on the side."""
        report = self.folder / "report"
        if report.exists():
            self.assertEqual(json.loads(report.read_bytes())["schema"], "tutti-memory/1", name)
        for path in self.folder.rglob("*"):
            if path.is_file() and path.name not in ("a.npy", "result", "report"):
                if path.name.startswith("."):
                    self.assertRegex(path.name, LEFT)
                else:
                    self.assertEqual(path.parent.parent.name, "cache", path)
                    self.assertGreater(path.stat().st_size, 0, path)
        hidden = [path for path in self.folder.glob("*") if LEFT.fullmatch(path.name)]
        for path in hidden:
            path.unlink()
        if (self.folder / "cache").exists():  # and who reads it finds nothing to complain about
            plan = program.tutti("plan", "--ranks", "4", "--array", "x:distributed:1000:float64", "--calibrate", "never",
                                 env=self.environment | {"TUTTI_MEMORY_REPORT": ""})
            self.assertEqual((plan.code, plan.err), (0, ""))


if __name__ == "__main__":
    program.main("__main__")
