"""Indicators in the detector: found in each batch, reported like the hits of rules, what is silenced is counted."""

from base64 import b64decode
from pathlib import Path

import pytest

from muster.app import indicator_hits
from muster.app.indicator_hits import IndicatorHits
from tests.app.stage import peopled
from tests.app.test_detector import Yard, yard

__all__ = ["yard"]

EVENTS = (
    b'{"QueryName": "www.evil.example.com"}\n{"QueryName": "fine.example.org"}\n'
    b'{"DestinationIp": "198.51.100.7"}\n{"url": {"full": "http://old.example.net/x"}}\n'
)
HEAD = b"value,confidence,tlp,valid_until,label\n"
FEED = "value,confidence,tlp,valid_until,label\nevil.example.com,90,TLP:GREEN,,loader\n"


def hits(yard: Yard) -> list[tuple[str, str, str, list[int]]]:
    return [
        (hit["rule_key"], hit["title"], hit["author"], hit["rows"])
        for report in yard.server.reports
        for hit in report["hits"]
    ]


def test_a_list_in_force_makes_one_hit_and_a_repeat_makes_the_same(yard: Yard) -> None:
    yard.server.indicators = {"plan/indicators/feed.csv": FEED}
    sha256 = yard.put(EVENTS)
    yard.detector.take_rules()
    yard.detector.work_once()
    first = hits(yard)
    assert first == [
        (
            "indicator:domain:evil.example.com",
            "Indicator evil[.]example[.]com (TLP:GREEN, score 90): loader",
            "feed.csv",
            [0],
        )
    ]
    (report,) = yard.server.reports
    assert report["batch"] == sha256
    assert b64decode(report["hits"][0]["evidence"]["data"]) == EVENTS.splitlines(keepends=True)[0]
    yard.server.reports.clear()
    yard.put(EVENTS)
    yard.detector.work_once()
    assert hits(yard) == first


def test_its_hits_become_one_signal_also_when_a_hunt_finds_the_same_events(
    yard: Yard, tmp_path: Path
) -> None:
    yard.server.indicators = {"plan/indicators/feed.csv": FEED}
    yard.put(EVENTS)
    yard.detector.take_rules()
    yard.detector.work_once()
    (report,) = yard.server.reports
    stage = peopled(tmp_path / "server", detector=True)
    ana = stage.people["ana"].caller
    for origin in ("live", "live", "retro"):
        stage.muster.evidence.report_hits({**report, "origin": origin}, ana, None)
    (signal,) = stage.muster.reading.signals(ana).signals
    assert (signal.title, signal.count) == (report["hits"][0]["title"], 1)
    stage.close()


def test_a_list_that_comes_into_force_counts_from_the_next_batch_on(yard: Yard) -> None:
    yard.detector.take_rules()
    yard.put(EVENTS, batch="before")
    yard.detector.work_once()
    assert hits(yard) == []
    yard.server.version, yard.server.indicators = "v2", {"plan/indicators/feed.csv": FEED}
    yard.put(EVENTS + b"{}\n", batch="after")
    yard.detector.work_once()
    assert len(hits(yard)) == 1
    yard.server.version, yard.server.indicators = "v3", {}
    yard.put(EVENTS + b"{}\n{}\n", batch="last")
    yard.detector.work_once()
    assert len(hits(yard)) == 1


def test_expired_false_alarms_and_what_is_harmless_make_none_and_are_counted(yard: Yard) -> None:
    yard.server.indicators = {
        "i/feed.csv": "value,valid_until\nevil.example.com,\n198.51.100.7,\nold.example.net,2001-01-01\n=x,\n",
        "i/ours.false-alarms.csv": "evil.example.com\n",
        "i/own.warninglist.json": '{"name": "Own", "type": "cidr", "list": ["198.51.100.0/24"]}',
    }
    yard.put(EVENTS)
    yard.detector.take_rules()
    yard.detector.work_once()
    assert hits(yard) == []
    yard.detector.say()
    assert yard.server.said[-1]["indicators"] == {
        "loaded": 3,
        "left_out": 1,
        "quiet": {"false alarm": 1, "on a warning list": 1, "expired": 1},
    }


def test_two_lists_that_name_a_value_make_one_hit_as_the_higher_score_says(yard: Yard) -> None:
    yard.server.indicators = {"i/a.csv": "value,confidence\nevil.example.com,40\n", "i/b.csv": FEED}
    yard.put(EVENTS)
    yard.detector.take_rules()
    yard.detector.work_once()
    ((_, title, author, rows),) = hits(yard)
    assert ("score 90" in title, author, rows) == (True, "b.csv", [0])


def test_lists_that_did_not_change_are_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    one = IndicatorHits()
    one.use({"a.csv": FEED})
    loaded = one.loaded
    monkeypatch.setattr(indicator_hits, "load", None)
    one.use({"a.csv": FEED})
    assert one.loaded is loaded
