"""The machine that figures belong to."""
import os
import pathlib
import platform
import re
import subprocess

from programs import CPUINFO, ROOT, openblas_core


def first_line(words):
    """What a program says first, or that it is not there."""
    try:
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    except OSError:
        return "not installed"
    return next(iter(done.stdout.splitlines()), "unknown")


def field(path, pattern, otherwise):
    """The first group of a pattern in a file of the system."""
    try:
        found = re.search(pattern, pathlib.Path(path).read_text(), re.MULTILINE)
    except OSError:
        return otherwise
    return found[1].strip() if found else otherwise


def caches():
    """{"L1d": bytes, "L2": ..., "L3": ...} as one core sees them."""
    sizes = {}
    for folder in sorted(pathlib.Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        level, kind, size = ((folder / name).read_text().strip() for name in ("level", "type", "size"))
        if kind != "Instruction":
            number, unit = re.fullmatch(r"(\d+)([KMG]?)", size).groups()
            sizes[f"L{level}" + ("d" if kind == "Data" and level == "1" else "")] = int(number) << {"": 0, "K": 10, "M": 20, "G": 30}[unit]
    return sizes


def memory(what="MemTotal"):
    """Bytes: MemTotal or MemAvailable."""
    return int(field("/proc/meminfo", rf"^{what}: +(\d+) kB", "0")) << 10


def describe():
    git = ["git", "-C", str(ROOT)]
    changed = first_line([*git, "status", "--porcelain", "--", "src", "bench", "cli"]) != "unknown"
    return {"processor": field(CPUINFO, r"^model name\s*: (.*)$", platform.processor() or "unknown"),
            "cores": os.cpu_count(), "caches": caches(), "memory": memory(), "system": platform.platform(),
            "compiler": first_line(["c++", "--version"]), "openmpi": first_line(["mpirun.openmpi", "--version"]),
            "mpich": first_line(["mpichversion"]), "openblas": openblas_core() or "its own choice", "load": round(os.getloadavg()[0], 2),
            "commit": first_line([*git, "rev-parse", "--short", "HEAD"]) + (" with changes" if changed else "")}


def in_words(machine):
    """One line; also of machines that were described less fully."""
    text = f"{machine['processor']}, {machine['cores']} cores"
    for name, size in machine.get("caches", {}).items():
        text += f", {name} " + (f"{size >> 20} MiB" if size >= 1 << 20 else f"{size >> 10} KiB")
    if machine.get("memory"):
        text += f", {machine['memory'] / 2**30:.0f} GiB"
    for name, prefix in (("compiler", ""), ("openblas", "OpenBLAS for "), ("system", "")):
        if machine.get(name):
            text += f"; {prefix}{machine[name]}"
    if machine.get("load", 0) > 1:
        text += f"; load {machine['load']} before"
    return f"{text}; commit {machine['commit']}"
