"""The alarm: looked at within minutes, declared with what was seen, and commanded by whom the plan names."""

from datetime import UTC, datetime, timedelta

from muster.rehearse.shop.chapters.alarm import SHELL_RULE, alarm, command
from muster.rehearse.shop.event import Step
from muster.rehearse.shop.pen import Pen

START = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)


def test_from_the_first_signal_to_an_incident_with_its_playbook() -> None:
    pen = Pen(1, START)
    beats = list(alarm(pen))
    assert [beat.verb for beat in beats[:4]] == ["acknowledge", "declare", "run", "offer"]
    assert beats[0].fields["signal"] == {"$signal": SHELL_RULE}
    assert beats[1].makes == "incident"
    assert beats[0].at - pen.ended[Step.SHELL] < timedelta(minutes=20), "as the plan's drill wants it"


def test_every_role_is_offered_and_taken() -> None:
    pen = Pen(1, START)
    beats = [*alarm(pen), *command(pen)]
    offered = [beat.fields["role"] for beat in beats if beat.verb == "offer"]
    taken = [beat.fields["role"] for beat in beats if beat.verb == "accept"]
    assert offered == taken == ["commander", "deputy", "scribe", "operations", "communications", "legal"]
    declared = next(beat.at for beat in beats if beat.verb == "declare")
    commanded = next(beat.at for beat in beats if beat.verb == "accept")
    assert commanded - declared < timedelta(minutes=15)
