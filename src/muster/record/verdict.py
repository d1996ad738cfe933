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
        """The place in words: `INC-7Q4KM2 seq 5 (leaf 12)`, `leaf 12`, `blobs/ab12`; empty for the whole."""
        if self.stream is None:
            return self.file or ("" if self.leaf is None else f"leaf {self.leaf}")
        entry = "" if self.seq is None else f" seq {self.seq}"
        leaf = "" if self.leaf is None else f" (leaf {self.leaf})"
        return f"{self.stream}{entry}{leaf}"

    def line(self) -> str:
        """One line for a terminal: where, what, mend."""
        place = self.where()
        return f"{place}: {self.what} {self.mend}" if place else f"{self.what} {self.mend}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the verification of a whole record found.

    findings: the first of them, in the order of the feed; found: how many there are. size: leaves; sealed: leaves
    under the newest checkpoint that is good; erased: bodies that an erasure entry took away. fingerprint: of the key
    that signed the newest checkpoint, empty when no checkpoint could be checked; pinned: that key was expected.
    """

    findings: tuple[Finding, ...]
    found: int
    origin: str
    size: int
    streams: int
    checkpoints: int
    sealed: int
    erased: int
    fingerprint: str
    pinned: bool

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.found == 0

    @property
    def unsealed(self) -> int:
        """Entries after the newest good checkpoint."""
        return self.size - self.sealed

    def headline(self) -> str:
        """The verdict in one line."""
        if self.findings:
            more = "" if self.found == 1 else f" (and {self.found - 1} more)"
            return f"does not verify: {self.findings[0].line()}{more}"
        signed = "no checkpoint could be checked"
        if self.fingerprint:
            signed = f"signed by {self.fingerprint}, " + ("which is pinned" if self.pinned else "not pinned")
        sealed = f"; {self.unsealed} not yet sealed" if self.unsealed else ""
        return f"{'verified' if self.pinned else 'consistent with itself'}, {signed}{sealed}"
