"""What a correlation asks, after pySigma: which rules, grouped by what, within which span, and what must hold.

Decided where the specification (Sigma correlation rules 2.1.0) leaves it open:

* Windows slide: [t - span, t], both ends included. What can only become truer by more events (`gt`, `gte` of counts and
  sums, temporal) is looked at whenever an event comes; everything else (`lt`, `lte`, `eq`, `neq`, averages,
  percentiles, medians, `not`) only on whole windows: those that no later window contains.
* After a hit a group is quiet until the last event of that hit has left the window: one hit a span, never none.
* An event without one of the group-by fields belongs to no group; one without the value's field has no value.
  Both are compared exactly, letter case included.
* An event counts once, however many of the rules matched it. What happens at the same time is in either order.
* Values to be added are decimal numbers below 10^18 with at most 9 decimals. A percentile is the nearest rank: the
  smallest value that is not below p percent of all. The median of an even number is the middle of the two.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from muster.detect.moments import TIME_FIELDS
from muster.detect.rule import Rule, RuleKey


class Kind(StrEnum):
    """What is looked at in a window."""

    EVENT_COUNT = "event_count"
    VALUE_COUNT = "value_count"
    TEMPORAL = "temporal"
    TEMPORAL_ORDERED = "temporal_ordered"
    VALUE_SUM = "value_sum"
    VALUE_AVG = "value_avg"
    VALUE_PERCENTILE = "value_percentile"
    VALUE_MEDIAN = "value_median"


NUMERIC = frozenset({Kind.VALUE_SUM, Kind.VALUE_AVG, Kind.VALUE_PERCENTILE, Kind.VALUE_MEDIAN})
TEMPORAL = frozenset({Kind.TEMPORAL, Kind.TEMPORAL_ORDERED})


class Relation(StrEnum):
    """How what was found stands to the number of the condition."""

    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    EQ = "eq"
    NEQ = "neq"

    def holds(self, found: int, number: int) -> bool:
        """Whether `found` stands so to `number`."""
        match self:
            case Relation.LT:
                return found < number
            case Relation.LTE:
                return found <= number
            case Relation.GT:
                return found > number
            case Relation.GTE:
                return found >= number
            case Relation.EQ:
                return found == number
            case Relation.NEQ:
                return found != number


@dataclass(frozen=True, slots=True)
class Occurs:
    """An extended condition's leaf: the input of this place occurs in the window."""

    place: int


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts of an extended condition: all of them, or any."""

    parts: "tuple[Extended, ...]"
    all: bool


@dataclass(frozen=True, slots=True)
class Absent:
    """The part does not hold."""

    part: "Extended"


Extended = Occurs | Joined | Absent


def occurs(condition: Extended, places: int) -> bool:
    """Whether an extended condition holds of a set of inputs: bit n for the input at place n."""
    if isinstance(condition, Occurs):
        return bool(places >> condition.place & 1)
    if isinstance(condition, Absent):
        return not occurs(condition.part, places)
    answers = (occurs(part, places) for part in condition.parts)
    return all(answers) if condition.all else any(answers)


def denies(condition: Extended) -> bool:
    """Whether an extended condition has a `not`."""
    if isinstance(condition, Joined):
        return any(denies(part) for part in condition.parts)
    return isinstance(condition, Absent)


@dataclass(frozen=True, slots=True)
class Input:
    """A rule or correlation whose hits are looked at, and the fields of its events: to group by, to take values of."""

    rule: RuleKey
    group: tuple[str, ...]
    value: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Correlation:
    """A correlation. span: in microseconds. number: of the condition. generate: its inputs give hits of their own.

    extended: set instead of relation and number, with temporal kinds only. percentile: 0 to 100, with its kind only.
    """

    rule: Rule
    kind: Kind
    inputs: tuple[Input, ...]
    group_by: tuple[str, ...]
    span: int
    relation: Relation = Relation.GTE
    number: int = 1
    percentile: int = 0
    extended: Extended | None = None
    generate: bool = False

    @property
    def early(self) -> bool:
        """Whether more events can only make it truer, so that it is decided when an event comes."""
        if self.kind in (Kind.VALUE_AVG, Kind.VALUE_PERCENTILE, Kind.VALUE_MEDIAN):
            return False
        if self.extended is not None:
            return not denies(self.extended)
        return self.relation in (Relation.GT, Relation.GTE)

    @property
    def mark(self) -> str:
        """Changes with anything that gives its windows another meaning (hex of a SHA-256)."""
        meaning = (
            self.rule.key, self.kind, self.inputs, self.group_by, self.span, self.relation, self.number,
            self.percentile, self.extended,
        )  # fmt: skip
        return hashlib.sha256(repr(meaning).encode()).hexdigest()


def fields_of(correlations: Sequence[Correlation]) -> frozenset[str]:
    """The fields of events that correlations read, those of times among them; none when there are no correlations."""
    fields = {name for asked in correlations for one in asked.inputs for name in (*one.group, *one.value)}
    return frozenset(fields | set(TIME_FIELDS)) if correlations else frozenset()


def in_order(correlations: Sequence[Correlation]) -> tuple[Correlation, ...]:
    """Those first that others look at. A ring, which is never loaded, would be left out."""
    waiting = list(correlations)
    known = {one.rule.key for one in waiting}
    placed: list[Correlation] = []
    while waiting:
        missing = known - {one.rule.key for one in placed}
        ready = [one for one in waiting if not any(part.rule in missing for part in one.inputs)]
        if not ready:
            break
        placed += ready
        waiting = [one for one in waiting if one not in ready]
    return tuple(placed)
