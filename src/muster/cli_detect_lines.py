"""A stream of events as lines in batches: JSON lines, JSON and XML documents, EVTX; each batch within bounds.

What cannot be read at all stands in the place of its event as a `Flaw`. A stream that breaks off (a cut gzip file)
gives what came before, and then raises.
"""

import io
from collections.abc import Iterator, Sequence
from typing import IO, Any, cast

from muster.cli_detect_sources import DAMAGED
from muster.core.errors import BadInput
from muster.detect import document, evtx_file
from muster.detect.flaw import MAX_LINE, Flaw

BATCH_LINES = 2_500
BATCH_BYTES = 16 * 2**20
MAX_DOCUMENT = 256 * 2**20
"""Of a document: it has to be in memory as a whole."""
MAX_UNPACKED = 64 * 2**30
"""Of one source of events."""

_BLOCK = 2**20
_PEEKED = 4_096
_MARK = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
Lines = Sequence[bytes | Flaw]


def batches(stream: IO[bytes]) -> Iterator[Lines]:
    """The events of a stream, as lines that are not blank."""
    buffered = io.BufferedReader(cast("Any", stream)) if not hasattr(stream, "peek") else cast("Any", stream)
    beginning = bytes(buffered.peek(_PEEKED)[:_PEEKED])
    if evtx_file.is_evtx(beginning):
        return _bounded(_evtx(buffered))
    if beginning.startswith(_UTF16):
        return _bounded(_document(_whole(buffered).decode("utf-16", "replace").encode()))
    if document.is_document(beginning):
        return _bounded(_document(_whole(buffered)))
    return _bounded(_lines(buffered))


def _bounded(pieces: Iterator[Lines]) -> Iterator[Lines]:
    """The same lines in batches; what was read before a fault comes before it."""
    waiting: list[bytes | Flaw] = []
    size = 0
    try:
        for piece in pieces:
            waiting += piece
            size += sum(map(len, piece))
            while len(waiting) >= BATCH_LINES or size >= BATCH_BYTES:
                yield waiting[:BATCH_LINES]
                waiting = waiting[BATCH_LINES:]
                size = sum(map(len, waiting))
    except (*DAMAGED, BadInput):
        if waiting:
            yield waiting
        raise
    if waiting:
        yield waiting


def _whole(stream: IO[bytes]) -> bytes:
    data = stream.read(MAX_DOCUMENT + 1)
    if len(data) > MAX_DOCUMENT:
        raise BadInput(f"A document of more than {MAX_DOCUMENT} bytes.", "", "Write it as JSON lines.")
    return data


def _split(data: bytes) -> list[bytes]:
    pieces = document.split_document(data)
    return document.split(data) if pieces is None else pieces


def _document(data: bytes) -> Iterator[Lines]:
    pieces = _split(data)
    for start in range(0, len(pieces), BATCH_LINES):
        yield pieces[start : start + BATCH_LINES]


def _blocks(stream: IO[bytes], size: int) -> Iterator[bytes]:
    """What a stream gives, one read after the other, so that nothing is lost when a later one fails."""
    total = 0
    take = cast("Any", stream).read1
    while block := bytes(take(size)):
        total += len(block)
        if total > MAX_UNPACKED:
            raise BadInput(f"More than {MAX_UNPACKED} bytes unpacked.", "", "Split it.")
        yield block


def _lines(stream: IO[bytes]) -> Iterator[Lines]:
    """The lines of a stream; of one that is too long the end is read and dropped, and a flaw stands in its place."""
    rest = b""
    dropping = False
    for number, block in enumerate(_blocks(stream, _BLOCK)):
        first, end, after = block.partition(b"\n")
        if dropping and not end:
            continue
        head = b"" if dropping else rest + (first if number else first.removeprefix(_MARK))
        dropping = False
        if not end:
            rest = head
            dropping = len(head) > MAX_LINE
            if dropping:
                yield [Flaw.LONG]
                rest = b""
            continue
        pieces = [head, *after.split(b"\n")]
        rest = pieces.pop()
        yield [line for line in map(bytes.strip, pieces) if line]
    if rest.strip():
        yield [rest.strip()]


def _evtx(stream: IO[bytes]) -> Iterator[Lines]:
    """The events of an EVTX file, a chunk at a time; its head is passed over."""
    rest = b""
    skipped = 0
    try:
        for block in _blocks(stream, _BLOCK):
            rest += block[max(0, evtx_file.HEAD_SIZE - skipped) :]
            skipped += len(block)
            whole = len(rest) - len(rest) % evtx_file.CHUNK_SIZE
            for start in range(0, whole, evtx_file.CHUNK_SIZE):
                yield evtx_file.events(rest[start : start + evtx_file.CHUNK_SIZE])
            rest = rest[whole:]
    except DAMAGED:
        yield evtx_file.events(rest)
        raise
    if rest:
        yield evtx_file.events(rest)
