"""What must come of every fault."""
from expected import PLACE, Fault, JsonFault, by_rank
from grid_faults import ghosts, queues
from nonblocking_faults import exchanging, nonblocking


def throwing():
    cut = by_rank(r"b\.npy: cut after 100 bytes; copy it again")
    faults = [Fault(name, 65, cut) for name in ("throw-before", "throw-between", "throw-after")]
    faults += [Fault(name, 65, cut, guilty=0) for name in ("throw-before", "throw-between", "throw-after")]
    faults += [Fault("caught-by-one", 65, cut, least=2)]
    memory = by_rank(r"out of memory.*")
    faults += [
        Fault("none", 0, voices=(0,)),
        Fault("throw-foreign", 70, by_rank("negative energy")),
        Fault("throw-int", 70, by_rank("an exception of type int, which is not a std::exception")),
        Fault("throw-bad-alloc", 71, memory),
        Fault("throw-huge-allocation", 71, memory),
        Fault("throw-several", 64, by_rank("rank {g} was the lowest")),
        Fault("throw-long-text", 65, by_rank(r"line 1\\nline 2\\x1b\[31m x+\.\.\.")),
        Fault("caught-by-all", 0, voices=(0,)),
        Fault("caught-then-thrown", 70, by_rank("the second failure")),
    ]
    return faults


def in_sub_worlds():
    odd = by_rank("an odd number of rows")
    names = ["sub-peers-in-sub", "sub-peers-in-outer", "sub-peers-elsewhere", "sub-other-colours-busy", "sub-grid-rows",
             "sub-grid-columns", "sub-grid-mixed", "sub-nested", "together", "together-others-inside", "together-nested",
             "together-in-sub", "sub-in-together", "sub-error-let-through", "sub-outer-error-let-through",
             "sub-peers-go-on"]
    faults = [Fault(name, 65, odd) for name in names]
    faults += [Fault(name, 65, odd, guilty=0) for name in ("sub-grid-mixed", "sub-nested", "sub-peers-go-on")]
    faults += [Fault("sub-peers-fail-too", 65, odd, least=2)]
    return faults


def disagreeing():
    def mismatch(theirs, ours, world):
        """Both calls, with their places: `ours` is the guilty rank's."""
        at = ["" if call == "finalize" else " at " + PLACE for call in (theirs, ours)]
        return (r"^tutti: error: collective mismatch at #\d+" + world + ": .*; all ranks must make the same calls",
                r"\[rank [\d,]+( and \d+ more)?: " + theirs + at[0] + r"\]",
                r"\[rank {g}: " + ours + at[1] + r"\]")

    def fault(name, theirs, ours, at="", least=2, **more):
        return Fault(name, 76, *mismatch(theirs, ours, at), least=least, **more)

    summing, barrier = "sum float64 n=1", "barrier"
    faults = [
        fault("skip", summing, barrier),
        fault("skip", summing, barrier, guilty=0),
        fault("skip-last", summing, "finalize"),
        fault("return-early", barrier, "finalize"),
        fault("return-early-status", barrier, "finalize"),
        fault("other-operation", "max float64 n=1", "min float64 n=1"),
        fault("other-type", "min float64 n=1", "min float32 n=1"),
        fault("other-count", "broadcast int32 n=10 root=0", "broadcast int32 n=11 root=0"),
        fault("other-root", "broadcast float64 n=1 root=0", "broadcast float64 n=1 root=1"),
        fault("other-layout", 'new vector "x, block" float64 n=100', 'new vector "x, cyclic" float64 n=100'),
        fault("other-length", 'new vector "x, block" float64 n=100', 'new vector "x, block" float64 n=101'),
        fault("skip-end-of-sub", barrier, "end of sub-world", at=" of a sub-world"),
        fault("outer-in-sub", "end of split", barrier),
        fault("skip-split", "split", barrier),
        fault("skip-in-together", barrier, 'together "count rows"'),
        fault("other-site", barrier, barrier, environment={"TUTTI_STRICT": "1"}),
        Fault("other-site", 0, voices=(0,)),
    ]
    # With two colours, the guilty rank needs a peer of its own colour.
    return faults + [fault("skip-in-sub", barrier, summing, guilty=0, at=" of a sub-world", least=3)]


