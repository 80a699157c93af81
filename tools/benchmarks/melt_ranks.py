"""The melt on several ranks: how much faster two are than one, what travels, what each holds; and a model of many ranks."""
import itertools
import math

import programs
from figures import Table, against, ratio, spread

SIZES = {32000: 200, 256000: 40}  # particles: steps
PRECISIONS = ("float", "double")
# What was aimed at: 2 ranks to 1, and memory of each of 2 ranks to that of 1.
FASTER = 1.9
SMALLER = 0.55
# Of the model: not measured, but assumed of the network.
NETWORK = {"bytes_a_second": 10e9, "latency": 2e-6}  # of a rank while all send; of a message, and of a step of an allreduce
PARTICLES = 32e6
DENSITY = 0.8442
REACH = 2.8
POSITION = 32  # bytes


def measure(program, options):
    sizes = {32000: 60} if options.quick else SIZES
    lines = []
    for (particles, steps), precision in itertools.product(sizes.items(), PRECISIONS):
        runs = {ranks: [] for ranks in (1, 2)}
        for turn in range(options.repeats):
            programs.say(f"melt of {particles}, {precision}, 1 and 2 ranks, turn {turn + 1} of {options.repeats}")
            for ranks, found in runs.items():
                found += programs.run("openmpi", ranks, [program, particles, precision, steps, "spatial"])
        hashes = {line["hash"] for found in runs.values() for line in found}
        if len(hashes) != 1:
            raise programs.Failed(f"the melt of {particles}, {precision}, has {len(hashes)} hashes")
        lines += [{"particles": particles, "precision": precision, "ranks": ranks,
                   "steps_a_second": spread([steps / line["seconds"] for line in found]),
                   "bytes_a_step": found[0]["bytes_a_step"], "rank_bytes": spread([line["rank_bytes"] for line in found])}
                  for ranks, found in runs.items()]
    return lines


def tables(lines):
    return [speed_table(lines), model_table(lines)]


def pairs(lines):
    """The line of one rank, and that of two."""
    by = {(line["particles"], line["precision"], line["ranks"]): line for line in lines}
    return [(line, by[particles, precision, 2]) for (particles, precision, ranks), line in by.items() if ranks == 1]


def speed_table(lines):
    table = Table("two ranks and one, spatial placement, medians",
                  ["particles", "precision", "steps/s on 1", "on 2", "2 to 1", "KiB between ranks a step", "B a particle on 1", "each of 2 to 1"])
    for one, two in pairs(lines):
        faster = ratio(two["steps_a_second"]["runs"], one["steps_a_second"]["runs"])["median"]
        of_one = one["rank_bytes"]["median"]
        large = one["particles"] == 256000
        table.add(one["particles"], one["precision"], f"{one['steps_a_second']['median']:.1f}", f"{two['steps_a_second']['median']:.1f}",
                  against(faster, FASTER), f"{two['bytes_a_step'] / 1024:.0f}", f"{of_one / one['particles']:.0f}",
                  against(two["rank_bytes"]["median"] / of_one, SMALLER if large else None, at_least=False))
    return table


def bricks(cells, ranks):
    """The shape of ranks with the fewest cells in the halo of a brick, and these: own cells, halo cells, neighbours."""
    best = None
    for x in range(1, ranks + 1):
        for y in range(1, ranks // x + 1):
            if ranks % x or ranks // x % y:
                continue
            size = [cells / parts for parts in (x, y, ranks // x // y)]
            own = math.prod(size)
            seen = math.prod(min(edge + 2, cells) for edge in size)
            neighbours = min(math.prod(3 if parts > 2 else parts for parts in (x, y, ranks // x // y)) - 1, 26)
            if best is None or seen - own < best[1]:
                best = own, seen - own, neighbours
    return best


def model(seconds_a_particle, ranks):
    """One step: particles and seconds."""
    edge = (PARTICLES / DENSITY) ** (1 / 3)
    cells = math.floor(edge / REACH)
    own, halo, neighbours = bricks(cells, ranks)
    a_cell = PARTICLES / cells**3
    compute = own * a_cell * seconds_a_particle
    move = halo * a_cell * POSITION / NETWORK["bytes_a_second"] + neighbours * NETWORK["latency"] if ranks > 1 else 0
    agree = NETWORK["latency"] * math.ceil(math.log2(ranks))
    return {"own": own * a_cell, "halo": halo * a_cell, "compute": compute, "total": compute + move + agree}


def model_table(lines):
    largest = max(line["particles"] for line in lines)
    speed = next(line["steps_a_second"]["median"] for line in lines
                 if line["particles"] == largest and line["precision"] == "double" and line["ranks"] == 1)
    seconds = 1 / (speed * largest)
    table = Table(f"model of {PARTICLES / 1e6:.0f} million particles, double: {seconds * 1e9:.1f} ns a particle and step as measured above with "
                  f"{largest}; {POSITION} B for each particle of a halo; assumed: {NETWORK['bytes_a_second'] / 1e9:.0f} GB/s a rank, "
                  f"{NETWORK['latency'] * 1e6:.0f} us a message and a step of an allreduce, nothing overlaps, work even",
                  ["ranks", "particles a rank", "of its halo", "KiB a step to a rank", "ms a step", "steps/s", "efficiency"])
    alone = model(seconds, 1)["total"]
    for ranks in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024):
        step = model(seconds, ranks)
        table.add(ranks, f"{step['own']:.0f}", f"{step['halo']:.0f}", f"{step['halo'] * POSITION / 1024:.0f}", f"{step['total'] * 1e3:.3f}",
                  f"{1 / step['total']:.1f}", f"{alone / ranks / step['total']:.3f}")
    return table
