"""The script: playable in its order, told from the night's own data, nothing of it live."""

from datetime import UTC, datetime, timedelta

import pytest

from muster.core.labels import Severity
from muster.core.time import from_stored
from muster.plan.builtin import SEVERITY_TABLE
from muster.plan.severity import Ratings, derive
from muster.rehearse.shop import RULES, cast_of, story_of
from muster.rehearse.shop.beats import INCIDENT, Beat
from muster.rehearse.shop.cast import defanged
from muster.rehearse.shop.story import COMMANDER, DUTY

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SEEDS = range(1, 11)


def _beats(seed: int = 1) -> tuple[Beat, ...]:
    return story_of(seed, START).beats


def _words(beat: Beat) -> str:
    return " ".join(value for value in beat.fields.values() if isinstance(value, str))


@pytest.mark.parametrize("seed", SEEDS)
def test_beats_are_in_time_order_and_by_people_of_the_script(seed: int) -> None:
    beats = _beats(seed)
    assert [beat.at for beat in beats] == sorted(beat.at for beat in beats)
    assert {beat.who for beat in beats} == {person.key for person in story_of(seed, START).people}


@pytest.mark.parametrize("seed", SEEDS)
def test_placeholders_point_backwards_or_at_rules(seed: int) -> None:
    made: set[str] = set()
    for beat in _beats(seed):
        for value in (beat.stream, *beat.fields.values()):
            if not isinstance(value, dict):
                continue
            ((key, name),) = value.items()
            if key in ("$", "$thing"):
                assert name in made, name
            elif key == "$signal":
                assert name in RULES
            elif key == "$version":
                assert name in {"commander", "scribe", "severity", "summary", "state"} | made
            else:
                assert (key, name) in {("$account", DUTY.key), ("$account", COMMANDER.key)}
        made |= {beat.makes} - {""}


def test_every_signal_gets_an_outcome_once() -> None:
    named: list[str] = []
    for beat in _beats():
        where = beat.fields["signal"] if beat.verb == "declare" else beat.stream
        if beat.verb in ("declare", "attach", "dismiss") and isinstance(where, dict):
            named += where.values()
    assert sorted(named) == sorted(RULES)


def test_the_ratings_give_the_levels_that_the_reasons_speak_of() -> None:
    levels: list[Severity] = []
    for beat in _beats():
        if beat.verb == "severity":
            ratings = {name: value for name, value in beat.fields.items() if name in Ratings.model_fields}
            levels.append(derive(SEVERITY_TABLE, Ratings.model_validate(ratings)).severity)
    assert levels == [Severity.SEV1, Severity.SEV2, Severity.SEV1]


def test_the_course_of_the_incident() -> None:
    beats = _beats()
    verbs = [beat.verb for beat in beats]
    assert verbs[:2] == ["acknowledge", "declare"]
    assert verbs[-1] == "close"
    states = [beat.fields["to"] for beat in beats if beat.verb == "state"]
    assert states == ["active", "recovering", "watching", "review"]
    assert {"offer", "accept", "log", "fact", "assume", "question", "settle", "summary", "dismiss"} <= set(
        verbs
    )
    lowered = [beat for beat in beats if beat.verb == "severity" and "Lowered" in str(beat.fields["reason"])]
    assert [beat.who for beat in lowered] == [COMMANDER.key]
    assert all(beat.stream == INCIDENT for beat in beats if beat.verb == "severity")


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_in_the_words_is_live_or_secret(seed: int) -> None:
    one = cast_of(seed)
    text = "\n".join(_words(beat) for beat in _beats(seed))
    assert one.attacker not in text
    assert one.drop not in text
    assert one.password not in text
    for word in (defanged(one.attacker), defanged(one.drop), one.portal.name, one.dump, one.table):
        assert word in text


@pytest.mark.parametrize("seed", SEEDS)
def test_stated_times_lie_before_they_are_written(seed: int) -> None:
    for beat in _beats(seed):
        if isinstance(stated := beat.fields.get("happened_at"), str):
            assert from_stored(stated) <= START + beat.at
    assert max(beat.at for beat in _beats(seed)) < timedelta(days=3)


def test_same_seed_same_story() -> None:
    assert _beats(3) == _beats(3)
    assert _beats(3) != _beats(4)
