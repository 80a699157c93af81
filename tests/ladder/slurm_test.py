"""Eight nodes of a batch system with four ranks each: bits, node-shared arrays, a killed rank, a time limit, an error.

  slurm_test.py --mpi openmpi|mpich --program ladder_program --dot 04_exact_dot --shared 07_coordinates --tutti tutti
                [--only CASE]
"""
import argparse
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import traceback

import batch

LIMIT = 120  # s for any of these
RANKS = 4 * batch.NODES


def require(condition, words):
    if not condition:
        raise AssertionError(words)


def run(slurm, options, words, *more, **environment):
    """(exit status, stdout, stderr, seconds)"""
    begin = time.monotonic()
    srun = slurm.start_ranks(options.mpi, words, *more, **environment)
    try:
        out, err = srun.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        srun.kill()
        out, err = srun.communicate()
        raise AssertionError(f"{words} does not end within {LIMIT} s\n{out[-1000:]}\n{err[-3000:]}") from None
    return srun.returncode, out, err, time.monotonic() - begin


def voices(err):
    return re.findall(r"^tutti: error: .*$", err, re.MULTILINE)


def alone(words):
    """What a program says on one rank, without Slurm."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLURM_", "TUTTI_"))}
    return subprocess.run(words, env=kept, capture_output=True, text=True, check=True, timeout=LIMIT).stdout


def same_bits(slurm, options):
    code, out, err, seconds = run(slurm, options, [options.dot])
    exact = [line for line in alone([options.dot]).splitlines() if line.startswith("exact")]
    require(code == 0 and exact and exact[0] in out.splitlines(), f"exit status {code}, one rank says {exact}, 32 say\n{out}\n{err}")
    code, out, err, _ = run(slurm, options, [options.tutti, "doctor"])
    seen = [line.split() for line in out.splitlines()]
    require(code == 0 and ["nodes", str(batch.NODES)] in seen and ["ranks", str(RANKS)] in seen, f"exit status {code}: {out}\n{err}")
    return f"32 ranks on 8 nodes have the bits of one, {seconds:.1f} s"


def node_shared(slurm, options):
    code, out, err, _ = run(slurm, options, [options.shared])
    one = {line.split()[0]: line.split()[1] for line in alone([options.shared]).splitlines() if "0x" in line}
    seen = {line.split()[0]: line.split()[1] for line in out.splitlines() if "0x" in line}
    require(code == 0 and one and seen == one, f"exit status {code}: one rank has {one}, 32 have {seen}\n{err}")
    row = next(line for line in out.splitlines() if line.startswith("node-shared"))
    require("node 48000 B" in row, f"a node holds more than one copy: {row}")
    return row


def ranks_of(program):
    """The processes of a program."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if (path / "comm").read_text().strip() == program[:15] and int((path / "stat").read_text().split()[4]) >= 0:
                found.append(int(path.name))
        except (OSError, ValueError, IndexError):
            pass  # it has ended
    return found


def begin(slurm, options, words, *more, **environment):
    """Starts ranks, and waits until all have met."""
    srun = slurm.start_ranks(options.mpi, words, *more, **environment)
    line = srun.stdout.readline()
    require("begun" in line, f"the ranks have not met: {line}{srun.stderr.read()[-3000:] if srun.poll() is not None else ''}")
    return srun


def end_of(srun, seconds, words):
    """(exit status, stdout, stderr, how long it took)"""
    start = time.monotonic()
    try:
        out, err = srun.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        srun.kill()
        out, err = srun.communicate()
        raise AssertionError(f"{words}: not over within {seconds} s\n{out[-1000:]}\n{err[-3000:]}") from None
    deadline = time.monotonic() + 20
    while (left := ranks_of("ladder_program")) and time.monotonic() < deadline:
        time.sleep(0.1)
    require(not left, f"{words}: processes are left: {left}")
    return srun.returncode, out, err, time.monotonic() - start


def killed_rank(slurm, options):
    """What Slurm kills by itself with -K1; and without, the watchdog."""
    said = []
    for kill_all in (["--kill-on-bad-exit=1"], ["--kill-on-bad-exit=0"]):
        srun = begin(slurm, options, [options.program, "sums"], *kill_all, TUTTI_WATCHDOG="3")
        os.kill(sorted(ranks_of("ladder_program"))[RANKS // 2], signal.SIGKILL)
        code, _, err, seconds = end_of(srun, 60, f"killed rank, {kill_all[0]}")
        require(code != 0, "a killed rank is a success")
        require(len(voices(err)) <= 1, f"several voices: {voices(err)}")
        said.append(f"{kill_all[0]}: exit status {code} after {seconds:.1f} s")
    return "; ".join(said)


def time_limit(slurm, options):
    """Slurm's time limit is SIGTERM, and SIGKILL some seconds (KillWait) later."""
    srun = begin(slurm, options, [options.program, "sums"], "--time=0:03")
    code, out, err, seconds = end_of(srun, 150, "time limit")
    require("saving what there is" in out, f"the ranks did not hear of it: {out}\n{err[-2000:]}")
    require(len(voices(err)) == 1 and "signal 15" in voices(err)[0], f"not one voice: {voices(err)}\n{err[-2000:]}")
    return f"asked to end, ended in order, exit status {code}"


def cancelled(slurm, options):
    srun = begin(slurm, options, [options.program, "sums"])
    job = slurm.call("squeue", "--noheader", "--format=%A").stdout.split()
    require(job, "squeue shows no job")
    slurm.call("scancel", "--signal=TERM", job[-1])
    code, out, err, seconds = end_of(srun, 60, "scancel")
    require("saving what there is" in out and len(voices(err)) == 1, f"exit status {code}\n{out}\n{err[-2000:]}")
    return f"one voice, exit status {code}, after {seconds:.1f} s"


def late_rank(slurm, options):
    srun = begin(slurm, options, [options.program, "loops", "17"], TUTTI_WATCHDOG="3", TUTTI_WATCHDOG_END="10")
    code, _, err, seconds = end_of(srun, 90, "late rank")
    told = voices(err)
    require(len(told) == 1 and "rank 17" in told[0], f"not one voice that names rank 17: {told}\n{err[-3000:]}")
    return f"rank 17 named once, exit status {code}, after {seconds:.1f} s"


CASES = {"same bits": same_bits, "node-shared": node_shared, "killed rank": killed_rank, "time limit": time_limit,
         "scancel": cancelled, "late rank": late_rank}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("mpi", "program", "dot", "shared", "tutti"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--only", choices=CASES)
    options = parser.parse_args()
    if missing := batch.why_not():
        print(f"skipped: {missing}")
        sys.exit(77)
    failed = 0
    for name, case in CASES.items():
        if options.only not in (None, name):
            continue
        try:
            with batch.Slurm() as slurm:
                print(f"{name}: {case(slurm, options)}", flush=True)
        except Exception:  # the next case has daemons of its own
            failed += 1
            print(f"{name}: FAILED\n{traceback.format_exc()}", flush=True)
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
