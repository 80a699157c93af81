"""How fast, exact, steady and large is the Lennard-Jones melt, beside Debian's LAMMPS and GROMACS, on one core; and how much faster on two?"""
import pathlib
import re
import shutil
import statistics
import subprocess
import tempfile

import melt_ranks
import programs
from figures import Table, against, ratio, spread

PEERS = programs.ROOT / "bench" / "peers" / "melt"
SIZES = {32000: 200, 256000: 40}  # particles: steps
PLAIN, OPT, GROMACS = "LAMMPS", "LAMMPS -sf opt", "GROMACS"
OURS = {"tutti float": "float", "tutti double": "double"}
# What was aimed at, of 32,000 particles: speed to the faster of LAMMPS's two and to GROMACS; errors; bytes a particle.
TO_LAMMPS = {"tutti float": 4.5, "tutti double": 3.0}
TO_GROMACS = {"tutti float": 2.2}
ERRORS = {"float": 1e-6, "double": 1e-9}
BYTES = 320
DRIFT = {"particles": 864, "every": 10, "steps": 20000, "dt": 0.005}


def measure(options):
    program = programs.build("openmpi") / "bench" / "molecular" / "bench_melt"
    sizes = {32000: 60} if options.quick else SIZES
    with tempfile.TemporaryDirectory(prefix="tutti-bench-") as scratch:
        runners = {name: ours(program, precision) for name, precision in OURS.items()} | lammps() | gromacs(pathlib.Path(scratch))
        absent = [name for name in (PLAIN, OPT, GROMACS) if name not in runners]
        return {"absent": absent, "speed": speeds(runners, sizes, options.repeats),
                "accuracy": programs.run("openmpi", 1, [program, "accuracy", 32000, 200]),
                "memory": [programs.run("openmpi", 1, [program, "memory", 256000, precision, 20])[0] for precision in OURS.values()],
                "ranks": melt_ranks.measure(program.parent / "bench_parallel", options),
                "peak_bytes": lammps_peak(), "drift": drifts(program, options)}


def speeds(runners, sizes, repeats):
    """Steps a second; all take turns."""
    lines = []
    for particles, steps in sizes.items():
        runs = {name: [] for name in runners}
        for turn in range(repeats):
            programs.say(f"melt of {particles}, turn {turn + 1} of {repeats}")
            for name, run in runners.items():
                runs[name].append(run(particles, steps))
        lines += [{"name": name, "particles": particles, "steps": steps, "steps_a_second": spread(values)} for name, values in runs.items()]
    return lines


def ours(program, precision):
    def run(particles, steps):
        return steps / programs.run("openmpi", 1, [program, "time", particles, precision, steps])[0]["seconds"]
    return run


def lattice(particles):
    return round((particles / 4) ** (1 / 3))


def run_lammps(words, file):
    done = subprocess.run([shutil.which("lmp"), *map(str, words), "-in", str(PEERS / file), "-log", "none"], env=programs.environment(),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise programs.Failed(f"lmp: exit status {done.returncode}\n{done.stdout[-2000:]}")
    return done.stdout


def lammps():
    if not shutil.which("lmp"):
        return {}

    def runner(words):
        def run(particles, steps):
            said = run_lammps([*words, "-var", "n", lattice(particles), "-var", "steps", steps], "lammps.in")
            return steps / float(re.search(r"Loop time of ([0-9.e+-]+)", said)[1])
        return run
    return {PLAIN: runner([]), OPT: runner(["-sf", "opt"])}


def lammps_peak():
    """Bytes a particle of the largest resident set, as the system measures it."""
    if not shutil.which("lmp"):
        return None
    code = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True); "
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    sizes = []
    for particles in (256000, 4):
        words = [shutil.which("lmp"), "-var", "n", max(lattice(particles), 6), "-var", "steps", 20, "-in", PEERS / "lammps.in", "-log", "none"]
        done = subprocess.run(["/usr/bin/python3", "-c", code, *map(str, words)], env=programs.environment(), stdout=subprocess.PIPE, text=True,
                              check=True)
        sizes.append(1024 * int(done.stdout))
    return (sizes[0] - sizes[1]) / (256000 - 864)


def write_gro(path, n):
    """Face-centred cubic; sigma is 1 nm."""
    a = (4 / 0.8442) ** (1 / 3)
    places = [(i + x / 2, j + y / 2, k + z / 2) for i in range(n) for j in range(n) for k in range(n)
              for x, y, z in ((0, 0, 0), (1, 1, 0), (0, 1, 1), (1, 0, 1))]
    with path.open("w") as file:
        file.write(f"melt\n{len(places)}\n")
        for number, place in enumerate(places, 1):
            file.write(f"{number % 100000:5}A        A{number % 100000:5}" + "".join(f"{a * x:12.7f}" for x in place) + "\n")
        file.write(" ".join([f"{a * n:.9f}"] * 3) + "\n")


