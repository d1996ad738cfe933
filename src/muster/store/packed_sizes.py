"""How large an object in a git pack would become, looked at before anything of it is inflated.

A few kilobytes of pack can stand for gigabytes: by zlib, by a delta that copies its base over and over, or by a chain
of deltas. dulwich limits loose objects itself, and what a pack says of its sizes it checks only afterwards.
"""

import zlib
from pathlib import Path
from typing import BinaryIO

from dulwich.object_format import DEFAULT_OBJECT_FORMAT
from dulwich.objects import ObjectID, RawObjectID
from dulwich.pack import PackIndex, load_pack_index

from muster.core.errors import BadInput

OFS_DELTA, REF_DELTA = 6, 7
MAX_CHAIN = 100
_NAME_BYTES = 20


class PackedSizes:
    """Looks into the packs of one folder; indexes are opened once."""

    def __init__(self, folder: Path, most: int) -> None:
        self._folder = folder
        self._most = most
        self._indexes: dict[str, PackIndex] = {}

    def check(self, name: ObjectID | RawObjectID, where: str) -> None:
        """Raises BadInput when an object, or a base it is built on, is larger than allowed."""
        for file in sorted(self._folder.glob("*.idx")):
            index = self._indexes.get(file.name)
            if index is None:
                index = self._indexes[file.name] = load_pack_index(file, DEFAULT_OBJECT_FORMAT)
            try:
                offset = index.object_offset(name)
            except KeyError:
                continue
            with file.with_suffix(".pack").open("rb") as pack:
                self._check_at(pack, offset, where)

    def close(self) -> None:
        """Closes all indexes."""
        for index in self._indexes.values():
            index.close()
        self._indexes.clear()

    def _check_at(self, pack: BinaryIO, offset: int, where: str) -> None:
        at: int | None = offset
        for _ in range(MAX_CHAIN):
            if at is None:
                return
            pack.seek(at)
            kind, size = _header(pack)
            self._allow(size, where)
            if kind == OFS_DELTA:
                following: int | None = at - _distance(pack)
            elif kind == REF_DELTA:
                self.check(RawObjectID(pack.read(_NAME_BYTES)), where)
                following = None
            else:
                return
            self._allow(_copied(pack, size), where)
            at = following
        raise BadInput("A git object is built on too many others.", where, "Run `git repack -a -d -f`.")

    def _allow(self, size: int, where: str) -> None:
        if size > self._most:
            raise BadInput(
                f"A git object is larger than {self._most // 1024} kB.",
                where,
                "A plan holds small files; keep what is large elsewhere.",
            )


def _header(pack: BinaryIO) -> tuple[int, int]:
    """Kind and size (gitformat-pack, "Object Entries"): three bits of kind, then four, then seven bits of size each."""
    byte = pack.read(1)[0]
    kind, size, shift = byte >> 4 & 7, byte & 15, 4
    while byte & 0x80:
        byte = pack.read(1)[0]
        size |= (byte & 0x7F) << shift
        shift += 7
    return kind, size


def _distance(pack: BinaryIO) -> int:
    byte = pack.read(1)[0]
    distance = byte & 0x7F
    while byte & 0x80:
        byte = pack.read(1)[0]
        distance = (distance + 1 << 7) | (byte & 0x7F)
    return distance


def _copied(pack: BinaryIO, size: int) -> int:
    """How many bytes a delta makes: the larger of what it says, and of the sum of its copies and insertions."""
    inflater = zlib.decompressobj()
    delta, raw = b"", pack.read(65_536)
    while raw and len(delta) < size:
        delta += inflater.decompress(raw, size - len(delta))
        raw = inflater.unconsumed_tail or pack.read(65_536)
    _, place = _number(delta, 0)
    said, place = _number(delta, place)
    made = 0
    while place < len(delta):
        order = delta[place]
        place += 1
        if order & 0x80:
            sizes = [number for number in range(4, 7) if order >> number & 1]
            place += (order & 0x0F).bit_count()
            copied = 0
            for number in sizes:
                copied |= delta[place] << 8 * (number - 4)
                place += 1
            made += copied or 0x10000
        else:
            made += order
            place += order
    return max(said, made)


def _number(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if not byte & 0x80:
            return value, place
