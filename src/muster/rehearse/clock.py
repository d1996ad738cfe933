"""The clock of a drill: lane time from wall time by one fraction, in whole microseconds; it pauses, steps, never goes back.

This is the one lifecycle module that knows reality from a drill; all others ask it.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from muster.core.errors import BadInput, Refused
from muster.core.ids import StreamType, parse_code
from muster.core.time import TimeSource, from_stored, stored
from muster.record.body import Body, kinds_of
from muster.record.entry import Entry, Header
from muster.record.lane import REAL
from muster.record.state import Fold, Slice, States

_PREFIX = "drill:"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = datetime(9998, 12, 31, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
# A wall clock that leaves the monotonic one by more than this pauses running drills.
JUMP = timedelta(seconds=60)


class Cause(StrEnum):
    """Why a drill's clock was set."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    SPEED = "speed"
    STEPPED = "stepped"
    JUMPED = "wall-clock-jumped"
    ENDED = "ended"


class DrillStarted(Body):
    """First entry of a drill: what is rehearsed, and the seed from which its story is drawn."""

    kind: ClassVar[str] = "drill.started"
    exercise: str
    seed: str


class DrillClock(Body):
    """From wall time `w` on, which is lane time `t`, the lane's clock runs n/d times as fast; n = 0: it stands.

    goes_n: the speed to resume at.
    """

    kind: ClassVar[str] = "drill.clock"
    cause: Cause
    w: str
    t: str
    n: int
    d: int
    goes_n: int
    goes_d: int


class DrillJoined(Body):
    """Somebody takes part: what they do from now on is of the drill."""

    kind: ClassVar[str] = "drill.joined"


class DrillLeft(Body):
    """Somebody takes part no longer."""

    kind: ClassVar[str] = "drill.left"


class DrillEnded(Body):
    """The drill is over; its clock stands."""

    kind: ClassVar[str] = "drill.ended"


KINDS = kinds_of(DrillStarted, DrillClock, DrillJoined, DrillLeft, DrillEnded)


class Clock(Slice):
    """A drill's clock. latest: the latest lane time among the drill's own entries. goes_n/goes_d: when it runs."""

    exercise: str = ""
    seed: str = ""
    w: str = ""
    t: str = ""
    n: int = 0
    d: int = 1
    goes_n: int = 1
    goes_d: int = 1
    latest: str = ""
    ended: bool = False
    people: tuple[str, ...] = ()

    @property
    def runs(self) -> bool:
        """Whether lane time goes on by itself."""
        return self.n > 0


def evolve(clock: Clock, entry: Entry) -> Clock:
    """The clock after one more entry."""
    head = entry.header
    match entry.body:
        case DrillStarted() as body:
            clock = clock.model_copy(update={"exercise": body.exercise, "seed": body.seed})
        case DrillClock() as body:
            clock = clock.model_copy(update=body.model_dump(exclude={"cause"}))
        case DrillJoined():
            clock = clock.model_copy(update={"people": tuple(sorted({*clock.people, head.who}))})
        case DrillLeft():
            people = tuple(one for one in clock.people if one != head.who)
            clock = clock.model_copy(update={"people": people})
        case DrillEnded():
            clock = clock.model_copy(update={"ended": True})
        case _:
            return clock
    return clock.model_copy(update={"latest": max(clock.latest, stored(head.happened.at))})


CLOCK = Fold("clock", Clock(), evolve)


def micros(instant: datetime) -> int:
    """Whole microseconds since 1970."""
    return (instant - _EPOCH) // _MICRO


def lane_now(clock: Clock, wall: datetime, latest: datetime | None = None) -> datetime:
    """Lane time at this wall time: max(latest lane time in its entries, t + max(0, wall - w) x n / d).

    latest: of the lane's other streams.
    """
    gone = max(0, micros(wall) - micros(from_stored(clock.w))) * clock.n // clock.d
    reached = min(micros(from_stored(clock.t)) + gone, micros(_LAST))
    known = [from_stored(text) for text in (clock.latest,) if text]
    return max([_EPOCH + reached * _MICRO, *known, *([latest] if latest else [])])


def lane_of(drill: str) -> str:
    """The lane of a drill, from its stream."""
    return f"{_PREFIX}{drill}"


def streams_of(lane: str) -> tuple[str, ...]:
    """The streams by which the time of a lane is told: its drill; none in reality, or in a lane without a drill."""
    if lane == REAL:
        return ()
    try:
        return (parse_code(lane.removeprefix(_PREFIX), StreamType.DRILL),)
    except BadInput:
        return ()


def time_in(lane: str, states: States, wall: datetime, latest: datetime | None = None) -> datetime | None:
    """A lane's now, from the states of `streams_of`; None where it is the wall clock's."""
    for stream in streams_of(lane):
        state = states.get(stream)
        if state is not None and state.slice(CLOCK).t:
            return lane_now(state.slice(CLOCK), wall, latest)
    return None


def reached(header: Header) -> Iterable[str]:
    """The lane time that an entry shows to be reached; nothing in reality, and nothing for a time somebody stated."""
    if header.lane != REAL and header.happened.source is TimeSource.CLOCK:
        yield stored(header.happened.at)


def refuse_when_over(lane: str, states: States) -> None:
    """In a drill that has ended nothing happens any more; it is there to be looked at. Raises Refused."""
    for stream in streams_of(lane):
        state = states.get(stream)
        if state is not None and state.slice(CLOCK).ended:
            raise Refused(
                "This drill has ended.", stream, "Look around in it; to do something, start another one."
            )


def refuse_in_drill(lane: str) -> None:
    """For the few things that are of no use without leaving the house. Raises Refused."""
    if lane != REAL:
        raise Refused("You take part in a drill, and nothing leaves a drill.", "", "Leave the drill first.")
