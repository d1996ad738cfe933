"""How an incident moves on: forward, stood down, closed after its review, immutable until reopened."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pydantic import ValidationError

from muster.access.may import Allow, Deny
from muster.core.errors import Conflict, MusterError, Refused
from muster.core.labels import Secrecy
from muster.respond.facts import AskQuestion, MakeAssumption, StateFact
from muster.respond.incident import INCIDENT, HowLearned, Incident, IncidentClosed, IncidentState
from muster.respond.log import ReplaceSummary, WriteLog
from muster.respond.progress import Close, MoveOn, Reopen, StandDown
from muster.respond.redaction import Erase, Redact
from muster.respond.secrecy import Restrict
from muster.respond.severity import RateSeverity
from tests.access.world import ANA, BEN
from tests.respond.scene import Scene

S = IncidentState


@pytest.fixture
def scene() -> Scene:
    return Scene()


def incident_of(scene: Scene, incident: str) -> Incident:
    return scene.state(incident).slice(INCIDENT)


def closed(scene: Scene) -> str:
    incident = scene.declared()
    scene.moved(incident, S.REVIEW)
    scene.do(Close(incident=incident, summary="A full disk", how_learned=HowLearned.STAFF, expected=2), ANA)
    return incident


def test_the_whole_way(scene: Scene) -> None:
    incident = scene.declared()
    for to in (S.ACTIVE, S.RECOVERING, S.WATCHING, S.REVIEW):
        scene.moved(incident, to)
        assert incident_of(scene, incident).state is to
    answer = scene.do(
        Close(incident=incident, summary="A full disk", how_learned=HowLearned.STAFF, expected=5), ANA
    ).answer
    assert answer == {"state": "closed", "version": 6}
    assert scene.kinds(incident)[3:] == [
        "incident.active",
        "incident.recovering",
        "incident.watching",
        "incident.in-review",
        "incident.closed",
    ]


def test_steps_may_be_skipped_forward_never_taken_back(scene: Scene) -> None:
    incident = scene.declared()
    scene.moved(incident, S.WATCHING)
    with pytest.raises(Refused, match="Nothing is to be done"):
        scene.moved(incident, S.WATCHING)
    for back in (S.ACTIVE, S.RECOVERING):
        with pytest.raises(Refused, match="To go back to active, reopen it"):
            scene.moved(incident, back)


def test_other_states_are_no_step() -> None:
    for to in ("declared", "closed", "stood-down", "merged"):
        with pytest.raises(ValidationError):
            MoveOn.model_validate({"incident": "INC-7Q4KM2", "to": to, "expected": 1})


def test_two_people_move_it_on_at_once(scene: Scene) -> None:
    incident = scene.declared()
    scene.moved(incident, S.ACTIVE)
    with pytest.raises(Conflict) as caught:
        scene.do(MoveOn(incident=incident, to=S.RECOVERING, expected=1), ANA)
    assert (caught.value.theirs, caught.value.yours, caught.value.version) == ("active", "recovering", 2)
    with pytest.raises(Conflict):
        scene.do(Close(incident=incident, summary="x", how_learned=HowLearned.STAFF, expected=1), ANA)


def test_standing_down_is_cheap_early_and_not_possible_late(scene: Scene) -> None:
    for before in (S.DECLARED, S.ACTIVE):
        incident = scene.declared()
        if before is S.ACTIVE:
            scene.moved(incident, before)
        scene.do(StandDown(incident=incident, reason="a test of the printer"), ANA)
        assert incident_of(scene, incident).state is S.STOOD_DOWN
    for before in (S.RECOVERING, S.WATCHING, S.REVIEW):
        incident = scene.declared()
        scene.moved(incident, before)
        with pytest.raises(Refused, match="too far on"):
            scene.do(StandDown(incident=incident, reason="x"), ANA)


def test_closing_asks_how_we_learned_and_comes_after_the_review(scene: Scene) -> None:
    incident = scene.declared()
    with pytest.raises(Refused, match="review first"):
        scene.do(Close(incident=incident, summary="x", how_learned=HowLearned.STAFF, expected=1), ANA)
    scene.moved(incident, S.REVIEW)
    with pytest.raises(Refused, match="How we learned") as caught:
        scene.do(Close(incident=incident, summary="x", expected=2), ANA)
    assert caught.value.where == "how_learned"
    with pytest.raises(ValidationError):
        Close(incident=incident, summary=" ", how_learned=HowLearned.STAFF, expected=2)


def test_what_stays_open_is_counted_at_closing(scene: Scene) -> None:
    incident = scene.declared()
    scene.do(AskQuestion(incident=incident, text="Who?"), ANA)
    scene.do(AskQuestion(incident=incident, text="Since when?"), ANA)
    scene.do(MakeAssumption(incident=incident, text="It was the disk"), ANA)
    scene.do(StateFact(incident=incident, text="The disk is full", source="df"), ANA)
    scene.moved(incident, S.REVIEW)
    scene.do(Close(incident=incident, summary="x", how_learned=HowLearned.STAFF, expected=2), ANA)
    assert scene.body(incident) == IncidentClosed(
        summary="x", how_learned=HowLearned.STAFF, open_questions=2, open_assumptions=1
    )


def test_reopening_from_the_last_four_states(scene: Scene) -> None:
    for before in (S.RECOVERING, S.WATCHING, S.REVIEW):
        incident = scene.declared()
        scene.moved(incident, before)
        assert scene.do(Reopen(incident=incident, reason="It is back"), ANA).answer == {
            "state": "active",
            "version": 3,
        }
        assert incident_of(scene, incident).state is S.ACTIVE
    incident = closed(scene)
    scene.do(Reopen(incident=incident, reason="It is back"), ANA)
    scene.do(WriteLog(incident=incident, text="and goes on"), ANA)


def test_there_is_nothing_to_reopen_early_and_a_stood_down_one_is_declared_anew(scene: Scene) -> None:
    incident = scene.declared()
    with pytest.raises(Refused, match="nothing to reopen"):
        scene.do(Reopen(incident=incident, reason="x"), ANA)
    scene.moved(incident, S.ACTIVE)
    with pytest.raises(Refused, match="nothing to reopen"):
        scene.do(Reopen(incident=incident, reason="x"), ANA)
    scene.do(StandDown(incident=incident, reason="x"), ANA)
    with pytest.raises(Refused, match="Declare a new one"):
        scene.do(Reopen(incident=incident, reason="x"), ANA)


def test_a_commander_moves_it_on_others_ask_them(scene: Scene) -> None:
    incident = scene.declared()
    move = MoveOn(incident=incident, to=S.ACTIVE, expected=1)
    assert isinstance(scene.allowed(move, BEN), Allow)
    scene.commanded(incident, ANA)
    assert isinstance(scene.allowed(move, BEN), Deny)
    assert isinstance(scene.allowed(move, ANA), Allow)


class Ending(RuleBasedStateMachine):
    """Whatever is tried: an ended incident takes nothing but reopening, redaction, erasure and its secrecy."""

    ALWAYS = (Reopen, Redact, Erase, Restrict)

    @initialize()
    def declare(self) -> None:
        self.scene = Scene()
        self.incident = self.scene.declared()

    def attempt(self, command: object) -> None:
        state = self.scene.state(self.incident)
        before = state.slice(INCIDENT).state
        try:
            self.scene.do(command, ANA)  # pyright: ignore[reportArgumentType] - each is a command
        except MusterError:
            assert self.scene.state(self.incident) is state
            return
        if before is not None and before.ended:
            assert isinstance(command, self.ALWAYS)
            if isinstance(command, Reopen):
                assert before is S.CLOSED

    @rule(to=st.sampled_from([S.ACTIVE, S.RECOVERING, S.WATCHING, S.REVIEW]), late=st.booleans())
    def moves(self, to: IncidentState, late: bool) -> None:
        expected = self.scene.state(self.incident).slice(INCIDENT).version - late
        self.attempt(MoveOn.model_validate({"incident": self.incident, "to": to, "expected": expected}))

    @rule(how=st.sampled_from(HowLearned))
    def closes(self, how: HowLearned) -> None:
        version = self.scene.state(self.incident).slice(INCIDENT).version
        self.attempt(Close(incident=self.incident, summary="x", how_learned=how, expected=version))

    @rule()
    def stands_down(self) -> None:
        self.attempt(StandDown(incident=self.incident, reason="x"))

    @rule()
    def reopens(self) -> None:
        self.attempt(Reopen(incident=self.incident, reason="x"))

    @rule()
    def adds(self) -> None:
        self.attempt(WriteLog(incident=self.incident, text="x"))
        self.attempt(StateFact(incident=self.incident, text="x", source="y"))
        self.attempt(ReplaceSummary(incident=self.incident, text="x", expected=0))
        self.attempt(
            RateSeverity.model_validate(
                {"incident": self.incident, "override": "SEV1", "reason": "x", "expected": 1}
            )
        )

    @rule(seq=st.integers(0, 5))
    def hides(self, seq: int) -> None:
        self.attempt(Redact(stream=self.incident, seq=seq, reason="x"))

    @rule()
    def restricts(self) -> None:
        self.attempt(Restrict(stream=self.incident, secrecy=Secrecy.TEAM, expected=1))

    @invariant()
    def it_stands_somewhere(self) -> None:
        if hasattr(self, "scene"):
            assert self.scene.state(self.incident).slice(INCIDENT).state is not None


TestEnding = Ending.TestCase
