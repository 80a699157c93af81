"""Trajectories as others read them: ASE (extended XYZ, LAMMPS dump) and MDAnalysis (LAMMPS dump, DCD).

    trajectory_readers.py TRAJECTORY_CASES
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest
import warnings

import numpy as np

warnings.simplefilter("ignore")
try:
    import ase.io
except ImportError:
    ase = None
try:
    import MDAnalysis
except ImportError:
    MDAnalysis = None

FRAMES, PARTICLES = 4, 500
EDGES = (10.1, 11.2, 12.3)


class Readers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="tutti-trajectories-")
        cls.folder = pathlib.Path(cls.temporary.name)
        subprocess.run([cls.program, cls.folder, str(FRAMES), str(PARTICLES)], check=True)
        truth = np.fromfile(cls.folder / "truth.f8").reshape(FRAMES, PARTICLES, 3, 3)
        cls.positions, cls.velocities, cls.forces = truth[:, :, 0], truth[:, :, 1], truth[:, :, 2]

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def need(self, module, package):
        if module is None:
            self.skipTest(f"{package} is not installed")

    def test_extended_xyz_by_ase(self):
        self.need(ase, "python3-ase")
        frames = ase.io.read(self.folder / "a.xyz", index=":", format="extxyz")
        self.assertEqual(len(frames), FRAMES)
        for number, atoms in enumerate(frames):
            np.testing.assert_array_equal(atoms.positions, self.positions[number])
            np.testing.assert_array_equal(atoms.arrays["velo"], self.velocities[number])
            np.testing.assert_array_equal(atoms.get_forces(), self.forces[number])
            np.testing.assert_array_equal(atoms.arrays["id"], np.arange(1, PARTICLES + 1))
            np.testing.assert_array_equal(np.diag(atoms.cell), EDGES)
            self.assertTrue(atoms.pbc.all())
            self.assertEqual((atoms.info["Step"], atoms.info["Time"]), (1000 + 50 * number, 0.25 * number))
            self.assertEqual(atoms.get_chemical_symbols()[:4], ["Ar", "Ar", "Kr", "Ar"])

    def test_lammps_dump_by_ase(self):
        self.need(ase, "python3-ase")
        frames = ase.io.read(self.folder / "a.lammpstrj", index=":", format="lammps-dump-text")
        self.assertEqual(len(frames), FRAMES)
        for number, atoms in enumerate(frames):
            np.testing.assert_allclose(atoms.positions, self.positions[number], rtol=1e-15)
            np.testing.assert_allclose(np.diag(atoms.cell), EDGES, rtol=1e-15)
            np.testing.assert_array_equal(atoms.numbers[:4], [1, 1, 2, 1])

    def test_lammps_dump_by_mdanalysis(self):
        self.need(MDAnalysis, "python3-mdanalysis")
        universe = MDAnalysis.Universe.empty(PARTICLES, trajectory=True)
        universe.load_new(str(self.folder / "a.lammpstrj"), format="LAMMPSDUMP")
        self.assertEqual(len(universe.trajectory), FRAMES)
        for number, frame in enumerate(universe.trajectory):
            np.testing.assert_array_equal(frame.positions, self.positions[number].astype(np.float32))
            np.testing.assert_array_equal(frame.velocities, self.velocities[number].astype(np.float32))
            np.testing.assert_array_equal(frame.forces, self.forces[number].astype(np.float32))
            np.testing.assert_allclose(frame.dimensions, [*EDGES, 90, 90, 90], rtol=1e-6)
            self.assertEqual(frame.data["step"], 1000 + 50 * number)

    def test_dcd_by_mdanalysis(self):
        self.need(MDAnalysis, "python3-mdanalysis")
        universe = MDAnalysis.Universe.empty(PARTICLES, trajectory=True)
        universe.load_new(str(self.folder / "a.dcd"))
        self.assertEqual(len(universe.trajectory), FRAMES)
        for number, frame in enumerate(universe.trajectory):
            np.testing.assert_array_equal(frame.positions, self.positions[number].astype(np.float32))
            np.testing.assert_allclose(frame.dimensions, [*EDGES, 90, 90, 90], rtol=1e-6)
        from MDAnalysis.lib.formats.libdcd import DCDFile
        with DCDFile(str(self.folder / "a.dcd")) as file:
            header = file.header
        self.assertEqual((header["natoms"], header["istart"], header["nsavc"]), (PARTICLES, 1000, 50))
        self.assertAlmostEqual(header["delta"], 0.005, places=9)


if __name__ == "__main__":
    Readers.program = sys.argv.pop(1)
    unittest.main(verbosity=2)
