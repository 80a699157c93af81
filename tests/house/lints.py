"""The house's customs as functions: tree -> findings ("path:line: what is wrong; what to do")."""
import re

from tree import BELOW, ROOMS, includes, public_headers, room_of

# What a header may include with <...>: C++20's library, C's through it, and POSIX and Linux.
STANDARD = set("""algorithm any array atomic barrier bit bitset charconv chrono compare complex concepts
condition_variable coroutine deque exception execution filesystem forward_list fstream functional future
initializer_list iomanip ios iosfwd iostream istream iterator latch limits list locale map memory memory_resource mutex
new numbers numeric optional ostream queue random ranges ratio regex scoped_allocator semaphore set shared_mutex span
sstream stack stdexcept stop_token streambuf string string_view system_error thread tuple type_traits typeindex typeinfo
unordered_map unordered_set utility valarray variant vector version cassert cctype cerrno cfenv cfloat cinttypes climits
clocale cmath csetjmp csignal cstdarg cstddef cstdint cstdio cstdlib cstring ctime cwchar cxxabi.h""".split())
SYSTEM = re.compile(r"(sys|linux|asm|netinet|arpa|bits)/\w+\.h|"
                    r"(dirent|dlfcn|elf|errno|fcntl|fenv|grp|link|netdb|poll|pthread|pwd|sched|signal|spawn|stdlib|termios|"
                    r"time|unistd|[a-z]*intrin)\.h")

# Tests that mirror no single thing of their room, with the reason.
ACROSS = {
    "tests/comm/guard_test.cpp": "the guard is packet, channel, agree and context together",
    "tests/comm/big_broadcast_test.cpp": "one collective beyond 2^31 bytes, in a program of its own",
    "tests/comm/message_count_test.cpp": "interposes MPI, so a program of its own",
    "tests/comm/nodes_test.cpp": "pretended nodes as a World shows them: node_map, world and split",
    "tests/comm/oversubscription_test.cpp": "the waits of the whole room on more ranks than cores",
    "tests/exact/floating_environment_test.cpp": "every entry of the room under foreign rounding modes",
    "tests/molecular/reference_data_test.cpp": "the room against published values",
}


# The headers of C, and what each may include: neither C++ nor more than a C programmer expects. <mpi.h> is there because
# a C program hands over an MPI_Comm, and must be refused if it was compiled for the other MPI.
C_HEADERS = {"src/tutti/tutti.h": {"stdint.h", "mpi.h", "tutti/comm/built_for.hpp"}}


def is_source(path):
    return path.endswith((".hpp", ".cpp"))


def lint_includes(tree):
    """Includes go strictly downward, by full path; <mpi.h> in comm/ only; no third-party library in a header."""
    findings = []
    public = public_headers(tree)
    for path, text in tree.items():
        if path.startswith(("src/", "cli/")) and path.endswith(".h"):
            findings += [f"{path}:{line}: <{what}> in a header of C; it may include {sorted(C_HEADERS.get(path, []))} only"
                         for line, _, what in includes(text) if what not in C_HEADERS.get(path, set())]
        if not is_source(path) or not path.startswith(("src/", "cli/")):
            continue
        room = room_of(path)
        for line, kind, what in includes(text):
            place = f"{path}:{line}: "
            if what in ("mpi.h", "mpi.hpp") and room != "comm":
                findings.append(place + "<mpi.h> outside comm/; use what comm/ offers, or extend it")
            if what.startswith("tutti/") and kind == "<":
                findings.append(place + f'<{what}>; our own headers are included with quotes')
            elif kind == '"' and path.startswith("src/"):
                findings += [place + problem for problem in own_include_problems(tree, path, what, public)]
            elif kind == "<" and path.endswith(".hpp") and path.startswith("src/") and what != "mpi.h" \
                    and what not in STANDARD and not SYSTEM.fullmatch(what):
                findings.append(place + f"third-party <{what}> in a header; include it in the .cpp")
            if what == "mpi.h" and path in public and path != "src/tutti/comm/mpi.hpp":
                findings.append(place + "<mpi.h> in a public header; only comm/mpi.hpp has it")
    return findings


def own_include_problems(tree, path, what, public):
    target = "src/" + what
    if not what.startswith("tutti/"):
        return [f'"{what}"; give the path from src/: "tutti/..."']
    if target not in tree and target + ".in" not in tree:
        return [f'"{what}" does not exist']
    problems = []
    room, other = room_of(path), room_of(target)
    if target in C_HEADERS and room == "capi":
        return problems  # what this room is there for
    if other is None and path != target:
        problems.append(f'"{what}" is for programs; include what is needed')
    elif room is not None and other != room and other not in BELOW.get(room, set()):
        problems.append(f'"{what}": {room} lies below or beside {other}; includes go downward')
    if path in public and target not in public:
        problems.append(f'"{what}" is not installed, but this header is; forward-declare, or list it as HEADERS')
    return problems


# What a program of each library includes, and from which rooms it must have every public header that needs no <mpi.h>.
UMBRELLAS = {"src/tutti/tutti.hpp": set(ROOMS) - {"formats", "molecular", "simulation"},
             "src/tutti/molecular/molecular.hpp": {"formats", "molecular"}}
