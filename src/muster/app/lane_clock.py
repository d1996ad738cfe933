"""What time it is in a lane: asked of the drill by whoever writes or looks, under the same lock as its entries."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from muster.core.errors import Unavailable
from muster.record.context import Context
from muster.record.state import States
from muster.rehearse.clock import streams_of, time_in
from muster.rehearse.drill import jumped
from muster.store.append import Decided, Ledger, load
from muster.store.due import drills, latest_in


def lane_context(context: Context, lane: str, states: States, connection: Connection) -> Context:
    """The context with its lane's now. The states hold the streams of `streams_of(lane)`."""
    told = [stream for stream in streams_of(lane) if stream in states and states[stream].exists]
    latest = latest_in(connection, lane) if told else None
    return replace(context, lane_now=time_in(lane, states, context.now, latest))


def lane_time(ledger: Ledger, lane: str, wall: datetime) -> datetime:
    """A lane's now, for looking; nothing is locked. Raises Unavailable."""
    wanted = list(streams_of(lane))
    if not wanted:
        return wall
    with ledger.database.read() as connection:
        states = load(connection, wanted, ledger.folds, lock=False)
        return time_in(lane, states, wall, latest_in(connection, lane)) or wall


def pause_running(ledger: Ledger, context: Context, honest: datetime) -> int:
    """Pauses every running drill; its now is what it would be if the wall clock had not jumped. Raises Unavailable."""
    with ledger.database.read() as connection:
        found = drills(connection)
    paused = 0
    for drill in found:

        def decide(states: States, connection: Connection, drill: str = drill) -> Decided:
            state = states[drill]
            lane = state.lane or ""
            then = time_in(lane, states, honest, latest_in(connection, lane))
            draft = jumped(state, replace(context, lane_now=then))
            return Decided(() if draft is None else (draft,), replace(context, lane_now=then))

        try:
            paused += len(ledger.append([drill], decide).written)
        except Unavailable:
            continue  # the next look tries again only after another jump, but resuming sets the clock anew
    return paused
