"""Builds the programs of bench/, and runs them on ranks."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CPUINFO = pathlib.Path("/proc/cpuinfo")
MPIS = {"openmpi": ["mpirun.openmpi", "--oversubscribe", "--bind-to", "none"], "mpich": ["mpiexec.mpich"]}


class Failed(Exception):
    """A program that did not do what it should."""


def install_peers():
    if subprocess.run([ROOT / "tools" / "setup", "peers"]).returncode != 0:
        raise Failed("the packages could not be installed; see above")


def build(mpi):
    """The folder of a fresh build of bench/ with this MPI."""
    folder = ROOT / "build" / f"bench-{mpi}"
    words = ["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja", f"-DMPI_EXECUTABLE_SUFFIX=.{mpi}", "-DTUTTI_BENCH=ON",
             "-DTUTTI_TESTS=OFF", "-DTUTTI_EXAMPLES=OFF"]
    if shutil.which("ccache"):
        words.append("-DCMAKE_CXX_COMPILER_LAUNCHER=ccache")
    for command in (words, ["cmake", "--build", folder, "-j2"]):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise Failed(f"{mpi}: the build failed\n{done.stdout[-4000:]}")
    return folder


def openblas_core():
    """The kernels that OpenBLAS should use. Asked itself, Debian 12's takes SSE3 ones on every processor newer than it is,
    which would be no fair comparison. None: leave it to OpenBLAS."""
    flags = set(re.findall(r"\bavx\w*", "".join(re.findall(r"^flags.*$", CPUINFO.read_text(), re.MULTILINE)[:1])))
    return "SkylakeX" if {"avx512f", "avx512bw", "avx512dq", "avx512vl"} <= flags else "Haswell" if "avx2" in flags else None


def environment():
    """Nobody's settings: no TUTTI_*, one thread a rank."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TUTTI_")}
    kept.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    if openblas_core():
        kept.update(OPENBLAS_CORETYPE=openblas_core())
    if os.geteuid() == 0:  # Open MPI starts nothing as root unless told twice that this is meant
        kept.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    return kept


def run(mpi, ranks, words, limit=900):
    """The JSON objects that a program prints, one a line."""
    command = [*MPIS[mpi], "-n", ranks, *words]
    try:
        done = subprocess.run([str(word) for word in command], env=environment(), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        raise Failed(f"{name_of(words)} on {ranks} ranks: not done after {limit} s") from None
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()
        raise Failed(f"{name_of(words)} on {ranks} ranks: exit status {done.returncode}: " + "\n".join(said[:20]))
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def name_of(words):
    return pathlib.Path(str(words[0])).name


def say(what):
    """Progress, for those who wait."""
    print(f"  {what} ...", file=sys.stderr, flush=True)
