#!/usr/bin/env python3
"""Keeps the pages true.

    docs_tool.py links SOURCE       every relative link leads to a file, every #anchor to a heading
    docs_tool.py sessions SOURCE PAGE --mpi MPI --programs FILE...
                                    every ```console block: what follows "$ command" is what comes out

A console session shows stdout and stderr together, and "exit N" stands where a command fails. What differs from run to
run is compared by its form only: times, sizes of memory, process numbers, names of hosts, widths of columns; so is what "..." stands for.
Blocks in a page share one folder. A line <!-- only MPI --> or <!-- not run: reason --> before a block limits it.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
VOLATILE = [
    (r"\d+(\.\d+)? s\b", "TIME"),
    (r" *-?\d+(\.\d+)? (GiB|MiB|KiB|B)\b", " SIZE"),  # in tables at the right, behind as many spaces as it is short
    (r"\d+(\.\d+)? %", "PART"),
    (r"\bon node [^\s:,;)]+", "on node HOST"),
    (r"\bprocess \d+", "process NUMBER"),
    (r"\((openmpi|mpich)\)", "(MPI)"),  # the one that this build is for
    (r'"mpi":"(openmpi|mpich)"', '"mpi":MPI'),
    (r'"seconds":\{[^}]*\}', '"seconds":TIMES'),
    (r'"memory":\{[^}]*\}', '"memory":SIZES'),
    (r" {2,}", "  "),  # columns are as wide as what stands in them
]


def pages(source):
    return sorted(source.glob("*.md")) + sorted(source.glob("docs/**/*.md"))


def blocks(page, language):
    """(line number, text, the line before) of each block of the language."""
    content = page.read_text()
    for found in FENCE.finditer(content):
        if found.group(1) == language:
            before = content[: found.start()].rstrip("\n").rsplit("\n", 1)[-1]
            yield content.count("\n", 0, found.start()) + 2, found.group(2), before


def anchors(page):
    names = set()
    for heading in re.findall(r"^#+ (.*)$", FENCE.sub("", page.read_text()), re.MULTILINE):
        names.add(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-"))
    return names


def links(source):
    bad = count = 0
    for page in pages(source):
        content = FENCE.sub("", page.read_text())
        for target in re.findall(r"\]\(([^)\s]+)\)", content):
            if re.match(r"[a-z]+:", target):
                continue
            count += 1
            path, _, anchor = target.partition("#")
            file = (page.parent / path).resolve() if path else page
            if not file.exists():
                print(f"{page}: link to {target}: no such file")
                bad += 1
            elif anchor and anchor not in anchors(file):
                print(f"{page}: link to {target}: no such heading")
                bad += 1
    print(f"{count} links")
    return 1 if bad else 0


def commands(block):
    """(command, expected output) of each; a command goes on after a backslash, and to the end of a here-document."""
    result = []
    continued, end = False, None
    for line in block.splitlines():
        if end is not None or continued:
            result[-1][0] += "\n" + line
        elif line.startswith("$ "):
            result.append([line[2:], []])
        else:
            result[-1][1].append(line)
            continue
        if end is None:
            document = re.search(r"<<'(\w+)'$", line)
            end = document[1] if document else None
        elif line == end:
            end = None
        continued = end is None and line.endswith("\\")
    return [(command, "\n".join(lines)) for command, lines in result]


def normal(text):
    text = "\n".join(line.rstrip() for line in text.strip().splitlines())
    for pattern, name in VOLATILE:
        text = re.sub(pattern, name, text)
    return text


def warnings_first(text):
    """They are on stderr, and nobody orders what is on stderr and stdout."""
    return "\n".join(sorted(text.splitlines(), key=lambda line: not line.startswith("tutti: warning: ")))


def matches(expected, actual):
    pattern = ".*?".join(re.escape(part) for part in warnings_first(normal(expected)).split("..."))
    return re.fullmatch(pattern, warnings_first(normal(actual)), re.DOTALL) is not None


def prepare(folder, source, programs):
    """A folder in which the pages' commands work as they stand there."""
    (folder / "bin").mkdir()
    (folder / "work").mkdir()
    for path in programs:
        name = pathlib.Path(path).name
        (folder / ("bin" if name == "tutti" else "work") / name).symlink_to(path)
    (folder / "bin" / "python3").symlink_to(sys.executable)
    (folder / "work" / "dot").symlink_to(next(p for p in programs if p.endswith("05_dot_of_files")))
    (folder / "work" / "examples").symlink_to(source / "examples")
    environment = dict(os.environ, PATH=f"{folder / 'bin'}:{os.environ['PATH']}", LC_ALL="C")
    for name in list(environment):
        if name.startswith("TUTTI_"):
            del environment[name]
    environment["XDG_CACHE_HOME"] = str(folder / "cache")  # not what was measured here before
    return folder / "work", environment


def sessions(source, page, mpi, programs):
    bad = run = left_out = 0
    with tempfile.TemporaryDirectory() as name:
        work, environment = prepare(pathlib.Path(name), source, programs)
        for line, block, before in blocks(page, "console"):
            only = re.fullmatch(r"<!-- only (\w+) -->", before)
            if before.startswith("<!-- not run: ") or (only and only.group(1) != mpi):
                left_out += 1
                continue
            for command, expected in commands(block):
                done = subprocess.run(["bash", "-c", command], cwd=work, env=environment, text=True, timeout=60,
                                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                actual = done.stdout
                if done.returncode != 0:
                    actual = actual.rstrip("\n") + f"\nexit {done.returncode}\n"
                run += 1
                if not matches(expected, actual):
                    print(f"{page}:{line}: $ {command}\nthe page says\n{textwrap.indent(expected, '  ')}\n"
                          f"but it is\n{textwrap.indent(actual, '  ')}")
                    bad += 1
    print(f"{run} commands run, {left_out} blocks left out")
    return 1 if bad else 77 if run == 0 else 0


def main(arguments):
    what, source = arguments[0], pathlib.Path(arguments[1]).resolve()
    if what == "links":
        return links(source)
    page, mpi = pathlib.Path(arguments[2]).resolve(), arguments[arguments.index("--mpi") + 1]
    return sessions(source, page, mpi, arguments[arguments.index("--programs") + 1:])


sys.exit(main(sys.argv[1:]))
