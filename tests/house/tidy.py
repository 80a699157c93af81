"""tidy.py ROOT BUILD - clang-tidy 14 on all of src/ and cli/, with .clang-tidy. BUILD is a tree of clang++, configured.
77 if there is no clang-tidy 14.

Most of its time goes into headers, over and over. So the files of a room are looked at several at once, as one file that
includes them; where that does not work (two of them use one name), in halves."""
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

CONFIGURATION = pathlib.Path(__file__).resolve().parents[2] / ".clang-tidy"
AT_ONCE = 12


def clang_tidy():
    for name in ("clang-tidy-14", "clang-tidy"):
        path = shutil.which(name)
        if path and re.search(r"version 14\.", subprocess.run([path, "--version"], capture_output=True, text=True).stdout):
            return path
    return None


def findings_in(program, build, path, *options):
    """The findings in one file and what it includes of ours, as clang-tidy prints them."""
    done = subprocess.run([program, f"--config-file={CONFIGURATION}", *options, "-p", build, "--quiet", path],
                          capture_output=True, text=True)
    if done.returncode != 0 and not done.stdout.strip():
        return done.stderr
    return done.stdout if done.returncode != 0 else ""


def configured(root, build):
    """A tree as BUILD, but in which each file is compiled by itself; nothing is built there."""
    tree = build / "each_file"
    subprocess.run(["cmake", "--preset", "clang", "-B", tree, "-DCMAKE_UNITY_BUILD=OFF"], cwd=root, check=True,
                   stdout=subprocess.DEVNULL)
    return tree


def flags_of(command):
    """The words of a compiler's command that say how, not what."""
    words = shlex.split(command["command"])
    if os.path.basename(words[0]) == "ccache":
        del words[0]
    named = {"-o": 2, "-c": 2, "-MF": 2, "-MT": 2, "-MD": 1}
    flags = []
    while words:
        count = named.get(words[0])
        if count is None:
            flags.append(words.pop(0))
        else:
            del words[:count]
    return tuple(flags)


def groups_of(commands):
    """Lists of files of one folder that are compiled alike, and the flags."""
    alike = collections.defaultdict(list)
    for path, command in sorted(commands.items()):
        alike[os.path.dirname(path), flags_of(command)].append(path)
    for (_, flags), paths in alike.items():
        for first in range(0, len(paths), AT_ONCE):
            yield flags, paths[first:first + AT_ONCE]


def findings_together(program, build, commands, flags, paths):
    """The findings in some files: all at once if they can be compiled as one, else in halves."""
    if len(paths) == 1:
        return findings_in(program, build, paths[0])
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "together.cpp"
        source.write_text("".join(f'#include "{path}"\n' for path in paths))
        (pathlib.Path(folder) / "compile_commands.json").write_text(json.dumps(
            [{"directory": commands[paths[0]]["directory"], "file": str(source),
              "command": shlex.join([*flags, "-c", str(source)])}]))
        found = findings_in(program, folder, source, "--checks=-bugprone-suspicious-include")
    if "[clang-diagnostic-error" not in found and "Error while processing" not in found:
        return found
    half = len(paths) // 2
    return "\n".join(filter(None, (findings_together(program, build, commands, flags, part)
                                   for part in (paths[:half], paths[half:]))))


def main():
    root, build = (pathlib.Path(word).resolve() for word in sys.argv[1:])
    program = clang_tidy()
    if program is None:
        print("skipped: clang-tidy 14 is not installed")
        sys.exit(77)
    tree = configured(root, build)
    files = {command["file"]: command for command in json.loads((tree / "compile_commands.json").read_text())
             if command["file"].startswith((f"{root}/src/", f"{root}/cli/")) and command["file"].endswith(".cpp")}
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        groups = list(groups_of(files))
        runs = [pool.submit(findings_together, program, tree, files, flags, paths) for flags, paths in groups]
        for run in runs:
            if run.result():
                bad += 1
                print(run.result(), flush=True)
    print(f"tidy: findings in {bad} of {len(groups)} groups of {len(files)} files")
    sys.exit(bool(bad) or len(files) < 50)


if __name__ == "__main__":
    main()
