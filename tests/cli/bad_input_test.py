"""Every bad input has one clear error and its exit code, on 1, 2 and 3 ranks, under -n and under a bare launcher."""
import os
import sys

import npy
from program import NOBODY, Case, Setup, launched, main, run, several, tutti

GOOD = npy.npy([1.0, 2.0, 3.0])


def bad_files():
    """name -> (contents, words of the message)."""
    shape = lambda text: npy.header(npy.dictionary(shape=text)) + npy.data([1.0, 2.0, 3.0])
    dtype = lambda text: npy.header(npy.dictionary(dtype=text)) + npy.data([1.0, 2.0, 3.0])
    return {
        "empty": (b"", ["empty"]),
        "truncated": (GOOD[:-1], ["truncated", "152 bytes expected, 151 present"]),
        "without_data": (GOOD[:128], ["truncated"]),
        "longer": (GOOD + b"\0" * 8, ["longer than its header says"]),
        "cut_in_magic": (GOOD[:4], ["cut in its header"]),
        "cut_in_length": (GOOD[:9], ["cut in its header"]),
        "cut_in_header": (GOOD[:100], ["cut in its header", "128 bytes expected, 100 present"]),
        "wrong_magic": (b"\x93NUMPX" + GOOD[6:], ["magic"]),
        "text": (b"1.0\n2.0\n3.0\n", ["not a .npy file"]),
        "archive": (b"PK\x03\x04" + GOOD, [".npz"]),
        "version": (GOOD[:6] + b"\x09\x00" + GOOD[8:], ["version 9.0"]),
        "absurd_header": (b"\x93NUMPY\x02\x00\xff\xff\xff\xff" + GOOD[10:], ["absurd header of 4294967295 bytes"]),
        "huge_shape": (shape("(1099511627776,)"), ["truncated", "1099511627776 elements"]),
        "overflowing_product": (shape("(4294967296, 4294967296, 4294967296)"), ["absurd shape"]),
        "overflow_beside_zero": (shape("(0, 4294967296, 4294967296)"), ["absurd shape"]),
        "overflowing_bytes": (shape("(4611686018427387904,)"), ["absurd shape"]),
        "dimension_beyond_64_bits": (shape("(99999999999999999999,)"), ["beyond 64 bits"]),
        "negative_dimension": (shape("(-3,)"), ["negative dimension"]),
        "no_tuple": (shape("3"), ["dictionary"]),
        "object": (dtype("|O"), ["Python objects"]),
        "complex": (dtype("<c16"), ["complex"]),
        "long_double": (dtype("<f16"), ["long double"]),
        "text_dtype": (dtype("<U3"), ["text"]),
        "unknown_dtype": (dtype("<f3"), ["<f3"]),
        "control_characters": (dtype("\x1b[31m"), ["\\x1b"]),
        "structure": (npy.header("{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (3,), }"), ["structures"]),
        "no_dictionary": (npy.header("hello"), ["dictionary"]),
        "lacks_shape": (npy.header("{'descr': '<f8', 'fortran_order': False}"), ["lacks 'shape'"]),
    }


class BadFiles(Case):
    """Each is the second operand of dot; which ranks read what cannot matter."""

    def check(self, run_it, **how):
        good = self.file("good.npy", GOOD)
        files = bad_files()
        paths = {name: self.file(name + ".npy", contents) for name, (contents, _) in files.items()}
        before = self.names()
        results = several(run_it, [("dot", good, path) for path in paths.values()])
        for (name, path), result in zip(paths.items(), results):
            with self.subTest(name):
                self.expect_error(result, 65, path, *files[name][1], where=name, **how)
        self.assertEqual(self.names(), before)

    def test_one_rank(self):
        self.check(tutti)

    def test_two_ranks(self):
        self.check(lambda *words: tutti(*words, ranks=2))

    def test_bare_launcher_three_ranks(self):
        self.check(lambda *words: launched(3, *words), noise=True, exact_code=Setup.mpi == "openmpi")

    def test_three_ranks_json(self):
        good = self.file("good.npy", GOOD)
        for name, (contents, words) in bad_files().items():
            if name in ("truncated", "object", "control_characters", "overflowing_product"):
                path = self.file(name + ".npy", contents)
                result = tutti("dot", "--json", path, good, ranks=3)
                self.expect_json_error(result, 65, "FormatError", path, *words, where=name)


