"""The program tutti as a user runs it: started, timed, and looked at from outside."""
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

TIMEOUT = 120  # seconds on a busy machine; nothing here takes more than three on an idle one
NOBODY = 65534


@dataclasses.dataclass
class Result:
    code: int
    out: str
    err: str

    def errors(self):
        return [line for line in self.err.splitlines() if line.startswith("tutti: error:")]

    def json(self):
        """The one JSON object that stdout must be."""
        return json.loads(self.out)


class Setup:
    """Filled in by main(): what is tested, and with what."""
    program = ""
    mpi = ""
    launcher = []   # of this build's MPI, up to and including its options
    other = ""      # the program built for the other MPI; empty: not built

    @classmethod
    def launch(cls, ranks):
        return [word if word != "RANKS" else str(ranks) for word in cls.launcher]


def environment(changes=None):
    variables = {k: v for k, v in os.environ.items() if not k.startswith("TUTTI_")}
    variables.update(changes or {})
    return variables


def end_group(process):
    """Ends a program that hangs, and what it started; only that."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(5)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass


def start(command, env=None, stdout=subprocess.PIPE, user=None):
    return subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=stdout,
                            stderr=subprocess.PIPE, env=environment(env), start_new_session=True, text=True,
                            errors="replace", user=user, group=user, extra_groups=None if user is None else [])


def finish(process):
    try:
        out, err = process.communicate(timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        end_group(process)
        raise AssertionError(f"hangs: {process.args}")
    return Result(process.returncode, out or "", err or "")


def run(command, **options):
    return finish(start(command, **options))


def tutti(*arguments, ranks=None, **options):
    """`tutti COMMAND [-n ranks] ...`: the program's own way to start ranks."""
    words = list(arguments)
    if ranks is not None:
        words[1:1] = ["-n", ranks]
    return run([Setup.program, *words], **options)


def launched(ranks, *arguments, **options):
    """`mpiexec -n ranks tutti ...`: the bare launcher."""
    return run([*Setup.launch(ranks), Setup.program, *arguments], **options)


def several(run_it, command_lines):
    """run_it(*words) for each, four at a time: starting ranks is mostly waiting."""
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda words: run_it(*words), command_lines))


class Case(unittest.TestCase):
    """Each test has a folder of its own, in which nothing may be left but what the test made."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tutti-cli-"))
        self.addCleanup(self.remove)
        self.folder.chmod(0o755)

    def remove(self):
        for path in sorted(self.folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        self.folder.rmdir()

    def file(self, name, contents):
        path = self.folder / name
        path.write_bytes(contents)
        return str(path)

    def names(self):
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*"))

    def expect_error(self, result, code, *words, where="", noise=False, exact_code=True):
        """One error line that contains `words`, nothing on stdout, and the exit code."""
        told = f"{where}\nexit {result.code}\nstdout: {result.out}\nstderr: {result.err}"
        self.assertEqual(len(result.errors()), 1, told)
        if not noise:
            self.assertEqual(len(result.err.splitlines()), 1, told)
        self.assertEqual(result.out, "", told)
        for word in words:
            self.assertIn(word, result.errors()[0], told)
        self.assertFalse(result.errors()[0].rstrip().endswith("."), told)
        if exact_code:
            self.assertEqual(result.code, code, told)
        else:
            self.assertNotEqual(result.code, 0, told)

    def expect_json_error(self, result, code, error_type, *words, where=""):
        told = f"{where}\nexit {result.code}\nstdout: {result.out}\nstderr: {result.err}"
        self.assertEqual(result.err, "", told)
        try:
            error = result.json()["error"]
        except (ValueError, KeyError):
            self.fail("no JSON error: " + told)
        self.assertEqual(set(error), {"type", "message", "rank", "exit"}, told)
        self.assertEqual((error["exit"], error["type"]), (code, error_type), told)
        for word in words:
            self.assertIn(word, error["message"], told)
        self.assertEqual(result.code, code, told)


def main(module):
    """--program TUTTI --mpi openmpi|mpich --launch MPIEXEC -n RANKS ...; further words choose tests."""
    words = sys.argv[1:]
    split = words.index("--launch")
    options = dict(zip(words[0:split:2], words[1:split:2]))
    Setup.program, Setup.mpi = options["--program"], options["--mpi"]
    rest = words[split + 1:]
    end = rest.index("--") if "--" in rest else len(rest)
    Setup.launcher = rest[:end]
    Setup.other = os.environ.get("TUTTI_OTHER_PROGRAM", "")
    unittest.main(module=module, argv=[sys.argv[0], *rest[end + 1:]], verbosity=2)
