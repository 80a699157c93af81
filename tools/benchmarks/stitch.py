"""What do the pieces between two dot products cost on 2 ranks (new layouts, halos, queues, solvers, checkpoints), against peers?"""
import checkpoints
import grids
import redistribution
from figures import Table, against

# Modules of a part of the question each: measure(options) returns what JSON can hold, tables(results) shows it, and
# figures(results) lists (what, value, target, whether at least that much is wanted).
SECTIONS = {"redistribution": redistribution, "grids": grids, "checkpoints": checkpoints}


def measure(options):
    return {name: section.measure(options) for name, section in SECTIONS.items()}


def tables(results):
    shown = {name: section for name, section in SECTIONS.items() if name in results}
    made = [table for name, section in shown.items() for table in section.tables(results[name])]
    summary = Table("figures that have a target", ["", "figure"])
    for name, section in shown.items():
        for what, value, target, at_least in section.figures(results[name]):
            summary.add(what, against(value, target, at_least))
    return [*made, summary]
