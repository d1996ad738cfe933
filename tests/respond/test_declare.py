"""Declaring: one field is enough; from a signal both are tied together; nothing less secret than its signal."""

import pytest
from pydantic import ValidationError

from muster.access.may import Allow, Deny
from muster.core.errors import BadInput, NotFound, Refused
from muster.core.ids import StreamType, parse_code
from muster.core.labels import Secrecy, Severity
from muster.core.people import NOBODY, Actor
from muster.core.time import TimeSource
from muster.record.entry import Ref
from muster.respond.declare import Declare
from muster.respond.incident import INCIDENT, IncidentDeclared, IncidentState
from muster.respond.secrecy import SIGHT, Restrict, Sight
from muster.respond.severity import SEVERITIES, SeverityRated
from muster.respond.signal import SIGNAL, Outcome, SignalState
from tests.access.world import ANA, BEN, CARO, person
from tests.respond.scene import Scene


def test_one_field_declares_and_the_rest_has_defaults() -> None:
    scene = Scene()
    answer = scene.do(Declare(what="The shop is down"), CARO).answer
    incident = str(answer["incident"])
    assert parse_code(incident, StreamType.INCIDENT) == incident
    assert scene.kinds(incident) == ["incident.declared", "secrecy.set", "severity.rated"]
    state = scene.state(incident)
    assert state.slice(INCIDENT).state is IncidentState.DECLARED
    assert state.slice(SIGHT) == Sight(secrecy=Secrecy.OPEN, people=(CARO.account,), version=1)
    assert answer["severity"] == state.slice(SEVERITIES).current == Severity.SEV3
    body = scene.body(incident)
    assert isinstance(body, SeverityRated)
    assert body.rule == "sev4-otherwise"
    assert "unknown" in body.why


def test_who_has_no_account_does_not_declare() -> None:
    assert isinstance(Scene().allowed(Declare(what="x"), Actor(NOBODY)), Deny)


def test_since_when_one_is_aware_may_be_stated_but_not_lie_ahead() -> None:
    scene = Scene()
    incident = scene.declared(happened_at="2026-11-24T03:05+01:00")
    happened = scene.entries[incident][0].header.happened
    assert happened.source is TimeSource.STATED
    assert happened.zone == "+01:00"
    with pytest.raises(BadInput, match="not come yet"):
        scene.declared(happened_at="2026-11-24T02:10:01Z")
    with pytest.raises(BadInput, match="no time with a zone"):
        scene.declared(happened_at="02:10")


def test_from_a_signal_both_are_tied_together_in_one_decision() -> None:
    scene = Scene()
    signal = scene.reported()
    decision = scene.do(Declare(what="Phishing", signal=signal), ANA)
    incident = str(decision.answer["incident"])
    assert scene.kinds(incident) == [
        "incident.declared",
        "secrecy.set",
        "severity.rated",
        "incident.signal-attached",
    ]
    after = scene.state(signal).slice(SIGNAL)
    assert (after.state, after.outcome, after.incident) == (
        SignalState.ATTACHED,
        Outcome.INCIDENT,
        incident,
    )
    assert scene.last(signal).header.refs == (Ref("attached-to", incident, 3),)
    assert scene.last(incident).header.refs == (Ref("attaches", signal, 1),)
    assert scene.entries[incident][0].header.refs == (Ref("declared-from", signal, 1),)
    body = scene.body(incident, 0)
    assert body == IncidentDeclared(what="Phishing", signal=signal)


def test_the_incident_takes_the_lane_of_its_signal() -> None:
    scene = Scene()
    reporter = person("caro", lane="drill:1")
    signal = scene.reported(actor=reporter)
    incident = str(
        scene.do(Declare(what="x", signal=signal), person("ana", *ANA.duties, lane="drill:1")).answer[
            "incident"
        ]
    )
    assert scene.state(incident).lane == "drill:1"
    assert {draft.header.lane for draft in scene.entries[incident]} == {"drill:1"}
    assert isinstance(scene.allowed(Declare(what="x", signal=signal), ANA), Deny)


def test_a_signal_for_the_team_makes_an_incident_that_is_open_unless_told_otherwise() -> None:
    scene = Scene()
    first, second = scene.reported("one"), scene.reported("two")
    assert scene.state(scene.declared(signal=first)).slice(SIGHT).secrecy is Secrecy.OPEN
    assert scene.state(scene.declared(signal=second, secrecy="team")).slice(SIGHT).secrecy is Secrecy.TEAM


def test_a_signal_for_named_people_makes_an_incident_for_those_people() -> None:
    scene = Scene()
    signal = scene.reported()
    scene.do(Restrict(stream=signal, secrecy=Secrecy.NAMED, people=(BEN.account,), expected=1), ANA)
    with pytest.raises(Refused, match="for named people"):
        scene.declared(signal=signal, secrecy="open")
    incident = scene.declared(signal=signal, people=[CARO.account])
    assert scene.state(incident).slice(SIGHT) == Sight(
        secrecy=Secrecy.NAMED,
        people=tuple(sorted([ANA.account, BEN.account, CARO.account])),
        version=1,
    )
    other = scene.reported("another")
    scene.do(Restrict(stream=other, secrecy=Secrecy.NAMED, expected=1), ANA)
    assert scene.declared(signal=other, secrecy="named")


def test_a_named_incident_is_seen_by_its_people_only() -> None:
    scene = Scene()
    incident = scene.declared(secrecy="named", people=[CARO.account])
    restrict = Restrict(stream=incident, secrecy=Secrecy.OPEN, expected=1)
    assert isinstance(scene.allowed(restrict, ANA), Allow)
    assert scene.allowed(restrict, BEN) == Deny("There is no such thing here.", visible=False)


def test_a_signal_is_declared_once_and_must_exist() -> None:
    scene = Scene()
    signal = scene.reported()
    scene.declared(signal=signal)
    with pytest.raises(Refused, match="belongs to an incident already"):
        scene.declared(signal=signal)
    rule = scene.rule_of(Declare(what="x"))
    with pytest.raises(NotFound):
        rule.decide({}, Declare(what="x", signal=signal), scene.context(ANA), None)


def test_what_happened_is_never_blank() -> None:
    for what in ("", "  ", "x" * 4001):
        with pytest.raises(ValidationError):
            Declare(what=what)
