"""tutti checkpoints: what it lists, what it finds, and how it ends.

    checkpoints_test.py --program TUTTI --mpi MPI --launch MPIEXEC -n RANKS ...
TUTTI_WRITER: checkpoint_program, which writes them
"""
import os

import program

WRITER = os.environ["TUTTI_WRITER"]


class Checkpoints(program.Case):
    def setUp(self):
        super().setUp()
        self.run_folder = self.folder / "run"
        done = program.run([*program.Setup.launch(2), WRITER, "run", self.run_folder, 3, 2000, "cyclic"])
        self.assertEqual(done.code, 0, done.err)

    def damage(self, name):
        path = self.run_folder / name
        contents = bytearray(path.read_bytes())
        contents[-100] ^= 1
        path.write_bytes(contents)

    def expected_line(self, step):
        return f"{step:05}-step-{step}  whole  31.25 KiB  x <f8 (2000,), visits <i8 (2000,)"

    def test_whole_ones(self):
        for ranks in (None, 1, 3):
            result = program.tutti("checkpoints", self.run_folder, ranks=ranks)
            self.assertEqual((result.code, result.err), (0, ""))
            self.assertEqual(result.out.splitlines(), [self.expected_line(2), self.expected_line(3)])

    def test_damaged_ones(self):
        self.damage("00003-step-3/visits.npy")
        self.damage("00002-step-2/manifest.json")
        result = program.tutti("checkpoints", self.run_folder, ranks=2)
        self.assertEqual((result.code, result.err), (1, ""))
        first, second = result.out.splitlines()
        self.assertEqual(first, f"00002-step-2  damaged  {self.run_folder}/00002-step-2/manifest.json: is damaged: its checksum "
                                "does not fit")
        self.assertRegex(second, r"^00003-step-3  damaged  .*/visits.npy: is damaged: the bytes 128 to 16127 \(chunk 0 of 1\) ")

    def test_json(self):
        self.damage("00003-step-3/x.npy")
        result = program.tutti("checkpoints", self.run_folder, "--json", ranks=2)
        self.assertEqual((result.code, result.err), (1, ""))
        found = result.json()
        self.assertEqual(found["schema"], "tutti-checkpoints/1")
        whole, damaged = found["checkpoints"]
        self.assertEqual((whole["name"], whole["step"], whole["bytes"], whole["damage"]), ("00002-step-2", 2, 32000, None))
        self.assertEqual(whole["arrays"][1], {"name": "visits", "dtype": "<i8", "shape": [2000]})
        self.assertEqual(whole["notes"]["seed"], 2026)
        self.assertIn("x.npy: is damaged", damaged["damage"])

    def test_folders_without_any(self):
        empty = self.folder / "empty"
        empty.mkdir()
        result = program.tutti("checkpoints", empty, ranks=2)
        self.assertEqual((result.code, result.out, result.err), (0, "", ""))
        self.expect_error(program.tutti("checkpoints", self.folder / "nowhere", ranks=2), 66, "nowhere: No such file or directory")
        self.expect_error(program.tutti("checkpoints", self.file("file", b"")), 66, "file: Not a directory")
        self.expect_error(program.tutti("checkpoints"), 64, "FOLDER is required")


if __name__ == "__main__":
    program.main("__main__")
