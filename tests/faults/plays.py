"""Plays faults, and judges what a user would see of them."""
import os
import re
import signal
import subprocess
import time
import uuid

from expected import JsonFault

HARD_LIMIT = 40  # s; whatever lasts longer hangs


def marked_processes(mark):
    """Processes that have our mark in their environment: everything that the launcher started."""
    wanted = f"TUTTI_FAULT_MARK={mark}".encode()
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/environ", "rb") as file:
                if wanted in file.read().split(b"\0"):
                    found.append(int(entry))
        except OSError:
            pass  # ended meanwhile, or another user's
    return found


def end_processes(pids):
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def left_behind(mark, patience=3.0):
    """What is still there a moment after the launcher has ended."""
    end = time.monotonic() + patience
    while True:
        left = marked_processes(mark)
        if not left or time.monotonic() > end:
            return left
        time.sleep(0.05)


def play(fault, ranks, launcher):
    """Returns (seconds, exit code, list of complaints, output)."""
    guilty = fault.guilty_of(ranks)
    command = launcher + [f"--ranks={ranks}"] + fault.options + [fault.name, str(guilty)]
    code, seconds, out, err, complaints = run(command, fault.environment, HARD_LIMIT)
    complaints += judge(fault, guilty, code, seconds, out, err)
    return seconds, code, complaints, out + err


def play_together(faults, ranks, launcher, turns):
    """Plays faults one after another in one job, so often. Returns for each fault what play() returns for one play."""
    words = [f"{fault.name}:{fault.guilty_of(ranks)}" for fault in faults]
    begin = time.monotonic()
    command = launcher + [f"--ranks={ranks}", f"--batch={turns}"] + words
    # A play takes a second at most; where two cores have more than four ranks, which wait for one another, longer.
    limit = HARD_LIMIT + turns * len(faults) * max(1, ranks / 4)
    code, _, out, err, complaints = run(command, {}, limit)
    ended = list(re.finditer(r"^played (\S+): exit (\d+)\n", err, re.MULTILINE))
    if code != 0 or [end[1] for end in ended] != words * turns:
        where = words[len(ended) % len(words)] if len(ended) < turns * len(words) else "the end"
        complaints.append(f"exit {code} of the job after {len(ended)} plays, in {where}")
    seconds = (time.monotonic() - begin) / max(1, len(ended))
    outcomes = [(seconds, fault.code, [], "") for fault in faults]
    start = 0
    for i, end in enumerate(ended):
        fault, said = faults[i % len(faults)], err[start:end.start()]
        start = end.end()
        wrong = judge(fault, fault.guilty_of(ranks), int(end[2]), 0, "", said)
        if wrong:
            outcomes[i % len(faults)] = (seconds, int(end[2]), [f"in turn {i // len(faults)}: " + "; ".join(wrong)], said)
    if complaints:
        at = len(ended) % len(faults)
        outcomes[at] = (seconds, code, complaints, out + err[start:])
    return outcomes


def run(command, settings, limit):
    """Returns (exit code, seconds, stdout, stderr, complaints)."""
    mark = uuid.uuid4().hex
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TUTTI_")}
    environment.update(settings, TUTTI_FAULT_MARK=mark)
    begin = time.monotonic()
    with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, start_new_session=True) as process:
        complaints = []
        try:
            stdout, stderr = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            complaints.append("hangs")
            os.killpg(process.pid, signal.SIGKILL)
            end_processes(marked_processes(mark))
            stdout, stderr = process.communicate()
    seconds = time.monotonic() - begin
    left = left_behind(mark)
    if left:
        complaints.append(f"{len(left)} processes left behind")
        end_processes(left)
    return process.returncode, seconds, stdout.decode(errors="replace"), stderr.decode(errors="replace"), complaints


def judge(fault, guilty, code, seconds, out, err):
    complaints = []
    if fault.code != "any" and ((code == 0) if fault.code == "not 0" else (code != fault.code)):
        complaints.append(f"exit {code} instead of {fault.code}")
    both = out + err
    voices = both.count("tutti: error:")
    if voices not in fault.voices:
        complaints.append(f"{voices} errors told instead of {' or '.join(map(str, fault.voices))}")
    for text in fault.texts:
        if not re.search(text.replace("{g}", str(guilty)), both, re.MULTILINE):
            complaints.append(f"nowhere: {text}")
    if isinstance(fault, JsonFault):
        complaints += fault.check_json(out, guilty)
    if seconds > fault.within + 5:  # starting takes a while on a busy machine
        complaints.append(f"took {seconds:.1f} s")
    return complaints
