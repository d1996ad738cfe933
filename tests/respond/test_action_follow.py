"""What a channel did, or could not do, moves the action on: nobody says it twice."""

from typing import Any

import pytest

from muster.core.time import stored
from muster.record.context import Context
from muster.record.decision import NOTHING_KNOWN
from muster.record.entry import Draft, Entry, Ref
from muster.record.state import StreamState, advance
from muster.respond.action_follow import follow
from muster.respond.actions import ACTIONS, ActionDone, ActionFailed, ActionState
from muster.respond.due import about
from muster.respond.effects import EffectDone, EffectFailed, EffectSettled, EffectTried
from muster.respond.incident import ReasonGiven
from tests.access.world import ANA, header
from tests.respond.test_carrying_out import approved, evidence, start
from tests.respond.work_scene import WorkScene

MARKS: dict[str, Any] = {"attempt": 1, "token": "t"}


class Channelled(WorkScene):
    """An incident with an action that a channel is carrying out."""

    def __init__(self, minutes: int | None = 240) -> None:
        super().__init__(planned=True)
        self.incident = self.declared()
        evidence(self, self.incident)
        self.action = approved(self, self.incident, channel="firewall", minutes=minutes)
        self.effect = int(self.answer(start(self.incident, self.action), ANA)["effect"])

    def ended(self, body: Any, effect: int | None = None) -> tuple[Draft, ...]:
        """What follows when the door writes this."""
        at = self.effect if effect is None else effect
        draft = Draft(self.incident, body, (about(self.incident, at),))
        before = self.state(self.incident)
        seen = Entry(
            header(body.kind, stream=self.incident, seq=before.seq + 1, refs=draft.refs, at=self.now), body
        )
        after = {self.incident: advance(before, seen, b"\0" * 32, self.folds)}
        context: Context = self.context(ANA)
        found = follow({self.incident: before}, after, (draft,), context, NOTHING_KNOWN)
        self.write(ANA, draft, *found)
        return found

    def stands(self) -> ActionState:
        return self.state(self.incident).slice(ACTIONS).pending[self.action[0]].state


@pytest.fixture
def scene() -> Channelled:
    return Channelled()


def test_it_worked(scene: Channelled) -> None:
    done, reason = scene.ended(EffectDone(**MARKS, answer="Port 7 is off"))
    assert done.body == ActionDone(until="2026-11-24T06:10:00.000000Z")
    assert done.refs == (Ref("action", scene.incident, scene.action[0]),)
    assert isinstance(reason.body, ReasonGiven)
    assert reason.body.text == "Port 7 is off"
    assert reason.refs[0].seq == scene.state(scene.incident).seq - 1
    assert scene.stands() is ActionState.DONE


def test_it_did_not_work_and_is_not_tried_again(scene: Channelled) -> None:
    again = EffectFailed(**MARKS, reason="No answer", next=stored(scene.now))
    assert scene.ended(again) == ()
    assert scene.stands() is ActionState.RUNNING
    failed, reason = scene.ended(EffectFailed(**MARKS, reason="Refused"))
    assert isinstance(failed.body, ActionFailed)
    assert isinstance(reason.body, ReasonGiven)
    assert reason.body.text == "Refused"
    assert scene.stands() is ActionState.PROPOSED, "it needs a new approval"


@pytest.mark.parametrize(
    ("became", "state"),
    [("done", ActionState.DONE), ("dropped", ActionState.PROPOSED), ("again", ActionState.RUNNING)],
)
def test_a_person_found_out_what_became_of_it(scene: Channelled, became: str, state: ActionState) -> None:
    scene.ended(EffectSettled.model_validate({"became": became}))
    assert scene.stands() is state


def test_without_words_of_the_channel_and_without_an_end() -> None:
    scene = Channelled(minutes=None)
    done, reason = scene.ended(EffectDone(**MARKS))
    assert done.body == ActionDone(until=None)
    assert isinstance(reason.body, ReasonGiven)
    assert reason.body.text


def test_another_effect_or_another_word_moves_nothing(scene: Channelled) -> None:
    assert scene.ended(EffectDone(**MARKS), effect=1) == ()
    assert scene.ended(EffectTried.model_validate({**MARKS, "repeat": False})) == ()
    draft = Draft("INC-ELSE", EffectDone(**MARKS), (about("INC-ELSE", 1),))
    known = {"INC-OTHER": StreamState("INC-OTHER")}
    assert follow(known, known, (draft,), scene.context(ANA), NOTHING_KNOWN) == ()


def test_what_has_ended_does_not_end_twice(scene: Channelled) -> None:
    scene.ended(EffectDone(**MARKS))
    assert scene.ended(EffectDone(**MARKS)) == ()
