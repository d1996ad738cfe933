"""A segment gives its columns when they are asked for; dictionaries stay dictionaries."""

import io
import json

import pyarrow as pa

from muster.detect import packing
from muster.detect.columns import Events
from muster.detect.events import read_lines
from muster.detect.packing import Arrived, pack
from muster.detect.ruleset import EVERYTHING
from muster.detect.segment import Segment


def segment(lines: list[bytes]) -> Segment:
    reading = read_lines(lines, EVERYTHING)
    assert isinstance(reading.batch, Events)
    (one,) = pack(reading.batch, reading.positions, Arrived("real", "20261124T021000.000000Z", "ab" * 32, 0))
    return Segment(io.BytesIO(one.data))


LINES = [
    json.dumps({"user": f"u{at % 3}", "id": f"n{at}", **({"odd": "x"} if at % 2 else {})}).encode()
    for at in range(20)
]


def test_values_that_repeat_are_a_dictionary_and_others_are_plain() -> None:
    group = segment(LINES).group(0)
    assert pa.types.is_dictionary(group.column("user").type)
    assert pa.types.is_string(group.column("id").type)
    assert group.distinct("user") == ["u0", "u1", "u2"]
    assert group.distinct("id") == [f"n{at}" for at in range(20)]
    assert group.column("odd").to_pylist() == [None, "x"] * 10
    assert group.distinct("none") == []


def test_columns_are_found_by_name_and_by_place() -> None:
    group = segment(LINES).group(0)
    assert group.schema.names == ["user", "id", "odd"]
    assert group.column(1).equals(group.column("id"))
    assert group.table(["odd", "missing", "user"]).column_names == ["odd", "user"]


def test_the_bytes_of_events_are_kept_with_what_identifies_them() -> None:
    found = segment(LINES)
    group = found.group(0)
    assert group.raw([3, 0]) == [LINES[3], LINES[0]]
    assert group.positions.tolist() == list(range(20))
    assert group.batch_codes[0] == ["ab" * 32]
    assert (found.rows, found.groups, found.parts) == (20, 1, ())


def test_a_row_group_is_bounded_and_has_only_what_its_events_have(monkeypatch) -> None:
    monkeypatch.setattr(packing, "GROUP_BYTES", 1_850)
    lines = [b'{"EventID":1,"a":"' + b"x" * 900 + b'"}'] * 4 + [b'{"EventID":2,"b":"y"}'] * 3
    found = segment(lines)
    assert [group.num_rows for group in found.each()] == [2, 2, 3]
    assert [group.schema.names for group in found.each()] == [["EventID", "a"]] * 2 + [["EventID", "b"]]
