"""The review: causes with evidence and no culprit; a hole becomes a change that another person approves."""

from datetime import UTC, datetime
from pathlib import Path

import muster.rehearse.shop
from muster.rehearse.shop.chapters.learn import RULE, RULE_PATH, change, close, lesson, no_lesson, review
from muster.rehearse.shop.pen import Pen
from muster.rehearse.shop.people import EVERYBODY

SHOP = Path(muster.rehearse.shop.__file__).parent
HOLE = "No rule reads sign-ins of identity-provider."

START = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)


def test_causes_rest_on_evidence_and_name_nobody() -> None:
    pen = Pen(1, START)
    beats = [beat for beat in (*review(pen), *lesson(pen, HOLE)) if beat.verb == "cause"]
    assert {str(beat.fields["cause"]) for beat in beats} == {"technical", "process", "detection"}
    for beat in beats:
        assert beat.fields["evidence"]
        assert not any(person.name.split()[0] in str(beat.fields["text"]) for person in EVERYBODY)


def test_a_hole_becomes_a_change_of_the_plan_by_two_people() -> None:
    pen = Pen(1, START)
    beats = [*lesson(pen, HOLE), *change(pen, "title: x\n")]
    who = {beat.verb: beat.who for beat in beats}
    assert who["write-change"] != who["approve-change"]
    files = next(beat.fields["files"] for beat in beats if beat.verb == "write-change")
    assert files == ({"path": RULE_PATH, "text": "title: x\n"},)
    assert f"rules/{RULE}" == RULE_PATH
    assert (SHOP / "lesson" / RULE).is_file()


def test_without_a_hole_it_is_said_that_none_was_found() -> None:
    assert [beat.verb for beat in no_lesson(Pen(1, START))] == ["no-lesson"]
    assert [beat.verb for beat in close(Pen(1, START))][-1] == "close"
