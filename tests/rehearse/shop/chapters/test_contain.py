"""The eviction: the legal clock starts when it is known, and each action is proposed, approved and begun by different people."""

from datetime import UTC, datetime

from muster.rehearse.shop.chapters.contain import clocks, evict
from muster.rehearse.shop.pen import Pen

START = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)


def test_the_clock_starts_when_personal_data_is_known_to_be_gone() -> None:
    beats = list(clocks(Pen(1, START)))
    answered = [beat.fields.get("fact") for beat in beats]
    assert answered.index("personal-data") < [beat.verb for beat in beats].index("anchor")
    assert beats[-1].verb == "ask-decision"


def test_no_action_is_approved_by_whoever_proposed_it() -> None:
    beats = list(evict(Pen(1, START)))
    by = {verb: {beat.who for beat in beats if beat.verb == verb} for verb in ("propose", "approve")}
    assert by["propose"]
    assert by["propose"].isdisjoint(by["approve"])
    begun = [beat for beat in beats if beat.verb == "start-action"]
    assert len(begun) == 2
    assert not any(beat.refused for beat in begun), "evidence is there: the guard lets them pass"
