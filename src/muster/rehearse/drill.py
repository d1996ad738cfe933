"""A drill and its clock as verbs: start, pause, resume, speed, step, end; people join and leave."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field, StringConstraints

from muster.access.command import Command, Line, MaybeLine, Rule
from muster.access.verbs import Verb
from muster.core.errors import BadInput, NotFound, Refused
from muster.core.ids import StreamType, code, parse_code
from muster.core.time import Moment, parse_stated, stored
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft
from muster.record.state import States, StreamState
from muster.rehearse.clock import (
    CLOCK,
    Cause,
    Clock,
    DrillClock,
    DrillEnded,
    DrillJoined,
    DrillLeft,
    DrillStarted,
    lane_now,
    lane_of,
)

_SPEED = re.compile(r"([0-9]{1,6})(?:/([0-9]{1,6}))?", re.ASCII)
FASTEST = 100_000


def _drill_code(text: str) -> str:
    try:
        return parse_code(text, StreamType.DRILL)
    except BadInput as error:
        raise ValueError(f"{error.what} {error.mend}") from None


def _fraction(text: str) -> str:
    found = _SPEED.fullmatch(text)
    n, d = (int(found[1]), int(found[2] or 1)) if found else (0, 0)
    if not (n > 0 and d > 0 and n <= FASTEST * d):
        raise ValueError("is no speed: write a whole number like 60, or a fraction like 1/2")
    return text


DrillCode: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=40), AfterValidator(_drill_code)
]
Speed: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_fraction)]
Seconds: TypeAlias = Annotated[int, Field(ge=1, le=366 * 86_400)]


class StartDrill(Command):
    """Start a drill. seed: draws its story; starts_at: its first lane time; paused: it goes on by steps only."""

    exercise: Line
    seed: MaybeLine = None
    starts_at: MaybeLine = None
    speed: Speed = "1"
    paused: bool = False


class InDrill(Command):
    """Every other command names its drill."""

    drill: DrillCode


class PauseDrill(InDrill):
    """Let a drill's clock stand."""


class ResumeDrill(InDrill):
    """Let a paused drill go on, as fast as before."""


class SetSpeed(InDrill):
    """Set how fast a drill's clock runs: 60 is a minute a second, 1/2 is half as fast as reality."""

    speed: Speed


class StepDrill(InDrill):
    """Put a drill's clock forward by so many seconds, whether it stands or runs."""

    seconds: Seconds


class EndDrill(InDrill):
    """End a drill: its clock stands, and everybody who takes part is back in reality."""


class JoinDrill(InDrill):
    """Take part in a drill: what this session does and sees is of the drill from now on."""


class LeaveDrill(InDrill):
    """Go back to reality with this session."""


def start(_states: States, command: StartDrill, context: Context, _known: Known) -> Decision:
    """drill.started, drill.clock, in a lane of its own. Raises BadInput."""
    stream = code(StreamType.DRILL, context.id("stream"))
    begins = context.now if command.starts_at is None else parse_stated(command.starts_at, "starts_at").at
    n, d = fraction(command.speed)
    clock = DrillClock(
        cause=Cause.STARTED,
        w=stored(context.now),
        t=stored(begins),
        n=0 if command.paused else n,
        d=d,
        goes_n=n,
        goes_d=d,
    )
    started = DrillStarted(exercise=command.exercise, seed=command.seed or context.id("seed")[:16])
    drafts = tuple(
        Draft(stream, body, happened=Moment(begins), lane=lane_of(stream)) for body in (started, clock)
    )
    return Decision(drafts, {"drill": stream, "lane": lane_of(stream), "seed": started.seed, "now": clock.t})


def fraction(speed: str) -> tuple[int, int]:
    """Numerator and denominator of a speed that was checked."""
    n, _, d = speed.partition("/")
    return int(n), int(d or 1)


def pause(states: States, command: PauseDrill, context: Context, _known: Known) -> Decision:
    """drill.clock that stands. Raises NotFound, Refused."""
    state = going(states, command.drill)
    if not state.slice(CLOCK).runs:
        raise Refused("This drill stands already.", command.drill, "Step it, or resume it.")
    return _set(state, Cause.PAUSED, context, n=0)


def resume(states: States, command: ResumeDrill, context: Context, _known: Known) -> Decision:
    """drill.clock that runs again. Raises NotFound, Refused."""
    state = going(states, command.drill)
    clock = state.slice(CLOCK)
    if clock.runs:
        raise Refused("This drill runs already.", command.drill, "Pause it, or set its speed.")
    return _set(state, Cause.RESUMED, context, n=clock.goes_n, d=clock.goes_d)


