"""Bytes that are kept between two compilations: a sealed row of sections, and pieces by name.

Nothing in here runs what it reads: sections are JSON, arrays of numbers and Hyperscan's own bytes. Where such bytes
lie, and who may have written them, is for the caller to mind (see `store/ruleset_cache`).
"""

import hashlib
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAGIC = b"MUSTER-RULES-1\n\0"
_SIZE = struct.Struct("<Q")
_HEAD = len(_MAGIC) + hashlib.sha256().digest_size
_OFTEN = 50
_DTYPES = ("int64", "int32", "uint64", "uint32", "uint8")


class Unusable(Exception):
    """Kept bytes that are damaged, foreign or of another form; what they stand for has to be made anew."""


def sealed(sections: Iterable[bytes]) -> bytes:
    """The sections as one piece of bytes that tells when it was changed."""
    body = b"".join(part for section in sections for part in (_SIZE.pack(len(section)), section))
    return _MAGIC + hashlib.sha256(body).digest() + body


def opened(data: bytes) -> list[bytes]:
    """The sections of what `sealed` made. Raises `Unusable` for anything else."""
    body = memoryview(data)[_HEAD:]
    if data[: len(_MAGIC)] != _MAGIC or hashlib.sha256(body).digest() != data[len(_MAGIC) : _HEAD]:
        raise Unusable
    sections: list[bytes] = []
    at = 0
    while at < len(body):
        if at + _SIZE.size > len(body):
            raise Unusable
        (size,) = _SIZE.unpack_from(body, at)
        at += _SIZE.size
        if at + size > len(body):
            raise Unusable
        sections.append(bytes(body[at : at + size]))
        at += size
    return sections


@dataclass(slots=True)
class Blobs:
    """What does not go into JSON, by number: bytes, and arrays of numbers."""

    sections: list[bytes] = field(default_factory=list[bytes])

    def add(self, data: bytes) -> int:
        """The number by which the bytes are found again."""
        self.sections.append(data)
        return len(self.sections) - 1

    def add_array(self, array: NDArray[Any]) -> list[object]:
        """What `array` takes."""
        return [array.dtype.name, self.add(np.ascontiguousarray(array).tobytes())]

    def data(self, number: Any) -> bytes:
        """The bytes of a number that `add` gave."""
        return self.sections[int(number)]

    def array(self, told: Sequence[Any]) -> NDArray[Any]:
        """An array of one dimension. Raises `Unusable` when it is none."""
        if told[0] not in _DTYPES:
            raise Unusable
        return np.frombuffer(self.data(told[1]), told[0])


@dataclass(slots=True)
class Pieces:
    """Pieces of a compilation by name. known: of earlier ones. used: those that this one used or made; to be kept.

    made: how many of them are new. said: is told how far it is: a word for what is done, how many of how many.
    """

    known: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    used: dict[str, bytes] = field(default_factory=dict[str, bytes])
    made: int = 0
    said: Callable[[str, int, int], None] | None = None

    def say(self, what: str, done: int, of: int) -> None:
        """Tells whoever wants to know how far it is, now and then."""
        if self.said is not None and (done % _OFTEN == 0 or done == of):
            self.said(what, done, of)

    def get(self, name: str) -> bytes | None:
        found = self.known.get(name)
        if found is not None:
            self.used[name] = found
        return found

    def put(self, name: str, data: bytes) -> None:
        self.used[name] = data
        self.made += 1


def pieces_bytes(pieces: Pieces) -> bytes:
    """The pieces that were used, as one; and of the others, if there is room, as much again, for other rules."""
    kept = dict(pieces.used)
    room = sum(map(len, kept.values()))
    for name, data in pieces.known.items():
        if name not in kept and len(data) <= room:
            kept[name] = data
            room -= len(data)
    return sealed(part for name, data in kept.items() for part in (name.encode(), data))


def pieces_of(data: bytes) -> Pieces:
    """What `pieces_bytes` made, as known pieces. Raises `Unusable`."""
    sections = opened(data)
    if len(sections) % 2:
        raise Unusable
    try:
        names = [name.decode() for name in sections[::2]]
    except UnicodeDecodeError as fault:
        raise Unusable from fault
    return Pieces(dict(zip(names, sections[1::2], strict=True)))
