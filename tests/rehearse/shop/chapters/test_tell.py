"""What is said outside: from answered questions, within its clock, and never with a fact that has changed."""

from datetime import UTC, datetime

from muster.rehearse.shop.chapters.tell import authority, customers, facts
from muster.rehearse.shop.pen import Pen

START = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)


def test_every_question_is_answered_with_its_source() -> None:
    answers = [beat for beat in facts(Pen(1, START)) if beat.verb == "answer-fact"]
    assert len({str(beat.fields["fact"]) for beat in answers}) == len(answers) > 8
    assert all(beat.fields["source"] for beat in answers)


def test_the_notice_is_drafted_approved_and_filed() -> None:
    verbs = [
        (beat.verb, beat.who) for beat in authority(Pen(1, START)) if "st" in beat.verb or "no" in beat.verb
    ]
    assert ("draft-statement", "helene-marsh") in verbs
    assert ("approve-statement", "yusuf-kaya") in verbs
    assert ("file-notice", "helene-marsh") in verbs


def test_a_letter_whose_fact_changed_is_drafted_anew_before_it_goes() -> None:
    beats = [
        beat for beat in customers(Pen(1, START)) if "statement" in beat.verb or beat.verb == "answer-fact"
    ]
    assert [(beat.verb, beat.refused) for beat in beats[:6]] == [
        ("draft-statement", False), ("answer-fact", False), ("approve-statement", True),
        ("draft-statement", False), ("approve-statement", False), ("send-statement", False),
    ]  # fmt: skip
