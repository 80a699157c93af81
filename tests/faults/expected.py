"""How the tables of faults are written: what is played, and what a user must see of it."""

import json
import re

PLACE = r"\w+\.cpp:\d+"
# What ends the process of a rank, or says something of how processes end, cannot be followed by another play.
ALONE = re.compile(r"exit|abort|segmentation|kill|stop|loop|slow|stdout|later-again|bad-environment")


class Fault:
    """What is played, and what must come of it. In the patterns, {g} is the guilty rank."""

    def __init__(self, name, code, *texts, guilty=None, least=1, most=99, voices=(1,), within=5.0, options=(),
                 environment=None):
        self.name, self.code, self.texts = name, code, texts
        self.guilty = guilty  # None: a rank other than 0
        self.least, self.most = least, most  # ranks
        self.voices = voices  # how often "tutti: error:" may appear
        self.within = within  # s, beyond the start
        self.options = list(options)
        self.environment = environment or {}

    def alone(self):
        """Whether it must be played in a job of its own."""
        return bool(self.options or self.environment or not isinstance(self.code, int) or ALONE.search(self.name))

    def guilty_of(self, ranks):
        return self.guilty if self.guilty is not None else {1: 0, 2: 1, 3: 1}.get(ranks, ranks - 2)

    def label(self):
        mode = "".join(" " + option for option in self.options)
        setting = "".join(f" {key[6:].lower()}={value}" for key, value in sorted(self.environment.items()))
        return self.name + (f" by {self.guilty}" if self.guilty is not None else "") + mode + setting


def by_rank(text):
    return r"^tutti: error: (rank {g} on node \S+: )?" + text + r"$"


class JsonFault(Fault):
    def __init__(self, name, type_name, code, **more):
        super().__init__(name, code, voices=(0,), options=["--json"], **more)
        self.type_name = type_name

    def check_json(self, stdout, guilty):
        objects = [line for line in stdout.splitlines() if line.startswith("{")]
        if len(objects) != 1:
            return [f"{len(objects)} JSON objects instead of one"]
        error = json.loads(objects[0])["error"]
        rank = guilty if self.type_name != "MismatchError" else -1
        wanted = {"type": self.type_name, "rank": rank, "exit": self.code}
        found = {key: error[key] for key in wanted}
        return [] if found == wanted and error["message"] else [f"JSON says {error}, not {wanted}"]
