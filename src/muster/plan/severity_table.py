"""The severity table as the plan writes it, and what each level obliges us to; the rating itself is in `severity`."""

from pydantic import Field, field_validator

from muster.core.labels import Severity
from muster.plan.part import Days, Id, Line, Minutes, Part
from muster.plan.severity import (
    Activity,
    Axis,
    Functional,
    Information,
    Recoverability,
    SeverityRule,
    When,
    YesNo,
)

VALUES: dict[Axis, frozenset[str]] = {
    Axis.FUNCTIONAL: frozenset(Functional),
    Axis.INFORMATION: frozenset(Information),
    Axis.RECOVERABILITY: frozenset(Recoverability),
    Axis.ACTIVITY: frozenset(Activity),
    Axis.SAFETY: frozenset(YesNo),
    Axis.CRITICAL: frozenset(YesNo),
}


class Cell(Part):
    """One rule: the level that holds when every axis named in `when` is rated as one of its values."""

    severity: Severity
    sentence: Line
    when: dict[Axis, tuple[str, ...]] = Field(default_factory=dict[Axis, tuple[str, ...]])

    @field_validator("when")
    @classmethod
    def _known_values(cls, when: dict[Axis, tuple[str, ...]]) -> dict[Axis, tuple[str, ...]]:
        for axis, values in when.items():
            allowed = sorted(VALUES[axis] - {"unknown"})
            if not values or not set(values) <= set(allowed):
                raise ValueError(f"{axis} may be: {', '.join(allowed)}")
        return when


class LevelDuties(Part):
    """What a level obliges us to. `tell` and `staff` are roles; an empty field means: no duty of this kind."""

    commander_within_minutes: Minutes
    staff: tuple[Id, ...] = ()
    tell: tuple[Id, ...] = ()
    period_hours: int | None = Field(default=None, ge=1, le=72)
    brief_every_minutes: Minutes | None = None
    review_within_days: Days | None = None


class SeverityPart(Part):
    """The file severity.yaml: rules in order, the first that holds wins; then the duties of each level."""

    rules: dict[Id, Cell]
    levels: dict[Severity, LevelDuties]

    @property
    def table(self) -> tuple[SeverityRule, ...]:
        """The rules as `severity.derive` takes them."""
        return tuple(
            SeverityRule(
                id=name,
                severity=cell.severity,
                sentence=cell.sentence,
                when=tuple(When(axis=axis, one_of=frozenset(values)) for axis, values in cell.when.items()),
            )
            for name, cell in self.rules.items()
        )

    def duties(self, severity: Severity) -> LevelDuties | None:
        """What this level obliges us to."""
        return self.levels.get(severity)
