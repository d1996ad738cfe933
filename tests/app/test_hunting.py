"""A hunt tells each hit once, also when it is stopped anywhere and begun again."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from muster.app.hunting import Hunt, Progress
from muster.detect import ruleset
from muster.detect.pipeline_choice import NONE
from muster.store.archive import Archive, Range
from muster.store.hunt_state import HuntState
from tests.detect.stored import packed

RULE = b"title: Root\nlevel: high\nauthor: Ann\nlogsource: {category: any}\ndetection: {s: {user: root}, condition: s}\n"
OFTEN = b"""
title: Often
correlation: {type: event_count, rules: [root.yml], generate: true, group-by: [user], timespan: 2h, condition: {gte: 2}}
"""
RULES = ruleset.compile({"root.yml": b"name: root.yml\n" + RULE, "often.yml": OFTEN}, NONE)


IN_REALITY = Range("real")


class Killed(BaseException):
    """The process is gone."""


class Yard:
    """An archive of four hours, and a server that records a hit once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archive = Archive(str(folder / "archive"))
        for hour in range(4):
            events = [
                {"user": user, "Channel": f"C{at % 2}", "n": hour}
                for at, user in enumerate(("root", "eve", "root"))
            ]
            self.archive.put(packed(events, sha256=f"{hour}b" * 32, arrived=f"20261124T0{hour}1000.000000Z"))
        self.archive.put(packed([{"user": "root"}], lane="drill:DRL-7", sha256="dd" * 32))
        self.known: Counter[tuple[str, str, str, tuple[int, ...]]] = Counter()
        self.reports: list[Mapping[str, Any]] = []
        self.steps = 0
        self.last = 10**9

    def step(self) -> None:
        self.steps += 1
        if self.steps > self.last:
            raise Killed

    def report(self, lane: str, report: Mapping[str, Any]) -> None:
        self.step()
        self.reports.append(report)
        for hit in report["hits"]:
            self.known[lane, report["batch"], hit["rule_key"], tuple(hit["rows"])] += 1
        self.step()

    def hunt(self, within: Range = IN_REALITY, watch: Any = None) -> list[dict[str, Any]]:
        state = HuntState(self.folder / "state.jsonl")
        run = Hunt(self.archive, RULES, state, within, self.report, watch or (lambda _: self.step()))
        return list(run.run())


def test_hits_are_reported_by_batch_with_their_first_events(tmp_path: Path) -> None:
    yard = Yard(tmp_path)
    found = yard.hunt()
    plain = [one for one in found if one["rule"] == "root.yml"]
    assert plain == [
        {"lane": "real", "batch": f"{hour}b" * 32, "rule": "root.yml", "events": [0, 2]} for hour in range(4)
    ]
    assert yard.reports[0]["origin"] == "retro"
    assert yard.reports[0]["events"] == 3
    (hit,) = yard.reports[0]["hits"]
    assert (hit["title"], hit["level"], hit["author"], hit["rows"]) == ("Root", "high", "Ann", [0, 2])
    assert hit["evidence"]["events"] == [0, 2]


def test_correlations_are_decided_over_all_hours(tmp_path: Path) -> None:
    yard = Yard(tmp_path)
    often = [one for one in yard.hunt() if one["rule"] == "often.yml"]
    assert often
    assert all(one["group"] == {"user": "root"} for one in often)


def test_wherever_a_hunt_is_killed_it_goes_on_and_every_hit_is_known_once(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    whole = Yard(tmp_path / "whole")
    expected = whole.hunt()
    assert whole.steps > 10
    for last in range(whole.steps):
        folder = tmp_path / str(last)
        folder.mkdir()
        yard = Yard(folder)
        yard.last = last
        with pytest.raises(Killed):
            yard.hunt()
        before = yard.steps
        yard.last = 10**9
        assert yard.hunt() == expected
        assert set(yard.known) == set(whole.known)
        assert yard.steps - before <= whole.steps


def test_an_hour_that_has_grown_is_hunted_again(tmp_path: Path) -> None:
    yard = Yard(tmp_path)
    yard.hunt()
    assert yard.hunt()
    count = len(yard.reports)
    yard.archive.put(packed([{"user": "root"}], sha256="ee" * 32, arrived="20261124T031500.000000Z"))
    assert "ee" * 32 in {one["batch"] for one in yard.hunt()}
    assert len(yard.reports) > count


def test_progress_is_told_with_hits_by_hour(tmp_path: Path) -> None:
    yard, told = Yard(tmp_path), []

    def watch(progress: Progress) -> None:
        told.append((progress.events, progress.total))

    yard.hunt(Range("real", "20261124T01", "20261124T03"), watch)
    assert told[-1] == (6, 6)
    assert told == sorted(told)


def test_segments_may_be_merged_while_a_hunt_goes_through_them(tmp_path: Path) -> None:
    yard = Yard(tmp_path)
    yard.archive.put(
        packed([{"user": "root", "Channel": "C0"}], sha256="ee" * 32, arrived="20261124T031500.000000Z")
    )
    expected = Counter(str(one) for one in yard.hunt())
    (tmp_path / "state.jsonl").unlink()

    def watch(progress: Progress) -> None:
        while yard.archive.merge("20261125T00"):
            pass

    assert Counter(str(one) for one in yard.hunt(watch=watch)) == expected
