"""Streams as lines: JSON lines, documents, EVTX, and every way to break off."""

import gzip
import io
import tracemalloc

import pytest

from muster import cli_detect_lines
from muster.cli_detect_lines import batches
from muster.core.errors import BadInput
from muster.detect.flaw import MAX_LINE, Flaw
from tests.detect import evtx_yard

EVENT = b'{"a":1}\n'


def test_lines_come_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_detect_lines, "BATCH_LINES", 2)
    data = b"\n".join([b'{"a":1}', b"", b'{"a":2}', b'{"a":3}'])
    assert list(batches(io.BytesIO(data))) == [[b'{"a":1}', b'{"a":2}'], [b'{"a":3}']]
    assert list(batches(io.BytesIO(b' [{"a":1},{"a":2},{"a":3}]'))) == [
        [b'{"a":1}', b'{"a":2}'],
        [b'{"a":3}'],
    ]
    assert list(batches(io.BytesIO(b""))) == []


def test_a_line_without_end_stays_bounded() -> None:
    (lines,) = batches(io.BytesIO(b'{"a":1}\n' + b"x" * (3 * MAX_LINE) + b'\n{"a":2}\n'))
    assert lines == [b'{"a":1}', Flaw.LONG, b'{"a":2}']


def test_bounds_of_a_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_detect_lines, "MAX_DOCUMENT", 10)
    monkeypatch.setattr(cli_detect_lines, "MAX_UNPACKED", 10)
    for data in (b"[" + b"1," * 20 + b"1]", EVENT * 3):
        with pytest.raises(BadInput, match="ore than 10 bytes"):
            list(batches(io.BytesIO(data)))


def test_a_stream_that_breaks_off_gives_what_came_before() -> None:
    whole = gzip.compress(b"\n".join(b'{"a":%d}' % number for number in range(50_000)))
    cut = batches(gzip.GzipFile(fileobj=io.BytesIO(whole[: len(whole) // 2])))
    found = list(next(cut))
    with pytest.raises(EOFError):
        found += [line for lines in cut for line in lines]
    assert len(found) > 1_000
    assert found[:2] == [b'{"a":0}', b'{"a":1}']


def test_evtx_is_read_chunk_by_chunk_with_damage_in_its_place() -> None:
    good = evtx_yard.chunk([evtx_yard.event(1, "Security"), evtx_yard.event(2, "Security")])
    data = evtx_yard.file(good, bytes(evtx_yard.CHUNK), b"\xff" * evtx_yard.CHUNK, good)
    (lines,) = batches(io.BytesIO(data))
    assert [type(line) for line in lines] == [bytes, bytes, Flaw, bytes, bytes]
    (cut,) = batches(io.BytesIO(data[:-60_000]))
    assert list(cut)[:4] == list(lines)[:4]
    assert list(cut)[4:] == [lines[4]]
    packed = gzip.compress(data, mtime=0)
    (whole,) = batches(gzip.GzipFile(fileobj=io.BytesIO(packed)))
    assert whole == lines


def test_utf_16_is_read_as_text() -> None:
    data = '{"a":"\u00e4"}\r\n{"a":2}\r\n'.encode("utf-16")
    assert list(batches(io.BytesIO(data))) == [['{"a":"\u00e4"}'.encode(), b'{"a":2}']]


class _Endless(io.RawIOBase):
    """So many bytes of one line, which are made as they are read."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.left = size

    def readable(self) -> bool:
        return True

    def readinto(self, into: memoryview) -> int:
        size = min(len(into), self.left)
        into[:size] = b"x" * size
        self.left -= size
        return size


def test_a_hundred_megabytes_in_one_line_take_a_few() -> None:
    tracemalloc.start()
    found = list(batches(_Endless(100 * 2**20)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == [[Flaw.LONG]]
    assert peak < 6 * MAX_LINE
