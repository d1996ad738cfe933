"""What a verification found: one finding for each thing that is wrong, named so that a person can look at it."""

from dataclasses import dataclass
from enum import StrEnum


class Flaw(StrEnum):
    """What kind of thing is wrong."""

    FORM = "form"  # not readable as what it should be
    MISSING = "missing"  # should be there and is not
    ADDED = "added"  # is there and should not be
    CHANGED = "changed"  # is not what its hash, or the entry after it, says
    SIGNATURE = "signature"  # not signed by the key that should have signed
    ROOT = "root"  # a checkpoint does not fit the entries
    ANCHOR = "anchor"  # the record does not extend what was known of it before


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: what, the next step, and where: an entry (stream, seq), a leaf, or a file."""

    flaw: Flaw
    what: str
    mend: str
    stream: str | None = None
    seq: int | None = None
    leaf: int | None = None
    file: str | None = None

    def where(self) -> str:
        """The place in words: `INC-7Q4KM2 seq 5`, `leaf 12`, `blobs/ab12`; empty when it is the whole."""
        if self.stream is not None:
            return self.stream if self.seq is None else f"{self.stream} seq {self.seq}"
        if self.leaf is not None:
            return f"leaf {self.leaf}"
        return self.file or ""

    def line(self) -> str:
        """One line for a terminal: where, what, mend."""
        place = self.where()
        return f"{place}: {self.what} {self.mend}" if place else f"{self.what} {self.mend}"