def leaving(mpi):
    exited = by_rank(r"the program called exit\(\) inside tutti::run; .*")
    faults = [Fault("status", 3, voices=(0,)), Fault("status", 3, voices=(0,), guilty=0)]
    faults += [Fault(name, 70, exited) for name in ("exit", "exit-in-sub", "exit-in-grid", "exit-in-together", "quick-exit")]
    faults += [Fault("exit", 70, exited, guilty=0)]
    # The launcher ends the job in its own way, or else the watchdog does; alone there is nobody to tell.
    # (Hydra ends the other ranks as soon as one has gone without MPI_Finalize, and passes its 0 on.)
    faults += [Fault("exit-at-once", "any" if mpi == "mpich" else "not 0", voices=(0, 1), within=8.0, least=2)]
    faults += [Fault(name, "not 0", voices=(0, 1), within=8.0, least=2)
               for name in ("exit-at-once-failing", "abort", "segmentation-fault", "kill")]
    faults += [Fault("kill", "not 0", voices=(0, 1), within=8.0, least=2, guilty=0)]
    short = {"TUTTI_WATCHDOG": "1"}
    ending = {"TUTTI_WATCHDOG": "1", "TUTTI_WATCHDOG_END": "3"}
    missing = r"^tutti: error: rank {g} on node \S+ has not arrived at .* \(#\d+\), where ranks? [\d, ]+ waits?; " \
              r"rank {g} is %s.*; the job ends$"
    faults += [
        Fault("stop", 76, missing % "stopped", least=2, within=8.0, environment=short),
        Fault("stop", 76, missing % "stopped", least=2, within=8.0, environment=short, guilty=0),
        Fault("stop-in-sub", 76, missing % "stopped", least=2, within=8.0, environment=short),
        # Whoever would have had the data from the stopped rank is missing, too.
        Fault("stop-in-payload", 76,
              r"^tutti: error: ranks? [\d, ]*{g}[\d, ]* on node .*; rank {g} is stopped.*; the job ends$",
              least=2, within=8.0, environment=short),
        # Only the ranks of its own node know what is missing.
        Fault("stop", 76, (missing % "stopped").replace(r"ranks? [\d, ]+ waits?", r"rank \d waits"), least=3, most=5, within=8.0,
              environment={**short, "TUTTI_NODES": "2"}),
        # A whole node that says nothing: with one rank, it has nobody else who could.
        Fault("stop", 76, r"^tutti: warning: after 1 s: all ranks of node \S+ wait in barrier .*; waiting on$",
              r"^tutti: error: all ranks of node \S+ wait in barrier .*; the missing one is on another node; node 1, which "
              r"could be reached at the start, has not answered for 2 s: it is gone, or cut off; the job ends$",
              least=2, most=2, within=8.0, environment={**short, "TUTTI_NODES": "2"}),
        Fault("loop", 76, r"^tutti: warning: after 1 s: all ranks of node \S+ wait in .*; the missing one is on another node: "
              r"there rank {g} is running \([\d.]+ s of CPU time so far\), was last in .* at " + PLACE + "; waiting on$",
              r"^tutti: error: all ranks of node \S+ wait in .* there rank {g} is running .*; the job ends$",
              least=2, most=2, within=10.0, environment={**ending, "TUTTI_NODES": "2"}),
        Fault("slow", 0, r"^tutti: warning: after 1 s: all ranks of node \S+ wait in .* there rank {g} is running ",
              least=3, voices=(0,), within=8.0, environment={**short, "TUTTI_NODES": "3"}),
        Fault("loop", 76, missing % "running", r"^tutti: warning: after 1 s: rank {g} on node", least=2, within=10.0,
              environment=ending),
        Fault("slow", 0, r"^tutti: warning: after 1 s: rank {g} on node \S+ has not arrived at .* at " + PLACE + r".*"
              r"running \([\d.]+ s of CPU time so far\).*; waiting on$", least=2, voices=(0,), within=8.0, environment=short),
        Fault("bad-environment", 64, by_rank("environment variable TUTTI_WATCHDOG=nonsense: give a time in seconds.*")),
        Fault("stdout-closed", 74, by_rank(r"stdout: .*; the result is lost")),
        Fault("stdout-full", 74, r"^tutti: error: (rank 0 on node \S+: )?stdout: No space left on device; the result is lost$"),
    ]
    return faults


