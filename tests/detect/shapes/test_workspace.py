"""Events of a log workspace: EventData as an object, as JSON and as XML."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from muster.detect.events import read_lines
from muster.detect.flaw import Flaw
from muster.detect.normalising import normalised
from muster.detect.ruleset import Needs
from muster.detect.shapes.shape import ShapeName
from tests.detect.shapes.field import fields

XML = '<EventData xmlns="x">\r\n <Data Name="New Value">a &lt; b</Data>\r\n <Data Name="e" /></EventData>'


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (XML, {"NewValue": "a < b", "e": ""}),
        (f"<DataItem type='x'>{XML}</DataItem>", {"NewValue": "a < b", "e": ""}),
        ('{"Image":"a.exe","n":1}', {"Image": "a.exe", "n": "1"}),
        ({"Image": "a.exe"}, {"Image": "a.exe"}),
        ("free words", {"Data": "free words"}),
        ("", {}),
        (None, {}),
    ],
)
def test_event_data(data: object, expected: dict[str, str]) -> None:
    event = {"EventID": 1, "Provider": "P", "Channel": "C", "TimeGenerated": "t", "EventData": data}
    assert fields(json.dumps(event), ShapeName.WORKSPACE) == expected | {
        "EventID": "1", "Provider_Name": "P", "Channel": "C", "UtcTimeCreated": "t",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "flaw"),
    [
        ("<EventData><Data>", Flaw.NOT_XML),
        ("<!DOCTYPE x><EventData/>", Flaw.NOT_XML),
        ('{"a":', Flaw.NOT_JSON),
    ],
)
def test_broken_event_data_is_named(data: str, flaw: Flaw) -> None:
    line = json.dumps({"EventID": 1, "EventData": data}).encode()
    (bad,) = read_lines([line], Needs(frozenset(), text=False)).unreadable
    assert bad.flaw is flaw


def test_the_published_ones(corpora: Path) -> None:
    counts: Counter[str] = Counter()
    with gzip.open(corpora / "events" / "log4shell.jsonl.gz") as lines:
        for line in lines:
            found = normalised(line.strip())
            assert found is not None
            counts[found[0]] += 1
            named = dict(found[1])
            if found[0] is ShapeName.WORKSPACE:
                assert {"EventID", "Channel", "Computer", "Provider_Name"} <= set(named)
    assert counts == {"log-workspace": 526, "syslog": 143, "unknown": 5}
