"""Never silently blind: what rules look for and no event delivered, and what events came that no rule reads.

A pure comparison of a ruleset with what was seen. It knows of a rule its log source and the fields it names, not its
logic: a rule that is named here may still hit by its other fields, one that is not may still never hit.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from muster.detect import routing
from muster.detect.condition import ANYWHERE
from muster.detect.rule import LogSource, Rule
from muster.detect.ruleset import Ruleset
from muster.detect.seen import Delivered, Kind, Seen
from muster.detect.shapes.shape import ShapeName
from muster.detect.windows_source import expects

_HEAD = routing.FIELDS | {ANYWHERE, "Channel", "EventID", "Provider_Name"}
_WINDOWS = frozenset({
    ShapeName.WINDOWS, ShapeName.WINDOWS_COLLECTOR, ShapeName.EVTX_JSON, ShapeName.WINLOGBEAT, ShapeName.WINLOGBEAT_6,
    ShapeName.WORKSPACE, ShapeName.WINDOWS_XML,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A rule whose log source came, with the fields it names that none of those events had."""

    rule: Rule
    fields: tuple[str, ...]
    is_all: bool


@dataclass(frozen=True, slots=True)
class Blind:
    """without_source: rules for whose log source no event came. unread: kinds of events that no rule looks at."""

    without_source: tuple[Rule, ...]
    undelivered: tuple[Undelivered, ...]
    unread: tuple[tuple[Kind, int], ...]


def blind(ruleset: Ruleset, seen: Seen) -> Blind:
    """Compares. The rules in the order of the ruleset, the kinds by how many events they have."""
    met: dict[LogSource, list[Kind]] = {
        source: [kind for kind, delivered in seen.kinds.items() if _meets(source, kind, delivered)]
        for source in ruleset.sources
    }
    read: set[Kind] = set()
    without: list[Rule] = []
    undelivered: list[Undelivered] = []
    for one in ruleset.loaded:
        wanted = [name for name in one.fields if name not in _HEAD]
        kinds = met[one.rule.source]
        kinds = [kind for kind in kinds if _is_told(kind) or _has_one(wanted, seen.kinds[kind])]
        if not kinds:
            without.append(one.rule)
            continue
        read.update(kinds)
        missing = _missing(wanted, (seen.kinds[kind] for kind in kinds))
        if missing:
            undelivered.append(Undelivered(one.rule, missing, len(missing) == len(wanted)))
    unread = [(kind, delivered.count) for kind, delivered in seen.kinds.items() if kind not in read]
    unread.sort(key=lambda pair: -pair[1])
    return Blind(tuple(without), tuple(undelivered), tuple(unread))


def _missing(wanted: list[str], delivered: Iterable[Delivered]) -> tuple[str, ...]:
    left = dict.fromkeys(wanted)
    for one in delivered:
        for name in [name for name in left if name in one.fields]:
            del left[name]
        if not left:
            break
    return tuple(left)


def _is_told(kind: Kind) -> bool:
    """Whether it is known where events of the kind come from; others meet a rule by its fields only."""
    return _states(kind) or kind.shape in _WINDOWS or kind.shape is ShapeName.WEB_ACCESS


def _has_one(wanted: list[str], delivered: Delivered) -> bool:
    return not wanted or not delivered.fields.isdisjoint(wanted)


def _states(kind: Kind) -> bool:
    return bool(kind.product or kind.category or kind.service)


def _meets(source: LogSource, kind: Kind, delivered: Delivered) -> bool:
    """Whether rules of the source look at events of the kind, as `routing` and the default pipeline have it."""
    if _states(kind):
        told = (
            (source.product, kind.product),
            (source.category, kind.category),
            (source.service, kind.service),
        )
        return all(not wanted or not said or wanted == said for wanted, said in told)
    if kind.shape in _WINDOWS:
        fits = routing.fits(source, routing.Shape.WINDOWS)
        return fits and (source.product != "windows" or expects(source, kind.channel, kind.number))
    if kind.shape is ShapeName.WEB_ACCESS or not delivered.fields.isdisjoint(routing.WEB_FIELDS):
        return routing.fits(source, routing.Shape.WEB)
    return source.product != "windows"
