"""EVTX, chunk by chunk: 64 KiB of a Windows event log file in, its events as JSON out, damaged ones named.

A file is a head of 4,096 bytes and chunks of 65,536, each with its own strings and templates, so that each can be
read for itself: memory stays small whatever the file's size, and damage ends with its chunk. The head is not used:
a file that was cut out of a disk or not closed has a wrong one. The layout: [MS-EVEN6] does not give it; it is told
by the libevtx project's description of the format (Joachim Metz, "Windows XML Event Log (EVTX) format").
"""

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any, cast

import evtx

from muster.detect.flaw import Flaw

HEAD_SIZE = 4_096
CHUNK_SIZE = 65_536
_LEAST = 28
"""Bytes of a record without content."""
MAX_RECORDS = CHUNK_SIZE // _LEAST

_FILE, _CHUNK, _RECORD = b"ElfFile\0", b"ElfChnk\0", b"**\0\0"
_TABLES, _FIRST_RECORD = 128, 512
"""Between them a chunk has tables of its strings and templates: chains of offsets, in which damage can make a ring
that the library follows for ever. They only save time, and are left out."""
_FIRST_AND_LAST = struct.Struct("<QQ")
_AT_NUMBERS = 8


def is_evtx(beginning: bytes) -> bool:
    """Whether a file that begins so is an EVTX file."""
    return beginning.startswith(_FILE)


def events(chunk: bytes) -> list[bytes | Flaw]:
    """The events of a chunk in order, each as a line of JSON, a flaw in the place of one that cannot be read.

    A chunk that was cut short gives what is in it; how many are missing is told by its own numbers. A chunk that is
    nothing but zeros was never used and has no events.
    """
    if not chunk.strip(b"\0"):
        return []
    if len(chunk) < _AT_NUMBERS + _FIRST_AND_LAST.size or not chunk.startswith(_CHUNK):
        return [Flaw.CHUNK]
    found = list(_records(_whole_records(chunk).ljust(CHUNK_SIZE, b"\0")))
    first, last = cast("tuple[int, int]", _FIRST_AND_LAST.unpack_from(chunk, _AT_NUMBERS))
    told = last - first + 1
    missing = told - len(found) if 0 <= told <= MAX_RECORDS else not found
    return found + [Flaw.CHUNK] * missing


def _whole_records(chunk: bytes) -> bytes:
    """A chunk that is whole as it is; of a cut one what comes before the record in which it ends."""
    if len(chunk) == CHUNK_SIZE:
        return chunk
    end = _FIRST_RECORD
    while chunk[end : end + 4] == _RECORD:
        size = int.from_bytes(chunk[end + 4 : end + 8], "little")
        if size < _LEAST or end + size > len(chunk):
            break
        end += size
    return chunk[:end]


def _records(chunk: bytes) -> Iterator[bytes | Flaw]:
    try:
        readable = _HEAD + chunk[:_TABLES] + bytes(_FIRST_RECORD - _TABLES) + chunk[_FIRST_RECORD:]
        parser = evtx.PyEvtxParser(io.BytesIO(readable), number_of_threads=1)
        records = iter(parser.records_json())
    except (RuntimeError, ValueError, OSError):
        return
    for _ in range(MAX_RECORDS):
        try:
            record: Any = next(records, None)
        except (RuntimeError, ValueError, OSError):
            yield Flaw.RECORD
            continue
        if record is None:
            return
        yield cast("str", record["data"]).encode("utf-8", "replace")


def _head() -> bytes:
    """The head of a file of one chunk."""
    begun = struct.pack("<8sQQQIHHHH", _FILE, 0, 0, 1, 128, 1, 3, HEAD_SIZE, 1).ljust(120, b"\0")
    return (begun + struct.pack("<II", 0, zlib.crc32(begun))).ljust(HEAD_SIZE, b"\0")


_HEAD = _head()
