"""The programs of bench/ do what tools/bench relies on: on vectors so short that nobody waits."""
import functools
import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools" / "benchmarks"))
import grids
import molecular
import nodeshared
import peers
import programs

FOLDER = pathlib.Path(os.environ["TUTTI_BENCH_FOLDER"])
MPI = os.environ["TUTTI_BENCH_MPI"]


class Kernels(unittest.TestCase):
    def test_every_kernel_is_compared_and_gives_the_same_sum(self):  # else the program fails
        program = FOLDER / "dot" / "bench_dot_kernels"
        names = [line["kernel"] for line in programs.run(MPI, 1, [program, "list"])]
        self.assertIn("portable", names)
        for data, operations in (("normal", 8), ("spread", 2), ("whole", 2)):
            for size in (0, 65536):
                lines = programs.run(MPI, 2, [program, data, size, 1, *names])
                self.assertEqual(len(lines), operations * len(names))
                self.assertTrue(all(line["plain_seconds"][0] > 0 and line["exact_seconds"][0] > 0 for line in lines))

    def test_bad_words(self):
        for words in ([], ["odd", 0, 1, "portable"], ["normal", 0, 1, "no such kernel"]):
            with self.assertRaises(programs.Failed):
                programs.run(MPI, 1, [FOLDER / "dot" / "bench_dot_kernels", *words])

    def test_accumulator(self):
        lines = programs.run(MPI, 1, [FOLDER / "dot" / "bench_dot_accumulator", 1])
        self.assertIn("add(span)", [line["what"] for line in lines])


class NodeShared(unittest.TestCase):
    def test_turns(self):  # the sums of what is read are checked by the program
        lines = programs.run(MPI, nodeshared.RANKS, [FOLDER / "bench_node_shared", 1 << 20, 2])
        self.assertEqual([line["bytes"] for line in lines], [1 << 20] * 2)
        for key in nodeshared.KEYS:
            self.assertTrue(all(line[key] > 0 for line in lines), key)

    def test_bad_words(self):
        for words in ([], [0, 1], ["much", 1], [1 << 20]):
            with self.assertRaises(programs.Failed):
                programs.run(MPI, 1, [FOLDER / "bench_node_shared", *words])


class Grid(unittest.TestCase):
    def run_on_two(self, *words):
        return programs.run(MPI, 2, [str(word) for word in words])

    def test_halo_exchanges(self):  # the program checks the ghosts
        lines = self.run_on_two(FOLDER / "bench_halo_exchange", 12, 5)
        self.assertEqual([(line["ends"], line["when"]) for line in lines],
                         [(ends, when) for ends in ("open", "periodic") for when in ("in a row", "after a sweep")])
        self.assertTrue(all(len(line[way]) == 5 for line in lines for way in ("tutti", *grids.WAYS)))
        self.assertEqual(len(grids.halo_table([grids.halo(MPI, line) for line in lines]).rows), 4)

    def test_tickets(self):
        for nodes in (1, 2):
            (line,) = self.run_on_two("env", f"TUTTI_NODES={nodes}", FOLDER / "bench_work_queue", 100, 5)
            self.assertEqual((line["nodes"], len(line["tutti"])), (nodes, 5))
            self.assertEqual(len(grids.queue_table([grids.queue(MPI, line)]).rows), 1)

    def test_conjugate_gradients(self):
        (line,) = self.run_on_two(FOLDER / "bench_cg", 12, 3, 5)
        (alone,) = programs.run(MPI, 1, [FOLDER / "bench_cg", 12, 3, 5])
        self.assertEqual(line["residual"], alone["residual"])
        petsc = FOLDER / "peers" / "peer_petsc_cg"
        if not petsc.exists():
            self.skipTest("PETSc is not installed, or not for this MPI; tools/setup peers")
        (theirs,) = self.run_on_two(petsc, 12, 16, 5)  # one step before the measured ones
        self.assertAlmostEqual(theirs["residual"] / float.fromhex(line["residual"]), 1, places=6)

    def test_bad_words(self):
        for words in (["bench_halo_exchange"], ["bench_halo_exchange", 0, 5], ["bench_halo_exchange", 1, 5],
                      ["bench_work_queue", 1], ["bench_cg", 5, "many", 1]):
            with self.assertRaises(programs.Failed):
                self.run_on_two(FOLDER / words[0], *words[1:])


