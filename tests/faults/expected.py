"""How the tables of faults are written: what is played, and what a user must see of it."""

PLACE = r"\w+\.cpp:\d+"


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

    def label(self):
        mode = "".join(" " + option for option in self.options)
        setting = "".join(f" {key[6:].lower()}={value}" for key, value in sorted(self.environment.items()))
        return self.name + (f" by {self.guilty}" if self.guilty is not None else "") + mode + setting


def by_rank(text):
    return r"^tutti: error: (rank {g} on node \S+: )?" + text + r"$"
