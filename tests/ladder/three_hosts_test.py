"""Three hosts, as network namespaces, with two ranks each: bits, a cut link, a killed host, a late rank, a firewall.

  three_hosts_test.py --mpiexec mpiexec.openmpi --program ladder_program --dot 04_exact_dot --tutti tutti [--only CASE]

Open MPI only: MPICH's launcher does not get through the end of a program with two ranks on each of these.
"""
import argparse
import subprocess
import sys
import time
import traceback

import hosts

SHORT = {"TUTTI_WATCHDOG": "2"}
CUT_OFF = "which could be reached at the start, has not answered for 2 s: it is gone, or cut off; the job ends"
RANKS = {"hA": (0, 1), "hB": (2, 3), "hC": (4, 5)}


def require(condition, words):
    if not condition:
        raise AssertionError(words)


def until(condition, seconds, words):
    """@return how long it took"""
    begin = time.monotonic()
    while not condition():
        require(time.monotonic() - begin < seconds, f"not within {seconds} s: {words}")
        time.sleep(0.05)
    return time.monotonic() - begin


def begin(net, options, words, environment):
    net.start(options.mpiexec, [options.program, *words], environment)
    until(lambda: "begun" in net.said("stdout"), 30, "the ranks have begun")
    time.sleep(0.5)
    require(len(net.everywhere("ladder_program")) == 6, "not all six ranks run")


def ranks_gone(net, seconds):
    return until(lambda: not net.everywhere("ladder_program"), seconds, "no rank is left on any host")


def end_of_launcher(net, seconds):
    """Until nothing at all is left. @return its exit status"""
    until(lambda: net.launcher.poll() is not None and not net.everywhere(), seconds, "all processes are gone")
    return net.launcher.returncode


def same_bits(net, options):
    alone = subprocess.run([options.mpiexec, "-n", "1", options.dot], capture_output=True, text=True, check=True).stdout
    net.start(options.mpiexec, [options.dot], {})
    code = end_of_launcher(net, 60)
    require(code == 0 and "0x" in alone and net.said("stdout") == alone,
            f"exit status {code}; one rank says\n{alone}three hosts say\n{net.said('stdout')}")
    net.start(options.mpiexec, [options.tutti, "doctor"], {})
    code, seen = end_of_launcher(net, 60), [line.split() for line in net.said("stdout").splitlines()]
    require(code == 0 and ["nodes", "3"] in seen and ["ranks", "6"] in seen, f"exit status {code}: {seen}")
    return "same bits; tutti doctor sees 3 nodes"


def cut_link(net, options, work):
    begin(net, options, [work], SHORT)
    net.link("hC", "down")
    try:
        seconds = ranks_gone(net, 15)
        for side in (("hA", "hB"), ("hC",)):  # of the cut: one voice each
            said = [CUT_OFF in net.said("stderr", RANKS[host]) for host in side]
            require(sum(said) == 1, f"{sum(said)} hosts of {side} say why they end")
    finally:
        net.end_all()  # mpirun and its daemon wait for one another until TCP gives up: a quarter of an hour
        net.link("hC", "up")
    return f"ranks gone on both sides after {seconds:.1f} s"


def cut_link_launcher(net, options):
    """The same, where TCP gives up sooner: then the launcher's processes end as well."""
    for name in hosts.NAMES:
        require(net.on(name, "sh", "-c", "echo 3 > /proc/sys/net/ipv4/tcp_retries2"), "tcp_retries2 cannot be set")
    begin(net, options, ["sums"], SHORT)
    net.link("hC", "down")
    start = time.monotonic()
    try:
        code = end_of_launcher(net, 60)
    finally:
        net.end_all()
        net.link("hC", "up")
    require(code not in (0, None), f"the launcher's exit status is {code}")
    return f"launcher and daemons gone after {time.monotonic() - start:.1f} s, exit status {code}"