def gromacs(scratch):
    if not shutil.which("gmx"):
        return {}

    def call(words, folder):
        done = subprocess.run(["gmx", "-quiet", *words], cwd=folder, env=programs.environment(), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise programs.Failed(f"gmx {words[0]}: exit status {done.returncode}\n{done.stdout[-2000:]}")

    def run(particles, steps):
        folder = scratch / f"gromacs-{particles}-{steps}"
        if not folder.exists():
            folder.mkdir()
            write_gro(folder / "melt.gro", lattice(particles))
            (folder / "melt.top").write_text((PEERS / "gromacs.top").read_text().replace("PARTICLES", str(particles)))
            (folder / "melt.mdp").write_text((PEERS / "gromacs.mdp").read_text() + f"nsteps = {steps}\n")
            call(["grompp", "-f", "melt.mdp", "-c", "melt.gro", "-p", "melt.top", "-o", "melt.tpr", "-maxwarn", "5"], folder)
        call(["mdrun", "-s", "melt.tpr", "-deffnm", "run", "-ntmpi", "1", "-ntomp", "1", "-pin", "off"], folder)
        return steps / float(re.search(r"^ *Time: +[0-9.]+ +([0-9.]+)", (folder / "run.log").read_text(), re.MULTILINE)[1])
    return {GROMACS: run}


def drifts(program, options):
    """Of the energy a particle, of the force-shifted potential, at constant energy: its slope in time, and how well that is known."""
    steps = DRIFT["steps"] // (10 if options.quick else 1)
    common = [DRIFT["particles"], steps, DRIFT["every"], DRIFT["dt"]]
    lines = []
    for name, precision in OURS.items():
        programs.say(f"drift of {name}")
        words = [program, "drift", common[0], precision, *common[1:]]
        lines.append({"name": name, **slope(programs.run("openmpi", 1, words)[0]["energies"])})
    if shutil.which("lmp"):
        programs.say("drift of LAMMPS")
        said = run_lammps(["-var", "n", lattice(DRIFT["particles"]), "-var", "steps", steps, "-var", "every", DRIFT["every"], "-var", "dt",
                           DRIFT["dt"]], "lammps_drift.in")
        lines.append({"name": PLAIN, **slope([float(row[1]) for row in re.findall(r"^ *(\d+) +(-?\d+\.\d+) *$", said, re.MULTILINE)])})
    return lines


def slope(energies):
    """Of a straight line through the means of 20 stretches of the run, after its first quarter; fluctuations are those around it."""
    later = energies[len(energies) // 4:]
    length = len(later) // 20
    means = [statistics.fmean(later[k * length:(k + 1) * length]) for k in range(20)]
    times = [(k + 0.5) * length * DRIFT["every"] * DRIFT["dt"] for k in range(20)]
    line = statistics.linear_regression(times, means)
    rest = [mean - line.intercept - line.slope * time for mean, time in zip(means, times)]
    error = (sum(each**2 for each in rest) / 18 / sum((time - statistics.fmean(times))**2 for time in times)) ** 0.5
    return {"slope": line.slope, "error": error, "fluctuation": statistics.pstdev(later)}


def tables(results):
    return [speed_table(results), accuracy_table(results), drift_table(results), memory_table(results),
            *melt_ranks.tables(results["ranks"])]


def speed_table(results):
    table = Table("steps a second on one core, medians", ["", "particles", "steps/s", "to the faster LAMMPS", "to GROMACS"])
    by = {(line["particles"], line["name"]): line["steps_a_second"] for line in results["speed"]}
    for (particles, name), speed in by.items():
        lammps_speed = max((by[particles, peer] for peer in (PLAIN, OPT) if (particles, peer) in by), key=lambda each: each["median"], default=None)
        gromacs_speed = by.get((particles, GROMACS))
        figure = particles == 32000
        table.add(name, particles, f"{speed['median']:.1f}", compared(speed, lammps_speed, TO_LAMMPS.get(name) if figure else None),
                  compared(speed, gromacs_speed, TO_GROMACS.get(name) if figure else None))
    for name in results["absent"]:
        table.add(f"{name}: not installed", *["-"] * 4)
    return table


def compared(speed, other, target):
    if other is None:
        return "-"
    return against(ratio(speed["runs"], other["runs"])["median"], target)


def accuracy_table(results):
    table = Table("rms error of forces, relative to their rms, of 32,000 particles", ["precision", "error"])
    for line in results["accuracy"]:
        table.add(line["precision"], against(line["relative_rms_error"], ERRORS[line["precision"]], at_least=False, text="{:.1e}".format))
    return table


def drift_table(results):
    table = Table(f"energy a particle at constant energy, {DRIFT['particles']} particles, shifted forces",
                  ["", "slope, epsilon/tau", "its standard error", "fluctuation, epsilon"])
    for line in results["drift"]:
        table.add(line["name"], f"{line['slope']:+.1e}", f"{line['error']:.1e}", f"{line['fluctuation']:.2e}")
    return table


def memory_table(results):
    table = Table("bytes a particle, of 256,000, net of the empty program", ["", "PSS", "largest resident set"])
    for line in results["memory"]:
        table.add(f"tutti {line['precision']}", against(line["bytes"], BYTES, at_least=False, text="{:.0f}".format), f"{line['peak_bytes']:.0f}")
    if results["peak_bytes"]:
        table.add(PLAIN, "-", f"{results['peak_bytes']:.0f}")
    return table
