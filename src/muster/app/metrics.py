"""Metrics of the record for whoever may see it: times with n, unknown kept, reality and each drill by itself.

Bounded: the newest incidents first, and the entries that tell milestones only; how many are left out is said.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, RowMapping

from muster.access.may import Visible, visible
from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.lane_clock import lane_time
from muster.app.reading import Reading
from muster.app.registry import FOLDS, KINDS
from muster.app.views import View
from muster.app.world import World
from muster.core.ids import PLAN_STREAM
from muster.core.time import from_stored, parse_stated, stored
from muster.disclose.owed import clocks_of
from muster.disclose.planned import plan_of
from muster.learn.lessons import LESSONS
from muster.learn.metrics import LaneMetrics, Share, Told, lesson_metrics, metrics
from muster.learn.review import standing
from muster.learn.times import TOLD_BY, Spread, milestones
from muster.record.state import StreamState
from muster.rehearse.clock import lane_of
from muster.respond.incident import IncidentState
from muster.respond.severity import SEVERITIES
from muster.respond.signal import Outcome
from muster.store import lists
from muster.store.append import Ledger, load
from muster.store.attached import signals_of_many
from muster.store.due import drills
from muster.store.entries_of_kinds import counted, entries_of_kinds
from muster.store.firing import fired

MOST_INCIDENTS = 500
MOST_ENTRIES = 200_000
MOST_RULES = 50
_AT_ONCE = 25


class TimeView(View):
    """One time over many incidents: both milestones, n of how many, and in whole seconds what it took."""

    name: str
    start: str
    end: str
    n: int
    of: int
    unknown: int
    median: int | None
    p90: int | None
    shortest: int | None
    longest: int | None


class ShareView(View):
    """How many of n; unknown: not decided yet, and counted neither way."""

    name: str
    kept: int
    n: int
    unknown: int


class LaneView(View):
    """The metrics of reality (lane `real`) or of one drill. stood_down: counted, and left out of all else.

    false_alarms: by rule, of its signals with an outcome, whenever they came; the 50 rules with the most signals.
    """

    lane: str
    incidents: int
    stood_down: int
    times: tuple[TimeView, ...]
    shares: tuple[ShareView, ...]
    by_severity: dict[str, tuple[TimeView, ...]]
    false_alarms: tuple[ShareView, ...] = ()


class MetricsView(View):
    """All of it. left_out: how many incidents, at least, were too many. lessons: of reality and drills; what drills teach is real."""

    since: str | None
    lanes: tuple[LaneView, ...]
    lessons: int
    lesson_shares: tuple[ShareView, ...]
    left_out: int


@dataclass(frozen=True)
class _Lane:
    """A lane as the caller sees it, with its now."""

    name: str
    seen: Visible
    now: datetime


@dataclass(frozen=True)
class Metrics:
    """Reads metrics for callers."""

    reading: Reading
    world: World
    ledger: Ledger
    clock: Callable[[], datetime]

    def measured(self, caller: Caller, since: str | None = None) -> MetricsView:
        """The metrics of all incidents that the caller may see, declared since then. Raises Unsigned, BadInput."""
        self.reading.ask(caller, Verb.READ_ACCOUNTS)
        begins = _begin(since)
        views: list[LaneView] = []
        left, room, left_out = MOST_ENTRIES, MOST_INCIDENTS, 0
        for lane in self._lanes(caller):
            with self.ledger.database.read() as connection:
                rows = list(_declared(connection, lane.seen, begins))
                false_alarms = _false_alarms(fired(connection, lane.seen))
                over = [row for row in rows if row["state"] != IncidentState.STOOD_DOWN.value]
                told: list[Told] = []
                for start in range(0, min(len(over), room), _AT_ONCE):
                    part = over[start : min(start + _AT_ONCE, room)]
                    if left <= 0:
                        break
                    incidents = [row["stream"] for row in part]
                    attached = signals_of_many(connection, lane.seen, incidents)
                    left -= counted(
                        connection, [*incidents, *(one for found in attached.values() for one in found)]
                    )
                    told += self._told(connection, incidents, attached, lane)
            room -= len(told)
            left_out += len(over) - len(told)
            if rows or false_alarms or not views:
                view = _lane(lane.name, metrics(told), len(rows) - len(over))
                views.append(view.model_copy(update={"false_alarms": false_alarms}))
        lessons = lesson_metrics(self._plan().slice(LESSONS).lessons.values())
        return MetricsView(
            since=None if begins is None else stored(begins),
            lanes=tuple(views),
            lessons=lessons.lessons,
            lesson_shares=(_share(lessons.changed), _share(lessons.tested_lines)),
            left_out=left_out,
        )

    def _lanes(self, caller: Caller) -> Iterator[_Lane]:
        """The caller's own lane, then every drill, of each what the caller would see having joined it."""
        with self.ledger.database.read() as connection:
            others = [lane_of(drill) for drill in drills(connection)]
        wall = self.clock()
        for name in dict.fromkeys((caller.actor.lane, *others)):
            now = lane_time(self.ledger, name, wall)
            yield _Lane(name, visible(replace(caller.actor, lane=name)), now)

    def _told(
        self,
        connection: Connection,
        incidents: list[str],
        attached: Mapping[str, Sequence[str]],
        lane: _Lane,
    ) -> Iterator[Told]:
        signals = [signal for found in attached.values() for signal in found]
        entries = entries_of_kinds(connection, [*incidents, *signals], TOLD_BY, KINDS)
        states = load(connection, incidents, FOLDS, lock=False)
        snapshot = self.world.now()
        for incident in incidents:
            state = states[incident]
            severities = state.slice(SEVERITIES)
            obligations = plan_of(self.world.told(snapshot, state)).obligations
            yield Told(
                lane.name,
                milestones(entries[incident], [entries[one] for one in attached.get(incident, ())]),
                severities.peak or severities.current,
                clocks_of(state, obligations, lane.now),
                standing(state, lane.now),
            )

    def _plan(self) -> StreamState:
        with self.ledger.database.read() as connection:
            return load(connection, [PLAN_STREAM], FOLDS, lock=False)[PLAN_STREAM]


