"""Entries of work told to people: in one sentence, with names, and nothing of what is hidden."""

from typing import Any

import pytest

from muster.app.telling import told
from muster.app.telling_work import SENTENCES, TITLES, short
from muster.record.body import Body
from muster.respond.custody import EvidenceVerified
from muster.respond.decisions import DecisionMade, DecisionPut
from muster.respond.rules_of_work import KINDS
from muster.respond.runs import RunEnded, StepOffered
from muster.respond.tasks import TaskAssigned
from muster.respond.work import WorkCorrected
from tests.access.world import ANA, BEN, entry, refs
from tests.respond.test_rules_of_work import SAMPLES

NAMES = {ANA.account: "Ana", BEN.account: "Ben"}


def words(body: Body, **more: Any) -> str:
    return told(entry(body, **more), NAMES, unseen=frozenset()).text


@pytest.mark.parametrize("sample", sorted(SAMPLES))
def test_every_kind_of_work_has_a_heading_and_can_be_told(sample: str) -> None:
    kind, _, v = sample.partition(" ")
    view = told(entry(KINDS[kind].read(int(v), SAMPLES[sample])), NAMES, unseen=frozenset())
    assert view.title == TITLES[kind]
    assert "{" not in view.text
    assert view.text or kind.startswith(("action.", "task.accepted"))


def test_no_words_for_kinds_that_do_not_exist() -> None:
    assert set(TITLES) == set(KINDS)
    assert set(SENTENCES) <= set(KINDS)


def test_people_are_told_by_name() -> None:
    due = "2026-11-24T02:55:00.000000Z"
    given = TaskAssigned(owner=BEN.account, due=due, every=15, former=ANA.account, to_commander=True)
    assert words(given) == (
        "Ben, from Ana; due 2026-11-24 02:55 UTC, reported every 15 minutes. "
        "Hands-on work for the commander: nobody leads meanwhile."
    )
    assert words(DecisionPut(to=BEN.account, by=due)) == "Ben, by 2026-11-24 02:55 UTC"
    offered = StepOffered(step="look", to=ANA.account, role="harm", unfilled=True)
    assert words(offered) == "look: Ana (nobody is harm)"


def test_a_decision_with_its_reason_and_what_spoke_against_it() -> None:
    body = DecisionMade(text="Cut it off", reason="It spreads", objections="Ben: too early", authority="shut")
    assert words(body) == "Cut it off\nBecause: It spreads Under: shut. Objections: Ben: too early"


def test_how_it_ended() -> None:
    assert words(RunEnded(outcome="done", deviations=0)) == "done; the plan was not left"
    assert words(RunEnded(outcome="stopped", deviations=2)) == "stopped; the plan was left 2 times"
    assert words(EvidenceVerified(found="", equal=False)) == "The bytes are gone."
    assert short(None) == "no set time"


def test_an_entry_names_the_one_that_it_is_about_in_the_same_stream_only() -> None:
    body = WorkCorrected(text="Save all logs")
    at = entry(body)
    same = told(entry(body, refs=refs(("corrects", at.header.stream, 4))), NAMES, unseen=frozenset())
    other = told(entry(body, refs=refs(("corrects", "PLN-PLAN", 4))), NAMES, unseen=frozenset())
    assert (same.corrects, other.corrects) == (4, None)
