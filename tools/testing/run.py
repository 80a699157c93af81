"""The part of tools/test that needs Python: builds each tree, runs its tests, counts. See tools/test."""
import argparse
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time

import results

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The trees, in the order in which they are built, and what of their tests is left to the others: clang's programs, which
# have the sanitizers, run on one number of ranks only, and only where a compiler or a sanitizer can show something new.
ONE_RANK_COUNT = r"_on_([124-9]|\d\d+)$|^(big_broadcast|cli|docs|example|demo|house|package)"
# Rooms that know nothing of MPI are tested once for each compiler.
NO_MPI = r"^(core|files|exact|exact_.*|memory|distribution|inspect|forecast|verify|formats|formats_.*|molecular|package_headers)$"
# Pages, and what is about disks, are the same under both MPIs: under the second in --long only.
PAGES_AND_DISKS = r"^(docs_page_.*|checkpoint_(disk|killed))$"
TREES = {"openmpi": [], "mpich": ["--exclude-regex", NO_MPI + "|" + PAGES_AND_DISKS],
         "simgrid": [],
         "clang": ["--exclude-regex", ONE_RANK_COUNT + "|^(bits|io_numpy|checkpoint_killed|simulation_on_2_nodes)"]}
OTHER = {"openmpi": "mpich", "mpich": "openmpi"}  # the same bits under the other MPI: tests/bits, tests/cli
# What takes part in --long only.
LONG_TREES = {"tsan": ["--tests-regex", r"^(core|memory|watchdog|launch|comm_on_[237]|(array|copies|io_arrays|capi)_on_3|faults_on_[23])$"]}
LINT_TREE = "clang"  # clang-tidy needs the command lines of clang++
AT_ONCE = 4  # entries that start ranks count as two


class Phases:
    """One line for each phase, when it has ended: what, how it went, how long. Several may run at once."""

    def __init__(self):
        self.entries = []
        self.failures = []
        self.started = time.monotonic()
        self.lock = threading.Lock()

    def run(self, name, work):
        """work() returns (ok, what to say, the entries that it has run)."""
        started = time.monotonic()
        ok, said, entries = work()
        seconds = time.monotonic() - started
        with self.lock:
            print(f"{name:<16}{seconds:7.1f} s  {said}", flush=True)
            self.entries += entries
            if not ok:
                self.failures.append(name)
                if results.summary(entries)[1] == 0:  # a failure that no entry stands for
                    self.entries.append(results.Entry("", name, seconds, failed=1))
        return ok


