"""tutti verify with programs that know nothing of it, and with tutti itself."""
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import npy
from program import Case, Setup, end_group, finish, main, run, start, tutti

# Rank 0 speaks, whoever started it; $P is the number of ranks. It takes a moment: of a program that ends at once,
# MPICH's mpiexec dies now and then on a busy machine (SIGPIPE), which verify rightly calls a failure.
SPEAKS = """sleep 0.05; rank=${OMPI_COMM_WORLD_RANK:-${PMI_RANK:-0}}; P=${OMPI_COMM_WORLD_SIZE:-${PMI_SIZE:-1}}
[ $rank = 0 ] || exit 0
"""
TAB = "\t"


class VerifyCase(Case):
    def setUp(self):
        super().setUp()
        (self.folder / "tmp").mkdir()
        (self.folder / "work").mkdir()

    def verify(self, *options, script=None, program=None, ranks="1,2", env=None):
        words = ["sh", "-c", SPEAKS + script] if script is not None else list(program)
        if ranks is not None:
            options = ["-n", ranks, *options]
        result = run(["sh", "-c", 'cd "$0" && exec "$@"', self.folder / "work", Setup.program, "verify", *options, "--",
                      *words], env={"TMPDIR": str(self.folder / "tmp"), **(env or {})})
        self.expect_clean()
        return result

    def expect_clean(self):
        left = [name for name in os.listdir(self.folder / "tmp") if name.startswith("tutti-verify")]
        self.assertEqual(left, [])

    def expect_same(self, result, words):
        self.assertEqual((result.code, result.out, result.err), (0, words + "\n", ""), result)

    def expect_success(self, result):
        self.assertEqual((result.code, result.err), (0, ""), result)

    def expect_different(self, result, *words):
        self.assertEqual((result.code, result.err), (1, ""), result)
        self.assertTrue(result.out.startswith("different: "), result)
        for word in words:
            self.assertIn(word, result.out)

    def expect_failure(self, result, *words):
        self.assertEqual((result.code, result.out, len(result.errors())), (1, "", 1), result)
        for word in words:
            self.assertIn(word, result.err)

    def on(self, ranks):
        return f"{ranks} ranks ({Setup.mpi})"

    def vectors(self):
        numbers = random.Random(7)
        for name in ("a.npy", "b.npy"):
            self.file("work/" + name, npy.npy([numbers.uniform(-1, 1) for _ in range(1001)]))
        return [Setup.program, "dot", "a.npy", "b.npy", "--quiet"]


