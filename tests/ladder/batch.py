"""A batch system on one machine: Slurm with eight nodes, all of them here, for the time of a test. Each node has daemons and
folders of its own; MPI takes it for a host, since it asks Slurm."""
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

NODES = 8
NAMES = [f"n{number}" for number in range(1, NODES + 1)]

CONFIGURATION = """\
ClusterName=tutti
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CryptoType=crypto/munge
CommunicationParameters=NoCtldInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/builtin
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=8
MpiDefault=none
SlurmctldPort={controller}
SlurmctldPidFile={folder}/slurmctld.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmdLogFile={folder}/slurmd-%n.log
SlurmdSpoolDir={folder}/spool-%n
StateSaveLocation={folder}/state
TmpFS={folder}/tmp-%n
{nodes}
PartitionName=all Nodes={names} Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:8
"""


# Open MPI: files of shared memory are named after the node by Slurm, but all nodes are here; 32 ranks on a few cores must yield
# while they connect, or some give up.
STARTER = """\
#!/bin/sh
memory={folder}/memory-$SLURMD_NODENAME
mkdir -p $memory
export OMPI_MCA_btl_vader_backing_directory=$memory OMPI_MCA_osc_sm_backing_directory=$memory
export OMPI_MCA_pml=ob1 OMPI_MCA_btl=self,vader,tcp OMPI_MCA_btl_tcp_if_include=lo
export OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_mpi_preconnect_mpi=1
exec "$@"
"""
SPEAKS = {"openmpi": "pmix", "mpich": "pmi2"}  # how the ranks of each MPI find one another under Slurm


def why_not():
    """What is missing here for a batch system like this, or nothing."""
    if os.geteuid() != 0:
        return "Slurm's daemons are started by root alone"
    for tool, package in (("slurmctld", "slurm-wlm"), ("slurmd", "slurm-wlm"), ("srun", "slurm-wlm"), ("munged", "munge")):
        if not shutil.which(tool):
            return f"no {tool} (Debian's {package})"
    return None


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Slurm:
    """In a `with`: the daemons run, and are gone afterwards with all that they started."""

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tutti-slurm-"))
        self.folder.chmod(0o755)
        self.daemons = []
        try:
            self.start_munge()
            self.configure()
            self.daemons.append(self.start("slurmctld", "-D", "-f", self.configuration))
            for name in NAMES:
                for folder in ("spool", "tmp"):
                    (self.folder / f"{folder}-{name}").mkdir()
                self.daemons.append(self.start("slurmd", "-D", "-N", name, "-f", self.configuration))
            self.wait_for_nodes()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self, *words):
        log = open(self.folder / f"{words[0]}.out", "a")
        return subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                start_new_session=True, env={**os.environ, "SLURM_CONF": str(self.configuration)})

    def start_munge(self):
        """One with a key and a socket of its own: a machine's own munge is left alone."""
        self.configuration = self.folder / "slurm.conf"
        home = self.folder / "munge"
        home.mkdir()
        key = home / "key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        owner = pwd.getpwnam("munge")
        for path in (home, key):
            os.chown(path, owner.pw_uid, owner.pw_gid)
        home.chmod(0o755)
        self.daemons.append(subprocess.Popen(
            ["munged", "--foreground", "--force", f"--key-file={key}", f"--socket={home}/socket", f"--pid-file={home}/pid",
             f"--log-file={home}/log", f"--seed-file={home}/seed"], user="munge", group="munge", extra_groups=[],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True))
        deadline = time.monotonic() + 20
        while not (home / "socket").exists():
            if time.monotonic() > deadline:
                raise AssertionError("munged makes no socket")
            time.sleep(0.05)
        (self.folder / "munge.socket").symlink_to(home / "socket")

    def configure(self):
        host = socket.gethostname()
        controller, *ports = free_ports(1 + NODES)
        nodes = "\n".join(f"NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs=16 State=UNKNOWN"
                          for name, port in zip(NAMES, ports))
        self.configuration.write_text(CONFIGURATION.format(folder=self.folder, host=host, controller=controller, nodes=nodes,
                                                           names=",".join(NAMES)))
        (self.folder / "state").mkdir()
        self.starter = self.folder / "starter"
        self.starter.write_text(STARTER.format(folder=self.folder))
        self.starter.chmod(0o755)

    def wait_for_nodes(self):
        deadline = time.monotonic() + 60
        while True:
            seen = self.call("sinfo", "--noheader", "--format=%D %t").stdout.split("\n")
            if f"{NODES} idle" in seen:
                return
            if time.monotonic() > deadline:
                raise AssertionError(f"the nodes do not come up: {seen}\n{self.log()}")
            time.sleep(0.2)

    def log(self):
        return "".join(f"{path.name}: {path.read_text()[-2000:]}\n" for path in sorted(self.folder.glob("*.log")))

    def environment(self, **more):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLURM_", "PMI", "OMPI_", "TUTTI_"))}
        return {**kept, "SLURM_CONF": str(self.configuration), **more}

    def call(self, *words, limit=60, **environment):
        """Runs one of Slurm's commands to its end."""
        return subprocess.run([str(word) for word in words], env=self.environment(**environment), text=True, timeout=limit,
                              stdin=subprocess.DEVNULL, capture_output=True)

    def start_ranks(self, mpi, words, *options, ranks_per_node=4, **environment):
        """srun of a program on all nodes, under way."""
        return subprocess.Popen(
            [str(word) for word in ("srun", f"--mpi={SPEAKS[mpi]}", f"--nodes={NODES}", f"--ntasks-per-node={ranks_per_node}",
                                    "--immediate=30", *options, self.starter, *words)],
            env=self.environment(**environment), text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)

    def __exit__(self, *_):
        self.call("scancel", "--full", "--user=root")
        time.sleep(1)
        for daemon in reversed(self.daemons):
            daemon.terminate()
        for daemon in self.daemons:
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(daemon.pid, signal.SIGKILL)
                daemon.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