class BadOperands(Case):
    def cases(self):
        """(words of the command line, exit code, class, words of the message)"""
        good = self.file("good.npy", GOOD)
        four = self.file("four.npy", npy.npy([1.0, 2.0, 3.0, 4.0]))
        wide = self.file("wide.npy", npy.npy([1.0] * 6, shape=(2, 3)))
        tall = self.file("tall.npy", npy.npy([1.0] * 6, shape=(3, 2)))
        raw = self.file("raw.bin", npy.data([1.0, 2.0, 3.0]) + b"x")
        missing = str(self.folder / "missing.npy")
        pipe = str(self.folder / "pipe")
        os.mkfifo(pipe)
        return [
            (["dot", good, missing], 66, "FileError", [missing, "No such file"]),
            (["stats", missing], 66, "FileError", [missing, "No such file"]),
            (["dot", good, self.folder], 66, "FileError", [str(self.folder), "directory"]),
            (["stats", good + "/x.npy"], 66, "FileError", [good + "/x.npy"]),
            (["stats", ""], 66, "FileError", ["''"]),
            (["stats", pipe], 66, "FileError", [pipe, "a pipe"]),
            (["stats", "/dev/null"], 66, "FileError", ["/dev/null", "device"]),
            (["dot", good, four], 65, "ShapeError", [four, "4 elements", "has 3", "equal length"]),
            (["dot", wide, tall], 65, "ShapeError", [tall, "(3, 2)", "(2, 3)", "equal shape"]),
            (["stats", "--dtype", "<f8", good], 65, "FormatError", [good, "is a .npy file"]),
            (["stats", "--dtype", "<f8", "--offset", "64", good], 65, "FormatError", [good, "is a .npy file"]),
            (["stats", "--dtype", "<f8", raw], 65, "FormatError", [raw, "25 bytes", "<f8"]),
            (["stats", "--dtype", "<f8", "--offset", "26", raw], 65, "FormatError", [raw, "26"]),
            (["dot", good, good, "--output", str(self.folder / "no" / "out")], 73, "OutputError", ["no/out", "folder"]),
            (["stats", good, "--output", self.folder], 73, "OutputError", [str(self.folder), "directory"]),
            (["stats", missing, "--output", str(self.folder / "out")], 66, "FileError", [missing]),
        ]

    def check(self, run_it, expect):
        cases = self.cases()
        before = self.names()
        results = several(run_it, [words for words, *_ in cases])
        for (words, code, error_type, message), result in zip(cases, results):
            with self.subTest(str(words)):
                expect(result, code, error_type, message)
        self.assertEqual(self.names(), before)

    def test_one_rank(self):
        self.check(tutti, lambda result, code, _, words: self.expect_error(result, code, *words))

    def test_two_ranks(self):
        self.check(lambda *words: tutti(*words, ranks=2),
                   lambda result, code, _, words: self.expect_error(result, code, *words))

    def test_three_ranks_json(self):
        self.check(lambda *words: tutti(*words, "--json", ranks=3),
                   lambda result, code, error_type, words: self.expect_json_error(result, code, error_type, *words))

    def test_bare_launcher_three_ranks(self):
        self.check(lambda *words: launched(3, *words),
                   lambda result, code, _, words: self.expect_error(result, code, *words, noise=True,
                                                                    exact_code=Setup.mpi == "openmpi"))


class Permission(Case):
    """As an ordinary user: root may read everything."""

    def setUp(self):
        super().setUp()
        self.user = NOBODY if os.geteuid() == 0 else None
        if self.user is not None:
            os.chown(self.folder, self.user, self.user)
            if run([Setup.program, "--version"], user=self.user).code != 0:
                self.skipTest("root runs the tests, and the user nobody cannot run " + Setup.program)

    def test_input(self):
        path = self.file("secret.npy", GOOD)
        os.chmod(path, 0)
        for ranks in (None, 2):
            result = tutti("stats", path, ranks=ranks, user=self.user, env={"HOME": str(self.folder)})
            self.expect_error(result, 66, path, "Permission denied")
        self.assertEqual(self.names(), ["secret.npy"])

    def test_output(self):
        path = self.file("good.npy", GOOD)
        closed = self.folder / "closed"
        closed.mkdir(0o555)
        if self.user is not None:
            os.chown(closed, self.user, self.user)
            os.chown(path, self.user, self.user)
        result = tutti("stats", path, "--output", closed / "out", user=self.user, env={"HOME": str(self.folder)})
        self.expect_error(result, 73, str(closed / "out"), "Permission denied")
        self.assertEqual(self.names(), ["closed", "good.npy"])