def call(words, environment=None, log=None):
    """Exit status and all output of a command."""
    done = subprocess.run([str(word) for word in words], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if log is not None:
        log.write_text(done.stdout)
    return done.returncode, done.stdout


def build(preset, meanwhile):
    """Configures and builds one tree; `meanwhile`: beside tests, which come first. Most files know nothing of MPI: with
    ccache, which is told to see paths from where it stands, the trees of the two MPIs compile them once."""
    definitions = []
    environment = dict(os.environ, CCACHE_BASEDIR=str(ROOT), CCACHE_NOHASHDIR="1")
    if shutil.which("ccache"):
        definitions.append("-DCMAKE_CXX_COMPILER_LAUNCHER=ccache")
    modest = ["nice", "-n", "10"] if meanwhile else []
    for words in (["cmake", "--preset", preset, *definitions], [*modest, "cmake", "--build", "--preset", preset]):
        status, said = call(words, environment)
        if status != 0:
            tail = "\n".join(said.splitlines()[-60:])
            return False, f"FAILED: {' '.join(words)}\n{tail}", []
    return True, "built", []


def test_environment(tree):
    environment = dict(os.environ)
    # A test must not depend on what a developer has set for tutti; the reference data's place is the one exception.
    for name in list(environment):
        if name.startswith("TUTTI_") and name != "TUTTI_REFERENCE_DATA":
            del environment[name]
    reference = ROOT.parent / "shared" / "data"
    if "TUTTI_REFERENCE_DATA" not in environment and reference.is_dir():
        environment["TUTTI_REFERENCE_DATA"] = str(reference)
    environment["GTEST_COLOR"] = "no"  # under Open MPI every rank sees a terminal; colours would hide what is counted
    other = ROOT / "build" / OTHER.get(tree, "openmpi") / "cli" / "tutti"
    if other.exists():
        environment["TUTTI_OTHER_PROGRAM"] = str(other)
    if os.geteuid() == 0:  # Open MPI starts nothing as root unless told twice that this is meant
        environment["OMPI_ALLOW_RUN_AS_ROOT"] = environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
    return environment


def run_tests(tree, selection, label, launcher=()):
    """Runs a selection of a tree's entries."""
    folder = ROOT / "build" / tree
    junit = folder / f"junit-{label}.xml"
    junit.unlink(missing_ok=True)
    status, said = call([*launcher, "ctest", "--test-dir", folder, "--parallel", str(AT_ONCE), "--output-junit", junit, "--no-tests=error",
                         "--test-output-size-passed", "50000000", "--test-output-size-failed", "50000000", *selection],
                        test_environment(tree), folder / f"ctest-{label}.log")
    if not junit.exists():
        return False, f"FAILED: ctest wrote no results\n{said[-3000:]}", []
    found = results.read_junit(junit, tree)
    passed, failed, skipped = results.summary(found)
    text = f"{passed} passed, {failed} failed, {skipped} skipped in {len(found)} entries"
    for entry in found:
        if entry.failed:
            text += f"\n--- {tree}: {entry.name}, after {entry.seconds:.1f} s\n{results.failing_part(entry)}\n---"
    if status != 0 and not failed:
        text += f"\nFAILED: ctest exits with {status}\n{said[-3000:]}"
    return status == 0 and not failed and passed > 0, text, found


def report(phases):
    """Skips with their reasons, the slowest entries, the sums."""
    reasons = {}
    for entry in phases.entries:
        for reason in entry.skips:
            reasons.setdefault((entry.name, reason), []).append(entry.tree)
    print("\nskipped:" if reasons else "\nnothing was skipped")
    for (name, reason), trees in reasons.items():
        print(f"  {name} ({', '.join(trees)}): {reason}")
    print("\nten slowest entries:")
    for entry in sorted(phases.entries, key=lambda entry: -entry.seconds)[:10]:
        print(f"  {entry.seconds:7.1f} s  {entry.tree}: {entry.name}")
    if phases.failures:
        print("\nfailed: " + ", ".join(phases.failures))
    print(f"\n{time.monotonic() - phases.started:.0f} s in all")
    print("{} passed, {} failed, {} skipped".format(*results.summary(phases.entries)))


def main():
    parser = argparse.ArgumentParser(prog="tools/test", description="all tests of tutti; exit status 0 if none failed")
    parser.add_argument("--long", action="store_true", help="also what takes long (entries labelled long)")
    parser.add_argument("--quick", nargs="?", const="openmpi", metavar="PRESET", choices=[*TREES, *LONG_TREES],
                        help="for developers: one tree only (default openmpi), without lints")
    options = parser.parse_args()
    leave_out = "lint" if options.long else "lint|long"
    selections = {**TREES, **(LONG_TREES if options.long or options.quick else {})}
    if options.long:
        selections["mpich"] = ["--exclude-regex", NO_MPI]
    trees = [options.quick] if options.quick else list(selections)
    phases = Phases()
    if "simgrid" in trees and not shutil.which("smpirun"):  # not a Debian system, where tools/setup installs it
        trees.remove("simgrid")
        phases.entries.append(results.Entry("simgrid", "a thousand ranks", 0, skips=["there is no smpirun of SimGrid"]))
    # Tests of launchers mostly wait: the next trees are built meanwhile, and the lints take what is left.
    with concurrent.futures.ThreadPoolExecutor(1) as builder, concurrent.futures.ThreadPoolExecutor(1) as linter:
        def build_one(tree):
            return phases.run(f"build {tree}", lambda: build(tree, meanwhile=tree != trees[0]))

        def lint():
            return phases.run("lints", lambda: run_tests(LINT_TREE, ["--label-regex", "^lint$"], "lints", ["nice", "-n", "19"]))

        builds = {tree: builder.submit(build_one, tree) for tree in trees}
        lints = []
        if LINT_TREE in builds and not options.quick:
            builds[LINT_TREE].add_done_callback(lambda built: lints.append(linter.submit(lint)) if built.result() else None)
        for tree in trees:
            if not builds[tree].result():
                continue
            selection = ["--label-exclude", f"^({leave_out})$", *selections[tree]]
            phases.run(f"test {tree}", lambda: run_tests(tree, selection, "tests"))
    for looked in lints:
        looked.result()  # what it did not foresee is thrown here
    report(phases)
    sys.exit(1 if phases.failures else 0)


if __name__ == "__main__":
    main()