class Output(VerifyCase):
    def test_the_same_on_all_counts(self):
        result = self.verify(script="echo energy = -1.5, 3 atoms; echo; echo done", ranks="1,2,3,4,7")
        self.expect_same(result, f"same on 1, 2, 3, 4, 7 ranks ({Setup.mpi}): 2 lines, 2 numbers")
        self.assertEqual(self.verify("--quiet", script="echo 1").out, "")

    def test_an_exact_and_a_rounded_sum(self):
        exact = self.verify(program=self.vectors(), ranks="1,2,3,4,7")
        self.assertEqual(exact.code, 0, exact)
        self.assertIn("same on 1, 2, 3, 4, 7 ranks", exact.out)
        rounded = [*self.vectors(), "--rounded"]
        cause = "first reduction that differs: #1 rounded dot of files"
        self.expect_different(self.verify(program=rounded, ranks="1,2,3,4,7"), cause, "at dot.cpp:", "ulp apart")
        result = self.verify("--no-trace", program=rounded, ranks="1,2,3,4,7")
        self.assertNotIn(cause, result.out)
        self.expect_different(result, "output, line 1", "ulp apart, relative", "dot = ")
        self.expect_success(self.verify("--rtol", "1e-12", program=rounded, ranks="1,2,3,4,7"))
        self.expect_success(self.verify("--ulp", "100000", program=rounded, ranks="1,2,3,4,7"))
        self.assertEqual(self.verify("--ulp", "0", program=rounded, ranks="1,2,3,4,7").code, 1)

    def test_what_depends_on_the_number_of_ranks(self):
        script = "echo hello; echo sum of $P = 3"
        result = self.verify(script=script)
        self.assertEqual(result.out, f"different: 1 rank ({Setup.mpi}) and {self.on(2)}\n"
                                     "output, line 2, column 8: 1 and 2, integers\n"
                                     f"  1 rank ({Setup.mpi}):  sum of 1 = 3\n  {self.on(2)}: sum of 2 = 3\n")
        self.assertEqual(result.code, 1)
        self.expect_same(self.verify("--mask", "ranks", script=script, ranks="1,2,4"),
                         f"same on 1, 2, 4 ranks ({Setup.mpi}): 2 lines, 1 number")
        self.expect_success(self.verify("--mask", "ranks", script=script, ranks="1,2,3"))  # 3 is the sum, too
        self.expect_different(self.verify("--mask", "ranks", script="echo $((P + 1))"), self.on(2))
        self.expect_success(self.verify("--ignore", "sum", script=script))
        self.expect_success(self.verify("--match", "hel+o", script=script))
        self.expect_success(self.verify("--mask", "of ([0-9]+)", script=script))

    def test_times(self):
        script = 'echo "energy 1.5, $P.5 s"; echo "elapsed time: $P"'
        self.expect_different(self.verify(script=script), "column 13")
        self.expect_success(self.verify("--mask", "time", script=script))
        self.expect_different(self.verify("--mask", "time", script="echo energy $P.5, 3 s"), "column 8")

    def test_order_and_missing_lines(self):
        script = "[ $P = 1 ] && echo first; echo second; [ $P = 1 ] || echo first"
        self.expect_different(self.verify(script=script), "output, line 1", "other text")
        self.expect_success(self.verify("--sorted", script=script))
        self.expect_different(self.verify("--sorted", script="echo a; [ $P = 1 ] || echo b"),
                              f"output, line 2: only on {self.on(2)}", "b\n")

    def test_a_program_of_which_each_copy_speaks(self):
        result = self.verify(program=["sh", "-c", "echo 1"])
        self.expect_different(result, "each rank printed as much as one alone", "--mpi")

    def test_repetitions(self):
        script = 'echo x >> "$TMPDIR/count"; wc -l < "$TMPDIR/count"'
        self.expect_different(self.verify("--repeat", "2", script=script, ranks="1"), "run 1", "run 2")
        result = self.verify("--repeat", "3", script="echo 1", ranks="1,2")
        self.expect_same(result, f"same on 1, 2 ranks ({Setup.mpi}), 3 runs each: 1 line, 1 number")

    def test_much_output(self):
        script = "yes 1.5 2.5 3.5 | head -n 1000000"
        result = self.verify(script=script)
        self.expect_same(result, f"same on 1, 2 ranks ({Setup.mpi}): 1000000 lines, 3000000 numbers")

    def test_json(self):
        same = self.verify("--json", script="echo 1 2").json()
        self.assertEqual(same, {"schema": "tutti-verify/1", "verdict": "same",
                                "runs": [{"mpi": Setup.mpi, "ranks": 1}, {"mpi": Setup.mpi, "ranks": 2}],
                                "compared": {"output": {"lines": 1, "numbers": 2}, "files": [], "reductions": None}})
        result = self.verify("--json", script="echo x $P.0")
        self.assertEqual((result.code, result.err), (1, ""))
        found = result.json()["difference"]
        self.assertEqual(found["a"], {"mpi": Setup.mpi, "ranks": 1})
        self.assertEqual((found["in"], found["first"]["kind"], found["first"]["number"]), ("output", "number", 1))
        self.assertEqual(found["first"]["a"], {"line": 1, "text": "x 1.0", "column": 3, "value": "1.0"})
        self.assertEqual((found["first"]["ulp"], found["first"]["relative"]), (1 << 52, 0.5))

    def test_python_programs(self):
        script = "from mpi4py import MPI\nw = MPI.COMM_WORLD\ns = w.allreduce(1)\nif w.rank == 0: print('sum', 3.5)\n"
        if subprocess.run([sys.executable, "-c", "import mpi4py"], capture_output=True).returncode != 0:
            self.skipTest(f"{sys.executable} has no mpi4py")
        self.file("work/program.py", script.encode())
        kind = subprocess.run([sys.executable, "-c", "from mpi4py import MPI; print(MPI.Get_library_version())"],
                              capture_output=True, text=True).stdout
        mpi = "openmpi" if "Open MPI" in kind else "mpich"
        result = self.verify("--mpi", mpi, program=[sys.executable, "program.py"], ranks="1,2,3")
        self.expect_same(result, f"same on 1, 2, 3 ranks ({mpi}): 1 line, 1 number")