def signalled():
    asked = by_rank(r"asked to end by signal %d \(%s\).*; all ranks end in order")
    term, interrupt = asked % (15, "Terminated"), asked % (2, "Interrupt")
    return [
        Fault("signal", 143, term), Fault("signal", 143, term, guilty=0), Fault("signal", 143, term, options=["--mpi=user"]),
        Fault("signal-int", 130, interrupt),
        Fault("signal-all", 143, term, guilty=0),
        Fault("signal-at-once-again", 143, term),
        Fault("signal-later-again", "not 0", voices=(0, 1), within=8.0, least=2),
        Fault("signal-caught", 0, voices=(0,)),
        Fault("signal-in-sub", 143, term),
        Fault("signal-at-end", 0, voices=(0,)), Fault("signal-while-ending", 0, voices=(0,)),
    ]


def guarded():
    """MPI calls of the program's own, and ranks that wait for one another."""
    odd = by_rank("an odd number of rows")
    short = {"TUTTI_WATCHDOG": "1"}
    shift = r'guarded "shift" at ' + PLACE
    differ = r"^tutti: error: collective mismatch at #\d+: .*; all ranks must make the same calls"
    return [
        Fault("guarded-throw", 65, odd), Fault("guarded-throw", 65, odd, guilty=0),
        Fault("guarded-stuck", 65, by_rank(r"an odd number of rows; ranks? [\d, ]+ did not hear of it within 1 s \(rank "
                                           r"\d is inside " + shift + r"\), since MPI calls .*; the job ends"),
              least=2, within=8.0, environment=short),
        Fault("guarded-stuck", 65, by_rank(r"an odd number of rows; .* did not hear of it within 1 s.*; the job ends"),
              least=2, within=8.0, environment={**short, "TUTTI_NODES": "2"}),
        Fault("guarded-stuck-last", 65, by_rank(r"an odd number of rows; (ranks on other nodes|rank \d) did not hear of it .*; the "
                                                r"job ends"),
              least=3, within=8.0, environment={**short, "TUTTI_NODES": "2"}),
        Fault("guarded-deadlock", 76, r"^tutti: warning: after 1 s: ranks [\d, ]+ on node \S+ are still inside " + shift +
              r" \(#\d+\), in MPI calls of the program's own; waiting on$",
              r"^tutti: error: ranks [\d, ]+ on node \S+ are still inside " + shift + ".*; the job ends$",
              least=2, within=10.0, environment={**short, "TUTTI_WATCHDOG_END": "3"}),
        Fault("guarded-code", 71, by_rank("shift failed: .*rank.*")),
        Fault("guarded-skipped", 76, differ, shift, r"\[rank {g}: barrier at", least=2),
        Fault("guarded-other", 76, differ, shift, r'\[rank {g}: guarded "shift back" at', least=2),
        Fault("guarded-caught", 0, voices=(0,)),
        Fault("guarded-in-sub", 65, odd),
        Fault("guarded-window", 65, odd),
        Fault("deadlock", 76, r"^tutti: error: no rank can go on: .*\[rank {g} waits in barrier at .*; all ranks must make",
              least=2, within=8.0, environment=short),
    ]


def moving():
    new_vector = 'new vector "x, %s" float64 n=300007 at ' + PLACE
    return [
        Fault("move-none", 0, voices=(0,)),
        Fault("move-throw", 65, by_rank(r"b\.npy: cut after 100 bytes; copy it again")),
        # Whoever would have had elements from the stopped rank is missing, too.
        Fault("move-stop", 76, r"^tutti: error: ranks? [\d, ]*{g}[\d, ]* on node .*; rank {g} is stopped.*; the job ends$",
              least=2, within=8.0, environment={"TUTTI_WATCHDOG": "1"}),
        Fault("move-other-layout", 76, new_vector % "block", r"\[rank {g}: " + new_vector % "block-cyclic:7", least=2),
        Fault("move-gather-instead", 76, 'redistribute "x, cyclic to block" float64 n=1000 at ' + PLACE,
              r'\[rank {g}: all_gather vector "x" float64 n=1000 at ' + PLACE, least=2),
        Fault("move-bad-index", 70, by_rank(r"get from x: rank {g} wants index 1000 \(number 1 of its list\); give 0 to 999")),
    ]


