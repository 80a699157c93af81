"""What do the ledger and a budget cost an allocation that is touched once, against the same without tutti?"""
import programs
from figures import Table, spread


def measure(options):
    folder = programs.build("mpich") / "bench"  # no MPI in it
    runs = {}
    for _ in range(options.repeats):
        for line in programs.run("mpich", 1, [folder / "bench_allocations"]):
            runs.setdefault(line["bytes"], []).append(line)
    return [{"bytes": size, **{key: spread([line[key] for line in lines]) for key in ("plain_us", "booked_us", "ratio")}}
            for size, lines in runs.items()]


def tables(results):
    table = Table("allocate, fill once, free", ["bytes", "plainly", "booked, under a budget", "ratio"])
    for line in results:
        table.add(f"{line['bytes'] >> 20} MiB", f"{line['plain_us']['median']:.1f} µs", f"{line['booked_us']['median']:.1f} µs",
                  f"{line['ratio']['median']:.3f}")
    return [table]
