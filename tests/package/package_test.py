"""The installed package, as a user meets it: install, find_package(tutti), build, run; and what must be refused.

One step a call (tests/package/CMakeLists.txt); each prints what it did and exits with 0, 1 or, if it cannot be done on
this machine, 77 after a line "skipped: why".
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PARTICLES = "state 6450a4040c74fe5f\n"  # as in tests/molecular/dynamics_test.cpp
OTHER = {"openmpi": "mpich", "mpich": "openmpi"}


def run(words, expect_success=True, **more):
    words = [str(word) for word in words]
    print("$", " ".join(words), flush=True)
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL,
                          **more)
    if (done.returncode == 0) != expect_success:
        print(done.stdout)
        sys.exit(f"exit status {done.returncode}, which should {'' if expect_success else 'not '}be 0")
    return done.stdout


def require(condition, message):
    if not condition:
        sys.exit(message)


def skip(reason):
    print("skipped:", reason)
    sys.exit(77)


def configure_consumer(options, folder, *definitions, expect_success=True, project="consumer"):
    shutil.rmtree(folder, ignore_errors=True)
    # A user's cmake call finds MPI by itself; what the environment says must not help it.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MPI_", "tutti_"))}
    return run([options.cmake, "-S", HERE / project, "-B", folder, "-G", "Ninja",
                *([f"-DCMAKE_CXX_COMPILER={options.compiler}"] if project == "consumer" else []), f"-DCMAKE_PREFIX_PATH={options.prefix}", *definitions],
               expect_success, env=environment)


def install(options):
    shutil.rmtree(options.scratch, ignore_errors=True)
    run([options.cmake, "--install", options.build, "--prefix", options.prefix])
    library = options.prefix / "lib" / f"libtutti_{options.mpi}.so.0"
    require(library.exists(), f"{library} is not there")
    texts = [file for suffix in ("*.cmake", "*.pc", "*.hpp", "*.h", "*.f90") for file in options.prefix.rglob(suffix)]
    require(len(texts) > 20, f"only {len(texts)} text files were installed")
    for file in texts:
        text = file.read_text()
        for folder in (options.prefix, options.build, HERE.parents[1]):  # a package may be moved
            require(str(folder) not in text, f"{file} mentions the folder {folder} of this machine")


def consumer(options):
    """Build a user's project and run it on 3 ranks."""
    folder = options.scratch / "consumer"
    moved = options.scratch / "elsewhere"
    shutil.rmtree(moved, ignore_errors=True)
    shutil.copytree(options.prefix, moved, symlinks=True)  # nothing in the package knows where it was installed
    options.prefix = moved
    configure_consumer(options, folder)
    run([options.cmake, "--build", folder])
    ranks = [*options.launch, folder / "consumer"]
    require(run(ranks) == "dot = 250250 on 3 ranks\n", "the consumer printed something else")
    require(run([*options.launch, folder / "consumer_with_mpi"]) == "sum = 3\n", "consumer_with_mpi: other output")
    require(run([folder / "consumer_of_particles"]) == PARTICLES, "consumer_of_particles: another state")
    commands = (folder / "build.ninja").read_text()
    require("-ffp-contract=off" in commands, "tutti::same_bits does not hand -ffp-contract=off to the user")


def c_consumer(options):
    """The same in C, and the module for Fortran; in C, too, another MPI is refused."""
    folder = options.scratch / "c_consumer"
    suffix = "-DMPI_EXECUTABLE_SUFFIX=.{}"
    configure_consumer(options, folder, project="c_consumer")
    run([options.cmake, "--build", folder])
    require(run([*options.launch, folder / "c_consumer"]) == f"sum = 4.5, tutti {options.version}\n",
            "c_consumer: other output")
    other = OTHER[options.mpi]
    if shutil.which(f"mpicc.{other}") is not None:
        said = configure_consumer(options, folder, "-DFIND_MPI_FIRST=ON", suffix.format(other), expect_success=False,
                                  project="c_consumer")
        require(f"this tutti was built with {options.mpi}" in " ".join(said.split()), "find_package said:\n" + said)
    configure_consumer(options, folder, "-DFIND_MPI_FIRST=ON", suffix.format(options.mpi), project="c_consumer")


def other_mpi(options):
    """A project that has found the other MPI gets a message from find_package, not a program with two MPIs."""
    other = OTHER[options.mpi]
    if shutil.which(f"mpicxx.{other}") is None:
        skip(f"{other} is not installed beside {options.mpi} (there is no mpicxx.{other})")
    suffix = "-DMPI_EXECUTABLE_SUFFIX=.{}"
    folder = options.scratch / "other_mpi"
    said = configure_consumer(options, folder, "-DFIND_MPI_FIRST=ON", suffix.format(other), expect_success=False)
    require(f"this tutti was built with {options.mpi}" in " ".join(said.split()), "find_package said something else:\n" + said)
    # The same project with the right MPI is accepted: it is the MPI that made the difference.
    configure_consumer(options, folder, "-DFIND_MPI_FIRST=ON", suffix.format(options.mpi))
    # A project whose compiler is the other MPI's wrapper.
    said = configure_consumer(options, folder, f"-DCMAKE_CXX_COMPILER=mpicxx.{other}", expect_success=False)
    require(f"this project uses {other}" in " ".join(said.split()), "find_package said something else:\n" + said)


