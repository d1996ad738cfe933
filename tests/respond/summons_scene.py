"""A scene under the example plan with a door: what follows by itself follows, and what is due is ticked."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from muster.access.command import Command, Follow
from muster.core.labels import Severity
from muster.core.people import Actor
from muster.core.time import stored
from muster.record.context import Context
from muster.record.decision import NOTHING_KNOWN, Decision, Known
from muster.record.entry import Draft, Entry
from muster.record.state import States
from muster.respond import no_commander, summons, summons_follow
from muster.respond.calling import CallAsked
from muster.respond.due import DUE, DueKind, DueState, Item
from muster.respond.effects import EffectAsked
from muster.respond.intake import SendSignal
from muster.respond.timers import fired
from tests.access.world import ANA
from tests.respond.work_scene import MUSTER, WorkScene

Tick = Callable[[States, Entry, Context, Known], tuple[Draft, ...]]


class SummonsScene(WorkScene):
    """Everything as the app does it: the rule, then what follows; and `door` does what is due."""

    follows: ClassVar[tuple[Follow, ...]] = (summons_follow.FOLLOW,)
    timers: ClassVar[Mapping[str, Tick]] = {no_commander.PURPOSE: no_commander.tick}

    def __init__(self, *, planned: bool = True) -> None:
        super().__init__(planned=planned)

    def do(self, command: Command, actor: Actor, known: Known = NOTHING_KNOWN) -> Decision:
        told = self.told(str(getattr(command, "incident", ""))) if known is NOTHING_KNOWN else known
        before = dict(self.states)
        decision = super().do(command, actor, told)
        self.followed(before, decision.drafts, actor, told)
        return decision

    def followed(self, before: States, drafts: tuple[Draft, ...], actor: Actor, known: Known) -> None:
        """Writes what follows, rule by rule, each shown what those before it added."""
        for follow in self.follows:
            more = follow(before, dict(self.states), drafts, self.context(actor), known)
            self.write(actor, *more)
            drafts = (*drafts, *more)

    def signalled(self, severity: Severity | None = Severity.SEV1) -> str:
        """A signal of another system."""
        return self.do(SendSignal(title="Odd logins", severity=severity), ANA).drafts[0].stream

    def door(self, minutes: int = 0) -> None:
        """Lets minutes go by one after another, and does what is due."""
        for _ in range(minutes + 1):
            while self._ticked():
                pass
            if _ < minutes:
                self.wait(1)

    def _ticked(self) -> bool:
        for stream, state in self.states.items():
            for seq, item in state.slice(DUE).items.items():
                late = item.due <= stored(self.now) and item.state is DueState.WAITING
                if late and item.kind is not DueKind.EFFECT:
                    self._tick(stream, seq, item)
                    return True
        return False

    def _tick(self, stream: str, seq: int, item: Item) -> None:
        before, known, context = dict(self.states), self.told(stream), self.context(MUSTER)
        drafts: tuple[Draft, ...] = ()
        tick: Tick = summons.tick
        if item.kind is DueKind.TIMER:
            draft = fired(self.state(stream), seq, context)
            assert draft is not None
            self.write(MUSTER, draft)
            drafts, tick = (draft,), self.timers[item.name]
        more = tick(self.states, self.entries[stream][seq], context, known)
        self.write(MUSTER, *more)
        self.followed(before, (*drafts, *more), MUSTER, known)

    def calls(self, stream: str) -> list[tuple[str, str]]:
        """The open calls: for what occasion, about what."""
        return [(one.name, one.about) for one in self.state(stream).slice(DUE).of(DueKind.CALL).values()]

    def waiting(self, stream: str, purpose: str) -> list[Item]:
        """The timers that wait."""
        timers = self.state(stream).slice(DUE).of(DueKind.TIMER).values()
        return [one for one in timers if one.name == purpose]

    def called(self, stream: str, occasion: str) -> list[str]:
        """Who was called for an occasion, in order."""
        return [body.people[body.place].person for body in self.summoned(stream, occasion)]

    def summoned(self, stream: str, occasion: str) -> list[CallAsked]:
        bodies = [one.body for one in self.entries[stream]]
        return [body for body in bodies if isinstance(body, CallAsked) and body.occasion == occasion]

    def sent(self, stream: str) -> list[EffectAsked]:
        return [one.body for one in self.entries[stream] if isinstance(one.body, EffectAsked)]