class Usage(Case):
    def cases(self):
        good = self.file("good.npy", GOOD)
        return [
            ([], ["subcommand"]),
            (["frobnicate"], ["frobnicate"]),
            (["dot"], ["A", "tutti dot --help"]),
            (["dot", good], ["B"]),
            (["dot", good, good, good], [good]),
            (["dot", "--frobnicate", good, good], ["--frobnicate", "tutti dot --help"]),
            (["stats", "--rounded", good], ["--rounded"]),
            (["stats", "--distribution", "nonsense", good], ["distribution", "nonsense", "block-cyclic"]),
            (["stats", "--distribution", "block-cyclic:0", good], ["block-cyclic:0"]),
            (["stats", "--distribution", "block-cyclic:x", good], ["block-cyclic:x"]),
            (["stats", good, "--distribution"], ["--distribution"]),
            (["stats", "--dtype", "<f3", good], ["--dtype", "<f3"]),
            (["stats", "--dtype", "O", good], ["--dtype", "Python objects"]),
            (["stats", "--offset", "8", good], ["--offset", "--dtype"]),
            (["stats", "--dtype", "<f8", "--offset", "-1", good], ["--offset", "-1"]),
            (["stats", "--dtype", "<f8", "--offset", "x", good], ["--offset"]),
            (["stats", "--color", "mauve", good], ["--color", "mauve"]),
            (["stats", "--memory-budget", "plenty", good], ["--memory-budget plenty", "4GiB"]),
            (["stats", "--memory-budget", "0", good], ["--memory-budget 0", "4GiB"]),
            (["stats", "--memory-budget", "-1", good], ["--memory-budget"]),
            (["stats", "-n", "0", good], ["-n 0", "at least 1"]),
            (["stats", "-n", "-2", good], ["-n -2"]),
            (["stats", "-n", "three", good], ["three"]),
            (["stats", "-n", "2.5", good], ["2.5"]),
            (["stats", "-n", "99999999999999999999", good], ["99999999999999999999"]),
            (["stats", "--launcher", "rocket", good], ["--launcher", "rocket"]),
            (["stats", "-n", "2", "--launcher", "none", good], ["-n 2", "--launcher none"]),
            (["stats", good, "--", "program"], ["program", "tutti run"]),
            (["run"], ["program", "--"]),
            (["run", "-n", "2", "--"], ["program"]),
            (["run", "-n", "0", "--", "true"], ["-n 0"]),
            (["run", "true"], ["true"]),
        ]

    def test_plain(self):
        for words, message in self.cases():
            with self.subTest(str(words)):
                self.expect_error(tutti(*words) if words else run([Setup.program]), 64, *message)

    def test_json(self):
        for words, message in self.cases():
            if "--" in words or not words or words[-1] == "--distribution":
                continue  # --json would not be an option of ours there
            with self.subTest(str(words)):
                self.expect_json_error(tutti(*words, "--json"), 64, "UsageError", *message)

    def test_bare_launcher(self):
        good = self.file("good.npy", GOOD)
        for words, word in ((["frobnicate"], "frobnicate"), (["stats", "-n", "3", good], "-n 3"),
                            (["stats", "-n", "0", good], "-n 0")):
            result = launched(2, *words)
            self.expect_error(result, 64, word, noise=True, exact_code=Setup.mpi == "openmpi", where=str(words))

    def test_environment(self):
        good = self.file("good.npy", GOOD)
        for name, value in (("TUTTI_KERNEL", "fastest"), ("TUTTI_WATCHDOG", "soon"), ("TUTTI_NODES", "0"),
                            ("TUTTI_STRICT", "perhaps"), ("TUTTI_MEMORY_BUDGET", "plenty")):
            with self.subTest(name):
                result = tutti("stats", good, ranks=2, env={name: value})
                self.expect_error(result, 64, name, value)


if __name__ == "__main__":
    main(sys.modules[__name__])
