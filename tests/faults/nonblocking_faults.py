"""What must come of the faults that nonblocking_faults.cpp and exchanging_faults.cpp play."""
from expected import PLACE, Fault, by_rank


def nonblocking():
    cut = by_rank(r"b\.npy: cut after 100 bytes; copy it again")
    faults = [Fault("late-none", 0, voices=(0,)), Fault("late-caught-by-all", 0, voices=(0,))]
    faults += [Fault("late-" + name, 65, cut)
               for name in ("throw-first", "throw-instead", "throw-between", "throw-under-way", "throw-while-testing",
                            "throw-while-summing", "in-sub", "outer-in-sub", "in-grid", "in-together",
                            "peers-wait", "peers-wait-in-both")]
    faults += [Fault("late-" + name, 65, cut, guilty=0) for name in ("throw-instead", "throw-under-way", "in-grid")]
    # Two Worlds: each has its own way with errors, so it is told once, by the one that ends the program.
    faults += [Fault("late-in-another-world", 65, cut),
               Fault("late-throw-in-idot", 65, by_rank("idot: x has 100 elements, y has 101; give vectors of equal length"))]

    def mismatch(name, theirs, ours, world="", **more):
        at = ["" if call == "finalize" else " at " + PLACE for call in (theirs, ours)]
        return Fault("late-" + name, 76, r"^tutti: error: collective mismatch at #\d+" + world + ": .*",
                     r"\[rank [\d,]+( and \d+ more)?: " + theirs + at[0] + r"\]",
                     r"\[rank {g}: " + ours + at[1] + r"\]", least=2, **more)

    isum, ibroadcast = "isum float64 n=1", "ibroadcast int32 n=%d root=%d"
    for guilty in (None, 0):
        faults += [
            mismatch("other-operation", isum, ibroadcast % (3, 0), guilty=guilty),
            mismatch("other-operation-unfetched", isum, ibroadcast % (3, 0), guilty=guilty),
            mismatch("barrier-instead", isum, "barrier", guilty=guilty),
            mismatch("end-instead", isum, "finalize", guilty=guilty),
            mismatch("one-fewer", isum, "barrier", guilty=guilty),
            mismatch("one-fewer-unfetched", isum, "finalize", guilty=guilty),
            mismatch("other-order", isum, "sum float64 n=1", guilty=guilty),
        ]
    faults += [mismatch("other-count", ibroadcast % (3001, 0), ibroadcast % (3000, 0)),
               mismatch("other-root", ibroadcast % (3000, 0), ibroadcast % (3000, 1))]
    short = {"TUTTI_WATCHDOG": "1"}
    missing = r"rank {g} on node \S+ has not arrived at isum float64 n=1 at " + PLACE + r" \(#\d+\), where ranks? [\d, ]+ waits?; "
    exited = by_rank(r"the program called exit\(\) inside tutti::run; .*")
    faults += [
        Fault("late-stop", 76, "^tutti: error: " + missing + r"rank {g} is stopped.*; the job ends$", least=2, within=8.0,
              environment=short),
        Fault("late-slow", 0, "^tutti: warning: after 1 s: " + missing + r"rank {g} is running .*; waiting on$", least=2,
              voices=(0,), within=8.0, environment=short),
        Fault("late-signal", 143, by_rank(r"asked to end by signal 15 \(Terminated\).*; all ranks end in order")),
        Fault("late-exit", 70, exited), Fault("late-exit", 70, exited, guilty=0), Fault("late-exit-in-sub", 70, exited),
        Fault("late-kill", "not 0", voices=(0, 1), within=8.0, least=2),
    ]
    return faults


def exchanging():
    ring = r"exchange at " + PLACE + ": rank "
    return [
        Fault("exchange-none", 0, voices=(0,)),
        Fault("exchange-throw", 65, by_rank(r"b\.npy: cut after 100 bytes; copy it again")),
        Fault("exchange-stop", 76, r"^tutti: error: rank {g} on node \S+ has not arrived at exchange float32 at .*; the job ends$",
              least=2, within=8.0, environment={"TUTTI_WATCHDOG": "1"}),
        Fault("exchange-barrier", 76, r"\[rank {g}: barrier at " + PLACE, "exchange float32 at " + PLACE, least=2),
        Fault("exchange-wait", 76, r"\[rank {g}: isum float64 n=1 at " + PLACE, "exchange float32 at " + PLACE, least=2),
        Fault("exchange-other-length", 65, ring + r"{g} sends 44 bytes to rank \d, which expects 40 \(message \d between them\)$"),
        Fault("exchange-missing", 76, ring + "0 expects 1 messages of rank {g}, which sends it 0; message 0 should have 40 bytes$"),
        Fault("exchange-no-such-rank", 70, by_rank(r"exchange: a message to rank 1000, which is not one of the \d+ ranks")),
    ]
