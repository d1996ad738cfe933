"""An incident without a commander: one timer by its severity, a call, and the timer again (TRI-10)."""

from datetime import timedelta

import pytest

from muster.core.labels import Severity
from muster.core.people import Role
from muster.core.time import stored
from muster.plan.severity import Activity, Ratings
from muster.respond.no_commander import MINUTES, PURPOSE, keep, tick, wanted, within
from muster.respond.progress import StandDown
from muster.respond.roles import OfferRole
from muster.respond.severity import SEVERITIES, RateSeverity
from tests.access.world import ANA, BEN
from tests.respond.summons_scene import SummonsScene


@pytest.fixture
def scene() -> SummonsScene:
    return SummonsScene()


def rate(scene: SummonsScene, incident: str, severity: Severity) -> None:
    expected = scene.state(incident).slice(SEVERITIES).version
    command = RateSeverity(
        incident=incident,
        ratings=Ratings(activity=Activity.NONE),
        override=severity,
        reason="because",
        expected=expected,
    )
    scene.do(command, ANA)


def test_the_timer_goes_by_the_minutes_of_the_severity(scene: SummonsScene) -> None:
    incident = scene.declared()
    minutes = within(scene.state(incident), scene.told(incident))
    (timer,) = scene.waiting(incident, PURPOSE)
    assert timer.due == stored(scene.now + timedelta(minutes=minutes))


def test_while_it_is_worse_it_comes_earlier_and_never_later(scene: SummonsScene) -> None:
    incident = scene.declared()
    rate(scene, incident, Severity.SEV2)
    scene.wait(1)
    rate(scene, incident, Severity.SEV1)
    (timer,) = scene.waiting(incident, PURPOSE)
    assert timer.due == stored(scene.now + timedelta(minutes=15))
    scene.wait(1)
    rate(scene, incident, Severity.SEV1)
    assert scene.waiting(incident, PURPOSE) == [timer]
    other = scene.declared()
    rate(scene, other, Severity.SEV2)
    (timer,) = scene.waiting(other, PURPOSE)
    scene.wait(20)
    rate(scene, other, Severity.SEV1)
    assert scene.waiting(other, PURPOSE) == [timer], "it was to fire in ten minutes already"


def test_nobody_commands_so_the_commanders_are_called_again_and_again(scene: SummonsScene) -> None:
    incident = scene.declared()
    rate(scene, incident, Severity.SEV1)
    scene.door(14)
    assert scene.called(incident, "no-commander") == []
    scene.door(1)
    assert scene.called(incident, "no-commander") == ["noor-lindgren"]
    scene.door(16)
    assert scene.called(incident, "no-commander") == ["noor-lindgren", "ines-caruso"]
    assert scene.calls(incident).count(("no-commander", "")) == 1
    assert len(scene.waiting(incident, PURPOSE)) == 1
    scene.commanded(incident, BEN)
    assert scene.calls(incident) == []
    assert scene.waiting(incident, PURPOSE) == []
    scene.door(60)
    assert len(scene.called(incident, "no-commander")) == 2


def test_under_no_plan_there_is_nobody_to_call_and_no_timer() -> None:
    scene = SummonsScene(planned=False)
    incident = scene.declared()
    assert within(scene.state(incident), scene.told(incident)) == MINUTES
    scene.door(40)
    assert scene.waiting(incident, PURPOSE) == []
    assert scene.calls(incident) == []


def test_it_ends_with_the_incident(scene: SummonsScene) -> None:
    incident = scene.declared()
    assert wanted(scene.state(incident))
    scene.commanded(incident, ANA)
    assert not wanted(scene.state(incident))
    scene.do(StandDown(incident=incident, reason="x"), ANA)
    assert keep(scene.state(incident), scene.context(ANA), scene.told(incident)) == ()


def test_a_timer_that_fires_too_late_does_nothing(scene: SummonsScene) -> None:
    incident = scene.declared()
    asked = next(one for one in scene.entries[incident] if one.header.kind == "timer.set")
    scene.do(OfferRole(incident=incident, role=Role.COMMANDER, to=ANA.account), ANA)
    assert tick(scene.states, asked, scene.context(ANA), scene.told(incident)) == ()
