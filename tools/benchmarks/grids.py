"""What do halo exchanges, queues of work and conjugate gradients cost, against programs without tutti, on 2 ranks?"""
import programs
from figures import Table, against, ratio, spread, time_text

RANKS = 2
WAYS = ("in_place", "derived_types", "packing")  # of a halo exchange without tutti


def measure(options):
    results = {"halo": [], "queue": [], "cg": []}
    for mpi in programs.MPIS:
        folder = programs.build(mpi) / "bench"
        programs.say(f"halo exchanges, queues and conjugate gradients, {mpi}")
        results["halo"] += [halo(mpi, line) for line in
                            programs.run(mpi, RANKS, [folder / "bench_halo_exchange", 64 if options.quick else 256, options.repeats])]
        calls = 1000 if options.quick else 100000
        for nodes in (1, 2):  # shared memory; a window of MPI's, as where there are several nodes
            (line,) = programs.run(mpi, RANKS, ["env", f"TUTTI_NODES={nodes}", folder / "bench_work_queue", calls, options.repeats])
            results["queue"].append(queue(mpi, line))
        results["cg"].append(conjugate_gradients(mpi, folder, options))
    return results


def halo(mpi, line):
    faster = min(("derived_types", "packing"), key=lambda way: spread(line[way])["median"])
    return {"mpi": mpi, "ranks": line["ranks"], "extent": line["extent"], "ends": line["ends"], "when": line["when"],
            "seconds": {way: spread(line[way]) for way in ("tutti", *WAYS)},
            "ratio": ratio(line[faster], line["tutti"]), "ratio_in_place": ratio(line["in_place"], line["tutti"])}


def queue(mpi, line):
    return {"mpi": mpi, "ranks": line["ranks"], "nodes": line["nodes"], "seconds": spread(line["tutti"]),
            "plain_seconds": spread(line["fetch_and_op"]), "ratio": ratio(line["fetch_and_op"], line["tutti"]),
            "wait": spread(line["tutti_waits"]), "plain_wait": spread(line["fetch_and_op_waits"])}


def conjugate_gradients(mpi, folder, options):
    """PETSc is Debian's, which is built with Open MPI."""
    extent, steps = (32, 20) if options.quick else (256, 10)
    (ours,) = programs.run(mpi, RANKS, [folder / "bench_cg", extent, steps, options.repeats])
    result = {"mpi": mpi, "ranks": RANKS, "extent": extent, "exact": spread(ours["exact"]), "rounded": spread(ours["rounded"]),
              "ratio": ratio(ours["rounded"], ours["exact"])}
    petsc = folder / "peers" / "peer_petsc_cg"
    if petsc.exists():
        (theirs,) = programs.run(mpi, RANKS, [petsc, extent, steps, options.repeats])
        result.update(petsc=spread(theirs["seconds"]), petsc_ratio=ratio(theirs["seconds"], ours["exact"]))
    return result


def tables(results):
    return [halo_table(results["halo"]), queue_table(results["queue"]), cg_table(results["cg"])]


def halo_table(lines):
    extent = lines[0]["extent"]
    table = Table(f"halo exchange of {extent}^3 doubles, one layer, on {RANKS} ranks; without tutti: whole planes in place, "
                  "derived types, packing", ["MPI, ends", "when", "tutti", "in place", "types", "packing",
                                             "types or packing / tutti", "in place / tutti"])
    for line in lines:
        times = [time_text(line["seconds"][way]["median"]) for way in ("tutti", *WAYS)]
        table.add(f"{line['mpi']}, {line['ends']}", line["when"], *times, against(line["ratio"]["median"], 0.95),
                  f"{line['ratio_in_place']['median']:.2f}")
    return table


def queue_table(lines):
    table = Table(f"tickets on {RANKS} ranks, and MPI_Fetch_and_op; the longest wait for one while rank 0 computes for 0.2 s",
                  ["MPI", "nodes", "ticket", "MPI_Fetch_and_op", "ratio of rates", "wait", "MPI's wait"])
    for line in lines:
        times = [time_text(line[what]["median"]) for what in ("seconds", "plain_seconds", "wait", "plain_wait")]
        table.add(line["mpi"], line["nodes"], *times[:2], against(line["ratio"]["median"], 0.9), *times[2:])
    return table


def cg_table(lines):
    table = Table(f"a step of conjugate gradients on {lines[0]['extent']}^3 points, {RANKS} ranks",
                  ["MPI", "exact", "rounded", "rounded / exact", "PETSc KSPCG", "PETSc / exact"])
    for line in lines:
        petsc = [time_text(line["petsc"]["median"]), against(line["petsc_ratio"]["median"], 1.0)] if "petsc" in line else ["-", "-"]
        table.add(line["mpi"], time_text(line["exact"]["median"]), time_text(line["rounded"]["median"]),
                  against(line["ratio"]["median"], 0.95), *petsc)
    return table


def figures(results):
    """(what, value, target, whether at least that much is wanted) of those that have a target."""
    wanted = [(f"halo exchange, {line['ends']}, {line['when']}, {line['mpi']}", line["ratio"], 0.95) for line in results["halo"]]
    wanted += [(f"tickets of a queue, {line['nodes']} node(s), {line['mpi']}", line["ratio"], 0.9) for line in results["queue"]]
    for line in results["cg"]:
        wanted.append((f"conjugate gradients with rounded dots / with exact ones, {line['mpi']}", line["ratio"], 0.95))
        if "petsc" in line:
            wanted.append((f"PETSc KSPCG / conjugate gradients, {line['mpi']}", line["petsc_ratio"], 1.0))
    return [(what, value["median"], target, True) for what, value, target in wanted]
