"""What waits for a person at the door: calls that nobody answered yet, and effects of which nobody knows what became."""

from muster.app.views import View
from muster.record.state import StreamState
from muster.respond.due import DUE, DueKind, DueState, Item

_FEW = 20


class CallView(View):
    """An open call: its occasion, what it is about (a role, the number of an entry, a clock), and until when it waits."""

    seq: int
    occasion: str
    about: str
    until: str


class EffectView(View):
    """An effect that a person must settle. unsure: nobody knows whether it happened; else it was given up."""

    seq: int
    channel: str
    sort: str
    unsure: bool
    attempts: int


class LateView(View):
    """An effect that failed and is tried again by itself."""

    seq: int
    channel: str
    sort: str
    attempts: int
    next_try: str


class DoorView(View):
    """All of it. late: what failed and is tried again; waiting: how many effects are still on their way by themselves."""

    calls: tuple[CallView, ...]
    effects: tuple[EffectView, ...]
    waiting: int
    late: tuple[LateView, ...] = ()


def view(state: StreamState) -> DoorView:
    """What waits at the door for an incident."""
    due = state.slice(DUE)
    effects = due.of(DueKind.EFFECT)
    settled_by_people = (DueState.UNSURE, DueState.GIVEN_UP)
    open_effects = [(seq, one) for seq, one in effects.items() if one.state in settled_by_people]
    return DoorView(
        calls=tuple(
            CallView(seq=seq, occasion=one.name.replace("-", " "), about=one.about, until=one.due)
            for seq, one in list(due.of(DueKind.CALL).items())[:_FEW]
        ),
        effects=tuple(
            EffectView(
                seq=seq,
                channel=one.name,
                sort=one.sort,
                unsure=one.state is DueState.UNSURE,
                attempts=one.attempt,
            )
            for seq, one in open_effects[:_FEW]
        ),
        late=tuple(
            LateView(seq=seq, channel=one.name, sort=one.sort, attempts=one.attempt, next_try=one.due)
            for seq, one in [pair for pair in effects.items() if _is_late(pair[1])][:_FEW]
        ),
        waiting=len(effects) - len(open_effects),
    )


def _is_late(one: Item) -> bool:
    return one.state is DueState.WAITING and one.attempt > one.since
