"""The fold of an incident: its kinds alone tell where it stands; guards say what is next."""

import pytest

from muster.core.errors import BadInput, NotFound, Refused
from muster.respond.incident import (
    INCIDENT,
    HowLearned,
    Incident,
    IncidentActive,
    IncidentClosed,
    IncidentDeclared,
    IncidentReopened,
    IncidentState,
    existing,
    stated,
    still_open,
)
from muster.respond.log import LogWritten
from muster.respond.progress import StandDown
from tests.access.world import ANA, START, entry, erased
from tests.respond.scene import Scene

CLOSED = IncidentClosed(summary="s", how_learned=HowLearned.STAFF, open_questions=0, open_assumptions=0)


def test_the_states_of_a_story_with_and_without_its_words() -> None:
    story = [
        IncidentDeclared(what="x"),
        IncidentActive(),
        LogWritten(text="x"),
        CLOSED,
        IncidentReopened(reason="r"),
    ]
    told = untold = INCIDENT.empty
    for seq, body in enumerate(story):
        told = INCIDENT.evolve(told, entry(body, seq=seq))
        untold = INCIDENT.evolve(untold, erased(entry(body, seq=seq)))
    assert told == untold == Incident(state=IncidentState.ACTIVE, version=4)


def test_only_closed_and_stood_down_have_ended() -> None:
    assert {state for state in IncidentState if state.ended} == {
        IncidentState.CLOSED,
        IncidentState.STOOD_DOWN,
    }


def test_what_does_not_exist_is_not_found() -> None:
    scene = Scene()
    for states in ({}, {"INC-000000": scene.state("INC-000000")}):
        with pytest.raises(NotFound):
            existing(states, "INC-000000")
    signal = scene.reported()
    with pytest.raises(NotFound, match="no incident"):
        still_open(scene.states, signal)


def test_ended_incidents_say_what_is_next() -> None:
    scene = Scene()
    incident = scene.declared()
    assert still_open(scene.states, incident) is scene.state(incident)
    scene.do(StandDown(incident=incident, reason="a test of the printer"), ANA)
    with pytest.raises(Refused, match="Declare a new one"):
        still_open(scene.states, incident)


def test_a_stated_time_is_past_or_now() -> None:
    context = Scene().context(ANA)
    assert stated(None, context) is None
    now = stated("2026-11-24T02:10Z", context)
    assert now is not None
    assert now.at == START
    with pytest.raises(BadInput) as caught:
        stated("2026-11-24T02:11Z", context)
    assert caught.value.where == "happened_at"
