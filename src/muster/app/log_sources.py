"""The register of log sources: what the plan says of each, what came of it, which rules read it, and its holes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.health import Health
from muster.app.holes import Holes, HoleView
from muster.app.reading import Reading
from muster.app.seen_words import SeenSource, Sighted
from muster.app.views import View
from muster.app.world import World
from muster.core.time import from_stored
from muster.plan.services import LogSource
from muster.prepare.holes import RuleSource

DAY = 24 * 60
"""Minutes after which a source is silent, where the plan does not say it."""
SHOWN_RULES = 20
UNKNOWN = "unknown"


class HoleKind(StrEnum):
    """What is wrong with what is watched."""

    NO_RULE = "no rule reads it"
    NEVER_SEEN = "never seen"
    SILENT = "silent"
    FIELDS = "fields never delivered"
    NOT_LOADED = "rule not loaded"
    RULE_RAISES = "rule raises"
    UNKNOWN_SHAPE = "unknown shape"
    UNREADABLE = "unreadable lines"
    CUT = "more than is told"


class LogHole(View):
    """A hole. about: the log source, rule or reason it is of; place: the beginning of the ids of its plan lines, if any."""

    kind: HoleKind
    about: str
    sentence: str
    owner: str = ""
    place: str = ""


class LogSourceView(View):
    """A log source. service, log, owner, keeps_days, ...: of the plan, empty for one that the plan does not name.

    state: `alive`, `never seen`, `silent since ...`, or why it cannot be told. last_hour: events in 60 minutes.
    last_event: when the newest says it happened; lag_seconds: how long after that it came. rules: titles or paths of
    rules that read it, at most 20; rules_count: all. holes: sentences.
    """

    name: str
    service: str = ""
    log: str = ""
    what: str = ""
    owner: str = ""
    keeps_days: int | None = None
    integrity: str = ""
    product: str = ""
    category: str = ""
    log_service: str = ""
    state: str
    silent_after_minutes: int = DAY
    events: int = 0
    last_hour: int = 0
    last: str | None = None
    last_event: str | None = None
    lag_seconds: int | None = None
    fields: tuple[str, ...] = ()
    fields_count: int = 0
    rules: tuple[str, ...] = ()
    rules_count: int = 0
    holes: tuple[str, ...] = ()


class RegisterView(View):
    """The register of the caller's lane. heard: whether the detector ever spoke. planned: of the plan in force."""

    heard: bool
    planned: tuple[LogSourceView, ...]
    others: tuple[LogSourceView, ...]
    holes: tuple[LogHole, ...]


@dataclass(frozen=True)
class LogSources:
    """Reads the register for callers."""

    reading: Reading
    holes: Holes
    health: Health
    world: World
    clock: Callable[[], datetime]

    def register(self, caller: Caller) -> RegisterView:
        """All log sources, planned and seen, with every hole. Raises Unsigned."""
        self.reading.ask(caller, Verb.READ_ACCOUNTS)
        detection = self.health.status().detection
        heard = bool(detection and detection.running)
        sighted = self.health.sighted().of(caller.actor.lane)
        seen = sighted.sources
        rules = self.holes.sources()
        unread = {hole.place: hole for hole in self.holes.now(caller)}
        planned: list[LogSourceView] = []
        found: list[LogHole] = []
        used: set[tuple[str, ...]] = set()
        for service, log_id, log in self._logs():
            mine = tuple(one for one in seen if meets(log, one))
            used.update(one.key for one in mine)
            place = f"services/{service}.yaml#/logs/{log_id}"
            state = self._state(log, mine, heard=heard)
            holes = list(_silences(service, log_id, log, state))
            if place in unread:
                holes.insert(0, _no_rule(unread[place]))
            planned.append(_planned(service, log_id, log, mine, rules, (state, holes)))
            found += holes
        others = [self._other(one, rules) for one in seen if one.key not in used]
        reasons = detection.rules_not_loaded if detection else ()
        found += [
            LogHole(kind=HoleKind.NO_RULE, about=one.name, sentence=hole)
            for one in others
            for hole in one.holes
        ]
        found += [hole for one in seen for hole in _unknown(one)]
        found += _of_rules(reasons, sighted)
        return RegisterView(heard=heard, planned=tuple(planned), others=tuple(others), holes=tuple(found))

    def _logs(self) -> Iterator[tuple[str, str, LogSource]]:
        version = self.world.now().version
        plan = version.plan if version else None
        for service, one in sorted(plan.in_force.services.items()) if plan else ():
            for log_id, log in sorted(one.logs.items()):
                yield service, log_id, log

    def _state(self, log: LogSource, mine: tuple[SeenSource, ...], *, heard: bool) -> str:
        if not _names_itself(log):
            return "not told: the plan names no product, category or service"
        if not mine:
            return "never seen" if heard else "not known: the detector was not heard from"
        last = max(one.last for one in mine)
        return f"silent since {last}" if self._is_silent(last, log.silent_after_minutes or DAY) else "alive"

    def _is_silent(self, last: str, minutes: int) -> bool:
        return from_stored(last) + timedelta(minutes=minutes) < self.clock()

    def _other(self, one: SeenSource, rules: Mapping[str, RuleSource]) -> LogSourceView:
        reads = [path for path, rule in rules.items() if meets(rule, one)]
        state = f"silent since {one.last}" if self._is_silent(one.last, DAY) else "alive"
        is_told = bool(one.product or one.categories or one.services)
        holes = (f"No rule reads {name_of(one)}.",) if is_told and not reads else ()
        return LogSourceView(
            name=name_of(one),
            product=one.product,
            category=", ".join(one.categories),
            log_service=", ".join(one.services),
            state=state,
            **_counted((one,)),
            rules=tuple(reads[:SHOWN_RULES]),
            rules_count=len(reads),
            holes=holes,
        )


