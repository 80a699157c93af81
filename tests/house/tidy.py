"""tidy.py ROOT BUILD - clang-tidy 14 on all of src/ and cli/, with .clang-tidy. BUILD has compile_commands.json of clang++.
77 if there is no clang-tidy 14."""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys


def clang_tidy():
    for name in ("clang-tidy-14", "clang-tidy"):
        path = shutil.which(name)
        if path and re.search(r"version 14\.", subprocess.run([path, "--version"], capture_output=True, text=True).stdout):
            return path
    return None


def findings_in(program, build, path):
    """The findings in one file and the headers it includes, as clang-tidy prints them."""
    done = subprocess.run([program, "-p", build, "--quiet", path], capture_output=True, text=True)
    if done.returncode != 0 and not done.stdout.strip():
        return done.stderr
    return done.stdout if done.returncode != 0 else ""


def main():
    root, build = (pathlib.Path(word).resolve() for word in sys.argv[1:])
    program = clang_tidy()
    if program is None:
        print("skipped: clang-tidy 14 is not installed")
        sys.exit(77)
    commands = json.loads((build / "compile_commands.json").read_text())
    files = sorted({command["file"] for command in commands
                    if command["file"].startswith((f"{root}/src/", f"{root}/cli/"))})
    with concurrent.futures.ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        bad = 0
        for report in pool.map(lambda path: findings_in(program, build, path), files):
            if report:
                bad += 1
                print(report, flush=True)
    print(f"tidy: findings in {bad} of {len(files)} files")
    sys.exit(bool(bad) or len(files) < 50)


if __name__ == "__main__":
    main()
