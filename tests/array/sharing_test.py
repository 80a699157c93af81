#!/usr/bin/env python3
"""One copy per node where memory is short, hidden, or somebody is killed: the memory is shared, or all ranks hear why not.

    sharing_test.py --program FILE --mpi openmpi|mpich -- mpiexec -n RANKS ...
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
import program

MEBIBYTE = 1 << 20
SHARED = 256 * MEBIBYTE
SHM = pathlib.Path("/dev/shm")
CGROUPS = (pathlib.Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"), (pathlib.Path("/sys/fs/cgroup"), "memory.max")

# Both MPIs keep their own messages in /dev/shm, and give up where it is too small for them.
ELSEWHERE = {"openmpi": {"OMPI_MCA_btl_vader_backing_directory": "/tmp"}, "mpich": {"UCX_TLS": "self,sysv"}}
# UCX, too, opens the memory of others through /proc, and kills its ranks where it cannot.
HIDDEN = {"openmpi": {"OMPI_MCA_btl_vader_single_copy_mechanism": "none"}, "mpich": {"UCX_POSIX_USE_PROC_LINK": "n"}}


class Setup:
    program = mpi = ""
    launcher = []


def command(ranks, *words):
    return [*(str(ranks) if word == "RANKS" else word for word in Setup.launcher), Setup.program, *map(str, words)]


def inside_mounts(mount, words):
    """The words, run where `mount` was done and nobody else sees it."""
    return ["unshare", "-m", "sh", "-c", f'{mount} && exec "$@"', "sh", *words]


def need_root():
    if os.geteuid() != 0:
        raise unittest.SkipTest("only root can make this")


def need_mounts():
    need_root()
    if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode != 0:
        raise unittest.SkipTest("this container does not let root make a mount namespace")


def need_nobody():
    """What runs a program as an ordinary user."""
    need_root()
    if subprocess.run([Setup.program, "nonsense"], user=program.NOBODY, group=program.NOBODY, extra_groups=[],
                      capture_output=True, cwd="/").returncode == 126:
        raise unittest.SkipTest("the build folder is closed to ordinary users")


def processes_of_the_program():
    found = []
    for link in pathlib.Path("/proc").glob("[0-9]*/exe"):
        try:
            if os.readlink(link) == Setup.program:
                found.append(link.parent.name)
        except OSError:  # ended meanwhile, or another user's
            pass
    return found


class Sharing(unittest.TestCase):
    def expect_shared(self, result, copies=1, ranks=4):
        self.assertEqual(result.code, 0, result.err)
        size, grown = map(int, re.search(r"shared (\d+) on \d+ nodes, grown by (-?\d+)", result.out).groups())
        # Beside the copies: what MPI takes for itself meanwhile.
        self.assertGreaterEqual(grown, copies * size - 16 * MEBIBYTE, result.out)
        self.assertLessEqual(grown, 1.01 * copies * size + 16 * MEBIBYTE * ranks, result.out)

    def expect_error(self, result, code, pattern):
        self.assertEqual(len(result.errors()), 1, result.err)
        self.assertRegex(result.errors()[0], pattern)
        self.assertEqual(result.code, code, result.err)

    def test_a_node_has_one_copy(self):
        self.expect_shared(program.run(command(4, "share", SHARED)))

    def test_each_of_two_nodes_has_one_copy(self):
        self.expect_shared(program.run(command(4, "share", SHARED), env={"TUTTI_NODES": "2"}), copies=2)

    def test_in_a_container(self):
        need_mounts()
        words = inside_mounts("mount -t tmpfs -o size=64m tmpfs /dev/shm", command(4, "share", SHARED))
        self.expect_shared(program.run(words))

    def test_where_dev_shm_is_tiny(self):
        need_mounts()
        words = inside_mounts("mount -t tmpfs -o size=1m tmpfs /dev/shm", command(3, "share", SHARED))
        self.expect_shared(program.run(words, env=ELSEWHERE[Setup.mpi]))

    def test_as_an_ordinary_user(self):
        need_nobody()
        self.expect_shared(program.run(command(3, "share", SHARED), env={"HOME": "/tmp"}, user=program.NOBODY))

    def test_as_an_ordinary_user_who_sees_only_his_own_processes(self):
        need_mounts()
        need_nobody()
        words = ["setpriv", "--reuid", str(program.NOBODY), "--regid", str(program.NOBODY), "--clear-groups"]
        words = inside_mounts("mount -t proc -o hidepid=2 proc /proc", [*words, *command(3, "share", SHARED)])
        self.expect_shared(program.run(words, env={"HOME": "/tmp"}))

    def test_where_ranks_are_hidden_from_each_other(self):
        if os.geteuid() == 0:
            need_nobody()
        user = program.NOBODY if os.geteuid() == 0 else None  # nothing is hidden from root
        result = program.run(command(3, "share", SHARED, "hidden"), env={"HOME": "/tmp", **HIDDEN[Setup.mpi]}, user=user)
        self.expect_error(result, 71, "coordinates: the ranks of node .* cannot share memory: .*hidepid")
        result = program.run(command(1, "share", SHARED, "hidden"), env={"HOME": "/tmp", **HIDDEN[Setup.mpi]}, user=user)
        self.expect_shared(result, ranks=1)
        result = program.run(command(3, "vectors", SHARED, "hidden"), user=user,
                             env={"HOME": "/tmp", "TUTTI_MEMORY_BUDGET": "1GiB", **HIDDEN[Setup.mpi]})
        self.assertEqual((result.code, result.out), (0, "all had room\n"), result.err)

    def test_more_than_the_budget(self):
        result = program.run(command(3, "share", SHARED), env={"TUTTI_MEMORY_BUDGET": "250MB"})
        self.expect_error(result, 75, r"coordinates: .* need 256\.00 MiB .*TUTTI_MEMORY_BUDGET.*distribute it \(DistVector\)")

    def test_what_other_ranks_are_about_to_give_back_is_free(self):
        size = 1024 * MEBIBYTE  # of which no page is touched
        result = program.run(command(4, "again", size), env={"TUTTI_MEMORY_BUDGET": str(size + 400 * MEBIBYTE)})
        self.assertEqual((result.code, result.out), (0, "all had room\n"), result.err)

    def test_more_than_the_machine(self):
        self.expect_error(program.run(command(3, "share", 1 << 46)), 75, r"coordinates: .* need 64\.00 TiB")

    def test_more_than_the_cgroup(self):
        need_root()
        found = [(folder, limit) for folder, limit in CGROUPS if (folder / "cgroup.procs").exists()]
        if not found:
            self.skipTest("no memory cgroups here")
        folder, limit = found[0][0] / f"tutti-test-{os.getpid()}", found[0][1]
        try:
            folder.mkdir()
        except OSError as problem:
            self.skipTest(f"no memory cgroup can be made: {problem}")
        try:
            if not (folder / limit).exists():
                self.skipTest("the memory controller is not delegated")
            (folder / limit).write_text(str(192 * MEBIBYTE))
            words = ["sh", "-c", f'echo $$ > {folder}/cgroup.procs && exec "$@"', "sh", *command(3, "share", SHARED)]
            self.expect_error(program.run(words), 75, r"coordinates: .* need 256\.00 MiB .*cgroup")
        finally:
            time.sleep(0.2)  # until the last process has been reaped
            folder.rmdir()

    def test_a_rank_is_killed_while_it_shares(self):
        before = set(SHM.iterdir())
        result = program.run(command(3, "killed", 64 * MEBIBYTE))
        self.assertNotEqual(result.code, 0)
        self.assertIn("sharing", result.out)
        end = time.monotonic() + 20
        while processes_of_the_program() and time.monotonic() < end:
            time.sleep(0.1)
        self.assertEqual(processes_of_the_program(), [], "ranks are left behind")
        left = [path.name for path in set(SHM.iterdir()) - before if "tutti" in path.name]
        self.assertEqual(left, [], "memory is left behind")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--mpi", required=True)
    parser.add_argument("launcher", nargs="+")
    given = parser.parse_args()
    Setup.program, Setup.mpi, Setup.launcher = os.path.realpath(given.program), given.mpi, given.launcher
    if shutil.which("unshare") is None:
        print("unshare is missing: the tests of small file systems will fail")
    unittest.main(argv=[sys.argv[0]], verbosity=2)


if __name__ == "__main__":
    main()
