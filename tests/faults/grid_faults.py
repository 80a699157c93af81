"""What must come of the faults that grid_faults.cpp plays."""
from expected import PLACE, Fault, by_rank


def mismatch(name, theirs, ours, **more):
    return Fault(name, 76, r"^tutti: error: collective mismatch at #\d+.*", r"\[rank [\d,]+( and \d+ more)?: " + theirs,
                 r"\[rank {g}: " + ours, least=2, **more)


def ghosts():
    cut = by_rank(r"b\.npy: cut after 100 bytes; copy it again")
    exchange = 'halo exchange "u" float64 at ' + PLACE
    new = r'new array "u, 30 x 20 x 10 on a grid of [\d x]+, {} x {} x {} layers, open x open x open" float64 at ' + PLACE
    faults = [Fault("halo-none", 0, voices=(0,)), Fault("halo-caught-between", 0, voices=(0,)),
              Fault("halo-never-end", 0, voices=(0,))]
    for guilty in (None, 0):
        faults += [Fault("halo-" + name, 65, cut, guilty=guilty)
                   for name in ("throw-instead", "throw-between", "throw-in-sub", "throw-while-others-sum",
                                "throw-while-others-wait")]
        faults += [
            mismatch("halo-skip", exchange, 'sum of vector "u" float64 n=300000 at ' + PLACE, guilty=guilty),
            mismatch("halo-other-array", exchange, exchange, guilty=guilty),
            mismatch("halo-barrier-between", exchange, "barrier at " + PLACE, guilty=guilty),
            mismatch("halo-return-between", 'sum of vector "u" float64 n=300000 at ' + PLACE, "finalize", guilty=guilty),
        ]
    faults += [
        # Alone, the second begin_exchange() is the rank's own error; the others are in the next exchange.
        Fault("halo-begin-twice", 70, by_rank("u: an exchange of it is under way; end that one first")),
        mismatch("halo-other-width", new.replace("{}", "2"), new.replace("{}", "1")),
        Fault("halo-bad-width", 65, by_rank("a halo of -1 layers along axis 0; give 0 or more")),
        Fault("halo-stop-between", 76, r"^tutti: error: .* not arrived at halo exchange .*rank {g} is stopped.*; the job ends$",
              least=2, within=8.0, environment={"TUTTI_WATCHDOG": "1"}),
        Fault("halo-kill-between", "not 0", voices=(0, 1), within=8.0, least=2),
        Fault("halo-exit-between", 70, by_rank(r"the program called exit\(\) inside tutti::run; .*")),
    ]
    return faults


def queues():
    faults = []
    for nodes in ({}, {"TUTTI_NODES": "2"}):  # in memory that is shared, and in a window of MPI's
        watched = {"TUTTI_WATCHDOG": "1", **nodes}
        faults += [
            Fault("queue-none", 0, voices=(0,), environment=nodes),
            Fault("queue-throw", 65, by_rank(r"b\.npy: cut after 100 bytes; copy it again"), environment=nodes),
            Fault("queue-throw", 65, by_rank(r"b\.npy: cut after 100 bytes; copy it again"), guilty=0, environment=nodes),
            Fault("queue-stop", 76, r"^tutti: error: .*(is stopped|has not answered for 2 s).*; the job ends$", least=2, within=8.0, environment=watched),
            Fault("queue-kill", "not 0", voices=(0, 1), within=8.0, least=2, environment=nodes),
            Fault("queue-signal", 143, by_rank(r"asked to end by signal 15 \(Terminated\).*; all ranks end in order"),
                  environment=nodes),
            mismatch("queue-no-reset", 'reset of work queue "items" n=50 at ' + PLACE, "barrier at " + PLACE, environment=nodes),
        ]
    return faults