@functools.cache
def bits(program):
    """What a peer prints of 1009 elements on 3 ranks; None if it is not installed."""
    words = peers.words_for(next(peer for peer in peers.PEERS if peer.program == program), FOLDER.parent)
    return None if words is None else programs.run(MPI, 3, [*words, "bits", 1009])


class Melt(unittest.TestCase):
    PROGRAM = FOLDER / "molecular" / "bench_melt"

    def test_time(self):
        hashes = {programs.run(MPI, 1, [self.PROGRAM, "time", 500, "double", 20])[0]["hash"] for _ in range(2)}
        self.assertEqual(len(hashes), 1)

    def test_accuracy(self):
        errors = {line["precision"]: line["relative_rms_error"] for line in programs.run(MPI, 1, [self.PROGRAM, "accuracy", 500, 20])}
        self.assertTrue(0 < errors["double"] < 1e-9 < errors["float"] < 2e-6, errors)

    def test_drift(self):
        energies = programs.run(MPI, 1, [self.PROGRAM, "drift", 500, "float", 400, 5, 0.005])[0]["energies"]
        self.assertEqual(len(energies), 81)
        self.assertLess(molecular.slope(energies)["fluctuation"], 1e-3)

    def test_ranks(self):
        lines = [programs.run(MPI, ranks, [FOLDER / "molecular" / "bench_parallel", 864, "float", 20, placement])[0]
                 for ranks, placement in ((1, "spatial"), (3, "spatial"), (2, "replicated"))]
        self.assertEqual(len({line["hash"] for line in lines}), 1)
        self.assertTrue(lines[0]["bytes_a_step"] == 0 < lines[2]["bytes_a_step"], lines)

    def test_memory(self):
        line = programs.run(MPI, 1, [self.PROGRAM, "memory", 32000, "double", 5])[0]
        self.assertTrue(100 < line["booked_bytes"] < 500, line)

    def test_bad_words(self):
        for words in ([], ["time", 500, "half", 20], ["time", 501, "double", 20]):
            with self.assertRaises(programs.Failed):
                programs.run(MPI, 1, [self.PROGRAM, *words])


class Peers(unittest.TestCase):
    def check(self, peer):
        if MPI not in peer.mpis:
            self.skipTest(f"Debian builds {peer.program} with {' and '.join(peer.mpis)}")
        if bits(peer.program) is None:
            self.skipTest(f"{peer.program} is not installed; tools/setup peers")
        self.assertEqual([line["peer"] for line in bits(peer.program)], list(peer.names))
        self.assertEqual({line["given"] for line in bits(peer.program)}, {bits("tutti")[0]["given"]})
        lines = programs.run(MPI, 2, [*peers.words_for(peer, FOLDER.parent), "time", 100])
        self.assertEqual([(line["peer"], line["ranks"], line["elements"]) for line in lines],
                         [(name, 2, 100) for name in peer.names])

    def test_ours_is_exact(self):
        results = {"bits": [line for ranks in (1, 2, 3, 4)
                            for line in programs.run(MPI, ranks, [FOLDER / "peers" / "peer_tutti", "bits", 100003])]}
        for name in (peers.DOT, peers.MULTI):
            self.assertTrue(peers.same_bits(results, name))
            self.assertEqual(peers.cancelling_error(results, name), 0)


for each in peers.PEERS:  # an entry for each, so that what is not installed is seen
    setattr(Peers, f"test_{each.program}", lambda self, peer=each: self.check(peer))

if __name__ == "__main__":
    unittest.main()
