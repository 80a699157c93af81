"""How far is tutti plan from the memory that jobs take, over runs of three sizes on 1 to 16 ranks?"""
import json
import subprocess

import programs
from figures import Table

MIB = 1 << 20
# float64s of the distributed, the node-shared and the replicated array: odd numbers, of which no rank has a round part.
SIZES = {"small": (3_000_017, 1_000_003, 300_007), "medium": (15_000_017, 5_000_011, 1_500_007),
         "large": (60_000_011, 16_000_057, 4_000_037)}
RANKS = (1, 2, 3, 5, 8, 16)


def plan(folder, ranks, sizes):
    """What tutti plan says before the run; on the first call it measures what MPI takes."""
    arrays = [f"divided:distributed:{sizes[0]}:f8:cyclic", f"shared:node-shared:{sizes[1]}:f8", f"copied:replicated:{sizes[2]}:f8"]
    words = [folder / "cli" / "tutti", "plan", "--json", "--ranks", ranks, "--node-memory", "1TB"]
    for array in arrays:
        words += ["--array", array]
    done = subprocess.run([str(word) for word in words], env=programs.environment(), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=600)
    if done.returncode != 0:
        raise programs.Failed(f"tutti plan: exit status {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")
    return json.loads(done.stdout)


def measure(options):
    results = []
    for mpi in programs.MPIS:
        folder = programs.build(mpi)
        for name, sizes in SIZES.items():
            if options.quick and name == "large":
                continue
            for ranks in RANKS:
                programs.say(f"{mpi}, {name}, {ranks} ranks")
                planned = plan(folder, ranks, sizes)
                report, = programs.run(mpi, ranks, [folder / "bench" / "forecast" / "bench_three_arrays", *sizes])
                node = report["nodes"][0]
                tables = planned["categories"]["page-tables"]["node_bytes"]
                results.append({"mpi": mpi, "size": name, "ranks": ranks, "forecast": planned["total"]["node_bytes"] - tables,
                                "measured": node["pss_bytes"], "forecast_page_tables": tables,
                                "measured_page_tables": node["page_table_bytes"], "rss": node["rss_bytes"],
                                "origin": planned["program_origin"]})
    return results


def within(line):
    """The figure to reach: 3 % or 4 MiB."""
    return abs(line["forecast"] - line["measured"]) <= max(0.03 * line["measured"], 4 * MIB)


def tables(results):
    table = Table("node PSS: forecast before the run, and measured; page tables beside it (MiB)",
                  ["MPI", "size", "ranks", "forecast", "measured", "error", "tables forecast", "measured ", "sum of RSS"])
    for line in results:
        difference = line["forecast"] - line["measured"]
        table.add(line["mpi"], line["size"], line["ranks"], f"{line['forecast'] / MIB:.1f}", f"{line['measured'] / MIB:.1f}",
                  f"{100 * difference / line['measured']:+.1f} % {difference / MIB:+.1f}" + ("" if within(line) else " !"),
                  f"{line['forecast_page_tables'] / MIB:.1f}", f"{line['measured_page_tables'] / MIB:.1f}",
                  f"{line['rss'] / line['measured']:.2f} x")
    summary = Table("within 3 % or 4 MiB", ["MPI", "runs", "within", "largest error", "largest where over 128 MiB"])
    for mpi in dict.fromkeys(line["mpi"] for line in results):
        lines = [line for line in results if line["mpi"] == mpi]
        error = lambda line: abs(line["forecast"] - line["measured"])
        big = [100 * error(line) / line["measured"] for line in lines if line["measured"] >= 128 * MIB]
        summary.add(mpi, len(lines), sum(map(within, lines)), f"{max(map(error, lines)) / MIB:.1f} MiB",
                    f"{max(big):.1f} %" if big else "none")
    return [table, summary]
