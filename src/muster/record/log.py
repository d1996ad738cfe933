"""The log's own life: how it began, what it was restored from, and the rotation of its key."""

from typing import ClassVar

from muster.record.body import Body, kinds_of


class LogStarted(Body):
    """The first entry of a new log."""

    kind: ClassVar[str] = "log.started"

    origin: str
    verifier_key: str


class LogRestored(Body):
    """The first entry of a log that was restored from a backup of an older state of another log.

    old_checkpoint: the newest checkpoint known of the old log, whole, as text. kept: entries that were taken over.
    lost: entries of the old log that its anchor knew and the backup did not hold, or None when no anchor was there.
    """

    kind: ClassVar[str] = "log.restored"

    origin: str
    verifier_key: str
    old_origin: str
    old_checkpoint: str | None
    kept: int
    lost: int | None


class LogKeyRotated(Body):
    """A new signing key; the first checkpoint over this entry bears both signatures."""

    kind: ClassVar[str] = "log.key-rotated"

    verifier_key: str


KINDS = kinds_of(LogStarted, LogRestored, LogKeyRotated)