def _declared(connection: Connection, seen: Visible, since: datetime | None) -> Iterator[RowMapping]:
    """The incidents declared since then, the newest first; no more are looked at than could be counted twice over."""
    page = lists.incidents(connection, seen, limit=2 * MOST_INCIDENTS)
    for row in page.rows:
        if since is not None and from_stored(row["declared_at"]) < since:
            return
        yield row


def _false_alarms(rows: Iterable[RowMapping]) -> tuple[ShareView, ...]:
    """Of each rule's signals: how many of those with an outcome were false alarms, and how many have none."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        found = counts.setdefault(row["rule_key"], Counter())
        found["unknown" if row["outcome"] is None else "n"] += row["signals"]
        found["kept"] += row["signals"] if row["outcome"] == Outcome.FALSE_ALARM.value else 0
    most = sorted(counts.items(), key=lambda one: (-one[1]["n"] - one[1]["unknown"], one[0]))[:MOST_RULES]
    return tuple(
        ShareView(name=rule, kept=found["kept"], n=found["n"], unknown=found["unknown"])
        for rule, found in most
    )


def _begin(since: str | None) -> datetime | None:
    """The instant of a date, in UTC, or of a time with its zone. Raises BadInput."""
    if since is None or not since.strip():
        return None
    try:
        day = date.fromisoformat(since.strip()) if len(since.strip()) == 10 else None
    except ValueError:
        day = None
    return parse_stated(since, "since").at if day is None else datetime.combine(day, time(), tzinfo=UTC)


def _lane(name: str, found: tuple[LaneMetrics, ...], stood_down: int) -> LaneView:
    if not found:
        found = (replace(_NOTHING, lane=name),)
    (lane,) = found
    return LaneView(
        lane=name,
        incidents=lane.incidents,
        stood_down=stood_down,
        times=tuple(_time(one) for one in lane.times),
        shares=tuple(_share(one) for one in lane.shares),
        by_severity={
            severity.value: tuple(_time(one) for one in times) for severity, times in lane.by_severity.items()
        },
    )


_NOTHING = LaneMetrics("", 0, (), ())


def _time(one: Spread) -> TimeView:
    return TimeView(
        name=one.measure.name,
        start=one.measure.start.value,
        end=one.measure.end.value,
        n=one.n,
        of=one.n + one.unknown,
        unknown=one.unknown,
        median=_seconds(one.median),
        p90=_seconds(one.p90),
        shortest=_seconds(one.shortest),
        longest=_seconds(one.longest),
    )


def _seconds(took: timedelta | None) -> int | None:
    return None if took is None else round(took / timedelta(seconds=1))


def _share(one: Share) -> ShareView:
    return ShareView(name=one.name, kept=one.kept, n=one.n, unknown=one.unknown)
