"""Redistribution of a vector between cyclic and block on 2 ranks: a part of the question stitch."""
import machine
import programs
from figures import Table, ratio, spread, time_text

RANKS = 2
ELEMENTS, FEW = 100_000_000, 2_000_000
BYTES_AN_ELEMENT = 160  # of the machine's memory, that the hungriest peer takes
CHANGES = ("cyclic-to-block", "block-to-cyclic")
MOVES = 3  # that a program makes each time it is run
OURS, PLAIN = "tutti::RedistributionPlan", "MPI_Alltoallv of packed bytes"
PEERS = {"petsc_scatter": "PETSc VecScatter", "tpetra_import": "Tpetra Import"}
TO_PLAIN, TO_PEERS = 0.7, 2.0  # the figures to reach: of the one's rate, times those of the others


def measure(options):
    elements = FEW if options.quick else min(ELEMENTS, machine.memory("MemAvailable") // BYTES_AN_ELEMENT)
    folders = {mpi: programs.build(mpi) / "bench" for mpi in programs.MPIS}
    found, absent = {}, []
    for peer, name in PEERS.items():
        if not (folders["openmpi"] / "peers" / f"peer_{peer}").exists():
            absent.append(name)
    for change in CHANGES:
        for turn in range(options.repeats):
            programs.say(f"{change}, turn {turn + 1} of {options.repeats}")
            for mpi, folder in folders.items():
                words = [folder / "bench_redistribute", *[folder / "peers" / f"peer_{peer}" for peer, name in PEERS.items()
                                                          if mpi == "openmpi" and name not in absent]]
                for program in words:
                    line, = programs.run(mpi, RANKS, [program, change, elements, MOVES])
                    add(found, mpi, line)
    return {"elements": elements, "lines": [summarized(line) for line in found.values()], "absent": absent}


def add(found, mpi, line):
    """One program's runs of one turn; those of ours bring those of the bare exchange."""
    if not line["right"]:
        raise programs.Failed(f"{line['peer']}, {line['change']}: the elements are wrong")
    rows = [(OURS if line["peer"] == "tutti" else line["peer"], line["seconds"], line)]
    if "plain_seconds" in line:
        rows += [(PLAIN, line["plain_seconds"], {}), (OURS + " into a new vector", line["new_seconds"], {})]
    for name, seconds, more in rows:
        row = found.setdefault((name, mpi, line["change"]), {"peer": name, "mpi": mpi, "change": line["change"], "seconds": [],
                                                             "plan": [], "temporary": [], "booked": more.get("booked")})
        row["seconds"] += seconds
        if more:
            row["plan"].append(more["plan"])
            row["temporary"].append(more["temporary"])


def summarized(row):
    return {key: spread(value) if isinstance(value, list) and value else value for key, value in row.items()}


def find(results, peer, mpi, change):
    return next((row for row in results["lines"] if (row["peer"], row["mpi"], row["change"]) == (peer, mpi, change)), None)


def tables(results):
    made = []
    for change in CHANGES:
        table = Table(f"{change.replace('-', ' ')}: {results['elements']} float64 on {RANKS} ranks, into a vector that is there",
                      ["", "MPI", "time", "GB/s", "to bare MPI", "once, before", "memory a rank"])
        for row in results["lines"]:
            if row["change"] == change:
                table.add(*cells(results, row))
        for name in results["absent"]:
            table.add(f"{name}: not installed", *["-"] * 6)
        made.append(table)
    return made


def cells(results, row):
    plain = find(results, PLAIN, row["mpi"], row["change"])
    seconds = row["seconds"]["median"]
    own = isinstance(row["plan"], dict)
    return (row["peer"], row["mpi"], time_text(seconds), f"{8 * results['elements'] / seconds / 1e9:.2f}",
            f"{plain['seconds']['median'] / seconds:.2f}", time_text(row["plan"]["median"]) if own else "-",
            f"{row['temporary']['median'] / 2 ** 20:.1f} MiB" if own else "-")


def figures(results):
    made = []
    for mpi in programs.MPIS:
        for change in CHANGES:
            ours, plain = find(results, OURS, mpi, change), find(results, PLAIN, mpi, change)
            made.append((f"{change.replace('-', ' ')}, {mpi}: rate to that of bare MPI_Alltoallv of packed bytes",
                         ratio(plain["seconds"]["runs"], ours["seconds"]["runs"])["median"],
                         TO_PLAIN if change == CHANGES[0] else None, True))
    for name in PEERS.values():
        ours, theirs = (find(results, peer, "openmpi", CHANGES[0]) for peer in (OURS, name))
        if theirs:
            made.append((f"cyclic to block: rate to that of {name}",
                         theirs["seconds"]["median"] / ours["seconds"]["median"], TO_PEERS, True))
            made.append((f"cyclic to block: memory to that of {name}",
                         ours["temporary"]["median"] / theirs["temporary"]["median"], 1.0, False))
    return made
