"""Runs go on by themselves: when somebody does something, and when a time comes; one timer an incident."""

from datetime import timedelta
from typing import Any

from muster.access.command import Command
from muster.core.time import stored
from muster.record.decision import NOTHING_KNOWN
from muster.record.entry import Draft
from muster.respond.due import DUE, DueKind
from muster.respond.log import WriteLog
from muster.respond.progress import StandDown
from muster.respond.run_follow import PURPOSE, follow, tick
from muster.respond.running import FinishStep, StartRun, StopRun
from muster.respond.timers import fired
from tests.access.world import ANA
from tests.respond.playbooks import RunScene, small, step

WAIT = small(
    "look",
    look=step("task", next="wait"),
    wait=step("timer", minutes=30, next="ask"),
    ask=step(
        "decision",
        within_minutes=15,
        default="yes",
        options={"yes": {"means": "y", "next": "done"}, "no": {"means": "n", "next": "look"}},
    ),
)


class Following(RunScene):
    """A scene in which what follows from a verb is written with it, as the app does."""

    def does(self, command: Command) -> tuple[str, ...]:
        """Does it; the kinds of what followed."""
        before = dict(self.states)
        drafts = self.do(command, ANA).drafts
        return self.followed(before, drafts)

    def followed(self, before: Any, drafts: tuple[Draft, ...]) -> tuple[str, ...]:
        found = follow(before, self.states, drafts, self.context(ANA), self.told(self.incident))
        self.write(ANA, *found)
        return tuple(draft.body.kind for draft in found)

    def timers(self) -> list[str]:
        """When the timers of runs are due."""
        items = self.state(self.incident).slice(DUE).of(DueKind.TIMER).values()
        return [item.due for item in items if item.name == PURPOSE]

    def fires(self) -> tuple[str, ...]:
        """The door: the timer has fired, and its rule is asked."""
        state = self.state(self.incident)
        (seq,) = (seq for seq, item in state.slice(DUE).of(DueKind.TIMER).items() if item.name == PURPOSE)
        entry = self.entries[self.incident][seq]
        draft = fired(state, seq, self.context(ANA))
        if draft is None:
            return ()
        self.write(ANA, draft)
        found = tick(self.states, entry, self.context(ANA), self.told(self.incident))
        self.write(ANA, *found)
        return tuple(one.body.kind for one in found)

    def at(self, minutes: int) -> str:
        return stored(self.now + timedelta(minutes=minutes))


def test_a_wait_has_one_timer_which_moves_and_ends_with_the_run() -> None:
    scene = Following(WAIT)
    seq = int(scene.answer(StartRun(incident=scene.incident, playbook="small"))["run"])
    assert scene.does(FinishStep(incident=scene.incident, run=seq, step="look")) == ("timer.set",)
    assert scene.live(seq) == {"wait": "waiting"}
    assert scene.timers() == [scene.at(30)]
    assert scene.does(WriteLog(incident=scene.incident, text="x")) == (), "words move nothing"
    assert scene.fires() == (), "not before its time"
    scene.wait(31)
    assert scene.fires() == ("step.done", "step.offered", "timer.set")
    assert scene.live(seq) == {"ask": "offered"}
    assert scene.timers() == [scene.at(15)], "silence takes the default then"
    scene.wait(16)
    assert scene.fires()[-1] == "run.ended"
    assert scene.timers() == []


def test_stopping_the_run_cancels_its_timer() -> None:
    scene = Following(WAIT)
    seq = scene.started()
    scene.does(FinishStep(incident=scene.incident, run=seq, step="look"))
    scene.commanded(scene.incident, ANA)
    assert scene.does(StopRun(incident=scene.incident, run=seq, reason="x")) == ("timer.cancelled",)
    assert scene.timers() == []


def test_an_incident_that_has_ended_waits_for_nothing() -> None:
    scene = Following(WAIT)
    seq = scene.started()
    scene.does(FinishStep(incident=scene.incident, run=seq, step="look"))
    scene.commanded(scene.incident, ANA)
    assert scene.does(StandDown(incident=scene.incident, reason="It was the sun")) == ("timer.cancelled",)


def test_a_playbook_that_cannot_be_read_stands_still() -> None:
    scene = Following(WAIT)
    seq = scene.started()
    before = dict(scene.states)
    drafts = scene.do(FinishStep(incident=scene.incident, run=seq, step="look"), ANA).drafts
    found = follow(before, scene.states, drafts, scene.context(ANA), NOTHING_KNOWN)
    assert [draft.body.kind for draft in found] == ["timer.set"], "what was waiting before still waits"
    assert follow(before, {}, drafts, scene.context(ANA), NOTHING_KNOWN) == ()
