"""Labels on things: severity, TLP and PAP, and the secrecy of a stream."""

from enum import StrEnum


class Severity(StrEnum):
    """How bad it is; SEV1 is the worst (states and severity: the default table of the plan)."""

    SEV1 = "SEV1"
    SEV2 = "SEV2"
    SEV3 = "SEV3"
    SEV4 = "SEV4"
    SEV5 = "SEV5"

    @property
    def rank(self) -> int:
        """1 for the worst, 5 for the mildest."""
        return int(self.value[3])

    def worse_than(self, other: "Severity") -> bool:
        """Whether this is strictly worse than the other."""
        return self.rank < other.rank


class Tlp(StrEnum):
    """Traffic Light Protocol 2.0 (FIRST): how far a thing may travel. Every thing that can leave bears one."""

    RED = "TLP:RED"
    AMBER_STRICT = "TLP:AMBER+STRICT"
    AMBER = "TLP:AMBER"
    GREEN = "TLP:GREEN"
    CLEAR = "TLP:CLEAR"


class Pap(StrEnum):
    """Permissible Actions Protocol: what may be done with a thing."""

    RED = "PAP:RED"
    AMBER = "PAP:AMBER"
    GREEN = "PAP:GREEN"
    CLEAR = "PAP:CLEAR"


class Secrecy(StrEnum):
    """Who may see a stream: everybody with an account, the response team, or named people only."""

    OPEN = "open"
    TEAM = "team"
    NAMED = "named"
