"""The manifest of an export: which streams, entries and blobs belong to it, so that nothing can be taken away."""

import itertools
import re
from collections.abc import Sequence
from typing import Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from muster.core.errors import BadInput
from muster.record.canonical import canonical, parse_canonical
from muster.record.hashing import is_hex

MAX_BYTES = 64 << 20

T = TypeVar("T", int, str)

_STREAM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ManifestStream(_Model):
    """A stream of an export. count: its entries, from seq 0. head: hash of the last one, hex.

    withheld, erased: sequence numbers of the entries whose body is left out, each list rising.
    """

    count: int
    erased: list[int]
    head: str
    id: str
    withheld: list[int]

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        left_out = sorted([*self.erased, *self.withheld])
        in_range = not left_out or 0 <= left_out[0] <= left_out[-1] < self.count
        rising = _is_rising(self.erased) and _is_rising(self.withheld) and _is_rising(left_out)
        if self.count < 1 or not in_range or not rising or not is_hex(self.head):
            raise ValueError("not a stream")
        if _STREAM.fullmatch(self.id) is None:
            raise ValueError("not a name")
        return self


class Manifest(_Model):
    """All that belongs to an export. root: hex; blobs: SHA-256 in hex, rising; streams: by id, rising."""

    blobs: list[str]
    origin: str
    root: str
    size: int
    streams: list[ManifestStream]

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if not all(map(is_hex, self.blobs)) or not _is_rising(self.blobs):
            raise ValueError("not hashes in order")
        if not self.streams or not _is_rising([stream.id for stream in self.streams]):
            raise ValueError("not streams in order")
        return self

    def text(self) -> str:
        """The one line that is signed, with its newline."""
        return canonical(self.model_dump(mode="json"), most=MAX_BYTES).decode() + "\n"

    @staticmethod
    def parse(text: str) -> "Manifest":
        """The manifest of its text. Raises BadInput when it is not one line of canonical JSON of this shape."""
        problem = BadInput(
            "This is no manifest.", "manifest", "One line of canonical JSON with its five fields."
        )
        tree = parse_canonical(text.removesuffix("\n").encode(), most=MAX_BYTES)
        try:
            return Manifest.model_validate(tree)
        except ValidationError:
            raise problem from None


def _is_rising(values: Sequence[T]) -> bool:
    return all(before < after for before, after in itertools.pairwise(values))
