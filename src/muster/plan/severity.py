"""Severity by a visible rule: how the impact is rated, and which rule of the table gives the level."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator

from muster.core.labels import Severity

UNKNOWN = "unknown"


class Functional(StrEnum):
    """Loss of function (SP 800-61 r2, table 3-2): medium is a critical service lost to some, high to all."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    UNKNOWN = "unknown"


class Information(StrEnum):
    """Loss of information (after SP 800-61 r2, table 3-3); several may hold. Suspected: not yet confirmed."""

    NONE = "none"
    PRIVACY = "privacy"
    PRIVACY_SUSPECTED = "privacy-suspected"
    CUSTOMER = "key-customer"
    CREDENTIALS = "core-credentials"
    PROPRIETARY = "proprietary"
    PROPRIETARY_SUSPECTED = "proprietary-suspected"
    INTEGRITY = "integrity"
    UNKNOWN = "unknown"


class Recoverability(StrEnum):
    """Effort to recover (SP 800-61 r2, table 3-4)."""

    REGULAR = "regular"
    SUPPLEMENTED = "supplemented"
    EXTENDED = "extended"
    NOT_RECOVERABLE = "not-recoverable"
    UNKNOWN = "unknown"


class Activity(StrEnum):
    """How far the attacker came: prepare and engage were stopped before presence."""

    NONE = "none"
    PREPARE = "prepare"
    ENGAGE = "engage"
    PRESENCE = "presence"
    EFFECT = "effect"
    UNKNOWN = "unknown"


class YesNo(StrEnum):
    """Yes, no, or nobody knows yet."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Ratings(BaseModel):
    """How the impact is rated; all left blank means unknown, never none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    functional: Functional = Functional.UNKNOWN
    information: tuple[Information, ...] = Field(default=(Information.UNKNOWN,), max_length=9)
    recoverability: Recoverability = Recoverability.UNKNOWN
    activity: Activity = Activity.UNKNOWN
    safety: YesNo = YesNo.UNKNOWN
    critical: YesNo = YesNo.UNKNOWN

    @model_validator(mode="after")
    def _information_fits(self) -> "Ratings":
        if not self.information:
            object.__setattr__(self, "information", (Information.UNKNOWN,))
        if Information.NONE in self.information and len(set(self.information)) > 1:
            raise ValueError("information: none excludes the others; leave it out, or leave them out")
        return self

    def of(self, axis: "Axis") -> frozenset[str]:
        """The values of one axis; only information has several."""
        if axis is Axis.INFORMATION:
            return frozenset(value.value for value in self.information)
        value: StrEnum = getattr(self, axis.value)
        return frozenset({value.value})


class Axis(StrEnum):
    """What is rated; the values are the field names of `Ratings`."""

    FUNCTIONAL = "functional"
    INFORMATION = "information"
    RECOVERABILITY = "recoverability"
    ACTIVITY = "activity"
    SAFETY = "safety"
    CRITICAL = "critical"


class When(BaseModel):
    """One condition: a rating of this axis is one of these."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    axis: Axis
    one_of: frozenset[str]


class SeverityRule(BaseModel):
    """One cell of the table: the level that holds when all conditions do, and why in one sentence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    severity: Severity
    sentence: str
    when: tuple[When, ...] = ()


class Derived(BaseModel):
    """The level, the rule that gave it, and the answer to "why SEV2?".

    matched: the ratings that the rule asked for, as `axis: value`. raised_by: the unknown axes that raised
    the level by one step; empty when doubt changed nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    severity: Severity
    rule: str
    why: str
    matched: tuple[str, ...] = ()
    raised_by: tuple[Axis, ...] = ()


def derive(table: tuple[SeverityRule, ...], ratings: Ratings) -> Derived:
    """The severity by the table: the first rule whose conditions all hold; doubt counts one step up.

    Doubt: if a worse rule could hold by ratings that are still unknown, the level is one step higher.
    Raises ValueError when no rule holds; a table must end with a rule that has no conditions.
    """
    rule = next((rule for rule in table if _holds(rule, ratings)), None)
    if rule is None:
        raise ValueError("the severity table does not end with a rule for everything else")
    doubts = _doubts(table, rule, ratings)
    severity = Severity(f"SEV{rule.severity.rank - 1}") if doubts else rule.severity
    matched = tuple(
        f"{when.axis.value}: {value}"
        for when in rule.when
        for value in sorted(ratings.of(when.axis) & when.one_of)
    )
    why = f"{rule.sentence} (rule {rule.id})"
    if matched:
        why += f" Rated {'; '.join(matched)}."
    if doubts:
        names = ", ".join(axis.value for axis in doubts)
        why += f" Raised one step from {rule.severity} to {severity}, because this is unknown: {names}."
    return Derived(severity=severity, rule=rule.id, why=why, matched=matched, raised_by=doubts)


def _holds(rule: SeverityRule, ratings: Ratings) -> bool:
    return all(ratings.of(when.axis) & when.one_of for when in rule.when)


def _doubts(table: tuple[SeverityRule, ...], found: SeverityRule, ratings: Ratings) -> tuple[Axis, ...]:
    doubts: set[Axis] = set()
    for rule in table:
        if not rule.severity.worse_than(found.severity):
            continue
        open_axes = {when.axis for when in rule.when if not ratings.of(when.axis) & when.one_of}
        if open_axes and all(UNKNOWN in ratings.of(axis) for axis in open_axes):
            doubts |= open_axes
    return tuple(axis for axis in Axis if axis in doubts)
