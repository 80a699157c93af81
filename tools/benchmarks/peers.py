"""Dot products of others, side by side with ours: a part of the question dot."""
import dataclasses

import programs
from figures import Table, against, ratio, spread, time_text


@dataclasses.dataclass(frozen=True)
class Peer:
    program: str  # bench/peers/PROGRAM.cpp or .py
    names: tuple  # what it prints: a row each
    mpis: tuple = ("openmpi",)  # what Debian builds it with


DOT, MULTI, PLAIN, OPENBLAS = ("tutti::dot", "tutti::multi_dot of 4", "plain loop + MPI_Allreduce",
                               "OpenBLAS cblas_ddot + MPI_Allreduce")
PEERS = [
    Peer("tutti", (DOT, MULTI), ("openmpi", "mpich")),
    Peer("plain", (PLAIN,), ("openmpi", "mpich")),
    Peer("openblas", (OPENBLAS,)),
    Peer("petsc", ("PETSc VecDot", "PETSc VecMDot of 4")),
    Peer("tpetra", ("Tpetra dot",)),
    Peer("global_arrays", ("Global Arrays GA_Ddot",)),
    Peer("numpy_mpi4py", ("NumPy a @ b + mpi4py",)),
]
SHORT, CACHED = 1000, 32768  # elements a rank: what a message costs; 2 x 256 KiB
BITS_ELEMENTS, BITS_RANKS = 1_000_003, (1, 2, 3, 4)
EXACT_ANSWER = 1.0  # of the vectors that cancel
GLOBAL_TARGET = 1.6  # times plain loop + MPI_Allreduce, for SHORT on 2 ranks
MULTI_TARGET = 0.90  # of the rate at which memory can be read


def words_for(peer, folder):
    """The command of a peer, or None if it is not installed."""
    if (programs.ROOT / "bench" / "peers" / f"{peer.program}.py").exists():
        script = programs.ROOT / "bench" / "peers" / f"{peer.program}.py"
        return ["/usr/bin/python3", script] if runs(["/usr/bin/python3", "-c", "import numpy, mpi4py"]) else None
    program = folder / "bench" / "peers" / f"peer_{peer.program}"
    return [program] if program.exists() else None


def runs(words):
    try:
        programs.run("openmpi", 1, words)
    except programs.Failed:
        return False
    return True


def measure(options, memory):
    """{"time": [...], "bits": [...], "absent": {name: why}}"""
    folders = {mpi: programs.build(mpi) for mpi in programs.MPIS}
    present, absent = [], {}
    for peer in PEERS:
        words = words_for(peer, folders["openmpi"])
        if words is None:
            absent.update({name: "not installed" for name in peer.names})
            continue
        try:
            bits = bits_of(peer, words)
        except programs.Failed as problem:
            absent.update({name: f"failed: {problem}" for name in peer.names})
            continue
        present.append((peer, words, bits))
    check_same_vectors([line for *_, bits in present for line in bits])
    return {"time": times(present, folders, memory, options.repeats), "bits": [line for *_, bits in present for line in bits],
            "absent": absent}


def bits_of(peer, words):
    programs.say(f"bits of {peer.program}")
    return [line for ranks in BITS_RANKS for line in programs.run("openmpi", ranks, [*words, "bits", BITS_ELEMENTS])]


def check_same_vectors(lines):
    given = {line.pop("given") for line in lines}
    if len(given) > 1:
        raise programs.Failed(f"peers were given different vectors: {', '.join(sorted(given))}")


