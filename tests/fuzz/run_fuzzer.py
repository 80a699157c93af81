"""run_fuzzer.py FUZZER [--seconds 24] [--parser NAME] - fuzzes the kernels: half of the time on the tiers that they choose
themselves, the rest on each forced tier; or one parser. Exit status 1 if a kernel differs from the reference, a parser does
what it must not, or a sanitizer complains; the case is shown.
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


def fuzz(program, tier, seconds, folder, seeds, longest=400):
    """One process; the inputs that it tried, or an exit."""
    found = folder / f"found-{tier or 'chosen'}"
    found.mkdir()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TUTTI_")}
    if tier:
        environment["TUTTI_TIER"] = tier
    run = subprocess.run([*program, f"-max_total_time={seconds}", f"-max_len={longest}", "-rss_limit_mb=2000", "-timeout=30",
                          "-seed=20261120", "-detect_leaks=0", "-print_final_stats=1", f"-artifact_prefix={folder}/",
                          found, seeds], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True, errors="replace")
    tried = re.search(r"stat::number_of_executed_units: *(\d+)", run.stdout)
    if run.returncode != 0:
        bad = [path.read_bytes().hex() for path in folder.glob("*-*") if path.is_file()]
        sys.exit(f"{run.stdout[-6000:]}\nTUTTI_TIER={tier or ''}: exit {run.returncode}; the case, as hex digits: {bad}")
    covered = re.findall(r"cov: (\d+)", run.stdout)
    what = program[1] if len(program) > 1 else f"tier {tier or 'as chosen'}"
    print(f"{what}: {tried[1]} cases, {covered[-1]} branches, {len(list(found.iterdir()))} cases kept",
          flush=True)
    return int(tried[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("--seconds", type=int, default=48)
    parser.add_argument("--parser", help="of parser_fuzzer")
    options = parser.parse_args()
    started = time.monotonic()
    program = [options.program] + ([f"--parser={options.parser}"] if options.parser else [])
    with tempfile.TemporaryDirectory(prefix="tutti-fuzz-") as name:
        folder = pathlib.Path(name)
        seeds = folder / "seeds"
        seeds.mkdir()
        subprocess.run([*program, f"--write-seeds={seeds}"], check=True)
        count = len(list(seeds.iterdir()))
        if options.parser:
            tried = [fuzz(program, None, options.seconds, folder, seeds, longest=2000)]
        else:
            tried = [fuzz(program, None, max(1, options.seconds // 2), folder, seeds)]
            for tier in TIERS:
                tried.append(fuzz(program, tier, max(1, options.seconds // 2 // len(TIERS)), folder, seeds))
    print(f"{options.parser or 'kernels'}: {sum(tried)} cases from {count} seeds, none wrong, {time.monotonic() - started:.1f} s")
    if min(tried) < count:
        sys.exit("not even the seeds were tried")


if __name__ == "__main__":
    main()