class Files(VerifyCase):
    def test_texts_bytes_and_arrays(self):
        plain = self.file("plain.npy", npy.npy([1.0, 2.0]))
        script = f"echo on $P: 7 > x.txt; printf 'a\\000b' > x.bin; cp {plain} x.npy"
        options = ["--file", "x.txt", "--file", "x.bin", "--file", "x.npy"]
        result = self.verify(*options, "--mask", "ranks", script=script)
        self.expect_same(result, f"same on 1, 2 ranks ({Setup.mpi}): no output; x.txt: 1 line, 1 number; x.bin: 3 bytes; "
                                 "x.npy: 144 bytes")
        self.expect_different(self.verify(*options, script=script), "x.txt, line 1, column 4: 1 and 2")
        self.assertEqual(os.listdir(self.folder / "work"), [])

    def test_the_first_difference(self):
        self.expect_different(self.verify("--file", "x", script="printf \"\\000$P\" > x"), "x, byte 1\n", "0x31", "0x32")
        self.expect_different(self.verify("--file", "x", script="printf '\\000\\001' | head -c $P > x"), "x, byte 1",
                              "ends, after 1 byte", "0x01")
        one, two = (self.file(f"{n}.npy", npy.npy([1.0, 2.0, n])) for n in (1.0, 2.0))
        script = f"cp {self.folder}/$P.0.npy x.npy"
        self.expect_different(self.verify("--file", "x.npy", script=script), "x.npy, element 2", "relative 0.5", "0x1p+1")
        self.expect_success(self.verify("--file", "x.npy", "--rtol", "0.5", script=script))
        self.expect_different(self.verify("--file", "x", script="[ $P = 1 ] && echo a > x; true"), "not written")

    def test_output_and_files_apart(self):
        script = "echo noise $$; echo 1 > x.txt"
        self.expect_different(self.verify("--file", "x.txt", script=script), "output, line 1")
        self.expect_same(self.verify("--file", "x.txt", "--no-output", script=script),
                         f"same on 1, 2 ranks ({Setup.mpi}): x.txt: 1 line, 1 number")

    def test_files_that_are_there_or_are_not(self):
        self.file("work/old.txt", b"3\n")
        result = self.verify("--file", "old.txt", script="echo 1")
        self.expect_error(result, 73, "old.txt", "before the program has run", "remove it")
        self.assertEqual((self.folder / "work" / "old.txt").read_bytes(), b"3\n")
        self.expect_error(self.verify("--file", "new.txt", script="echo 1"), 66, "new.txt", "not written on 1 rank")
        self.expect_error(self.verify("--file", "dir", script="mkdir -p dir"), 66, "dir", "no regular file")
        self.expect_error(self.verify("--file", "dir2", script="ln -sf /etc/passwd dir2"), 66, "dir2", "no regular file")
        self.expect_error(self.verify("--file", "empty", script=": > empty"), 65, "empty", "nothing that could differ")


class Failures(VerifyCase):
    def test_a_program_that_fails(self):
        result = self.verify(script="echo 1; echo bad luck >&2; exit 3", ranks="2,3")
        self.expect_failure(result, self.on(2), "exit code 3", "  bad luck\n")
        only_on_two = self.verify(script="echo 1; [ $P = 1 ] || exit 4")
        self.expect_failure(only_on_two, self.on(2), "exit code 4", "its last words:\n  1\n")

    def test_a_program_that_fails_in_json(self):
        result = self.verify("--json", script="echo bad luck >&2; exit 3", ranks="1,2")
        self.assertEqual((result.code, result.err), (1, ""), result)
        self.assertEqual(result.json()["verdict"], "failed")
        failure = result.json()["failure"]
        self.assertEqual((failure["exit"], failure["timed_out"], failure["last_words"]), (3, False, "bad luck"))

    def test_tutti_itself_fails(self):
        result = self.verify(program=[Setup.program, "stats", "nowhere.npy"])
        self.assertEqual((result.code, result.out), (1, ""), result)
        self.assertIn("exit code 66", result.err)
        self.assertIn("  tutti: error: nowhere.npy: No such file", result.err)

    def test_a_program_that_is_killed(self):
        self.expect_failure(self.verify("--repeat", "2", script="kill -9 $$", ranks="1"), "signal 9")

    def test_a_program_that_hangs(self):
        begin = time.monotonic()
        result = self.verify("--timeout", "0.5", program=["sh", "-c", "echo 1; exec sleep 1000"])
        self.expect_failure(result, "1 rank", "longer than 0.5 s (--timeout)")
        self.assertLess(time.monotonic() - begin, 60)
        found = self.verify("--json", "--timeout", "0.5", program=["sh", "-c", "exec sleep 1000"]).json()["failure"]
        self.assertTrue(found["timed_out"])

    def test_a_program_that_hangs_and_does_not_listen(self):
        self.expect_failure(self.verify("--timeout", "0.5", program=["sh", "-c", "trap '' TERM INT; sleep 99 & wait; sleep 99"]),
                            "--timeout")

    def ends(self, pid):
        end = time.monotonic() + 20
        while os.path.exists(f"/proc/{pid}") and time.monotonic() < end:
            time.sleep(0.05)
        return not os.path.exists(f"/proc/{pid}")

    def test_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process = start([Setup.program, "verify", "-n", "1,2", "--", "sh", "-c",
                             f"echo $$ >> {self.folder}/pids; exec sleep 1000"], env={"TMPDIR": str(self.folder / "tmp")})
            try:
                end = time.monotonic() + 60
                while not (self.folder / "pids").exists() and time.monotonic() < end:
                    time.sleep(0.05)
                process.send_signal(number)
                result = finish(process)
            finally:
                end_group(process)
            self.assertEqual((result.code, result.out, len(result.errors())), (128 + number, "", 1), result)
            self.expect_clean()
            for pid in (self.folder / "pids").read_text().split():
                self.assertTrue(self.ends(pid), pid)
            (self.folder / "pids").unlink()


