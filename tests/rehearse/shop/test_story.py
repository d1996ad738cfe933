"""The script: playable in its order, told from the night's own data, by people and lines of the example plan."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest

from muster.core.labels import Severity
from muster.core.time import from_stored
from muster.plan.example_dates import moved_to
from muster.plan.load import load
from muster.plan.plan import Plan
from muster.plan.playbooks import Decision, If, Verify
from muster.plan.severity import Ratings, derive
from muster.rehearse.shop import EVERYBODY, RULES, cast_of, review_of, second_run_of, story_of
from muster.rehearse.shop.beats import Beat, Value
from muster.rehearse.shop.cast import defanged
from muster.rehearse.shop.chapters.learn import RULE
from tests.plan.shop_plan import example

START = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)
SEEDS = range(1, 6)
HOLE = "No rule reads sign-ins of identity-provider (product keycloak, service events)."
DRILL = "DRL-7Q4KM2"
LINES = ("rules/x.yml#/title",)
# Names under which a story finds what it did not make itself.
ROLES = {
    "commander",
    "deputy",
    "scribe",
    "operations",
    "communications",
    "legal",
    "severity",
    "summary",
    "state",
}


@cache
def plan() -> Plan:
    found = load(moved_to(example(), date(2026, 11, 24))).plan
    assert found is not None
    return found


@cache
def night(seed: int = 1) -> tuple[Beat, ...]:
    return story_of(seed, START).beats


@cache
def everything(seed: int = 1) -> tuple[Beat, ...]:
    """The night, its review and the second drill."""
    again = second_run_of(seed + 1, START, DRILL, LINES).beats
    return (*night(seed), *review_of(seed, START, HOLE, "title: x\n").beats, *again)


def words(value: Value) -> Iterator[str]:
    """All texts in a value."""
    match value:
        case str():
            yield value
        case tuple():
            for inner in value:
                yield from words(inner)
        case Mapping():
            for inner in value.values():
                yield from words(inner)
        case _:
            return


def places(value: Value) -> Iterator[tuple[str, str]]:
    """The open places of a value."""
    match value:
        case tuple():
            for inner in value:
                yield from places(inner)
        case Mapping():
            for key, inner in value.items():
                if isinstance(inner, str) and key.startswith("$"):
                    yield key, inner
                yield from places(inner)
        case _:
            return


@pytest.mark.parametrize("seed", SEEDS)
def test_beats_are_in_the_order_of_time_and_everybody_has_a_part(seed: int) -> None:
    for beats in (night(seed), review_of(seed, START, HOLE, "x").beats):
        assert [beat.at for beat in beats] == sorted(beat.at for beat in beats)
    assert {beat.who for beat in everything(seed)} == {person.key for person in EVERYBODY}
    assert review_of(seed, START, None, "").beats[0].at > night(seed)[-1].at


@pytest.mark.parametrize("seed", SEEDS)
def test_open_places_point_backwards_or_at_rules_and_people(seed: int) -> None:
    made: set[str] = set()
    people = {person.key for person in EVERYBODY}
    for beat in everything(seed):
        for key, name in places(beat.fields):
            match key:
                case "$":
                    assert name in made, (beat.verb, name)
                case "$of":
                    assert name.partition(".")[0] in made, (beat.verb, name)
                case "$signal":
                    assert name in {*RULES, RULE}
                case "$version":
                    assert name in ROLES | made
                case _:
                    assert (key, name in people) == ("$account", True)
        made |= {beat.makes} - {""}


def test_every_signal_gets_an_outcome_once() -> None:
    named = [
        name
        for beat in night()
        if beat.verb in ("declare", "attach", "dismiss")
        for _, name in places(beat.fields["signal"])
    ]
    assert sorted(named) == sorted(RULES)


def test_every_person_is_one_of_the_plan() -> None:
    assert {person.key for person in EVERYBODY} <= set(plan().in_force.people.people)
    for person in EVERYBODY:
        assert plan().in_force.people.people[person.key].name == person.name


def test_every_step_question_service_and_template_is_one_of_the_plan() -> None:
    pinned, in_force = plan().pinned, plan().in_force
    named: dict[str, set[str]] = {}
    for beat in everything():
        for field, value in beat.fields.items():
            if isinstance(value, str):
                named.setdefault(f"{beat.verb} {field}", set()).add(value)
    (playbook,) = named["run playbook"]
    steps = set(pinned.playbooks[playbook].steps)
    assert named["finish-step step"] | named["agree step"] <= steps
    assert named["answer-fact fact"] <= set(pinned.facts.facts)
    assert named["restored service"] | named["lost service"] <= set(in_force.services)
    assert named["draft-statement template"] <= set(pinned.templates)
    assert named["file-notice obligation"] | named["anchor obligation"] <= set(pinned.obligations)
    assert named["propose decision"] <= set(in_force.authority.decisions)


def test_choices_are_those_of_their_step() -> None:
    steps = plan().pinned.playbooks["web-intrusion"].steps
    for beat in everything():
        choice = beat.fields.get("choice")
        if choice is None:
            continue
        match steps[str(beat.fields["step"])]:
            case Decision(options=options):
                assert choice in options, beat
            case If():
                assert choice in ("yes", "no")
            case step:
                assert isinstance(step, Verify), beat
                assert choice in ("worked", "failed")


def test_the_ratings_give_the_levels_that_the_reasons_speak_of() -> None:
    rated = [Ratings.model_validate(beat.fields["ratings"]) for beat in night() if beat.verb == "severity"]
    reasons = [str(beat.fields["reason"]) for beat in night() if beat.verb == "severity"]
    levels = [derive(plan().pinned.severity.table, ratings).severity for ratings in rated]
    assert levels == [Severity.SEV1, Severity.SEV2, Severity.SEV1]
    assert reasons[1].startswith("Lowered")
    assert reasons[2].startswith("Raised")


def test_the_course_of_the_night() -> None:
    verbs = [beat.verb for beat in night()]
    assert verbs[:2] == ["acknowledge", "declare"]
    states = [beat.fields["to"] for beat in night() if beat.verb == "state"]
    assert states == ["active", "recovering", "watching", "review"]
    assert [beat.verb for beat in night() if beat.refused] == [
        "start-action", "approve-statement", "restored",
    ], "the guard, a letter whose fact changed, and a service before what it needs"  # fmt: skip
    assert verbs.index("anchor") < verbs.index("file-notice")
    filed = next(beat.at for beat in night() if beat.verb == "file-notice")
    aware = next(beat.at for beat in night() if beat.verb == "anchor")
    assert filed - aware < timedelta(hours=72)


def test_the_review_says_what_was_found_and_only_a_hole_changes_the_plan() -> None:
    found, none = review_of(1, START, HOLE, "title: x\n").beats, review_of(1, START, None, "").beats
    assert HOLE in "\n".join(word for beat in found for word in words(beat.fields))
    assert [beat.who for beat in found if beat.verb == "write-change"] != [
        beat.who for beat in found if beat.verb == "approve-change"
    ], "nobody approves a change of their own"
    assert {"lesson", "write-change", "approve-change"} & {beat.verb for beat in none} == set()
    assert [beat.verb for beat in none].count("no-lesson") == 1
    assert found[-1].verb == none[-1].verb == "close"


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_in_the_words_is_live_or_secret(seed: int) -> None:
    one = cast_of(seed)
    text = "\n".join(word for beat in night(seed) for word in words(beat.fields))
    assert one.attacker not in text
    assert one.drop not in text
    assert one.password not in text
    for word in (defanged(one.attacker), defanged(one.drop), one.portal.name, one.dump, one.table):
        assert word in text


@pytest.mark.parametrize("seed", SEEDS)
def test_stated_times_lie_before_they_are_written(seed: int) -> None:
    stated = [beat for beat in night(seed) if "happened_at" in beat.fields]
    assert stated
    for beat in stated:
        assert from_stored(str(beat.fields["happened_at"])) <= START + beat.at


def test_same_seed_same_story() -> None:
    assert story_of(3, START).beats == story_of(3, START).beats
    assert night(3) != night(4)
    assert story_of(3, START).seed == 3
    assert story_of(3, START).people == EVERYBODY


def test_a_start_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        story_of(1, START.replace(tzinfo=None))
