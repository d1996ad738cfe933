"""The clock of each obligation: unknown is never "no", later stages wait for the filing, history is kept."""

import os
import time
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.disclose.clock import Anchor, Clock, ClockState, Delay, Recorded, clocks, next_due
from muster.plan.obligations import Anchor as AnchorName
from muster.plan.obligations import Applies, Condition, Obligation, Unit
from muster.plan.severity import YesNo
from tests.disclose.duties import (
    ALL_YES,
    EVERY,
    GDPR,
    IN_SCOPE,
    NIS2,
    anchor,
    day,
    every,
    filing,
    instant,
    named,
    obligation,
    recorded,
    stage,
)

S = ClockState
NOW = instant("2026-11-24T03:00+01:00")
AWARE = {"aware": (anchor("2026-11-24T02:10+01:00"),)}


def gdpr(known: Recorded, now: datetime = NOW) -> Clock:
    return clocks({"gdpr-33": GDPR}, known, now)[0]


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
    clock = gdpr(recorded(answers={"risk-unlikely": "yes"}, anchors=AWARE))
    assert clock.state is S.NOT_APPLICABLE
    assert clock.why == "It does not apply: risk-unlikely is yes."
    assert clock.deadline is None
    assert [one.state for one in clock.earlier] == [S.SUPERSEDED]
    clock = gdpr(recorded(scope={"gdpr-33": YesNo.NO}))
    assert (clock.state, clock.why) == (S.NOT_APPLICABLE, "gdpr-33 was declared to be not for us.")


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
    final = named(clocks({"nis2-23": NIS2}, recorded(anchors=AWARE), NOW), "nis2-23/final")
    assert (final.state, final.why) == (S.NOT_STARTED, "It starts when notification is filed.")
    assert final.deadline is None
    known = recorded(anchors=AWARE, filings={"nis2-23/notification": filing("2026-11-26T12:00+01:00")})
    found = clocks({"nis2-23": NIS2}, known, NOW)
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
    known = recorded(anchors={**AWARE, "contract-defined": (anchor("2026-11-24T02:30Z", 4),)})
    due = next_due(clocks(EVERY, known, NOW))
    assert due is not None
    assert due.key == "nis2-23/early-warning"
    assert next_due(clocks(EVERY, recorded(), NOW)) is None


def test_an_answer_of_unknown_is_no_answer() -> None:
    assert gdpr(recorded(answers={**ALL_YES, "risk-unlikely": "unknown"})).needs == ("risk-unlikely",)


def test_one_of_several_is_enough() -> None:
    some = Applies(
        any_of=(Condition(fact="a", one_of=("yes",)), Condition(fact="b", one_of=("high", "medium")))
    )
    row = {"row": GDPR.model_copy(update={"applies": some})}

    def state(**answers: str) -> ClockState:
        return clocks(row, Recorded(scope={"row": YesNo.YES}, answers=answers, anchors=AWARE), NOW)[0].state

    assert state(b="medium") is S.RUNNING
    assert state(a="no") is S.NEEDS_FACTS
    assert state(a="no", b="low") is S.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"standing": "proposed"}, "It is proposed, so it does not hold."),
        ({"standing": "future", "effective_from": "2027-01-01"}, "It holds from 2027-01-01."),
        ({"effective_to": "2026-11-01"}, "It held until 2026-11-01."),
    ],
)
def test_what_is_no_law_today_starts_no_clock(changes: dict[str, str], why: str) -> None:
    row = Obligation.model_validate({**GDPR.model_dump(), **changes})
    clock = clocks({"gdpr-33": row}, recorded(anchors=AWARE), NOW)[0]
    assert (clock.state, clock.why) == (S.NOT_APPLICABLE, why)


def test_without_undue_delay_has_no_number() -> None:
    row = obligation(
        "GDPR, Article 33(2)", every("significant"), {"notice": stage(AnchorName.AWARE, None, Unit.AT_ONCE)}
    )
    known = Recorded(scope={"row": YesNo.YES}, answers=ALL_YES, anchors=AWARE)
    clock = clocks({"row": row}, known, NOW)[0]
    assert (clock.state, clock.deadline, clock.open) == (S.RUNNING, None, True)
    done = replace(known, filings={"row/notice": filing("2026-11-26T12:00+01:00")})
    assert clocks({"row": row}, done, NOW)[0].state is S.SATISFIED


def test_the_checklist_names_what_nobody_can_write_yet() -> None:
    assert gdpr(recorded()).gaps == ("nature",)
    assert gdpr(recorded(answers={**ALL_YES, "what-happened": "A break-in"})).gaps == ()


def test_an_old_row_warns_on_its_deadline() -> None:
    assert gdpr(recorded()).warning is None
    warning = gdpr(recorded(), instant("2027-10-02T00:00Z")).warning
    assert warning is not None
    assert "the Official Journal" in warning


ANSWERS = st.dictionaries(st.sampled_from(sorted(ALL_YES)), st.sampled_from(["yes", "no", "unknown"]))


@given(ANSWERS, st.booleans())
def test_what_nobody_answered_is_never_a_no(answers: dict[str, str], started: bool) -> None:
    known = Recorded(scope=IN_SCOPE, answers=answers, anchors=AWARE if started else {})
    for clock in clocks(EVERY, known, NOW):
        wanted = {one.fact: one.one_of for one in clock.obligation.applies.every}
        against = [
            fact for fact, fits in wanted.items() if answers.get(fact, "unknown") not in (*fits, "unknown")
        ]
        assert (clock.state is S.NOT_APPLICABLE) == bool(against)
        if not against and any(answers.get(fact, "unknown") == "unknown" for fact in wanted):
            assert clock.state is S.NEEDS_FACTS


@given(st.permutations(sorted(EVERY)), st.integers(0, 4000))
def test_the_list_begins_with_what_is_due_first(order: list[str], minutes: int) -> None:
    known = recorded(anchors={**AWARE, "contract-defined": (anchor("2026-11-24T02:30Z", 4),)})
    found = clocks({name: EVERY[name] for name in order}, known, NOW + timedelta(minutes=minutes))
    dues = [one.operational_due for one in found if one.open and one.operational_due is not None]
    assert dues == sorted(dues)
    assert found[0] == next_due(found)


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
