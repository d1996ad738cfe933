"""Stories of lists by path: what is looked for of them, and what is left out, counted and named within bounds."""

import pytest

from muster.detect.indicators import loading
from muster.detect.indicators.indicator import Kind, Why
from muster.detect.indicators.life import Life
from muster.detect.indicators.listing import Format
from muster.detect.indicators.loading import WHOLE, load
from muster.detect.indicators.seeking import seek
from tests.detect.indicators.test_seeking import AT, batch

BUNDLE = b'{"type": "bundle", "id": "b", "objects": []}'
WARNING = b'{"name": "Own", "type": "hostname", "list": ["example.org"]}'


def test_lists_of_all_formats_are_read_beside_each_other() -> None:
    loaded = load(
        {
            "a/feed.csv": b"evil.example.com\n198.51.100.7\nnot a value\n",
            "a/bundle.json": BUNDLE,
            "a/own.warninglist.json": WARNING,
            "a/ours.false-alarms.csv": b"198.51.100.7\n",
        }
    )
    by_path = {one.path: one for one in loaded.lists}
    feed = by_path["a/feed.csv"]
    assert (feed.format, feed.kinds) == (Format.CSV, {Kind.DOMAIN: 1, Kind.IP: 1})
    assert (by_path["a/own.warninglist.json"].excludes, by_path["a/ours.false-alarms.csv"].false_alarms) == (
        1,
        1,
    )
    assert by_path["a/bundle.json"].format is Format.STIX
    assert (loaded.count, loaded.left) == (2, 1)
    ((path, left),) = loaded.named
    assert (path, left.where) == ("a/feed.csv", "line 3")
    sought = seek(loaded.watched, batch(DestinationIp=["198.51.100.7"], QueryName=["evil.example.com"]), AT)
    assert [one.indicator.value for one in sought.found] == ["evil.example.com"]
    assert sought.quiet == {Life.FALSE_ALARM: 1}
    assert sought.found[0].feed.name == "feed.csv"


def test_a_list_that_is_none_is_left_out_as_a_whole_and_the_others_go_on() -> None:
    loaded = load({"a.csv": b"evil.example.com\n", "b.json": b"{", "c.csv": b"", "d.json": b"[]"})
    assert loaded.count == 1
    assert [(path, one.where, one.why) for path, one in loaded.named] == [
        (path, WHOLE, Why.BROKEN) for path in ("b.json", "c.csv", "d.json")
    ]
    assert [one.format is None for one in loaded.lists] == [False, True, True, True]


def test_beyond_the_bounds_all_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MOST_INDICATORS", 2)
    monkeypatch.setattr(loading, "NAMED", 1)
    loaded = load({"a.csv": b"a.example.com\n", "b.csv": b"b.example.com\nc.example.com\nd.example.com\n"})
    assert (loaded.count, loaded.left, len(loaded.named)) == (2, 2, 1)
    assert loaded.lists[1].left == {Why.TOO_MANY: 2}
