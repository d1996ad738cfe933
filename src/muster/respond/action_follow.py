"""When a channel carried an action out, or could not, the action itself moves on: nobody has to say it twice."""

from muster.record.context import Context
from muster.record.decision import Known
from muster.record.entry import Draft, Ref
from muster.record.state import States, StreamState
from muster.respond.actions import ACTIONS, Action, ActionDone, ActionFailed, ActionState
from muster.respond.due import REL
from muster.respond.effects import EffectDone, EffectFailed, EffectSettled
from muster.respond.work import after as minutes_later
from muster.respond.work import reasoned


def follow(
    _before: States, after: States, drafts: tuple[Draft, ...], context: Context, _known: Known
) -> tuple[Draft, ...]:
    """action.done or action.failed with reason.given, for the effect of a running action that ended."""
    found: list[Draft] = []
    for draft in drafts:
        ended = _ended(draft)
        state = after.get(draft.stream)
        if ended is None or state is None:
            continue
        running = _running(state, draft)
        if running is None:
            continue
        seq, action = running
        worked, words = ended
        until = minutes_later(context.instant, action.minutes) if action.minutes else None
        body = ActionDone(until=until) if worked else ActionFailed()
        at = state.seq + len(found) + 1
        found += [
            Draft(draft.stream, body, (Ref("action", draft.stream, seq),)),
            reasoned(draft.stream, at, words or "The channel said nothing more."),
        ]
    return tuple(found)


def _ended(draft: Draft) -> tuple[bool, str] | None:
    """Whether the effect that this draft ends worked, and in what words; None when it does not end."""
    match draft.body:
        case EffectDone() as body:
            return True, body.answer
        case EffectFailed(next=None) as body:
            return False, body.reason
        case EffectSettled() as body if body.became != "again":
            return body.became == "done", "A person found out what became of it."
        case _:
            return None


def _running(state: StreamState, draft: Draft) -> tuple[int, Action] | None:
    asked = {ref.seq for ref in draft.refs if ref.rel == REL}
    for seq, action in state.slice(ACTIONS).pending.items():
        if action.state is ActionState.RUNNING and action.effect in asked:
            return seq, action
    return None
