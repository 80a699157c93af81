"""What ctest's JUnit files say: entries, the cases of GoogleTest and unittest inside them, and why something was skipped."""
import dataclasses
import re
import xml.etree.ElementTree


@dataclasses.dataclass
class Entry:
    """One entry of one tree's ctest."""
    tree: str
    name: str
    seconds: float
    passed: int = 0
    failed: int = 0
    skips: list = dataclasses.field(default_factory=list)  # a reason each
    output: str = ""


def read_junit(path, tree):
    """The entries in a file that `ctest --output-junit` wrote."""
    return [read_case(case, tree) for case in xml.etree.ElementTree.parse(path).getroot().iter("testcase")]


def read_case(case, tree):
    output = case.findtext("system-out") or ""
    entry = Entry(tree, case.get("name"), float(case.get("time") or 0), output=output)
    problem = next((case.find(kind) for kind in ("failure", "skipped") if case.find(kind) is not None), None)
    message = problem.get("message") or "" if problem is not None else ""
    if problem is None and case.get("status") == "run":
        count_inside(entry, ok=True)
    elif message.startswith("SKIP_"):  # an exit status or an output that the entry declares as a skip
        entry.skips.append(own_reason(output) or "no reason given")
    else:  # failed, timed out, crashed, disabled, or not even started: ctest calls the latter skipped, too
        count_inside(entry, ok=False)
        entry.output = output if output.strip() else message
    return entry


def own_reason(output):
    """What a script says before it exits with 77: "skipped: why"; or that this processor lacks a kernel."""
    found = re.search(r"^skipped: (.*)$", output, re.MULTILINE) or re.search(r"TUTTI_KERNEL: (no kernel .* here);", output)
    return found[1].strip() if found else None


def count_inside(entry, ok):
    """An entry that runs many cases counts as many; one that prints none counts as one."""
    passed = len(re.findall(r"^\[       OK \] ", entry.output, re.MULTILINE))
    failed = len(re.findall(r"^\[  FAILED  \] \S+ \(\d+ ms\)", entry.output, re.MULTILINE))
    skips = gtest_skips(entry.output)
    if not passed + failed + len(skips):
        passed, failed, skips = unittest_cases(entry.output)
    if not passed + failed + len(skips):
        passed, failed, skips = fault_plays(entry.output)
    if ok and not passed + len(skips):
        passed = 1
    if ok:
        failed = 0  # what a test of a test printed
    elif not failed:
        failed = 1
    entry.passed, entry.failed, entry.skips = passed, failed, skips


def gtest_skips(output):
    """GoogleTest prints, between "[ RUN      ] name" and "[  SKIPPED ] name", "file:line: Skipped" and the reason."""
    reasons = []
    for found in re.finditer(r"^\[ RUN      \] (\S+)\n(?:(?!\[ RUN).*\n)*?\[  SKIPPED \] \1 \(", output, re.MULTILINE):
        reason = re.search(r": Skipped\n(.*(?:\n(?!\[|$).*)*)", found[0])
        reasons.append(f"{found[1]}: {' '.join(reason[1].split()) if reason else 'no reason given'}")
    return reasons


def fault_plays(output):
    """The table of tests/faults: a line for each fault, "... as it should be" or what was wrong, or why it was left out."""
    if not re.search(r"^fault on \d+ ranks ", output, re.MULTILINE):
        return 0, 0, []
    summary = re.search(r"^(\d+) passed, (\d+) failed, of ", output, re.MULTILINE)
    passed, failed = (int(summary[1]), int(summary[2])) if summary else (0, 0)
    return passed, failed, re.findall(r"^\S+: left out: (.*)$", output, re.MULTILINE)


def unittest_cases(output):
    """Python's unittest with --verbose: "name ... ok" or "name ... skipped 'why'" a line."""
    if not re.search(r"^Ran \d+ tests? in ", output, re.MULTILINE):
        return 0, 0, []
    passed = len(re.findall(r"\.\.\. ok$", output, re.MULTILINE))
    failed = len(re.findall(r"\.\.\. (?:FAIL|ERROR)$", output, re.MULTILINE))
    skips = re.findall(r"\.\.\. skipped ['\"](.*)['\"]$", output, re.MULTILINE)
    return passed, failed, skips


def failing_part(entry, lines=80):
    """What a reader wants of a failed entry's output: the failed cases of GoogleTest, else the end."""
    blocks = re.findall(r"^\[ RUN      \] (\S+)\n((?:(?!\[ RUN).*\n)*?\[  FAILED  \] \1.*)", entry.output, re.MULTILINE)
    text = "\n".join(f"{name}\n{block}" for name, block in blocks) or entry.output
    kept = text.splitlines()
    return "\n".join(kept[:lines] if blocks else kept[-lines:])


def summary(entries):
    """(passed, failed, skipped) over all entries."""
    return (sum(entry.passed for entry in entries), sum(entry.failed for entry in entries),
            sum(len(entry.skips) for entry in entries))
