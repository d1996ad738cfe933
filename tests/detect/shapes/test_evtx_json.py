"""EVTX as JSON: every way in which the libraries write System, EventData and UserData."""

import gzip
import json
from pathlib import Path

import orjson
import pytest

from muster.detect.flaw import Flaw, Flawed
from muster.detect.normalising import normalised
from muster.detect.shapes.shape import ShapeName
from tests.detect.shapes.field import fields

SYSTEM = {
    "Provider": {"#attributes": {"Name": "P", "Guid": "g"}}, "EventID": {"#attributes": {"Qualifiers": 0}, "#text": 7},
    "Version": 1, "Level": 4, "Keywords": "0x80", "TimeCreated": {"#attributes": {"SystemTime": "t"}},
    "Channel": "System", "Computer": "PC", "Security": None, "Correlation": {"#attributes": {"ActivityID": "x"}},
}  # fmt: skip
HEAD = {
    "Provider_Name": "P", "EventID": "7", "Version": "1", "Level": "4", "Keywords": "0x80", "UtcTimeCreated": "t",
    "Channel": "System", "Computer": "PC",
}  # fmt: skip


def of(event: object) -> dict[str, str]:
    return fields(json.dumps({"Event": event}), ShapeName.EVTX_JSON)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"New Value": "x", "n": 5, "b": True, "none": None, "e": ""}, {"NewValue": "x", "n": "5", "b": "true", "e": ""}),
        ({"Data": "x"}, {"Data": "x"}),
        ({"Data": {"#text": ["a", "b"]}}, {"Data": "a\nb"}),
        ({"Data": ["a", None, 3]}, {"Data": "a\n3"}),
        ({"Data": {"#attributes": {"Name": "Some Name"}, "#text": "x"}}, {"SomeName": "x"}),
        ({"Data": [{"#attributes": {"Name": "A"}, "#text": "x"}, {"#text": "u"}, "v", {"@Name": "B", "#text": 1}]},
         {"A": "x", "B": "1", "Data": "u\nv"}),
        ({"#attributes": {"Name": "left out"}, "A": {"#attributes": {"x": 1}, "#text": "y"}}, {"A": "y"}),
        (None, {}),
    ],
)  # fmt: skip
def test_event_data(data: object, expected: dict[str, str]) -> None:
    assert of({"System": SYSTEM, "EventData": data}) == HEAD | expected


def test_user_data_counts_when_there_is_no_event_data() -> None:
    user = {"LogFileCleared": {"#attributes": {"xmlns": "x"}, "SubjectUserName": "ann", "Deep": {"Leaf": 1}}}
    assert of({"System": SYSTEM, "EventData": None, "UserData": user}) == HEAD | {
        "SubjectUserName": "ann",
        "Leaf": "1",
    }
    assert of({"System": SYSTEM, "UserData": user, "EventData": {"A": "b"}}) == HEAD | {"A": "b"}


@pytest.mark.parametrize("event_id", [7, "7", " 7 ", 7.0, {"#text": "7"}, {"Value": 7}], ids=range(6))
def test_numbers_come_in_many_ways(event_id: object) -> None:
    assert of({"System": SYSTEM | {"EventID": event_id}})["EventID"] == "7"


def test_other_writers_of_the_same() -> None:
    apart = SYSTEM | {
        "Provider": None,
        "Provider_attributes": {"Name": "P"},
        "EventID": 7,
        "EventID_attributes": {"Qualifiers": 1},
    }
    assert of({"System": apart, "EventData_attributes": {"Name": "x"}}) == HEAD
    bare = {
        "System": SYSTEM | {"Provider": {"Name": "P"}, "TimeCreated": {"SystemTime": "t"}},
        "EventData": {"A": 1},
    }
    assert fields(json.dumps(bare), ShapeName.EVTX_JSON) == HEAD | {"A": "1"}


def test_deep_and_wide_events_are_refused() -> None:
    deep: object = "x"
    for _ in range(40):
        deep = {"a": deep}
    for data, flaw in ((deep, Flaw.DEEP), ({f"f{n}": n for n in range(5_000)}, Flaw.FIELDS)):
        with pytest.raises(Flawed) as refused:
            normalised(json.dumps({"Event": {"System": {}, "EventData": data}}).encode())
        assert refused.value.flaw is flaw


def test_the_raw_events_normalise_to_the_normalised_ones(corpora: Path) -> None:
    folder = corpora / "events"
    count = 0
    with (
        gzip.open(folder / "windows-20k-raw.jsonl.gz") as raw,
        gzip.open(folder / "windows-20k.jsonl.gz") as wanted,
    ):
        for one, other in zip(raw, wanted, strict=True):
            expected = orjson.loads(other)
            expected["EventID"] = str(expected["EventID"])
            for line in (one, other):
                found = normalised(line.strip())
                assert found is not None
                assert dict(found[1]) == expected, count
            count += 1
    assert count == 20_000