def linker(options):
    """What was compiled with the headers of the other MPI's package does not link with this one's library."""
    folder = options.scratch / "linker"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(options.prefix / "include", folder / "include")
    generated = folder / "include" / "tutti" / "comm" / "built_for.hpp"
    other = OTHER[options.mpi]
    own_text = generated.read_text()
    other_text = own_text.replace(options.mpi, other).replace(options.mpi.upper(), other.upper())
    require(other_text != own_text, f"{generated} does not name its MPI")

    def build(text, expect_success):
        generated.write_text(text)
        run([options.compiler, "-std=c++20", "-c", f"-I{folder}/include", HERE / "consumer" / "main.cpp", "-o",
             folder / "main.o"])
        return run([options.compiler, folder / "main.o", "-o", folder / "main", f"-L{options.prefix}/lib",
                    f"-Wl,-rpath,{options.prefix}/lib", f"-ltutti_{options.mpi}", "-Wl,--allow-shlib-undefined"],
                   expect_success)

    build(own_text, expect_success=True)
    said = build(other_text, expect_success=False)
    require(f"undefined reference to `tutti::comm::for_{other}::run" in said, "the linker said something else:\n" + said)

    def compile_c(wrapper, text, expect_success):
        generated.write_text(text)
        return run([wrapper, "-c", f"-I{folder}/include", HERE / "c_consumer" / "main.c", "-o", folder / "c_main.o"],
                   expect_success)

    # The same in C, which has to be compiled with <mpi.h>: the compiler refuses two MPIs at once, the linker the other one.
    wrappers = {mpi: shutil.which(f"mpicc.{mpi}") for mpi in (options.mpi, other)}
    if wrappers[options.mpi] is not None:
        said = compile_c(wrappers[options.mpi], other_text, expect_success=False)
        require("this <mpi.h> is not of the MPI" in said, "the C compiler said something else:\n" + said)
    if wrappers[other] is not None:
        compile_c(wrappers[other], other_text, expect_success=True)
        said = run([wrappers[other], folder / "c_main.o", "-o", folder / "c_main", f"-L{options.prefix}/lib",
                    f"-ltutti_{options.mpi}", "-Wl,--allow-shlib-undefined"], expect_success=False)
        require(f"undefined reference to `tutti_world_from_for_{other}" in said, "the linker said something else:\n" + said)


def pkg_config(options):
    """A build without CMake."""
    if shutil.which("pkg-config") is None:
        skip("pkg-config is not installed")
    environment = {**os.environ, "PKG_CONFIG_PATH": str(options.prefix / "lib" / "pkgconfig")}
    flags = run(["pkg-config", "--cflags", "--libs", "tutti"], env=environment).split()
    program = options.scratch / "by_pkg_config"
    run([options.compiler, HERE / "consumer" / "with_mpi.cpp", "-o", program, *flags])
    require(run([*options.launch, program]) == "sum = 3\n", "with_mpi printed something else")
    flags = run(["pkg-config", "--cflags", "--libs", "tutti-molecular"], env=environment).split()
    run([options.compiler, HERE / "consumer" / "particles.cpp", "-o", program, *flags])
    require(run([program]) == PARTICLES, "particles printed another state")
    flags = run(["pkg-config", "--cflags", "--libs", "tutti-c"], env=environment).split()
    run(["cc", "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", HERE / "c_consumer" / "main.c", "-o", program, *flags])
    require(run([*options.launch, program]) == f"sum = 4.5, tutti {options.version}\n", "main.c printed something else")


def main():
    steps = {step.__name__: step for step in (install, consumer, c_consumer, other_mpi, linker, pkg_config)}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=steps)
    parser.add_argument("--build", type=pathlib.Path, required=True, help="tutti's build tree")
    parser.add_argument("--mpi", choices=OTHER, required=True, help="the MPI it was built with")
    parser.add_argument("--version", required=True, help="of tutti")
    parser.add_argument("--cmake", required=True)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--launch", nargs="+", required=True, help="the words that start a program on 3 ranks; last")
    words = sys.argv[1:]
    after = words.index("--launch") + 1
    options = parser.parse_args([*words[:after], "launch"])
    options.launch = words[after:]
    options.scratch = options.build / "package"
    options.prefix = options.scratch / "prefix"
    steps[options.step](options)


if __name__ == "__main__":
    main()
