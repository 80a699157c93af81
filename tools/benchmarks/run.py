"""The one door to all benchmarks. See tools/bench.

A question is a module: its docstring's first line asks it, measure(options) returns the runs (what JSON can hold),
tables(results) makes tables of them, and, where there is something to see, draw(document) makes an SVG.
Every figure compares medians of runs that alternate, A B A B, so that whatever else the machine does meets both alike.
"""
import argparse
import sys

import dot
import forecast
import guard
import ledger
import machine
import molecular
import nodeshared
import programs
import reading
import stitch
import store

QUESTIONS = {"dot": dot, "forecast": forecast, "guard": guard, "ledger": ledger, "molecular": molecular,
             "nodeshared": nodeshared, "reading": reading, "stitch": stitch}


def question_of(name):
    return QUESTIONS[name].__doc__.splitlines()[0]


def answer(name, options):
    """Measures and prints."""
    described = machine.describe()
    if described["load"] > 1:
        print(f"  the load is {described['load']}: what else runs here will show in the figures", file=sys.stderr)
    document = {"question": question_of(name), "command": " ".join(["tools/bench", *sys.argv[1:]]), "machine": described,
                "results": QUESTIONS[name].measure(options)}
    print_tables(name, document, markdown=False)
    return document


def print_tables(name, document, markdown):
    print(machine.in_words(document["machine"]) + "\n")
    for table in QUESTIONS[name].tables(document["results"]):
        print(table.markdown() if markdown else table.text())


def read_options(words):
    parser = argparse.ArgumentParser(prog="tools/bench", description="benchmarks of tutti, each beside what it is compared to",
                                     epilog="without a question: lists them")
    parser.add_argument("question", nargs="?", choices=[*QUESTIONS, "all"])
    parser.add_argument("--repeats", type=int, default=7, help="runs of each program, at least 5 (default 7)")
    parser.add_argument("--quick", action="store_true", help="short vectors and 5 runs: to see that it works, not for figures")
    parser.add_argument("--install", action="store_true", help="first install the Debian packages of what tutti is compared to")
    parser.add_argument("--store", action="store_true", help="write bench/results/QUESTION.json, and its drawing")
    parser.add_argument("--show", action="store_true", help="print the stored runs; measure nothing (with --store: draw anew)")
    parser.add_argument("--markdown", action="store_true", help="the same, as Markdown")
    options = parser.parse_args(words)
    if options.quick:
        options.repeats = 5
    if options.repeats < 5:
        parser.error(f"--repeats {options.repeats}: a median needs at least 5")
    if options.quick and options.store and not (options.show or options.markdown):
        parser.error("--quick measures too little to be stored; leave out one of the two")
    return options


def main(words):
    options = read_options(words)
    if options.question is None:
        for name in QUESTIONS:
            print(f"{name:<12}{question_of(name)}")
        return
    names = list(QUESTIONS) if options.question == "all" else [options.question]
    if options.install:
        programs.install_peers()
    for name in names:
        if options.show or options.markdown:
            document = store.read(name)
            print_tables(name, document, options.markdown)
        else:
            document = answer(name, options)
        if options.store:
            for path in store.write(name, document, getattr(QUESTIONS[name], "draw", None)):
                print("stored in", path)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (programs.Failed, store.NotStored) as problem:
        sys.exit(f"tools/bench: {problem}")