NEED_MPI = {"src/tutti/comm/mpi.hpp", "src/tutti/comm/guarded.hpp", "src/tutti/comm/built_for.hpp"}


def lint_headers(tree):
    """Every header has #pragma once and is listed by its room; each library's one header includes every public one."""
    findings = []
    for path, text in tree.items():
        if path.endswith((".hpp", ".h")) and not re.search(r"^#pragma once$", text, re.MULTILINE):
            findings.append(f"{path}:1: no #pragma once")
        room = room_of(path)
        if is_source(path) and room is not None:
            lists = tree.get(f"src/tutti/{room}/CMakeLists.txt", "")
            if path.split("/")[-1] not in re.split(r"[\s()/]+", lists):
                findings.append(f"{path}:1: not listed in src/tutti/{room}/CMakeLists.txt")
    for umbrella, rooms in UMBRELLAS.items():
        included = {"src/" + what for _, _, what in includes(tree.get(umbrella, ""))}
        public = {path for path in public_headers(tree) - {umbrella} - NEED_MPI if room_of(path) in rooms}
        findings += [f"{umbrella}:1: does not include {path}" for path in sorted(public - included)]
        findings += [f"{umbrella}:1: includes {path}, which is not public there" for path in sorted(included - public)]
    return findings


def lint_mirrors(tree):
    """tests/<room>/thing_test.cpp mirrors src/tutti/<room>/thing; thing_aspect_test.cpp is one aspect of it."""
    findings = []
    for path in tree:
        found = re.fullmatch(r"tests/(\w+)/(\w+)_test\.cpp", path)
        if not found or found[1] not in ROOMS or path in ACROSS:
            continue
        words = found[2].split("_")
        things = ["_".join(words[:count]) for count in range(1, len(words) + 1)]
        if not any(f"src/tutti/{found[1]}/{thing}{ending}" in tree for thing in things for ending in (".hpp", ".cpp")):
            findings.append(f"{path}:1: there is no src/tutti/{found[1]}/{found[2]}; name the test after its thing")
    findings += [f"tests/house/lints.py: ACROSS names {path}, which is gone" for path in ACROSS
                 if path not in tree and "tests/house/lints.py" in tree]
    for path in tree:  # a test that no CMakeLists.txt lists is never run
        if path.startswith("tests/") and path.endswith("_test.cpp"):
            folder, name = path.rsplit("/", 1)
            if name not in re.split(r"[\s()/]+", tree.get(f"{folder}/CMakeLists.txt", "")):
                findings.append(f"{path}:1: not listed in {folder}/CMakeLists.txt")
    return findings


def lint_lengths(tree, limit=400):
    """No file of the source over 400 lines."""
    return [f"{path}:{lines}: {lines} lines; find the second idea in it, and give it a file"
            for path, lines in source_lengths(tree) if lines > limit]


def source_lengths(tree):
    return [(path, text.count("\n")) for path, text in tree.items() if is_source(path)
            and path.startswith(("src/", "cli/"))]


def long_files(tree, limit=300):
    """Not wrong yet: worth a look."""
    return [f"{path}: {lines} lines" for path, lines in source_lengths(tree) if lines > limit]


def lint_paths(tree):
    """Source and documentation name no folder of somebody's machine."""
    pattern = re.compile(r"(?<![\w.])/(work|tmp|home|root)/\w*|(?<![\w.])/work\b")
    findings = []
    for path, text in tree.items():
        if not path.startswith(("src/", "cli/", "docs/", "examples/", "cmake/")) and "/" in path:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            found = pattern.search(line)
            if found:
                findings.append(f"{path}:{number}: {found[0]}; no folders of a machine here")
    return findings


def lint_documents(tree):
    """Every block of C++, C or Fortran in the documentation is, line by line, part of a file that the tests compile."""
    compiled = [squeezed(text) for path, text in tree.items() if path.endswith((".cpp", ".hpp", ".c", ".f90"))
                and path.startswith(("examples/", "tests/docs/"))]
    findings = []
    for path, text in tree.items():
        if not path.endswith(".md") or not (path.startswith("docs/") or "/" not in path):
            continue
        for block in re.finditer(r"^```(?:cpp|c\+\+|C\+\+|c|fortran)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
            if not any(squeezed(block[1]) in file for file in compiled):
                line = text.count("\n", 0, block.start()) + 1
                findings.append(f"{path}:{line}: this code is in no file of examples/ or tests/docs/, so nobody compiles it")
    return findings


def squeezed(text):
    """Without comments at line ends, indentation and empty lines: documents may lay these out as they like."""
    lines = (re.sub(r"\s+(//|! ).*$|^(//|! ).*$", "", line).strip() for line in text.splitlines())
    return "\n" + "\n".join(line for line in lines if line) + "\n"


LINTS = {"includes": lint_includes, "headers": lint_headers, "mirrors": lint_mirrors, "lengths": lint_lengths,
         "paths": lint_paths, "documents": lint_documents}