def speed(states: States, command: SetSpeed, context: Context, _known: Known) -> Decision:
    """drill.clock with another speed; a drill that stands goes on standing. Raises NotFound, Refused."""
    state = going(states, command.drill)
    n, d = fraction(command.speed)
    return _set(state, Cause.SPEED, context, n=n if state.slice(CLOCK).runs else 0, d=d, goes_n=n, goes_d=d)


def step(states: States, command: StepDrill, context: Context, _known: Known) -> Decision:
    """drill.clock, put forward. Raises NotFound, Refused."""
    state = going(states, command.drill)
    clock = state.slice(CLOCK)
    return _set(state, Cause.STEPPED, context, by=command.seconds, n=clock.n, d=clock.d)


def end(states: States, command: EndDrill, context: Context, _known: Known) -> Decision:
    """drill.clock that stands, drill.ended. Raises NotFound, Refused."""
    state = going(states, command.drill)
    stopped = _set(state, Cause.ENDED, context, n=0)
    at = stopped.drafts[0].happened
    return Decision((*stopped.drafts, Draft(command.drill, DrillEnded(), happened=at)), stopped.answer)


def join(states: States, command: JoinDrill, context: Context, _known: Known) -> Decision:
    """drill.joined, once for each person; a drill that has ended is only looked at, which writes nothing. Raises NotFound."""
    state = existing(states, command.drill)
    clock = state.slice(CLOCK)
    answer = {"drill": command.drill, "lane": lane_of(command.drill)}
    if clock.ended or context.actor.account in clock.people:
        return Decision((), answer)
    return Decision((_at(state, context, DrillJoined()),), answer)


def leave(states: States, command: LeaveDrill, context: Context, _known: Known) -> Decision:
    """drill.left, once for each person; after the end too. Raises NotFound."""
    state = existing(states, command.drill)
    if context.actor.account not in state.slice(CLOCK).people:
        return Decision((), {"drill": command.drill})
    return Decision((_at(state, context, DrillLeft()),), {"drill": command.drill})


def jumped(state: StreamState, context: Context) -> Draft | None:
    """Pauses a running drill because the wall clock jumped; its lane's now is what it was just before."""
    clock = state.slice(CLOCK)
    if clock.ended or not clock.runs:
        return None
    return _set(state, Cause.JUMPED, context, n=0).drafts[0]


def existing(states: States, drill: str) -> StreamState:
    """The loaded drill. Raises NotFound."""
    state = states.get(drill)
    if state is None or not state.slice(CLOCK).t:
        raise NotFound("There is nothing with this code.", drill, "Check the code, or search the list.")
    return state


def going(states: States, drill: str) -> StreamState:
    """The loaded drill, which has not ended. Raises NotFound, Refused."""
    state = existing(states, drill)
    if state.slice(CLOCK).ended:
        raise Refused("This drill has ended.", drill, "Start another one.")
    return state


def instant_of(clock: Clock, context: Context) -> datetime:
    """The drill's now: from the context where it knows, which saw all streams of the lane."""
    return context.lane_now or lane_now(clock, context.now)


def _set(state: StreamState, cause: Cause, context: Context, *, by: int = 0, **changes: int) -> Decision:
    clock = state.slice(CLOCK)
    at = instant_of(clock, context) + timedelta(seconds=by)
    kept = {"d": clock.d, "goes_n": clock.goes_n, "goes_d": clock.goes_d}
    body = DrillClock.model_validate(
        {**kept, "cause": cause, "w": stored(context.now), "t": stored(at), **changes}
    )
    draft = Draft(state.stream, body, happened=Moment(at))
    return Decision((draft,), {"drill": state.stream, "now": body.t, "speed": f"{body.n}/{body.d}"})


def _at(state: StreamState, context: Context, body: DrillJoined | DrillLeft) -> Draft:
    return Draft(state.stream, body, happened=Moment(instant_of(state.slice(CLOCK), context)))


def _one(command: InDrill) -> tuple[str, ...]:
    return (command.drill,)


_VERBS: tuple[tuple[Verb, type[InDrill], Callable[..., Decision]], ...] = (
    (Verb.PAUSE, PauseDrill, pause),
    (Verb.RESUME, ResumeDrill, resume),
    (Verb.SPEED, SetSpeed, speed),
    (Verb.STEP, StepDrill, step),
    (Verb.END_DRILL, EndDrill, end),
    (Verb.JOIN, JoinDrill, join),
    (Verb.LEAVE, LeaveDrill, leave),
)
RULES = (
    Rule(Verb.START_DRILL, StartDrill, start),
    *(Rule(verb, command, decide, _one) for verb, command, decide in _VERBS),
)
