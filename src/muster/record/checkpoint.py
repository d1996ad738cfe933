"""Checkpoints: a signed statement of the log's size and root, which everything sealed so far hangs on.

Written from C2SP tlog-checkpoint (c2sp.org/tlog-checkpoint): a signed note whose text is three lines, the origin, the
tree size in decimal and the root in base64. The key's name is the origin. The specification allows further lines and
advises against them; no log of Muster writes any, so they are refused here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from muster.core.errors import BadInput
from muster.record import note
from muster.record.canonical import MAX_INTEGER
from muster.record.hashing import HASH_BYTES
from muster.record.note import SigningKey, VerifierKey

ORIGIN_PREFIX = "muster.invalid/"

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,15}")
_DRAWN_BYTES = 16


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's state at one size. origin: the log's name; size: leaves; root: 32 bytes (RFC 6962)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{note.encode(self.root)}\n"


def new_origin(drawn: bytes) -> str:
    """The name of a new log, from 16 random bytes: a name that no other log has and that leads nowhere."""
    if len(drawn) != _DRAWN_BYTES:
        raise BadInput("An origin is made of 16 bytes.", "origin", "Draw 16 random bytes.")
    return ORIGIN_PREFIX + drawn.hex()


def make(origin: str, size: int, root: bytes, *keys: SigningKey) -> bytes:
    """The checkpoint as a signed note. Several keys sign the first one after a rotation, the old one first.

    Raises BadInput when a key is not of this log, or when the three lines would not be read back.
    """
    for key in keys:
        _check_name(key.name, origin)
    data = note.sign(Checkpoint(origin, size, root).text(), *keys)
    parse(data)
    return data


def parse(data: bytes) -> Checkpoint:
    """What a checkpoint says; nothing in it is trusted before `verify`. Raises BadInput when it is none."""
    lines = note.parse(data).text.removesuffix("\n").split("\n")
    if len(lines) != 3 or not lines[0]:
        raise BadInput(
            "This is no checkpoint.", "checkpoint", "It has an origin, a size and a root, a line each."
        )
    origin, size, root = lines
    number = int(size) if _DECIMAL.fullmatch(size) else MAX_INTEGER + 1
    if number > MAX_INTEGER:
        raise BadInput("The size is no decimal number.", "checkpoint", "It has no sign and no leading zeros.")
    digest = note.decode(root, "checkpoint")
    if len(digest) != HASH_BYTES:
        raise BadInput("The root is no hash.", "checkpoint", f"It is the base64 of {HASH_BYTES} bytes.")
    return Checkpoint(origin, number, digest)


def verify(data: bytes, keys: Sequence[VerifierKey]) -> tuple[Checkpoint, tuple[VerifierKey, ...]]:
    """What a checkpoint says and which of the given keys signed it (at least one).

    Raises BadInput when it is none, when a key that signed is of another log, or as `note.verify` does.
    """
    found = parse(data)
    signers = note.verify(data, keys)
    for key in signers:
        _check_name(key.name, found.origin)
    return found, signers


def _check_name(name: str, origin: str) -> None:
    if name != origin:
        raise BadInput(
            "The key is of another log.", "checkpoint", "A log's key bears the name of its origin."
        )
