"""run_fuzzer.py FUZZER [--seconds 48] - fuzzes the kernels: half of the time on the tiers that they choose themselves, the
rest on each forced tier. Exit status 1 if a kernel differs from the reference, or a sanitizer complains; the case is shown.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

TIERS = ["0", "1", "2", "3", "4", "general"]


def fuzz(program, tier, seconds, folder, seeds):
    """One process; the inputs that it tried, or an exit."""
    found = folder / f"found-{tier or 'chosen'}"
    found.mkdir()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TUTTI_")}
    if tier:
        environment["TUTTI_TIER"] = tier
    run = subprocess.run([program, f"-max_total_time={seconds}", "-max_len=400", "-rss_limit_mb=2000", "-timeout=30",
                          "-seed=20261120", "-detect_leaks=0", "-print_final_stats=1", f"-artifact_prefix={folder}/",
                          found, seeds], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True, errors="replace")
    tried = re.search(r"stat::number_of_executed_units: *(\d+)", run.stdout)
    if run.returncode != 0:
        bad = [path.read_bytes().hex() for path in folder.glob("*-*") if path.is_file()]
        sys.exit(f"{run.stdout[-6000:]}\nTUTTI_TIER={tier or ''}: exit {run.returncode}; the case, as hex digits: {bad}")
    covered = re.findall(r"cov: (\d+)", run.stdout)
    print(f"tier {tier or 'as chosen'}: {tried[1]} cases, {covered[-1]} branches, {len(list(found.iterdir()))} cases kept",
          flush=True)
    return int(tried[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("--seconds", type=int, default=48)
    options = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tutti-fuzz-") as name:
        folder = pathlib.Path(name)
        seeds = folder / "seeds"
        seeds.mkdir()
        subprocess.run([options.program, f"--write-seeds={seeds}"], check=True)
        count = len(list(seeds.iterdir()))
        tried = [fuzz(options.program, None, max(1, options.seconds // 2), folder, seeds)]
        for tier in TIERS:
            tried.append(fuzz(options.program, tier, max(1, options.seconds // 2 // len(TIERS)), folder, seeds))
    print(f"fuzz_kernels: {sum(tried)} cases from {count} seeds, none wrong, {time.monotonic() - started:.1f} s")
    if min(tried) < count:
        sys.exit("fuzz_kernels: not even the seeds were tried")


if __name__ == "__main__":
    main()