class Traces(VerifyCase):
    """The trace of a program that is linked with tutti, written here by a script."""
    HEAD = "printf '# tutti trace 1\\n' > $TUTTI_TRACE; r() { printf \"$1\\n\" >> $TUTTI_TRACE; }; "

    def trace(self, *lines):
        return self.HEAD + "".join(f'r "{line}"; ' for line in lines)

    def test_the_first_differing_call_site(self):
        script = self.trace("sum\\t1\\ta.cpp:8\\t0x1.8p+0", "dot\\t2\\tb.cpp:9\\t0x1.${P}p+0") + "echo dot = 1.$P"
        self.expect_different(self.verify(script=script), "output, line 1", "1.1 and 1.2",
                              "first reduction that differs: #2 dot at b.cpp:9: 0x1.1p+0 and 0x1.2p+0, ")
        found = self.verify("--json", script=script).json()["difference"]
        self.assertEqual(found["reduction"]["a"], {"name": "dot", "sequence": 2, "site": "b.cpp:9", "value": "0x1.1p+0"})

    def test_only_the_trace_differs(self):
        script = self.trace("sum\\t1\\ta.cpp:8\\t0x1.${P}p+0") + "echo 1"
        self.expect_different(self.verify(script=script), "#1 sum at a.cpp:8", "what was printed and written is the same",
                              "--no-trace")
        self.expect_success(self.verify("--no-trace", script=script.replace("$TUTTI_TRACE", "/dev/null")))
        self.expect_success(self.verify("--rtol", "0.1", script=script))
        self.expect_success(self.verify("--ignore-call", "^sum at a", script=script))

    def test_the_same(self):
        script = self.trace("sum\\t1\\ta.cpp:8\\t0x${P}p+0") + "echo 5"
        self.expect_same(self.verify("--mask", "ranks", script=script),
                         f"same on 1, 2 ranks ({Setup.mpi}): 1 line, 1 number; 1 reduction")

    def test_other_numbers_of_reductions(self):
        script = self.trace("sum\\t1\\ta.cpp:8\\t1") + "[ $P = 1 ] || r 'dot\\t2\\tb.cpp:9\\t1'; echo 1"
        self.expect_different(self.verify(script=script), "no reduction is left", "#2 dot at b.cpp:9")

    def test_a_trace_of_one_run_only(self):
        script = "[ $P = 1 ] || " + self.HEAD + " echo 1"
        self.expect_different(self.verify(script=script), "no trace", "a trace of reductions")

    def test_what_is_no_trace(self):
        self.expect_error(self.verify(script="echo hello > $TUTTI_TRACE; echo 1"), 65, "trace of 1 rank", "line 1")


