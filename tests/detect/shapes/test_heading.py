"""Heads of logs of columns hold until the next, over the pieces of a file too."""

import pytest

from muster.detect.events import read_lines
from muster.detect.flaw import Flaw
from muster.detect.ruleset import Needs
from muster.detect.shapes.heading import NONE, noted
from muster.detect.shapes.shape import ShapeName
from tests.detect.shapes.field import fields

NEEDS = Needs(frozenset({"cs-uri-stem", "uid"}), text=False)
IIS = [
    b"#Software: Microsoft Internet Information Services 10.0",
    b"#Fields: date cs-method cs-uri-stem",
    b"2026-11-24 GET /a",
]


def test_w3c_columns() -> None:
    reading = read_lines([*IIS, b"2026-11-24 GET", b"#Fields: cs-uri-stem", b"/b"], NEEDS)
    assert (reading.notes, reading.positions, reading.lines) == (3, (2, 5), 6)
    assert [(bad.position, bad.flaw) for bad in reading.unreadable] == [(3, Flaw.COLUMNS)]
    assert reading.shapes == {ShapeName.WEB_ACCESS: 2}


def test_the_head_holds_for_the_next_piece() -> None:
    first = read_lines(IIS, NEEDS)
    assert fields("2026-11-25 GET /c", ShapeName.WEB_ACCESS, first.heading)["cs-uri-stem"] == "/c"
    assert len(read_lines([b"2026-11-25 GET /c"], NEEDS).unreadable) == 1


def test_zeek_columns() -> None:
    head = [b"#separator \\x09", b"#path\tdns", b"#fields\tts\tuid\tquery", b"#types\ttime\tstring\tstring"]
    reading = read_lines([*head, b"1.5\tC\texample.org", b"#close\t2026"], NEEDS)
    assert (reading.notes, reading.positions) == (5, (4,))
    found = fields("1.5\tC\t-", ShapeName.ZEEK, reading.heading)
    assert found == {
        "ts": "1.5", "uid": "C", "logsource.product": "zeek", "logsource.service": "dns", "logsource.category": "dns",
    }  # fmt: skip


@pytest.mark.parametrize("line", ["# a remark", "#", "#!/bin/sh", "#Field: x"])
def test_other_lines_that_begin_so_are_no_head(line: str) -> None:
    assert noted(NONE, line) is None
    assert len(read_lines([line.encode()], NEEDS).unreadable) == 1
