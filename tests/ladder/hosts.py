"""Network namespaces as hosts: each has a network and a name of its own, a switch joins them. All else they share."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

NAMES = ("hA", "hB", "hC")

# What mpirun takes for rsh: the host, then the words of its daemon.
AGENT = """#!/bin/sh
host=$1; shift
exec ip netns exec "{prefix}$host" unshare --uts sh -c "hostname $host; exec setsid sh -c \\"\\$0\\"" "$*"
"""


def ip(*words):
    subprocess.run(["ip", *words], check=True, stdin=subprocess.DEVNULL)


def why_not():
    """What is missing here for hosts like these, or nothing."""
    if os.geteuid() != 0:
        return "network namespaces are made by root alone"
    for tool, package in (("ip", "iproute2"), ("unshare", "util-linux")):
        if not shutil.which(tool):
            return f"no {tool} (Debian's {package})"
    probe = f"tutti{os.getpid()}probe"
    if subprocess.run(["ip", "netns", "add", probe], capture_output=True).returncode != 0:
        return "this machine lets nobody make network namespaces"
    ip("netns", "del", probe)
    return None


class Hosts:
    """In a `with`: what was made is gone afterwards, and what runs in it, too."""

    def __init__(self):
        self.prefix = f"tutti{os.getpid()}"
        self.switch = self.prefix + "switch"
        self.launcher = None

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tutti-hosts-"))
        self.agent = self.folder / "agent"
        self.agent.write_text(AGENT.format(prefix=self.prefix))
        self.agent.chmod(0o700)
        try:
            ip("netns", "add", self.switch)
            ip("-n", self.switch, "link", "add", "bridge", "type", "bridge")
            ip("-n", self.switch, "link", "set", "bridge", "up")
            for number, name in enumerate(NAMES, 1):
                self.add(name, f"10.77.0.{number}/24")
        except BaseException:
            self.__exit__()
            raise
        return self

    def add(self, name, address):
        space = self.prefix + name
        ip("netns", "add", space)
        ip("-n", self.switch, "link", "add", name, "type", "veth", "peer", "name", "net0", "netns", space)
        ip("-n", self.switch, "link", "set", name, "master", "bridge", "up")
        ip("-n", space, "address", "add", address, "dev", "net0")
        ip("-n", space, "link", "set", "net0", "up")
        ip("-n", space, "link", "set", "lo", "up")

    def __exit__(self, *_):
        self.end_all()
        for space in (*(self.prefix + name for name in NAMES), self.switch):
            subprocess.run(["ip", "netns", "del", space], capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def on(self, name, *words):
        """Runs a command with the network of a host. @return whether it succeeded."""
        return subprocess.run(["ip", "netns", "exec", self.prefix + name, *words], capture_output=True,
                              stdin=subprocess.DEVNULL).returncode == 0

    def link(self, name, state):
        ip("-n", self.switch, "link", "set", name, state)

    def start(self, mpiexec, words, environment):
        """Starts two ranks a host, as if from the first one. What the ranks say is written down on their own side."""
        self.output = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        exported = [word for name in environment for word in ("-x", name)]
        self.launcher = subprocess.Popen(
            [*self.as_on("hA"), mpiexec, "--oversubscribe", "--bind-to", "none", *self.settings(), *exported,
             "--output-filename", self.output, "-n", str(2 * len(NAMES)), *words],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=open(self.output / "launcher", "w"),
            env={**os.environ, "TMPDIR": str(self.folder), **environment}, start_new_session=True)

    def as_on(self, name):
        return ["ip", "netns", "exec", self.prefix + name, "unshare", "--uts", "sh", "-c",
                f'hostname {name}; exec "$@"', "sh"]

    def settings(self):
        values = {"plm_rsh_agent": self.agent, "plm_rsh_no_tree_spawn": "1", "btl": "tcp,self,vader",
                  "btl_tcp_if_include": "net0", "oob_tcp_if_include": "net0"}
        return [str(word) for name, value in values.items() for word in ("--mca", name, value)] + [
            "--host", ",".join(f"{name}:2" for name in NAMES)]

    def said(self, stream, ranks=range(6)):
        """What these ranks have written so far."""
        return "".join(file.read_text() for rank in ranks for file in self.output.glob(f"1/rank.{rank}/{stream}"))

    def processes(self, name, program=""):
        """Those of a host, all or of one program (its first 15 characters)."""
        found = subprocess.run(["ip", "netns", "pids", self.prefix + name], capture_output=True, text=True).stdout
        return [pid for pid in map(int, found.split()) if not program or name_of(pid) == program]

    def everywhere(self, program=""):
        return [pid for name in NAMES for pid in self.processes(name, program)]

    def end_all(self):
        deadline = time.monotonic() + 10
        while (left := self.everywhere()) and time.monotonic() < deadline:
            kill(left)
            time.sleep(0.1)
        if self.launcher:
            kill([self.launcher.pid])
            self.launcher.wait()
            self.launcher = None


def kill(pids):
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def name_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""  # ended meanwhile
