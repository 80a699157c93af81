"""What do guarded sums and guarded sections cost on 2 ranks, against MPI_Allreduce in a program without tutti?"""
import programs
from figures import Table, spread


def plain_of(what):
    """What the program without tutti does instead."""
    return what.removeprefix("guarded section, ") if what.startswith("guarded section") else "8 bytes"


def times(mpi, program):
    return {line["what"]: line["us"] for line in programs.run(mpi, 2, [program])}


def measure(options):
    results = []
    for mpi in programs.MPIS:
        folder = programs.build(mpi) / "bench"
        pairs = [(times(mpi, folder / "bench_plain_allreduce"), times(mpi, folder / "bench_guarded_allreduce"))
                 for _ in range(options.repeats)]
        for what in pairs[0][1]:
            plain = spread([plain[plain_of(what)] for plain, _ in pairs])
            guarded = spread([guarded[what] for _, guarded in pairs])
            ratio = spread([guarded[what] / plain[plain_of(what)] for plain, guarded in pairs])
            results.append({"mpi": mpi, "ranks": 2, "what": what, "us": guarded, "plain": plain_of(what), "plain_us": plain,
                            "ratio": ratio["median"]})
    return results


def tables(results):
    table = Table("guarded collectives on 2 ranks, and MPI_Allreduce without tutti",
                  ["what", "MPI", "time", "MPI_Allreduce of", "time", "ratio"])
    for line in results:
        table.add(line["what"], line["mpi"], f"{line['us']['median']:.3f} µs", line.get("plain", "8 bytes"),
                  f"{line['plain_us']['median']:.3f} µs", f"{line['ratio']:.2f}")
    return [table]