def meets(log: LogSource | RuleSource, seen: SeenSource) -> bool:
    """Whether what came is of a log that names product, category or service: all that it names must be so."""
    told = (
        (log.product, (seen.product,)),
        (log.category, seen.categories),
        (log.service, seen.services),
    )
    named = [(wanted.lower(), said) for wanted, said in told if wanted]
    return bool(named) and all(wanted in map(str.lower, said) for wanted, said in named)


def name_of(one: SeenSource) -> str:
    """What a source that came is called: channel, or what it states, or its shape."""
    if one.channel:
        return one.channel
    stated = ", ".join(part for part in (one.product, *one.categories, *one.services) if part)
    return stated or f"events of shape {one.shape}"


def _names_itself(log: LogSource) -> bool:
    return bool(log.product or log.category or log.service)


def _planned(
    service: str,
    log_id: str,
    log: LogSource,
    mine: tuple[SeenSource, ...],
    rules: Mapping[str, RuleSource],
    found: tuple[str, list[LogHole]],
) -> LogSourceView:
    reads = [path for path, rule in rules.items() if rule.reads(log)]
    return LogSourceView(
        name=f"{log_id} of {service}",
        service=service,
        log=log_id,
        what=log.what,
        owner=log.owner,
        keeps_days=log.keeps_days,
        integrity=log.integrity,
        product=log.product or "",
        category=log.category or "",
        log_service=log.service or "",
        state=found[0],
        silent_after_minutes=log.silent_after_minutes or DAY,
        **_counted(mine),
        rules=tuple(reads[:SHOWN_RULES]),
        rules_count=len(reads),
        holes=tuple(hole.sentence for hole in found[1]),
    )


def _counted(mine: Iterable[SeenSource]) -> dict[str, Any]:
    many = sorted(mine, key=lambda one: one.last)
    if not many:
        return {}
    newest = many[-1]
    fields = dict.fromkeys(name for one in many for name in one.fields)
    return {
        "events": sum(one.events for one in many),
        "last_hour": sum(one.last_hour for one in many),
        "last": newest.last,
        "last_event": newest.last_event,
        "lag_seconds": newest.lag_seconds,
        "fields": tuple(fields),
        "fields_count": max(len(fields), *(one.fields_count for one in many)),
    }


def _silences(service: str, log_id: str, log: LogSource, state: str) -> Iterator[LogHole]:
    about, place = f"{log_id} of {service}", f"services/{service}.yaml#/logs/{log_id}"
    if state == "never seen":
        kind, sentence = HoleKind.NEVER_SEEN, f"No event of {about} ever came: {log.what.rstrip('.')}."
    elif state.startswith("silent"):
        within = log.silent_after_minutes or DAY
        kind, sentence = (
            HoleKind.SILENT,
            f"{about} is silent since {_at(state.removeprefix('silent since '))}; something should come within {within} minutes.",
        )
    else:
        return
    yield LogHole(kind=kind, about=about, sentence=sentence, owner=log.owner, place=place)


def _at(time: str) -> str:
    """A stored time for people, to the second."""
    return f"{time[:10]} {time[11:19]} UTC"


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _no_rule(hole: HoleView) -> LogHole:
    about = f"{hole.log} of {hole.service}"
    return LogHole(
        kind=HoleKind.NO_RULE, about=about, sentence=hole.sentence, owner=hole.owner, place=hole.place
    )


def _unknown(one: SeenSource) -> Iterator[LogHole]:
    if one.shape == UNKNOWN and not (one.product or one.categories or one.services):
        sentence = f"Of {_many(one.events, 'event', 'events')} neither shape nor log source is known; rules meet them by their fields only."
        yield LogHole(kind=HoleKind.UNKNOWN_SHAPE, about=name_of(one), sentence=sentence)


def _of_rules(not_loaded: Iterable[tuple[str, str, str]], sighted: Sighted) -> Iterator[LogHole]:
    """Holes that are of rules and of lines, not of one log source of the plan."""
    for path, title, reason in not_loaded:
        sentence = f"The rule {title or path} is not loaded: {reason}."
        yield LogHole(kind=HoleKind.NOT_LOADED, about=path, sentence=sentence)
    for fault in sighted.faults:
        batches = _many(fault.batches, "batch", "batches")
        sentence = f"The rule {fault.title} raised in {batches} and was set aside in them, last at {_at(fault.last)}: {fault.what}."
        yield LogHole(kind=HoleKind.RULE_RAISES, about=fault.rule, sentence=sentence)
    for one in sighted.missing:
        all_of = "none of its fields ever came" if one.is_all else "these never came"
        sentence = f"The rule {one.title} names fields that its log source never delivered ({all_of}): {', '.join(one.fields)}."
        yield LogHole(kind=HoleKind.FIELDS, about=one.rule, sentence=sentence)
    for unread in sighted.unread:
        sentence = f"{_many(unread.lines, 'line', 'lines')} could not be read: {unread.reason}."
        yield LogHole(kind=HoleKind.UNREADABLE, about=unread.reason, sentence=sentence)
    if sighted.cut:
        sentence = "More sources, fields or rules came than are told here; the oldest were left out."
        yield LogHole(kind=HoleKind.CUT, about="the register", sentence=sentence)
