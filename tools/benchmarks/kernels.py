"""The exact kernels against plain loops of the same instruction set: a part of the question dot."""
import programs
from figures import Table, against, bounds, ratio, time_text

OPERATIONS = ["dot", "sum", "sum of squares", "absolute sum"]
# Bytes of each of two vectors. "memory" depends on the machine: see dot.py.
LEVELS = {"tiny": 0, "L2": 256 << 10, "L3": 4 << 20, "memory": None}
TWIN = "reference"  # what tests compare with; nobody waits for it longer than needed

# What was aimed at: (kernel, operation, type): {column: ratio}. Seconds for a tiny call, from the call to the rounded result.
TARGETS = {
    ("avx512", "dot", "float64"): {"tiny": 120e-9, "L2": 0.55, "L3": 0.85, "memory": 0.95, "spread": 0.9, "whole": 0.3},
    ("avx512", "sum", "float64"): {"tiny": 120e-9, "L2": 0.75, "L3": 0.85, "memory": 0.92, "spread": 0.9, "whole": 0.3},
    ("avx512", "sum of squares", "float64"): {"L2": 0.45, "L3": 0.60, "memory": 0.80},
    ("avx512", "dot", "float32"): {"L2": 0.45, "L3": 0.60, "memory": 0.92},
    ("avx2", "dot", "float64"): {"L2": 0.40, "L3": 0.50, "memory": 0.90},
    ("portable", "dot", "float64"): {"memory": 0.3},
    ("portable", "sum", "float64"): {"memory": 0.3},
}
ACCUMULATOR_TARGETS = {"add(x)": 3e-9}  # seconds a term


def measure(options, memory):
    """One line for each ranks, column (a level, or data that spread), operation, type and kernel."""
    folder = programs.build("openmpi") / "bench" / "dot"
    names = [line["kernel"] for line in programs.run("openmpi", 1, [folder / "bench_dot_kernels", "list"])]
    columns = [("normal", level, memory if size is None else size) for level, size in LEVELS.items()]
    columns += [("spread", "memory", memory), ("whole", "memory", memory)]
    lines = []
    for ranks in (1, 2):
        for data, level, size in columns:
            column = level if data == "normal" else data
            programs.say(f"kernels: {ranks} rank{'s'[:ranks - 1]}, {column}")
            chosen = [name for name in names if name != TWIN or (ranks == 1 and level in ("tiny", "L2"))]
            turns = options.repeats if level == "memory" else 3 * options.repeats  # 3 ms each: cheap, and easily disturbed
            for line in programs.run("openmpi", ranks, [folder / "bench_dot_kernels", data, size, turns, *chosen]):
                plain, exact = line.pop("plain_seconds"), line.pop("exact_seconds")
                lines.append({**line, "column": column, "ratio": ratio(plain, exact), "plain_seconds": bounds(plain),
                              "exact_seconds": bounds(exact), "runs": len(exact)})
    return lines


def measure_accumulator(options):
    program = programs.build("openmpi") / "bench" / "dot" / "bench_dot_accumulator"
    return [{"what": line["what"], "seconds_a_term": bounds([each / line["terms"] for each in line["seconds"]])}
            for line in programs.run("openmpi", 1, [program, 3 * options.repeats])]


def figure(line):
    """(what was measured, its target or None, whether more is better)."""
    target = TARGETS.get((line["kernel"], line["operation"], line["type"]), {}).get(line["column"])
    if line["column"] == "tiny":
        return line["exact_seconds"]["median"], target, False
    return line["ratio"]["median"], target, True


def figures(lines, accumulator):
    """All of them that have a target: (what, value, target, whether more is better)."""
    made = [(" ".join((line["kernel"], line["operation"], line["type"], line["column"])), *figure(line)) for line in lines]
    made += [(line["what"], line["seconds_a_term"]["median"], ACCUMULATOR_TARGETS.get(line["what"]), False) for line in accumulator]
    return [each for each in made if each[2] is not None]


def tables(lines, sizes):
    titles = {"tiny": "n = 64", "L2": "L2, 2 x 256 KiB", "L3": "L3, 2 x 4 MiB", "memory": f"memory, 2 x {sizes['memory'] >> 20} MiB",
              "spread": "memory, 86 binades", "whole": "memory, all exponents"}
    cells = {}
    for line in lines:
        row = (line["ranks"], line["kernel"], line["type"], line["operation"])
        value, target, at_least = figure(line)
        text = time_text if line["column"] == "tiny" else "{:.2f}".format
        cells.setdefault(row, {})[line["column"]] = against(value, target, at_least, text)
    made = []
    for ranks in sorted({row[0] for row in cells}):
        table = Table(f"exact kernels, {ranks} rank{'s'[:ranks - 1]}: time of a short call; speed as a ratio to the plain loop of the "
                      "same instruction set", ["kernel, operation", *titles.values()])
        for row in sorted((row for row in cells if row[0] == ranks), key=lambda row: order(row, lines)):
            table.add(" ".join(row[1:]), *(cells[row].get(column, "-") for column in titles))
        made.append(table)
    return made


def order(row, lines):
    """The fastest kernel first, as the program lists them; then float64 before float32."""
    names = list(dict.fromkeys(line["kernel"] for line in lines))
    return -names.index(row[1]), -int(row[2].removeprefix("float")), OPERATIONS.index(row[3])


def accumulator_table(lines):
    table = Table("ExactAccumulator, beside plain loops of one addition after the other", ["4096 terms", "a term"])
    for line in lines:
        target = ACCUMULATOR_TARGETS.get(line["what"])
        table.add(line["what"], against(line["seconds_a_term"]["median"], target, at_least=False, text=time_text))
    return table
