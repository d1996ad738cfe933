"""The clock of each obligation: unknown is never "no", later stages wait for the filing, history is kept."""

import os
import time
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.disclose.clock import Anchor, Clock, ClockState, Delay, Recorded, clocks, next_due
from muster.plan.severity import YesNo
from tests.disclose.duties import (
    ALL_YES,
    EVERY,
    GDPR,
    IN_SCOPE,
    NIS2,
    anchor,
    day,
    filing,
    instant,
    named,
    recorded,
)

S = ClockState
NOW = instant("2026-11-24T03:00+01:00")
AWARE = {"aware": (anchor("2026-11-24T02:10+01:00"),)}


def gdpr(known: Recorded, now: datetime = NOW) -> Clock:
    return clocks([GDPR], known, now)[0]


def test_nothing_is_known() -> None:
    assert {one.state for one in clocks(EVERY, Recorded(), NOW)} == {S.SCOPE_NOT_DECLARED}


def test_in_scope_but_nobody_knows_what_is_affected() -> None:
    clock = gdpr(Recorded(scope=IN_SCOPE))
    assert clock.state is S.NEEDS_FACTS
    assert clock.needs == ("personal-data-affected", "risk-unlikely")


def test_an_open_question_never_hides_the_deadline() -> None:
    clock = gdpr(recorded(answers={}, anchors=AWARE), NOW + timedelta(days=9))
    assert clock.state is S.NEEDS_FACTS
    assert clock.operational_due == instant("2026-11-27T02:10+01:00")
    assert clock.open


def test_one_clear_no_is_enough_and_names_itself() -> None:
    clock = gdpr(recorded(answers={"risk-unlikely": YesNo.YES}, anchors=AWARE))
    assert clock.state is S.NOT_APPLICABLE
    assert clock.why == "It does not apply: risk-unlikely is yes."
    assert clock.deadline is None
    assert [one.state for one in clock.earlier] == [S.SUPERSEDED]
    clock = gdpr(recorded(scope={"shop": YesNo.NO}))
    assert (clock.state, clock.why) == (S.NOT_APPLICABLE, "shop was declared out of scope.")


def test_it_runs_from_the_recorded_awareness() -> None:
    assert gdpr(recorded()).state is S.NOT_STARTED
    clock = gdpr(recorded(anchors=AWARE))
    assert clock.state is S.RUNNING
    assert clock.operational_due == instant("2026-11-27T02:10+01:00")
    assert clock.legal_due == instant("2026-11-27T03:00+01:00")
    assert clock.deadline is not None
    assert clock.deadline.anchored_by == 3


def test_it_is_overdue_a_microsecond_later() -> None:
    due = instant("2026-11-27T02:10+01:00")
    assert gdpr(recorded(anchors=AWARE), due).state is S.RUNNING
    clock = gdpr(recorded(anchors=AWARE), due + timedelta(microseconds=1))
    assert clock.state is S.OVERDUE
    assert "has not passed" in clock.why
    assert "passed too" in gdpr(recorded(anchors=AWARE), due + timedelta(hours=1)).why


def test_late_awareness_is_overdue_at_once() -> None:
    clock = gdpr(recorded(anchors={"aware": (anchor("2026-11-19T09:00+01:00"),)}))
    assert clock.state is S.OVERDUE


def test_a_date_without_a_time_is_the_earliest_reading() -> None:
    known = recorded(anchors={"aware": (Anchor(day("2026-11-24", "Europe/Berlin"), 3, "ana"),)})
    assert gdpr(known).operational_due == instant("2026-11-27T00:00+01:00")
    assert gdpr(known).legal_due == instant("2026-11-28T00:00+01:00")


def test_anchored_anew_the_old_deadline_stays_in_history() -> None:
    twice = {"aware": (anchor("2026-11-24T02:10+01:00"), anchor("2026-11-23T20:00+01:00", 5))}
    clock = gdpr(recorded(anchors=twice))
    assert clock.operational_due == instant("2026-11-26T20:00+01:00")
    assert [(one.operational, one.state) for one in clock.earlier] == [
        (instant("2026-11-27T02:10+01:00"), S.SUPERSEDED)
    ]


def test_a_withdrawn_anchor_starts_nothing_but_stays_in_history() -> None:
    clock = gdpr(recorded(anchors={"aware": (anchor("2026-11-24T02:10+01:00", withdrawn=True),)}))
    assert clock.state is S.NOT_STARTED
    assert len(clock.earlier) == 1


