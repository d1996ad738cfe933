"""Clocks from a file of facts: its words as YAML reads them, and one line for what is wrong."""

from datetime import UTC, date, datetime

import pytest

from muster.core.errors import BadInput
from muster.disclose.clock import ClockState
from muster.disclose.facts_file import check_answers, evaluate, read_facts, unused
from muster.plan.facts import AskedFact, FactKind
from tests.disclose.duties import EVERY, instant, named

NOW = instant("2026-11-29T00:00Z")
FILE = {
    "zone": "Europe/Berlin",
    "scope": {"gdpr-33": True, "nis2-23": "yes", "contract-meadow": False},
    "facts": {"personal-data-affected": True, "risk-unlikely": "no", "significant": True},
    "anchors": {"aware": date(2026, 11, 24), "gdpr-33/aware": datetime(2026, 11, 24, 1, 10, tzinfo=UTC)},
    "filed": {"nis2-23/early-warning": "2026-11-24T20:00Z", "nis2-23/notification": "2026-11-28T20:00Z"},
    "late": {"nis2-23/notification": "The portal was down"},
    "held_back": {"gdpr-33/notification": "2026-11-30T12:00Z"},
}


def test_the_file_tells_the_same_as_a_record() -> None:
    found = evaluate(EVERY, read_facts(FILE), NOW)
    states = {clock.key: clock.state for clock in found}
    assert states == {
        "gdpr-33/notification": ClockState.DELAYED,
        "nis2-23/early-warning": ClockState.SATISFIED,
        "nis2-23/notification": ClockState.SATISFIED_LATE,
        "nis2-23/final": ClockState.RUNNING,
        "contract-meadow/notice": ClockState.NOT_APPLICABLE,
    }
    assert named(found, "gdpr-33/notification").operational_due == instant("2026-11-27T01:10Z")
    assert named(found, "nis2-23/early-warning").operational_due == instant("2026-11-25T00:00+01:00")
    assert "with its reason" in named(found, "nis2-23/notification").why


def test_what_the_file_does_not_declare_is_not_declared() -> None:
    assert {clock.state for clock in evaluate(EVERY, read_facts({}), NOW)} == {ClockState.SCOPE_NOT_DECLARED}


@pytest.mark.parametrize(
    ("tree", "where"),
    [
        ([], "the file"),
        ({"anchor": {}}, "anchor"),
        ({"scope": {"gdpr-33": "perhaps"}}, "scope.gdpr-33"),
        ({"anchors": {"aware": datetime(2026, 11, 24, 1, 10)}}, "anchors.aware"),  # noqa: DTZ001 - as YAML reads it
        ({"facts": {"a": ["x"]}}, "facts.a"),
    ],
)
def test_a_wrong_file_is_one_line_with_its_place(tree: object, where: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_facts(tree)
    assert caught.value.where == where


@pytest.mark.parametrize(
    ("text", "where"),
    [("soon", "anchors.aware"), ("2026-11-24", "anchors.aware"), ("2026-13-24", "anchors.aware")],
)
def test_a_wrong_time_is_named(text: str, where: str) -> None:
    with pytest.raises(BadInput) as caught:
        evaluate(EVERY, read_facts({"anchors": {"aware": text}}), NOW)
    assert caught.value.where == where


@pytest.mark.parametrize("said", [None, "", " ", "?", "unknown", "Unknown", "UNKNOWN"])
def test_what_nobody_knows_is_unknown_however_it_is_written_and_never_a_no(said: object) -> None:
    facts = read_facts(
        {**FILE, "facts": {"personal-data-affected": said, "risk-unlikely": "no"}, "held_back": {}}
    )
    check_answers(facts, EVERY, {})
    clock = named(evaluate(EVERY, facts, NOW), "gdpr-33/notification")
    assert (clock.state, clock.needs) == (ClockState.NEEDS_FACTS, ("personal-data-affected",))


@pytest.mark.parametrize("said", [True, "yes", "Yes", "YES", " yes "])
def test_a_yes_is_a_yes_however_it_is_written(said: object) -> None:
    facts = read_facts({"scope": {"gdpr-33": said}, "facts": {"personal-data-affected": said}})
    assert (facts.facts["personal-data-affected"], facts.scope["gdpr-33"]) == ("yes", "yes")


def test_a_slip_of_the_pen_is_refused_and_not_counted_as_a_no() -> None:
    with pytest.raises(BadInput, match="yes, no or unknown") as caught:
        check_answers(read_facts({"facts": {"personal-data-affected": "yess"}}), EVERY, {})
    assert caught.value.where == "facts.personal-data-affected"
    risk = AskedFact(
        question="How great?", answered_by="privacy", kind=FactKind.CHOICE, choices=("low", "high")
    )
    with pytest.raises(BadInput, match="low, high") as caught:
        check_answers(read_facts({"facts": {"risk": "hgih"}}), EVERY, {"risk": risk})
    assert caught.value.where == "facts.risk"
    check_answers(read_facts({"facts": {"risk": "high", "anything": "else"}}), EVERY, {"risk": risk})


def test_what_lies_after_now_has_not_happened_yet() -> None:
    facts = read_facts(FILE)
    early = instant("2026-11-24T00:30Z")
    states = {clock.key: clock.state for clock in evaluate(EVERY, facts, early)}
    assert states["nis2-23/early-warning"] is ClockState.RUNNING
    assert states["nis2-23/final"] is ClockState.NOT_STARTED
    assert unused(facts, EVERY, NOW) == ()
    assert unused(facts, EVERY, early) == (
        "anchors.gdpr-33/aware: it lies after now, so it counts not yet.",
        "filed.nis2-23/early-warning: it lies after now, so it counts not yet.",
        "filed.nis2-23/notification: it lies after now, so it counts not yet.",
    )


def test_a_time_that_is_left_empty_has_not_come() -> None:
    facts = read_facts(
        {**FILE, "anchors": {"aware": None}, "filed": {"nis2-23/early-warning": None}, "late": {}}
    )
    clock = named(evaluate(EVERY, facts, NOW), "nis2-23/early-warning")
    assert clock.state is ClockState.NOT_STARTED


@pytest.mark.parametrize(
    ("part", "name", "near"),
    [
        ("scope", "gdpr-34", "gdpr-33"),
        ("anchors", "awrae", "aware"),
        ("anchors", "gdpr-33/awar", "gdpr-33/aware"),
        ("anchors", "submitted", ""),
        ("filed", "nis2-23/finale", "nis2-23/final"),
        ("held_back", "gdpr-33", ""),
        ("late", "gdpr-33/notification", ""),
    ],
)
def test_a_name_that_no_clock_takes_is_said(part: str, name: str, near: str) -> None:
    value = "yes" if part == "scope" else "2026-11-24T01:00Z"
    (line,) = unused(read_facts({part: {name: value}}), EVERY, NOW)
    assert line.startswith(f"{part}.{name}: no clock of this pack takes it")
    assert f"did you mean {near}?" in line if near else "did you mean" in line or line.endswith("it.")