def times(present, folders, memory, repeats):
    """All take turns, under their MPI, on 1 and on 2 ranks."""
    runs_of = {}
    for mpi, folder in folders.items():
        for ranks in (1, 2):
            for turn in range(repeats):
                programs.say(f"peers: {mpi}, {ranks} rank{'s'[:ranks - 1]}, turn {turn + 1} of {repeats}")
                for peer, words, _ in present:
                    if mpi in peer.mpis:
                        own = [folder / "bench" / "peers" / words[0].name] if len(words) == 1 else words
                        for line in programs.run(mpi, ranks, [*own, "time", SHORT, CACHED, memory // 8]):
                            key = (line["peer"], mpi, ranks, line["elements"], line["vectors"], line["dots"])
                            runs_of.setdefault(key, []).append(line["seconds"])
    names = ("peer", "mpi", "ranks", "elements", "vectors", "dots")
    return [{**dict(zip(names, key)), "seconds": spread(values)} for key, values in runs_of.items()]


def find(lines, peer, mpi, ranks, elements):
    return next((line for line in lines if (line["peer"], line["mpi"], line["ranks"], line["elements"]) ==
                 (peer, mpi, ranks, elements)), None)


def rate(line):
    """Bytes a second of the operands of all dots, on all ranks; those of several dots at once may be read once."""
    return line["ranks"] * line["dots"] * 2 * line["elements"] * 8 / line["seconds"]["median"]


def same_bits(results, name):
    """Whether the dot has the same bits on all numbers of ranks."""
    return len({float.fromhex(line["usual"]) for line in results["bits"] if line["peer"] == name}) == 1


def bits_text(results, name):
    values = {float.fromhex(line["usual"]) for line in results["bits"] if line["peer"] == name}
    return "the same" if len(values) == 1 else f"{len(values)} different"


def cancelling_error(results, name):
    """The largest relative error of the dot that cancels, of all numbers of ranks."""
    return max(abs(float.fromhex(line["cancelling"]) - EXACT_ANSWER) / EXACT_ANSWER
               for line in results["bits"] if line["peer"] == name)


def error_text(error):
    return "0" if error == 0 else f"{error:.0e}".replace("e+0", "e").replace("e+", "e")


def rows(results):
    """(name, MPI) in the order of PEERS, of those that were measured."""
    measured = {(line["peer"], line["mpi"]) for line in results["time"]}
    return [(name, mpi) for mpi in programs.MPIS for peer in PEERS for name in peer.names if (name, mpi) in measured]


def table(results, sizes):
    memory = sizes["memory"] // 8
    made = Table("one dot of float64 (of several at once: a dot of them), medians", [
        "", f"n = {SHORT} a rank, 2 ranks", "2 x 256 KiB, 1 rank", "2 ranks", f"2 x {sizes['memory'] >> 20} MiB, 1 rank", "2 ranks",
        "bits on 1, 2, 3, 4 ranks", "error when terms cancel"])
    for name, mpi in rows(results):
        cells = []
        for ranks, elements in ((2, SHORT), (1, CACHED), (2, CACHED), (1, memory), (2, memory)):
            line = find(results["time"], name, mpi, ranks, elements)
            cells.append(time_text(line["seconds"]["median"] / line["dots"]) if line else "-")
        made.add(name if mpi == "openmpi" else f"{name} ({mpi})", *cells, bits_text(results, name),
                 error_text(cancelling_error(results, name)))
    for name, why in results["absent"].items():
        made.add(f"{name}: {why.splitlines()[0]}", *["-"] * 7)
    return made


def figures_table(results, sizes):
    """The figures that take two rows."""
    made = Table("figures of whole dots", ["", "ratio"])
    memory = sizes["memory"] // 8
    for what, value, target, at_least in figures(results, memory):
        made.add(what, against(value, target, at_least))
    return made


def figures(results, memory):
    lines = results["time"]
    made = []

    def add(what, numerator, denominator, target, at_least=True, factor=1.0):
        if numerator and denominator:
            value = ratio(numerator["seconds"]["runs"], denominator["seconds"]["runs"])["median"]
            made.append((what, factor * value, target, at_least))

    for mpi in programs.MPIS:
        add(f"tutti::dot of {SHORT} a rank on 2 ranks, in times of plain loop + MPI_Allreduce, {mpi}",
            find(lines, DOT, mpi, 2, SHORT), find(lines, PLAIN, mpi, 2, SHORT), GLOBAL_TARGET, at_least=False)
    for size, elements in (("2 x 256 KiB", CACHED), ("out of cache", memory)):
        for ranks in (1, 2):
            on = f"{size}, {ranks} rank{'s'[:ranks - 1]}"
            add(f"speed of tutti::dot to plain loop, {on}", find(lines, PLAIN, "openmpi", ranks, elements),
                find(lines, DOT, "openmpi", ranks, elements), None)
            add(f"speed of our plain loop to OpenBLAS, {on}", find(lines, OPENBLAS, "openmpi", ranks, elements),
                find(lines, PLAIN, "openmpi", ranks, elements), 1.0)
    for ranks in (1, 2):
        add(f"speed of tutti::multi_dot of 4 to reading its 5 vectors, out of cache, {ranks} rank{'s'[:ranks - 1]}",
            find(lines, PLAIN, "openmpi", ranks, memory), find(lines, MULTI, "openmpi", ranks, memory),
            MULTI_TARGET, factor=5 / 2)
    return made