class BothMpis(VerifyCase):
    def test_a_program_built_for_both(self):
        if not Setup.other:
            self.skipTest("TUTTI_OTHER_PROGRAM is not set: the program is not built for the other MPI")
        other = "mpich" if Setup.mpi == "openmpi" else "openmpi"
        for mpi, path in ((Setup.mpi, Setup.program), (other, Setup.other)):
            (self.folder / mpi).mkdir()
            (self.folder / mpi / "tutti").symlink_to(path)
        words = [str(self.folder / "{mpi}" / "tutti"), *self.vectors()[1:]]
        result = self.verify(program=words, ranks="1,2,3")
        self.assertEqual(result.code, 0, result)
        self.assertIn("same on 1, 2, 3 ranks (openmpi, mpich): 1 line, 2 numbers", result.out)
        alone = self.verify("--mpi", other, program=words, ranks="1,2")
        self.assertIn(f"same on 1, 2 ranks ({other})", alone.out)
        wrong = self.verify("--mpi", other, program=[Setup.program, *words[1:]])
        self.expect_error(wrong, 69, "--mpi", "leave --mpi out")

    def test_a_script_for_both(self):
        missing = [name for name in ("mpirun.openmpi", "mpiexec.mpich") if not shutil.which(name)]
        if missing:
            self.skipTest("not installed: " + ", ".join(missing))
        result = self.verify("--file", "out-{mpi}", program=["sh", "-c", SPEAKS + "echo {mpi} > out-{mpi}; echo 1"], ranks="1")
        self.expect_different(result, "1 rank (openmpi) and 1 rank (mpich)", "out-openmpi, line 1", "other text")
        result = self.verify("--mpi", "mpich", "--mpi", "openmpi", script="echo 1", ranks="1,2")
        self.expect_same(result, "same on 1, 2 ranks (mpich, openmpi): 1 line, 1 number")


class BadInput(VerifyCase):
    def test_the_command_line(self):
        for options, code, words in (
                ((), 64, ["on how many ranks", "-n 1,2,3"]),
                (("-n", "1,2,x"), 64, ["-n x"]),
                (("-n", "1,,2"), 64, ["two commas"]),
                (("-n", "1,0"), 64, ["-n 0"]),
                (("-n", "2,2"), 64, ["2 is there twice", "--repeat"]),
                (("-n", "99999999999"), 64, ["-n 99999999999"]),
                (("-n", "2"), 64, ["one run", "--repeat 2"]),
                (("-n", "1,2", "--repeat", "0"), 64, ["--repeat 0"]),
                (("-n", "1,2", "--mpi", "lam"), 64, ["--mpi lam", "openmpi"]),
                (("-n", "1,2", "--timeout", "0"), 64, ["--timeout 0"]),
                (("-n", "1,2", "--timeout", "nan"), 64, ["--timeout"]),
                (("-n", "1,2", "--ulp", "-1"), 64, ["--ulp -1"]),
                (("-n", "1,2", "--rtol", "1"), 64, ["--rtol 1"]),
                (("-n", "1,2", "--rtol", "nan"), 64, ["--rtol"]),
                (("-n", "1,2", "--match", "("), 64, ["--match", "grep -E"]),
                (("-n", "1,2", "--mask", "\\d+"), 64, ["--mask", "[0-9]"]),
                (("-n", "1,2", "--ignore", ""), 64, ["--ignore"]),
                (("-n", "1,2", "--file", "{mpi}.txt"), 64, ["{mpi}", "--mpi"]),
                (("-n", "1,2", "--no-output", "--no-trace"), 64, ["--file"]),
                (("-n", "1,2", "--mpi", "mpich", "--mpiexec", "x"), 64, ["--mpiexec"]),
                (("-n", "1,2", "--bogus"), 64, ["--bogus", "tutti verify --help"])):
            self.expect_error(self.verify(*options, script="echo 1", ranks=None), code, *words, where=str(options))
        self.expect_json_error(self.verify("--json", script="echo 1", ranks="0"), 64, "UsageError", "-n 0")

    def test_programs(self):
        self.expect_error(tutti("verify", "-n", "1,2"), 64, "verify: no program", "after --")
        self.expect_error(self.verify(program=["/no/such/program"]), 66, "no such program")
        self.expect_error(self.verify(program=["sh", ":"]), 64, "':'")

    def test_what_cannot_fail_is_no_check(self):
        self.expect_error(self.verify(script="true"), 65, "nothing was printed", "--file")
        self.expect_error(self.verify("--match", "never", script="echo 1"), 65, "of 1 line none is left", "--match")
        self.expect_error(self.verify("--mask", ".*", script="echo 1; echo 2"), 65, "of 2 lines none is left")
        self.expect_error(self.verify("--no-output", script="echo 1"), 65, "no trace", "--file")

    def test_under_a_launcher(self):
        result = run([*Setup.launch(2), Setup.program, "verify", "-n", "1,2", "--", "true"])
        self.expect_error(result, 64, "verify starts the ranks itself", noise=True, exact_code=False)

    def test_a_folder_for_outputs_that_is_not_there(self):
        result = run([Setup.program, "verify", "-n", "1,2", "--", "echo", "1"], env={"TMPDIR": "/no/such/folder"})
        self.expect_error(result, 73, "TMPDIR")


if __name__ == "__main__":
    main(sys.modules[__name__])
