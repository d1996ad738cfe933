"""Stories of a new indicator over stored events: each planted event once, also when the hunt is killed anywhere."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from muster.app.hunting import Hunt
from muster.detect import ruleset
from muster.detect.indicators import index, retro
from muster.detect.indicators.indicator import Indicator, Kind
from muster.detect.indicators.seeking import Feed, Watched
from muster.detect.pipeline_choice import NONE
from muster.detect.rule import RuleKey
from muster.store.archive import Archive
from muster.store.hunt_state import HuntState
from tests.detect.stored import packed

KEY = "indicator:domain:evil.example"
WATCHED = Watched((Feed("own", index.build([Indicator(Kind.DOMAIN, "evil.example")])),))
PLANTED = {0: 3, 2: 0, 3: 7}
"""Hour -> position of the event with the indicator."""


class Killed(BaseException):
    """The process is gone."""


def archive_in(folder: Path) -> Archive:
    archive = Archive(str(folder / "archive"))
    for hour in range(4):
        names = [
            "www.evil.example" if PLANTED.get(hour) == at else f"h{at}.notevil.example" for at in range(10)
        ]
        events = [{"QueryName": name} for name in names]
        archive.put(packed(events, sha256=f"{hour}b" * 32, arrived=f"20261124T0{hour}1000.000000Z"))
    return archive


@pytest.mark.parametrize("last", range(12))
def test_three_planted_events_are_told_once_wherever_the_hunt_is_killed(tmp_path: Path, last: int) -> None:
    archive = archive_in(tmp_path)
    rules = ruleset.compile({}, NONE)
    known: set[tuple[str, str, tuple[int, ...]]] = set()
    steps: list[None] = []

    def step() -> None:
        steps.append(None)
        if len(steps) == last:
            raise Killed

    def report(lane: str, report: Mapping[str, Any]) -> None:
        assert report["origin"] == "retro"
        for hit in report["hits"]:  # a server keeps a hit once, by its batch, rule and rows
            known.add((report["batch"], hit["rule_key"], tuple(hit["rows"])))
        step()

    def hunt(watch: Any) -> list[dict[str, Any]]:
        state = HuntState(tmp_path / "state.jsonl")
        return list(Hunt(archive, rules, state, report=report, watch=watch, watched=WATCHED).run())

    if last:
        with pytest.raises(Killed):
            hunt(lambda _: step())
    found = hunt(lambda _: None)
    expected = {(f"{hour}b" * 32, KEY, (at,)) for hour, at in PLANTED.items()}
    assert known == expected
    assert [(one["batch"], one["rule"], tuple(one["events"])) for one in found] == sorted(expected)


def test_a_hit_that_was_noted_by_its_key_is_told_as_it_stands_in_the_lists() -> None:
    assert (
        retro.told_again(WATCHED, RuleKey(KEY), 0).title == "Indicator evil[.]example (TLP:AMBER, score 50)"
    )
    assert (
        retro.told_again(WATCHED, RuleKey("indicator:domain:gone.example"), 0).title
        == "Indicator gone[.]example"
    )