def killed_host(net, options):
    begin(net, options, ["sums"], SHORT)
    hosts.kill(net.processes("hC"))
    start = time.monotonic()
    ranks_gone(net, 15)
    code = end_of_launcher(net, 15)
    said = (net.output / "launcher").read_text()
    require(code != 0 and (CUT_OFF in net.said("stderr") or "lost communication" in said),
            f"exit status {code}, nobody says why:\n{said}")
    return f"all gone after {time.monotonic() - start:.1f} s, exit status {code}"


def late_rank(net, options):
    begin(net, options, ["loops", "5"], {**SHORT, "TUTTI_WATCHDOG_END": "6"})
    ranks_gone(net, 20)
    code = end_of_launcher(net, 15)
    for host in ("hA", "hB"):
        said = net.said("stderr", RANKS[host])
        require(f"tutti: warning: after 2 s: all ranks of node {host} wait in sum " in said
                and "the missing one is on another node: there rank 5 is running (" in said, f"{host} does not name rank 5")
    require("rank 5 on node hC has not arrived at sum " in net.said("stderr", RANKS["hC"]), "hC does not name rank 5")
    require(code == 76, f"exit status {code}")
    return "rank 5 named on all three hosts, exit status 76"


def firewall(net, options):
    """No datagram gets through. A rank that is late for longer than the limit must not end the job."""
    if not hosts.shutil.which("iptables"):
        return "skipped: no iptables"
    rule = ["INPUT", "-i", "net0", "-p", "udp", "-j", "DROP"]
    for name in hosts.NAMES:
        if not net.on(name, "iptables", "-A", *rule):
            return "skipped: iptables does not work here"
    try:
        net.start(options.mpiexec, [options.program, "slow", "5"], SHORT)
        code = end_of_launcher(net, 60)
    finally:
        for name in hosts.NAMES:
            net.on(name, "iptables", "-D", *rule)
    said = net.said("stderr", RANKS["hA"])
    require(code == 0 and "in time" in net.said("stdout"), f"exit status {code}")
    require("the missing one is on another node; waiting on" in said and "there rank" not in said,
            "hA does not only say that the missing rank is elsewhere")
    return "a rank late by 5 s did not end the job"


def queues(net, options):
    """Debian switches off what Open MPI has for windows over TCP."""
    net.start(options.mpiexec, [options.program, "queues"], {})
    code = end_of_launcher(net, 60)
    said = net.said("stderr")
    require(code == 71 and "OMPI_MCA_osc=sm,pt2pt" in said, f"exit status {code}:\n{said}")
    net.start(options.mpiexec, [options.program, "queues"], {"OMPI_MCA_osc": "sm,pt2pt"})
    code = end_of_launcher(net, 60)
    require(code == 0 and "each item once" in net.said("stdout"), f"exit status {code}")
    return "work queues of sub-worlds hand out each item once"


CASES = {"no fault": same_bits, "work queues": queues,
         "cut link, collectives": lambda net, options: cut_link(net, options, "sums"),
         "cut link, messages": lambda net, options: cut_link(net, options, "rings"),
         "cut link, launcher": cut_link_launcher,
         "killed host": killed_host, "late rank": late_rank, "firewall": firewall}


def play(name, case, options):
    with hosts.Hosts() as net:
        start = time.monotonic()
        try:
            print(f"{name:22} {case(net, options)} ({time.monotonic() - start:.1f} s)", flush=True)
            return True
        except Exception:  # the other cases are played nevertheless
            print(f"{name:22} FAILED\n{traceback.format_exc()}stderr of the ranks:\n{net.said('stderr')}", flush=True)
            return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("mpiexec", "program", "dot", "tutti"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--repeat", type=int, default=1)
    options = parser.parse_args()
    if reason := hosts.why_not():
        print("skipped:", reason)
        return 77
    played = [play(name, case, options) for _ in range(options.repeat) for name, case in CASES.items()
              if options.only in name]
    return 0 if played and all(played) else 1


if __name__ == "__main__":
    sys.exit(main())
