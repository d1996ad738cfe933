"""Facts written by hand, for clocks without a record: what is answered, what started when, what was filed."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from muster.core.errors import BadInput
from muster.core.text import shown
from muster.core.time import Moment, Precision, TimeSource, parse_stated
from muster.disclose.clock import Anchor, Clock, Delay, Filing, Recorded, clocks
from muster.disclose.period import zone_of
from muster.plan.obligations import Obligation
from muster.plan.severity import YesNo


def _plain(value: object) -> object:
    """YAML reads `yes` as true and 2026-11-24 as a date; here they are words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time needs its zone: write 2026-11-24T02:10Z, in quotes")
        return value.isoformat()
    if isinstance(value, int | float | date):
        return str(value)
    return value


Word = Annotated[str, BeforeValidator(_plain), Field(min_length=1, max_length=400)]
Says = Annotated[YesNo, BeforeValidator(_plain)]


class FactsFile(BaseModel):
    """The file of `muster clocks`. A key of anchors may be `obligation/anchor`; of filed and delays `obligation/stage`.

    zone: for dates without a time. late: reasons of late filings.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    zone: str | None = None
    scope: dict[str, Says] = Field(default_factory=dict[str, YesNo])
    facts: dict[str, Word] = Field(default_factory=dict[str, str])
    anchors: dict[str, Word] = Field(default_factory=dict[str, str])
    filed: dict[str, Word] = Field(default_factory=dict[str, str])
    late: dict[str, Word] = Field(default_factory=dict[str, str])
    held_back: dict[str, Word] = Field(default_factory=dict[str, str])
    holidays: frozenset[date] = frozenset()


def read_facts(tree: object) -> FactsFile:
    """The file from its parsed tree. Raises BadInput that names the field."""
    try:
        return FactsFile.model_validate(tree)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = shown(".".join(str(step) for step in first["loc"])[:120]) or "the file"
        raise BadInput(
            f"This is not what a facts file holds: {shown(first['msg'])}.",
            where,
            "It holds scope, facts, anchors, filed, late, held_back, holidays and zone.",
        ) from None


def recorded_of(facts: FactsFile) -> Recorded:
    """The same as the record of an incident would tell it. Raises BadInput for no time."""
    return Recorded(
        scope=facts.scope,
        answers=facts.facts,
        anchors={
            key: (Anchor(_moment(text, facts.zone, key), number, ""),)
            for number, (key, text) in enumerate(facts.anchors.items())
        },
        filings={
            key: Filing(_moment(text, facts.zone, key), number, "", key in facts.late)
            for number, (key, text) in enumerate(facts.filed.items())
        },
        delays={
            key: Delay(_moment(text, facts.zone, key).at, number)
            for number, (key, text) in enumerate(facts.held_back.items())
        },
        holidays=facts.holidays,
    )


def evaluate(obligations: Mapping[str, Obligation], facts: FactsFile, now: datetime) -> tuple[Clock, ...]:
    """Every clock by these facts alone; scope that the file does not declare is not declared."""
    return clocks(obligations, recorded_of(facts), now)


def _moment(text: str, zone: str | None, where: str) -> Moment:
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None:
        return parse_stated(text, shown(where))
    if zone is None:
        raise BadInput("A date needs its zone.", "zone", "Add a line like `zone: Europe/Berlin`.")
    begins = datetime.combine(day, time(), tzinfo=zone_of(zone))
    return Moment(begins.astimezone(UTC), Precision.DAY, zone, TimeSource.STATED)
