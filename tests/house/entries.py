"""entries.py CTEST BUILD - every entry of this build tree's tests has a timeout, and what starts MPI programs runs alone."""
import json
import re
import subprocess
import sys


def findings_in(listing):
    """listing: what `ctest --show-only=json-v1` prints."""
    findings = []
    for test in listing["tests"]:
        properties = {each["name"]: each["value"] for each in test.get("properties", [])}
        words = " ".join(test.get("command", []))
        if not 0 < float(properties.get("TIMEOUT", 0)) < 1e6:
            findings.append(f"{test['name']}: no TIMEOUT; a hang must be a failure")
        if re.search(r"\bmpi(exec|run)\b", words) and int(properties.get("PROCESSORS", 1)) < 2:
            findings.append(f"{test['name']}: starts ranks, but PROCESSORS is not 2; it would run beside others")
        if not test.get("command"):
            findings.append(f"{test['name']}: has no command: its program is not built")
    if not listing["tests"]:
        findings.append("there are no entries")
    return findings


def main():
    ctest, build = sys.argv[1:]
    listed = subprocess.run([ctest, "--show-only=json-v1"], cwd=build, check=True, capture_output=True, text=True)
    listing = json.loads(listed.stdout)
    findings = findings_in(listing)
    print(*findings, sep="\n")
    print(f"entries: {len(findings)} findings in {len(listing['tests'])} entries")
    sys.exit(bool(findings))


if __name__ == "__main__":
    main()
