"""What does a checkpoint cost, written and read, against plain pwrite with fsync and pread of the same bytes, on 2 ranks?"""
import pathlib
import shutil
import tempfile

import programs
from figures import Table, against, ratio, spread, time_text

RANKS = 2
LAYOUTS = ("block", "cyclic")
# Where the bytes come from that are read: a job goes on minutes or days later, mostly on other nodes; in the page cache they
# are only right after they were written.
WHEN = {"medium": ["cold"], "page cache": []}


def measure(options):
    elements = 1 << (21 if options.quick else 27)  # 1 GiB
    with tempfile.TemporaryDirectory(prefix="tutti-bench-") as scratch:
        if shutil.disk_usage(scratch).free < 40 * elements:
            raise programs.Failed(f"checkpoints: needs {40 * elements >> 30} GiB in {scratch}")
        return [line for mpi in programs.MPIS for line in compare(mpi, pathlib.Path(scratch), elements, options.repeats)]


def compare(mpi, scratch, elements, repeats):
    programs.say(f"checkpoints, {mpi}")
    folder = programs.build(mpi) / "bench"
    seconds = {}  # (layout or "plain", where from) -> what it prints, in the order of the runs
    for _ in range(repeats):
        for when, word in WHEN.items():
            plain = [folder / "bench_checkpoint_plain", scratch / "plain", elements, *word]
            seconds.setdefault(("plain", when), []).append(once(mpi, plain, scratch))
            for layout in LAYOUTS:
                words = [folder / "bench_checkpoint_tutti", scratch / "run", elements, layout, *word]
                seconds.setdefault((layout, when), []).append(once(mpi, words, scratch))
    lines = []
    for layout in LAYOUTS:
        for what in ("write", "read"):
            for when in WHEN:
                plain, ours = ([run[what] for run in seconds[key, when]] for key in ("plain", layout))
                lines.append({"mpi": mpi, "ranks": RANKS, "bytes": 8 * elements, "layout": layout, "what": what, "when": when,
                              "plain": spread(plain), "tutti": spread(ours), "ratio": ratio(plain, ours)})
    return lines


def once(mpi, words, scratch):
    (line,) = programs.run(mpi, RANKS, words)
    for path in scratch.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return line


def tables(results):
    table = Table(f"checkpoints of {results[0]['bytes'] / 1e9:.2f} GB, and plain pwrite with fsync and pread of the same bytes, "
                  f"{RANKS} ranks", ["MPI, layout", "what", "plain", "tutti", "plain / tutti"])
    for line in results:
        if line["what"] == "write" and line["when"] != "medium":
            continue  # where it is read from later does not show
        what = "write" if line["what"] == "write" else f"read from the {line['when']}"
        table.add(f"{line['mpi']}, {line['layout']}", what, time_text(line["plain"]["median"]), time_text(line["tutti"]["median"]),
                  against(line["ratio"]["median"], target(line)))
    return [table]


def target(line):
    return 0.8 if line["layout"] == "block" else None


def figures(results):
    """(what, value, target, whether at least that much is wanted) of those that have a target."""
    return [(f"checkpoint {line['what']}" + (f" from the {line['when']}" if line["what"] == "read" else "") + f", {line['mpi']}",
             line["ratio"]["median"], target(line), True) for line in results
            if target(line) and (line["what"] == "read" or line["when"] == "medium")]
