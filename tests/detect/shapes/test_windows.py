"""Normalised Windows events: nothing changes but blanks in names."""

from muster.detect.events import read_lines
from muster.detect.normalising import normalised
from muster.detect.ruleset import Needs
from muster.detect.shapes.shape import ShapeName
from muster.detect.shapes.windows import SHAPE
from tests.detect.shapes.field import columns_of, fields


def test_names_stay_and_lose_blanks() -> None:
    line = b'{"Provider_Name":"P","EventID":5,"Channel":"C","New Value":"x","SourceName":"y","o":{"a":[1]},"n":null}'
    assert fields(line, ShapeName.WINDOWS) == {
        "Provider_Name": "P", "EventID": "5", "Channel": "C", "NewValue": "x", "SourceName": "y", "o": '{"a":[1]}',
    }  # fmt: skip


def test_an_event_without_channel_is_one_too() -> None:
    assert (normalised(b'{"Provider_Name":"P","EventID":"5"}') or [""])[0] is ShapeName.WINDOWS


def test_columns_are_what_normalising_gives() -> None:
    lines = [
        b'{"Provider_Name":"P","EventID":5,"New Value":"a","NewValue":"b","f":12345678901234567890123}',
        b'{"Provider_Name":"P","EventID":6,"NewValue":"c","f":1e30,"l":[123456789012345678901234]}',
        b'{"Provider_Name":"P","EventID":7,"NewValue":null,"New Value":"d"}',
    ]
    expected = [dict((normalised(line) or ("", []))[1]) for line in lines]
    assert columns_of(lines) == expected
    assert expected[0]["NewValue"] == "b"
    assert expected[0]["f"] == "12345678901234567890123"
    assert expected[1]["l"] == "[123456789012345678901234]"


def test_an_event_that_fails_midway_leaves_nothing() -> None:
    deep = b'{"Provider_Name":"P","EventID":5,"l":' + b"[" * 990 + b"]" * 990 + b"}"
    lines = [deep, b'{"Provider_Name":"Q","EventID":6}']
    reading = read_lines(lines, Needs(frozenset({"Provider_Name", "EventID", "l"}), text=True))
    assert reading.batch.num_rows == len(reading.positions) == 2 - len(reading.unreadable)


def test_it_makes_no_pairs() -> None:
    assert SHAPE.plain_name is not None
    assert SHAPE.plain_name("Threat  Name") == "ThreatName"
