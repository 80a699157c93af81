"""What tools/test counts, on results that ctest itself wrote: passed, failed, skipped, and why."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools" / "testing"))
import results

GTEST = """[ RUN      ] A.passes
[       OK ] A.passes (0 ms)
[ RUN      ] A.cannot
a_test.cpp:7: Skipped
this machine has
no huge pages

[  SKIPPED ] A.cannot (0 ms)
[ RUN      ] A.also
[       OK ] A.also (12 ms)
"""
GTEST_FAILS = """[ RUN      ] A.passes
[       OK ] A.passes (0 ms)
[ RUN      ] A.fails
a_test.cpp:9: Failure
[  FAILED  ] A.fails (0 ms)
[  FAILED  ] 1 test, listed below:
[  FAILED  ] A.fails
"""
UNITTEST = """test_a (__main__.A.test_a) ... ok
test_b (__main__.A.test_b) ... skipped 'no NumPy'
test_c (__main__.A.test_c) ... ok

Ran 3 tests in 0.1s
"""

# name: (shell script, properties, passed, failed, reasons)
ENTRIES = {
    "plain": ("true", "", 1, 0, []),
    "fails": ("echo nothing good; false", "", 0, 1, []),
    "crashes": ("kill -SEGV $$", "", 0, 1, []),
    "hangs": ("sleep 30", "TIMEOUT 1", 0, 1, []),
    "cannot": ("echo 'skipped: no MPICH here'; exit 77", "SKIP_RETURN_CODE 77", 0, 0, ["no MPICH here"]),
    "mute": ("exit 77", "SKIP_RETURN_CODE 77", 0, 0, ["no reason given"]),
    "kernel": ("echo 'TUTTI_KERNEL: no kernel is called \"avx9\" here; choose another'; exit 64", 'SKIP_REGULAR_EXPRESSION "no kernel"', 0, 0,
               ['no kernel is called "avx9" here']),
    "cases": (f"cat <<'E'\n{GTEST}E", "", 2, 0, ["A.cannot: this machine has no huge pages"]),
    "cases_fail": (f"cat <<'E'\n{GTEST_FAILS}E\nexit 1", "", 1, 1, []),
    "cases_crash": (f"cat <<'E'\n{GTEST}E\nexit 3", "", 2, 1, ["A.cannot: this machine has no huge pages"]),
    "python": (f"cat <<'E'\n{UNITTEST}E", "", 2, 0, ["no NumPy"]),
    "off": ("true", "DISABLED TRUE", 0, 1, []),
}


class Results(unittest.TestCase):
    def test_counts(self):
        with tempfile.TemporaryDirectory() as folder:
            lines = ['add_test(gone "/nonexistent/program")']
            for name, (script, properties, *_) in ENTRIES.items():
                path = pathlib.Path(folder, name + ".sh")
                path.write_text(script + "\n")
                lines.append(f'add_test({name} "/bin/bash" "{path}")')
                if properties:
                    lines.append(f"set_tests_properties({name} PROPERTIES {properties})")
            pathlib.Path(folder, "CTestTestfile.cmake").write_text("\n".join(lines) + "\n")
            junit = pathlib.Path(folder, "junit.xml")
            done = subprocess.run(["ctest", "--test-dir", folder, "--output-junit", junit, "--test-output-size-passed",
                                   "100000"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self.assertNotEqual(done.returncode, 0)
            found = {entry.name: entry for entry in results.read_junit(junit, "tree")}
        self.assertEqual(set(found), {*ENTRIES, "gone"})
        self.assertEqual((found["gone"].passed, found["gone"].failed, found["gone"].skips), (0, 1, []))
        for name, (_, _, passed, failed, reasons) in ENTRIES.items():
            with self.subTest(name):
                entry = found[name]
                self.assertEqual((entry.passed, entry.failed, entry.skips), (passed, failed, reasons))
        self.assertEqual(results.summary(found.values())[2], 6)
        self.assertIn("nothing good", found["fails"].output)
        self.assertEqual(results.failing_part(found["cases_fail"]), "A.fails\na_test.cpp:9: Failure\n[  FAILED  ] A.fails (0 ms)")
        self.assertIn("nothing good", results.failing_part(found["fails"]))


if __name__ == "__main__":
    unittest.main()
