"""What do creating, filling and reading one copy on a node cost, against one rank's private memory, and what does it take?"""
import programs
from figures import Table, against, ratio, spread, time_text

RANKS = 4
KEYS = ("private_fill", "private_read_first", "private_read", "huge_fill", "huge_read", "shared_fill", "shared_read_first",
        "shared_read", "update")


def measure(options):
    size = 1 << (26 if options.quick else 30)
    return [compare(mpi, size, options.repeats) for mpi in programs.MPIS]


def compare(mpi, size, repeats):
    """One warm run of the program, which alternates by itself; its first turn is left out: it warms the machine."""
    program = programs.build(mpi) / "bench" / "bench_node_shared"
    lines = programs.run(mpi, RANKS, [program, size, repeats + 1])[1:]
    runs = {key: [line[key] for line in lines] for key in KEYS}
    return {"mpi": mpi, "ranks": RANKS, "bytes": size, "seconds": {key: spread(values) for key, values in runs.items()},
            "fill_ratio": ratio(runs["shared_fill"], runs["private_fill"]),
            "read_ratio": ratio(runs["private_read"], runs["shared_read"]),
            "read_first_ratio": ratio(runs["private_read_first"], runs["shared_read_first"]),
            "read_ratio_to_huge": ratio(runs["huge_read"], runs["shared_read"]),
            "growth": spread([line["pss_growth"] / size for line in lines])}


def tables(results):
    size = results[0]["bytes"] >> 20
    table = Table(f"{size} MiB once per node on {RANKS} ranks, and in the private memory of one (pages of 4 KiB)",
                  ["MPI", "create and fill", "private", "ratio", "reading, ratio of speeds", "the first time",
                   "to huge pages", "node PSS grows by"])
    for line in results:
        seconds = line["seconds"]
        table.add(line["mpi"], time_text(seconds["shared_fill"]["median"]), time_text(seconds["private_fill"]["median"]),
                  against(line["fill_ratio"]["median"], 1.2, at_least=False), against(line["read_ratio"]["median"], 0.95),
                  f"{line['read_first_ratio']['median']:.2f}", f"{line['read_ratio_to_huge']['median']:.2f}",
                  f"{line['growth']['median']:.4f} of it")
    return [table]
