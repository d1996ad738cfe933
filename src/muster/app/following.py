"""What follows by itself from what was decided: the pure rules of `FOLLOWS`, each shown the states as they will be."""

from collections.abc import Sequence
from typing import Any

from muster.access.command import Follow, Rule
from muster.app.registry import FOLLOWS
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Entry, header_of
from muster.record.state import Folds, States, StreamState, advance

_NO_LEAF = bytes(32)


def foreseen(
    states: States, drafts: Sequence[Draft], context: Context, folds: Folds
) -> dict[str, StreamState]:
    """The states after these drafts, without hashes: for rules only."""
    after = dict(states)
    for number, draft in enumerate(drafts):
        before = after.get(draft.stream, StreamState(draft.stream))
        header = header_of(
            draft,
            context,
            seq=before.seq + 1,
            number=number,
            lane=before.lane or draft.lane or context.actor.lane,
            pinned=draft.pinned or before.pinned or context.plans.pinned,
            role=None,
        )
        after[draft.stream] = advance(before, Entry(header, draft.body), _NO_LEAF, folds)
    return after


def with_follows(
    states: States,
    drafts: tuple[Draft, ...],
    context: Context,
    known: Known,
    folds: Folds,
    follows: Sequence[Follow],
) -> tuple[Draft, ...]:
    """The drafts and all that follows from them; what follows is shown to the rules after it, not before."""
    if not drafts or not follows:
        return drafts
    found = drafts
    after = foreseen(states, drafts, context, folds)
    for follow in follows:
        more = follow(states, after, found, context, known)
        if more:
            after = foreseen(after, more, context, folds)
            found = (*found, *more)
    return found


def decide_all(
    rule: Rule, states: States, command: Any, context: Context, known: Known, folds: Folds
) -> Decision:
    """What the rule decides, and all that follows from it. Raises what the rule raises."""
    decision = rule.decide(states, command, context, known)
    drafts = with_follows(states, decision.drafts, context, known, folds, FOLLOWS)
    return Decision(drafts, decision.answer)
