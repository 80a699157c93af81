"""What does a guarded sum of 8 bytes cost, against MPI_Allreduce of a program without tutti, on 2 ranks?"""
import programs
from figures import Table, spread


def measure(options):
    results = []
    for mpi in programs.MPIS:
        folder = programs.build(mpi) / "bench"
        plain, guarded = [], {}
        for _ in range(options.repeats):
            plain.append(programs.run(mpi, 2, [folder / "bench_plain_allreduce"])[0]["us"])
            for line in programs.run(mpi, 2, [folder / "bench_guarded_allreduce"]):
                guarded.setdefault(line["what"], []).append(line["us"])
        for what, values in guarded.items():
            results.append({"mpi": mpi, "ranks": 2, "what": what, "us": spread(values), "plain_us": spread(plain),
                            "ratio": spread(values)["median"] / spread(plain)["median"]})
    return results


def tables(results):
    table = Table("guarded collectives on 2 ranks, and MPI_Allreduce of 8 bytes without tutti",
                  ["what", "MPI", "time", "MPI_Allreduce", "ratio"])
    for line in results:
        table.add(line["what"], line["mpi"], f"{line['us']['median']:.3f} µs", f"{line['plain_us']['median']:.3f} µs",
                  f"{line['ratio']:.2f}")
    return [table]
