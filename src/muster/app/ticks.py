"""What is done when something comes due: a rule for each purpose of a timer, and one for calls. A plain dict."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from muster.app.following import foreseen
from muster.app.registry import FOLDS
from muster.disclose import reminding
from muster.record.context import Context
from muster.record.decision import Known
from muster.record.entry import Draft, Entry
from muster.record.state import States
from muster.respond import no_commander, run_follow, summons
from muster.respond.due import DueKind
from muster.respond.timers import fired
from muster.store.due import DueRow

Decide = Callable[[States, Entry, Context, Known], tuple[Draft, ...]]


def _nothing(_stream: str) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class Ticking:
    """A pure rule, given the entry that asked, and which other streams it reads."""

    decide: Decide
    reads: Callable[[str], tuple[str, ...]] = _nothing


CALL = Ticking(summons.tick)
# By the purpose of a timer; what a rule answers is written together with timer.fired, or not at all.
TIMERS: Mapping[str, Ticking] = {
    run_follow.PURPOSE: Ticking(run_follow.tick),
    no_commander.PURPOSE: Ticking(no_commander.tick),
    reminding.PURPOSE: Ticking(reminding.tick),
}


def tick_of(timers: Mapping[str, Ticking], row: DueRow) -> Ticking:
    """The rule for a row."""
    if row.kind == DueKind.CALL:
        return CALL
    asked = timers.get(row.name)

    def decide(states: States, entry: Entry, context: Context, known: Known) -> tuple[Draft, ...]:
        draft = fired(states[row.stream], row.seq, context)
        if draft is None:
            return ()
        return (
            draft,
            *(asked.decide(fired_away(states, draft, context), entry, context, known) if asked else ()),
        )

    return Ticking(decide, asked.reads if asked else _nothing)


def fired_away(states: States, draft: Draft, context: Context) -> States:
    """The states as they are once the timer has fired, so that the rule sees it no longer."""
    return foreseen(states, (draft,), context, FOLDS)