def about_memory():
    budget = {"TUTTI_MEMORY_BUDGET": "800MiB"}
    over = r" of the budget of 800\.00 MiB \(TUTTI_MEMORY_BUDGET\) are used; largest: program and MPI .*"
    return [
        Fault("over-budget", 75, by_rank("forces: 134217728 elements of 8 bytes need 1.00 GiB on node .*" + over +
                                         "use more nodes, or a smaller type, or raise the budget to at least .*"),
              guilty=0, environment=budget),
        Fault("over-budget", 75, by_rank("program and MPI: needs .*, 0 B of the budget of 4.00 KiB .*"), guilty=0,
              environment={"TUTTI_MEMORY_BUDGET": "4KiB"}),
        Fault("over-budget", 75, r" of the budget of 700\.00 MiB \(SLURM_MEM_PER_NODE\) are used", guilty=0,
              environment={"SLURM_MEM_PER_NODE": "700"}),
        Fault("within-budget", 0, voices=(0,), environment=budget),
        Fault("buffer-over-budget", 75, by_rank("keys to sort: needs 1.00 GiB on node .*" + over), environment=budget),
        Fault("all-gather-over-budget", 75, by_rank("all of forces: 50331648 elements of 8 bytes need .* of the budget of 800.* are "
                                                    "used; largest: forces 384.00 MiB .*; share all of forces .*"),
              guilty=0, least=2, environment=budget),
        Fault("over-machine", 75, by_rank("forces: 281474976710656 elements of 8 bytes need 2.00 PiB on node .*, .* are "
                                          "available of .*; use more nodes, or a smaller type"), guilty=0),
        Fault("over-machine", 75, "forces: 281474976710656 elements of 8 bytes need", guilty=0,
              environment={"TUTTI_NODES": "2"}),
        Fault("none", 64, by_rank("TUTTI_MEMORY_BUDGET plenty: not an amount of memory; give one as 4GiB .*"), guilty=0,
              environment={"TUTTI_MEMORY_BUDGET": "plenty"}),
        Fault("none", 73, by_rank("cannot create /no/folder/run.json: .*"), guilty=0,
              environment={"TUTTI_MEMORY_REPORT": "/no/folder/run.json"}),
    ]


def own_mpi():
    """Programs that start MPI themselves."""
    cut = by_rank(r"b\.npy: cut after 100 bytes; copy it again")
    user, world = ["--mpi=user"], ["--mpi=world"]
    faults = [Fault("none", 0, voices=(0,), options=options) for options in (user, world)]
    faults += [
        Fault("throw-between", 65, cut, options=user),
        Fault("throw-foreign", 70, by_rank("negative energy"), options=user),
        Fault("sub-grid-mixed", 65, by_rank("an odd number of rows"), options=user),
        Fault("skip-last", 76, "mismatch", r"\[rank {g}: finalize\]", options=user, least=2),
        Fault("exit-in-sub", 70, by_rank(r"the program called exit\(\).*"), options=user),
        Fault("together", 65, r"^tutti: error: rank {g}: an odd number of rows$", options=world),
        Fault("sub-grid-mixed", 65, r"^tutti: error: rank {g}: an odd number of rows$", options=world),
        Fault("bad-environment", 64, r"^tutti: error: rank {g}: environment variable TUTTI_WATCHDOG", options=world),
        # The commonest fault of all: caught, told, and on to MPI_Finalize, where the others are not.
        Fault("skip-last", "not 0", voices=(0, 1), options=world, least=2),
        Fault("throw-foreign", "not 0", r"^rank {g} caught: negative energy$", voices=(0, 1), options=world, least=2),
    ]
    return faults


def told_as_json():
    return [JsonFault("throw-between", "FormatError", 65), JsonFault("throw-long-text", "FormatError", 65),
            JsonFault("throw-foreign", "RemoteError", 70), JsonFault("skip", "MismatchError", 76, least=2)]


def everything(mpi):
    return throwing() + in_sub_worlds() + disagreeing() + leaving(mpi) + guarded() + signalled() + nonblocking() + exchanging() + \
        ghosts() + queues() + moving() + about_memory() + own_mpi() + told_as_json()
