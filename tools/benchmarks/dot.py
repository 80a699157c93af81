"""How fast is an exact dot, against plain loops and against the dots of others, and which of them give the same bits?"""
import drawing
import kernels
import machine
import peers
import programs
from figures import Table

FEW = 64 << 20  # bytes of a vector of --quick


def bytes_out_of_cache(quick, available, last_cache):
    """Bytes of a vector: two are four times the last cache, and ten (two ranks, one against four) a quarter of the memory."""
    wanted = FEW if quick else max(512 << 20, 2 * last_cache)
    return max(1 << 20, min(wanted, available // 4 // 10) >> 20 << 20)


def measure(options):
    sizes = {"memory": bytes_out_of_cache(options.quick, machine.memory("MemAvailable"), max(machine.caches().values(), default=0))}
    return {"sizes": sizes, "accumulator": kernels.measure_accumulator(options),
            "kernels": kernels.measure(options, sizes["memory"]), "peers": peers.measure(options, sizes["memory"])}


def tables(results):
    sizes = results["sizes"]
    return [peers.table(results["peers"], sizes), peers.figures_table(results["peers"], sizes),
            *kernels.tables(results["kernels"], sizes), kernels.accumulator_table(results["accumulator"]), summary(results)]


def summary(results):
    """How many figures reach what they should."""
    made = Table("figures that have a target", ["", "reached"])
    parts = {"kernels and accumulator": kernels.figures(results["kernels"], results["accumulator"]),
             "whole dots": [each for each in peers.figures(results["peers"], results["sizes"]["memory"] // 8) if each[2]]}
    for name, figures in parts.items():
        met = sum(value >= target if at_least else value <= target for _, value, target, at_least in figures)
        made.add(name, f"{met} of {len(figures)}")
    return made


def draw(document):
    """Rates of all programs, and which of them give the same bits on any number of ranks."""
    results = document["results"]["peers"]
    memory = document["results"]["sizes"]["memory"]
    panels = [("in cache, 1 rank", 1, peers.CACHED), ("in cache, 2 ranks", 2, peers.CACHED),
              ("out of cache, 1 rank", 1, memory // 8), ("out of cache, 2 ranks", 2, memory // 8)]
    bars = []
    for name, mpi in peers.rows(results):
        if mpi != "openmpi":
            continue
        lines = [peers.find(results["time"], name, mpi, ranks, elements) for _, ranks, elements in panels]
        error = peers.error_text(peers.cancelling_error(results, name))
        bars.append(drawing.Bars(name, [line and peers.rate(line) / 1e9 for line in lines], marked=peers.same_bits(results, name),
                                 notes=[peers.bits_text(results, name), error]))
    title = "Dot products of float64: operands a second, GB/s"
    below = f"2 x 256 KiB and 2 x {memory >> 20} MiB a rank, medians. {machine.in_words(document['machine'])}"
    return drawing.bars(title, below, [panel[0] for panel in panels], ["bits on 1-4 ranks", "cancellation error"], bars)
