"""The forecast against what the system says: tutti plan before the run, the node's PSS during it, within 3 % or 4 MiB.
A small form of tools/bench forecast.

    measured_test.py TUTTI PROGRAM LAUNCHER ... RANKS ...
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

MIB = 1 << 20
# (ranks, float64s of the distributed, the node-shared, the replicated array); 3 ranks are between measured counts
JOBS = [(1, 6_000_011, 2_000_003, 1_000_003), (3, 12_000_017, 4_000_037, 1_500_007), (4, 1_000_003, 6_000_011, 2_000_003)]
TIMEOUT = 120  # seconds on a busy machine


def run(words, folder):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TUTTI_")}
    environment["XDG_CACHE_HOME"] = folder
    done = subprocess.run([str(word) for word in words], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=TIMEOUT)
    if done.returncode != 0:
        raise AssertionError(f"exit {done.returncode}: {words}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)


class Measured(unittest.TestCase):
    program = tutti = ""
    launcher = []

    def test_forecast(self):
        with tempfile.TemporaryDirectory() as folder:
            for ranks, *sizes in JOBS:
                with self.subTest(ranks=ranks):
                    arrays = [word for part in zip(("divided:distributed", "shared:node-shared", "copied:replicated"), sizes,
                                                   (":cyclic", "", "")) for word in ("--array", f"{part[0]}:{part[1]}:f8{part[2]}")]
                    planned = run([self.tutti, "plan", "--json", "--ranks", ranks, "--node-memory", "1TB", *arrays], folder)
                    self.assertEqual(planned["categories"]["program"]["origin"], "measured here")
                    launch = [str(ranks) if word == "RANKS" else word for word in self.launcher]
                    node, = run([*launch, self.program, *sizes], folder)["nodes"]
                    tables = planned["categories"]["page-tables"]["node_bytes"]
                    forecast, measured = planned["total"]["node_bytes"] - tables, node["pss_bytes"]
                    print(f"{ranks} ranks: forecast {forecast / MIB:.1f} MiB, measured {measured / MIB:.1f}; page tables "
                          f"{tables / MIB:.1f}, {node['page_table_bytes'] / MIB:.1f}", file=sys.stderr)
                    self.assertLessEqual(abs(forecast - measured), max(0.03 * measured, 4 * MIB))
                    self.assertLessEqual(abs(tables - node["page_table_bytes"]), max(0.1 * tables, MIB))
                    self.assertGreater(measured, 8 * (sizes[0] + sizes[1] + ranks * sizes[2]))


if __name__ == "__main__":
    Measured.tutti, Measured.program, *Measured.launcher = sys.argv[1:]
    unittest.main(argv=sys.argv[:1], verbosity=2)