def test_the_anchor_of_one_obligation_goes_before_the_general_one() -> None:
    known = recorded(anchors={**AWARE, "gdpr-33/aware": (anchor("2026-11-24T01:00+01:00", 7),)})
    found = clocks(EVERY, known, NOW)
    assert named(found, "gdpr-33/notification").operational_due == instant("2026-11-27T01:00+01:00")
    assert [one.anchored_by for one in named(found, "gdpr-33/notification").earlier] == [3]
    assert named(found, "nis2-23/notification").operational_due == instant("2026-11-27T02:10+01:00")


def test_later_stages_wait_for_the_filing() -> None:
    final = named(clocks([NIS2], recorded(anchors=AWARE), NOW), "nis2-23/final")
    assert (final.state, final.why) == (S.NOT_STARTED, "It starts when notification is filed.")
    assert final.deadline is None
    known = recorded(anchors=AWARE, filings={"nis2-23/notification": filing("2026-11-26T12:00+01:00")})
    found = clocks([NIS2], known, NOW)
    assert named(found, "nis2-23/notification").state is S.SATISFIED
    assert named(found, "nis2-23/early-warning").operational_due == instant("2026-11-25T02:10+01:00")
    # One month after the submission, not after the awareness: 26 December, a Saturday, so Monday 28.
    assert named(found, "nis2-23/final").operational_due == instant("2026-12-26T00:00+01:00")
    assert named(found, "nis2-23/final").legal_due == instant("2026-12-29T00:00+01:00")


@pytest.mark.parametrize(
    ("when", "explained", "state", "words"),
    [
        ("2026-11-27T02:10+01:00", False, S.SATISFIED, "Filed"),
        ("2026-11-27T02:30+01:00", True, S.SATISFIED_LATE, "within the legal outer bound, with its reason"),
        ("2026-11-28T02:30+01:00", False, S.SATISFIED_LATE, "after the legal outer bound, without a reason"),
    ],
)
def test_filed_in_time_or_late(when: str, explained: bool, state: ClockState, words: str) -> None:
    known = recorded(anchors=AWARE, filings={"gdpr-33/notification": filing(when, explained=explained)})
    clock = gdpr(known, NOW + timedelta(days=30))
    assert clock.state is state
    assert words in clock.why
    assert not clock.open


def test_what_was_filed_stays_filed_whatever_else_is_found_out() -> None:
    known = Recorded(filings={"gdpr-33/notification": filing("2026-11-26T12:00+01:00")})
    assert gdpr(known).state is S.SATISFIED


def test_held_back_until_and_no_longer() -> None:
    until = instant("2026-12-01T12:00+01:00")
    known = recorded(anchors=AWARE, delays={"gdpr-33/notification": Delay(until, 4)})
    assert gdpr(known, until - timedelta(hours=1)).state is S.DELAYED
    assert gdpr(known, until).state is S.OVERDUE


def test_the_next_one_due_is_the_earliest_that_is_open() -> None:
    known = recorded(anchors={**AWARE, "confirmed": (anchor("2026-11-24T02:30Z", 4),)})
    due = next_due(clocks(EVERY, known, NOW))
    assert due is not None
    assert (due.obligation.id, due.stage.id) == ("nis2-23", "early-warning")
    assert next_due(clocks(EVERY, recorded(), NOW)) is None


ANSWERS = st.dictionaries(st.sampled_from(sorted(ALL_YES)), st.sampled_from(YesNo))


@given(ANSWERS, st.booleans())
def test_what_nobody_answered_is_never_a_no(answers: dict[str, YesNo], started: bool) -> None:
    known = Recorded(scope=IN_SCOPE, answers=answers, anchors=AWARE if started else {})
    for clock in clocks(EVERY, known, NOW):
        wanted = {one.fact: one.answer for one in clock.obligation.applies}
        against = [
            fact
            for fact, answer in wanted.items()
            if answers.get(fact, YesNo.UNKNOWN) not in (answer, YesNo.UNKNOWN)
        ]
        assert (clock.state is S.NOT_APPLICABLE) == bool(against)
        if not against and any(answers.get(fact, YesNo.UNKNOWN) is YesNo.UNKNOWN for fact in wanted):
            assert clock.state is S.NEEDS_FACTS


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_the_zone_of_the_process_changes_nothing(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = clocks(EVERY, recorded(anchors=AWARE), NOW)
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert clocks(EVERY, recorded(anchors=AWARE), NOW) == expected
    finally:
        monkeypatch.undo()
        time.tzset()
    assert os.environ.get("TZ") == before
