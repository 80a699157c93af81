"""The promises on a thousand simulated ranks: the same bits as on one process, the same error on every rank, told once, and
never a deadlock (SimGrid sees those), and a dot product that sends what one allreduce of 64 bytes sends.

  simgrid_test.py --ranks 1024 --smpirun SMPIRUN --programs FOLDER [--only REGEX]
"""
import argparse
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "faults"))

import plays
import tables

RANKS_PER_NODE = 8
LIMIT = 1500  # s; SMPI ends what is deadlocked at once, but not what polls for ever
MANY = 256  # ranks; from here on a play takes seconds, so not every fault is played
PLAYED_ON_MANY = r"^(throw-between|throw-several|together-in-sub|sub-grid-mixed|skip|skip-last|other-operation|" \
                 r"other-count)$"
# Trees and doublings, as an MPI has them: SMPI's defaults send P messages from, or to, each rank.
ALGORITHMS = {"allgather": "bruck", "allreduce": "rdb", "bcast": "binomial_tree", "gather": "ompi_binomial",
              "reduce": "binomial"}


def write_cluster(folder, ranks):
    """A platform of nodes with 8 ranks each: options for smpirun."""
    nodes = -(-ranks // RANKS_PER_NODE)
    platform, hosts = folder / "cluster.xml", folder / "hosts"
    platform.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">\n<platform version="4.1">'
        f'<cluster id="c" prefix="node-" suffix="" radical="0-{nodes - 1}" speed="10Gf" core="{RANKS_PER_NODE}" '
        'bw="12.5GBps" lat="1us" loopback_bw="50GBps" loopback_lat="0.2us"/></platform>\n')
    hosts.write_text("".join(f"node-{rank // RANKS_PER_NODE}\n" for rank in range(ranks)))
    return ["-platform", platform, "-hostfile", hosts]


class Simulation:
    """smpirun, and what it says of the ranks."""

    def __init__(self, smpirun, programs, folder, ranks):
        self.smpirun, self.programs, self.folder, self.ranks = smpirun, programs, folder, ranks
        self.cluster = write_cluster(folder, ranks)

    def run(self, program, *words, ranks=None, variables=None):
        """(exit status, stdout, stderr without SMPI's own lines, the statuses of the ranks that failed)"""
        command = [self.smpirun, "-np", ranks or self.ranks, "-no-privatize", *self.cluster, "-quiet",
                   "--cfg=smpi/host-speed:10Gf", "--cfg=smpi/simulate-computation:no", "--log=root.thresh:warning",
                   *(f"--cfg=smpi/{what}:{how}" for what, how in ALGORITHMS.items()), self.programs / program, *words]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("TUTTI_")}
        environment.update(variables or {})
        with subprocess.Popen([str(word) for word in command], cwd=self.folder, env=environment, text=True,
                              errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, start_new_session=True) as process:
            try:
                out, err = process.communicate(timeout=LIMIT)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                out, err = process.communicate()
                err += "hangs\n"
            except BaseException:  # nothing stays behind when this test is ended
                os.killpg(process.pid, signal.SIGKILL)
                raise
        statuses = [int(found) for found in re.findall(r"SMPI process did not return 0\. Return value : (-?\d+)", err)]
        err = "".join(line for line in err.splitlines(keepends=True) if "SMPI process did not return 0" not in line)
        return process.returncode, out, err, statuses


def deadlocked(err):
    return "Deadlock detected" in err


def see_a_deadlock(simulation):
    """The judge sees what it is there for."""
    _, out, err, _ = simulation.run("deadlock_program")
    return [] if deadlocked(err) else [f"a deadlock of plain MPI is not seen: {out}{err}"]


def same_bits(simulation):
    lengths = [20011] if simulation.ranks >= MANY else [100, 20011]  # elements; more than ranks, and not a multiple
    code, many, err, _ = simulation.run("many_bits", *lengths)
    _, one, _, _ = simulation.run("many_bits", *lengths, ranks=1)
    complaints = [f"exit {code}: {err}"] if code else []
    results = {}
    for line in one.splitlines() + many.splitlines():
        n, _, values = line.partition(": ")
        results.setdefault(n, []).append(values)
    # Three layouts, and what was moved between them; on one rank and on many.
    if sorted(map(len, results.values())) != [2] * len(lengths) + [6] * len(lengths):
        complaints.append(f"results are missing: {results}")
    return complaints + [f"n = {n}: {sorted(set(found))}" for n, found in results.items() if len(set(found)) > 1]


