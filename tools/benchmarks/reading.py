"""How fast does tutti dot read two files from the page cache, against plain pread of the same files, on 1 and 2 ranks?"""
import pathlib
import shutil
import subprocess
import tempfile

import programs
from figures import Table, spread


def measure(options):
    elements = 1 << (24 if options.quick else 28)  # 2 GiB a file
    with tempfile.TemporaryDirectory(prefix="tutti-bench-") as scratch:
        if shutil.disk_usage(scratch).free < 24 * elements:
            raise programs.Failed(f"reading: needs {24 * elements >> 30} GiB in {scratch}")
        files = [pathlib.Path(scratch) / name for name in ("a.npy", "b.npy")]
        make = programs.build("openmpi") / "bench" / "bench_make_vector"
        for seed, file in enumerate(files):
            subprocess.run([make, file, str(elements), str(seed)], env=programs.environment(), check=True)
        return [compare(mpi, ranks, files, elements, options.repeats) for mpi in programs.MPIS for ranks in (1, 2)]


def compare(mpi, ranks, files, elements, repeats):
    folder = programs.build(mpi)
    exact_words = [folder / "cli" / "tutti", "dot", "--json", "--quiet", *files]
    plain, exact, rounded, compute = [], [], [], []
    for _ in range(repeats):
        plain.append(programs.run(mpi, ranks, [folder / "bench" / "bench_plain_pread", *files])[0]["seconds"])
        seconds = programs.run(mpi, ranks, exact_words)[0]["seconds"]
        exact.append(sum(seconds.values()))
        compute.append(seconds["compute"])
        rounded.append(sum(programs.run(mpi, ranks, [*exact_words, "--rounded"])[0]["seconds"].values()))
    base = spread(plain)["median"]
    return {"mpi": mpi, "ranks": ranks, "bytes": 2 * elements * 8, "plain_seconds": spread(plain),
            "exact_seconds": spread(exact), "exact_compute_seconds": spread(compute), "rounded_seconds": spread(rounded),
            "ratio": base / spread(exact)["median"], "ratio_rounded": base / spread(rounded)["median"]}


def tables(results):
    table = Table("two files in the page cache: rates, and ratios to plain pread",
                  ["MPI", "ranks", "plain pread", "tutti dot", "ratio", "of it computing", "ratio of --rounded"])
    for line in results:
        exact = line["exact_seconds"]["median"]
        table.add(line["mpi"], line["ranks"], rate(line, line["plain_seconds"]["median"]), rate(line, exact),
                  f"{line['ratio']:.2f}", f"{100 * line['exact_compute_seconds']['median'] / exact:.0f} %",
                  f"{line['ratio_rounded']:.2f}")
    return [table]


def rate(line, seconds):
    return f"{line['bytes'] / seconds / 1e9:.2f} GB/s"
