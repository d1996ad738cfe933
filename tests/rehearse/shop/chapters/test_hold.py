"""The guard: an action without evidence is held back; then the evidence is saved, with its hashes."""

from datetime import UTC, datetime

from muster.rehearse.shop.chapters.hold import data_leaves, held_back, look
from muster.rehearse.shop.event import Step
from muster.rehearse.shop.pen import Pen

START = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)


def test_what_the_deputy_approved_is_held_back_and_taken_back() -> None:
    beats = list(held_back(Pen(1, START)))
    assert [(beat.verb, beat.refused) for beat in beats] == [
        ("propose", False), ("approve", False), ("start-action", True), ("log", False), ("withdraw-action", False),
    ]  # fmt: skip
    assert beats[3].fields["text"] == {"$of": "held.what"}, "the words of the refusal go into the log"


def test_memory_and_logs_are_saved_under_hashes_of_their_own() -> None:
    saved = [beat for beat in look(Pen(1, START)) if beat.verb == "evidence"]
    hashes = {str(beat.fields["sha256"]) for beat in saved}
    assert len(hashes) == len(saved) == 3
    assert all(len(one) == 64 for one in hashes)
    assert hashes.isdisjoint(str(beat.fields.get("sha256")) for beat in look(Pen(2, START)))


def test_that_data_leaves_is_said_after_it_left() -> None:
    pen = Pen(1, START)
    beats = list(data_leaves(pen))
    assert beats[0].at > pen.ended[Step.LEAVE]
    assert [beat.verb for beat in beats][-1] == "question"