def same_particles(simulation):
    """A gas after some steps, with new lists of neighbours on the way: the hash of its state."""
    states = {}
    for ranks in (simulation.ranks, 1):
        code, out, err, _ = simulation.run("many_particles", 20, "spatial", ranks=ranks)
        if code or not re.fullmatch(r"spatial, [2-9] rebuilds: state \d+\n", out):
            return [f"exit {code} on {ranks} ranks: {out}{err}"]
        states[ranks] = out
    return [f"{states}"] if states[1] != states[simulation.ranks] else []


def same_messages(simulation):
    """dot's messages, bytes and critical path are those of one plain allreduce; two dots' are twice that."""
    code, out, err, _ = simulation.run("many_messages")
    print(out, end="")
    lines = dict(line.split(": ") for line in out.splitlines())
    plain = lines.get("allreduce of 64 B")
    numbers = {what: [int(number) for number in re.findall(r"\d+", line)] for what, line in lines.items()}
    complaints = [f"exit {code}: {err}"] if code or not plain else []
    for what in ("dot", "sum"):
        if lines.get(what) != plain:
            complaints.append(f"{what}: {lines.get(what)}, but an allreduce of 64 B: {plain}")
    if not complaints and numbers["two dots"][:2] != [2 * number for number in numbers["dot"][:2]]:
        complaints.append(f"two dots: {lines['two dots']}")
    if not complaints and numbers["dot"][0] < simulation.ranks:
        complaints.append("fewer messages than ranks: they are not counted")
    return complaints


def play(simulation, fault):
    guilty = fault.guilty if fault.guilty is not None else simulation.ranks // 2 + 1
    code, out, err, statuses = simulation.run("fault_program", f"--ranks={simulation.ranks}", *fault.options, fault.name,
                                              guilty, variables=fault.environment)
    complaints = plays.judge(fault, guilty, code, 0, out, err)
    if deadlocked(err):
        complaints.append("deadlock")
    wanted = [fault.code] * simulation.ranks if fault.code else []
    if statuses != wanted:
        complaints.append(f"{statuses.count(fault.code)} of {len(statuses)} ranks that failed ended with {fault.code}")
    if complaints:
        complaints.append((out + err)[-2000:])
    return complaints


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--ranks", type=int, required=True)
    parser.add_argument("--smpirun", required=True)
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--only", default="", help="regular expression of what to do")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    faults = tables.throwing() + tables.in_sub_worlds() + tables.disagreeing()
    faults += [fault for fault in tables.ghosts() if not fault.alone() and fault.guilty is None]
    if options.ranks >= MANY:
        faults = [fault for fault in faults if re.search(PLAYED_ON_MANY, fault.label())]
    with tempfile.TemporaryDirectory(prefix="tutti-simgrid-") as folder:
        simulation = Simulation(options.smpirun, options.programs.resolve(), pathlib.Path(folder), options.ranks)
        works = [("a deadlock is seen", see_a_deadlock), ("same bits", same_bits), ("same messages", same_messages)]
        if options.ranks < MANY or options.only:
            works.append(("same particles", same_particles))
        works += [(fault.label(), lambda simulation, fault=fault: play(simulation, fault)) for fault in faults]
        works = [work for work in works if re.search(options.only, work[0])]
        failed, begin = 0, time.monotonic()
        print(f"{'fault on ' + str(options.ranks) + ' ranks':52} {'seconds':>7}")
        for name, work in works:
            started = time.monotonic()
            complaints = work(simulation)
            failed += bool(complaints)
            print(f"{name:52} {time.monotonic() - started:7.2f}  {'; '.join(complaints) or 'as it should be'}", flush=True)
    print(f"{len(works) - failed} passed, {failed} failed, of {len(works)} in {time.monotonic() - begin:.0f} s")
    sys.exit(1 if failed or not works else 0)


if __name__ == "__main__":
    main()
