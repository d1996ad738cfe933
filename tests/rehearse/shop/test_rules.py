"""The shop's rules: loadable, ours, a hit for every step of the attack but one, and none in the ordinary work of a night."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import yaml

from muster.detect.events import read
from muster.detect.matching import match
from muster.detect.pipeline_choice import DEFAULT
from muster.detect.ruleset import Ruleset, compile  # noqa: A004 - the word for it
from muster.rehearse.shop import RULES, Event, Step, night_of

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
FOLDER = Path(__file__).parents[3] / "src/muster/rehearse/shop/rules"
LESSON = FOLDER.parent / "lesson" / "sign_in_to_console_from_outside.yml"


@cache
def _ruleset() -> Ruleset:
    return compile({name: (FOLDER / name).read_bytes() for name in RULES}, DEFAULT)


@cache
def _of_the_lesson() -> Ruleset:
    return compile({LESSON.name: LESSON.read_bytes()}, DEFAULT)


def _hits(seed: int, ruleset: Ruleset) -> dict[str, list[Event]]:
    events = night_of(seed, START)
    lines = b"\n".join(json.dumps(event.fields).encode() for event in events)
    reading = read(lines, ruleset.needs)
    assert not reading.unreadable
    files = {rule.key: rule.path for rule in ruleset.rules}
    return {files[hit.rule]: [events[row] for row in hit.rows] for hit in match(ruleset, reading.batch)}


def test_the_names_are_the_files() -> None:
    tests = {f"{Path(name).stem}.test.yaml" for name in RULES}
    assert {path.name for path in FOLDER.iterdir()} == set(RULES) | tests


def test_every_rule_is_loaded() -> None:
    assert _ruleset().unloaded == ()
    assert len(_ruleset().rules) == len(RULES)


@pytest.mark.parametrize("path", [*(FOLDER / name for name in RULES), LESSON], ids=lambda path: path.name)
def test_a_rule_says_what_a_rule_must_say(path: Path) -> None:
    rule = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert rule["author"] == "Muster"
    assert rule["level"] in {"medium", "high", "critical"}
    assert rule["falsepositives"]
    assert any(tag.startswith("attack.t1") for tag in rule["tags"])
    assert rule["title"]
    assert rule["description"].endswith(".")


def test_rule_ids_differ() -> None:
    files = [*(FOLDER / name for name in RULES), LESSON]
    assert len({yaml.safe_load(path.read_bytes())["id"] for path in files}) == len(files)


@pytest.mark.parametrize("seed", range(1, 6))
def test_each_rule_finds_its_step_and_nothing_ordinary(seed: int) -> None:
    found = _hits(seed, _ruleset())
    assert set(found) == set(RULES)
    for name, events in found.items():
        assert {event.step for event in events} <= set(Step), name
        assert RULES[name] in {event.step for event in events}, name
    assert {event.step for events in found.values() for event in events} == set(Step) - {Step.SIGN_IN}


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_sign_in_from_outside_is_found_by_the_rule_of_the_lesson_alone(seed: int) -> None:
    (events,) = _hits(seed, _of_the_lesson()).values()
    assert [event.step for event in events] == [Step.SIGN_IN]
