"""Triage: acknowledged once, then one outcome of the fixed set and no other exit."""

import pytest
from pydantic import ValidationError

from muster.access.may import Deny
from muster.core.errors import NotFound, Refused
from muster.core.labels import Secrecy
from muster.record.entry import Ref
from muster.respond.progress import StandDown
from muster.respond.secrecy import Restrict
from muster.respond.signal import SIGNAL, Outcome, Signal, SignalDismissed, SignalState
from muster.respond.triage import Acknowledge, Attach, Dismiss
from tests.access.world import ANA, BEN, CARO
from tests.respond.scene import Scene


@pytest.fixture
def scene() -> Scene:
    return Scene()


def signal_of(scene: Scene, signal: str) -> Signal:
    return scene.state(signal).slice(SIGNAL)


def test_somebody_takes_it_once(scene: Scene) -> None:
    signal = scene.reported()
    assert scene.do(Acknowledge(signal=signal), ANA).answer == {"state": "acknowledged"}
    with pytest.raises(Refused, match="acknowledged this signal already"):
        scene.do(Acknowledge(signal=signal), BEN)


def test_the_reporter_does_not_see_what_the_team_works_on(scene: Scene) -> None:
    signal = scene.reported()
    assert scene.allowed(Acknowledge(signal=signal), CARO) == Deny(
        "There is no such thing here.", visible=False
    )


@pytest.mark.parametrize("first", [True, False])
def test_dismissed_with_outcome_and_reason(scene: Scene, first: bool) -> None:
    signal = scene.reported()
    if first:
        scene.do(Acknowledge(signal=signal), ANA)
    answer = scene.do(Dismiss(signal=signal, outcome=Outcome.FALSE_ALARM, reason="A newsletter"), ANA).answer
    assert answer == {"state": "dismissed", "outcome": "false alarm"}
    assert scene.body(signal) == SignalDismissed(outcome=Outcome.FALSE_ALARM, reason="A newsletter")
    for command in (
        Acknowledge(signal=signal),
        Dismiss(signal=signal, outcome=Outcome.NOT_OURS, reason="x"),
        Attach(signal=signal, incident=scene.declared()),
    ):
        with pytest.raises(Refused, match="was dismissed"):
            scene.do(command, ANA)


def test_no_other_exit_exists() -> None:
    for outcome in ("incident", "fixed", "", None):
        with pytest.raises(ValidationError):
            Dismiss.model_validate({"signal": "SIG-7Q4KM2", "outcome": outcome, "reason": "x"})
    with pytest.raises(ValidationError):
        Dismiss.model_validate({"signal": "SIG-7Q4KM2", "outcome": "not ours", "reason": " "})


def test_a_duplicate_names_the_other_signal(scene: Scene) -> None:
    signal, other = scene.reported("one"), scene.reported("two")
    for fields in (
        {"outcome": "duplicate"},
        {"outcome": "not ours", "duplicate_of": other},
        {"outcome": "duplicate", "duplicate_of": signal},
    ):
        with pytest.raises(ValidationError, match="duplicate_of"):
            Dismiss.model_validate({"signal": signal, "reason": "x", **fields})
    command = Dismiss(signal=signal, outcome=Outcome.DUPLICATE, reason="x", duplicate_of=other)
    assert scene.rule_of(command).acts_on(command) == (signal, other)
    scene.do(command, ANA)
    assert scene.last(signal).header.refs == (Ref("duplicate-of", other, 0),)
    assert signal_of(scene, other).state is SignalState.NEW


def test_a_duplicate_of_nothing_is_not_found(scene: Scene) -> None:
    signal = scene.reported()
    other = Scene().reported("elsewhere")
    command = Dismiss(
        signal=signal, outcome=Outcome.DUPLICATE, reason="x", duplicate_of=scene.reported("two")
    )
    with pytest.raises(NotFound):
        scene.rule_of(command).decide({signal: scene.state(signal)}, command, scene.context(ANA), None)
    assert other


def test_attached_to_an_incident_that_goes_on(scene: Scene) -> None:
    signal, incident = scene.reported(), scene.declared()
    answer = scene.do(Attach(signal=signal, incident=incident), ANA).answer
    assert answer == {"state": "attached", "incident": incident}
    after = signal_of(scene, signal)
    assert (after.state, after.outcome, after.incident) == (
        SignalState.ATTACHED,
        Outcome.INCIDENT,
        incident,
    )
    assert scene.kinds(incident)[-1] == "incident.signal-attached"
    assert scene.last(signal).header.refs == (Ref("attached-to", incident, 3),)
    assert scene.last(incident).header.refs == (Ref("attaches", signal, 1),)
    with pytest.raises(Refused, match="Open the incident"):
        scene.do(Attach(signal=signal, incident=incident), ANA)


def test_nothing_is_attached_to_what_has_ended(scene: Scene) -> None:
    signal, incident = scene.reported(), scene.declared()
    scene.do(StandDown(incident=incident, reason="x"), ANA)
    with pytest.raises(Refused, match="stood down"):
        scene.do(Attach(signal=signal, incident=incident), ANA)


def test_a_signal_for_named_people_goes_to_an_incident_for_named_people(scene: Scene) -> None:
    signal, incident = scene.reported(), scene.declared()
    scene.do(Restrict(stream=signal, secrecy=Secrecy.NAMED, expected=1), ANA)
    with pytest.raises(Refused, match="named people"):
        scene.do(Attach(signal=signal, incident=incident), ANA)
    scene.do(Restrict(stream=incident, secrecy=Secrecy.NAMED, expected=1), ANA)
    scene.do(Attach(signal=signal, incident=incident), ANA)


def test_an_incident_is_no_signal(scene: Scene) -> None:
    incident = scene.declared()
    with pytest.raises(ValidationError, match="another type"):
        Acknowledge(signal=incident)
    signal = scene.reported()
    command = Acknowledge(signal=signal)
    with pytest.raises(NotFound, match="no signal"):
        scene.rule_of(command).decide({signal: scene.state(incident)}, command, scene.context(ANA), None)
