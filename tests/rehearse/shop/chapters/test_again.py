"""The second run: the new rule's signal is waited for, and the changed lines are marked as tested by this drill."""

from datetime import UTC, datetime

from muster.rehearse.shop.chapters.again import again
from muster.rehearse.shop.chapters.learn import RULE
from muster.rehearse.shop.event import Step
from muster.rehearse.shop.pen import Pen

START = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)


def test_the_changed_lines_are_marked_after_their_rule_found_something() -> None:
    pen = Pen(2, START)
    beats = list(again(pen, "DRL-7Q4KM2", ("rules/x.yml#/title",)))
    assert [beat.verb for beat in beats] == ["acknowledge", "dismiss", "mark-tested"]
    assert beats[0].at > pen.ended[Step.SIGN_IN]
    assert beats[0].fields["signal"] == {"$signal": RULE}
    assert beats[2].fields["drill"] == "DRL-7Q4KM2"
    assert beats[2].fields["lines"] == ("rules/x.yml#/title",)
