"""Facts written by hand, for clocks without a record: what is answered, what started when, what was filed."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from muster.core.errors import BadInput
from muster.core.text import shown
from muster.core.time import Moment, Precision, TimeSource, parse_stated
from muster.disclose.answers import fitting
from muster.disclose.clock import UNKNOWN, Anchor, Clock, Delay, Filing, Recorded, clocks
from muster.disclose.period import zone_of
from muster.plan.facts import AskedFact
from muster.plan.obligations import Anchor as AnchorName
from muster.plan.obligations import Obligation
from muster.plan.severity import YesNo


def _plain(value: object) -> object:
    """YAML reads `true` as no word, and some readers 2026-11-24 as a date; here they are words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time needs its zone: write 2026-11-24T02:10Z, in quotes")
        return value.isoformat()
    if isinstance(value, int | float | date):
        return str(value)
    return value


def _answer(value: object) -> object:
    """What is left empty nobody knows; `Yes` and `UNKNOWN` are the same words as in small letters."""
    said = _plain(value)
    if said is None:
        return UNKNOWN
    if not isinstance(said, str):
        return said
    text = said.strip()
    low = text.casefold()
    return UNKNOWN if low in ("", "?") else low if low in ("yes", "no", UNKNOWN) else text


Word = Annotated[str, BeforeValidator(_plain), Field(min_length=1, max_length=400)]
Answer = Annotated[str, BeforeValidator(_answer), Field(max_length=4_000)]
Says = Annotated[YesNo, BeforeValidator(_answer)]


class FactsFile(BaseModel):
    """The file of `muster clocks`. A key of anchors may be `obligation/anchor`; of filed and held_back `obligation/stage`.

    zone: for dates without a time. late: reasons of late filings. A time that is left empty has not come yet.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    zone: str | None = None
    scope: dict[str, Says] = Field(default_factory=dict[str, YesNo])
    facts: dict[str, Answer] = Field(default_factory=dict[str, str])
    anchors: dict[str, Word | None] = Field(default_factory=dict[str, str | None])
    filed: dict[str, Word | None] = Field(default_factory=dict[str, str | None])
    late: dict[str, Word] = Field(default_factory=dict[str, str])
    held_back: dict[str, Word | None] = Field(default_factory=dict[str, str | None])
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


def recorded_of(facts: FactsFile, now: datetime | None = None) -> Recorded:
    """The same as the record of an incident would tell it; what lies after now has not happened. Raises BadInput."""
    anchors = _moments(facts.anchors, facts.zone, "anchors", now)
    filings = _moments(facts.filed, facts.zone, "filed", now)
    held_back = _moments(facts.held_back, facts.zone, "held_back", None)
    return Recorded(
        scope=facts.scope,
        answers=facts.facts,
        anchors={key: (Anchor(at, number, ""),) for number, (key, at) in enumerate(anchors.items())},
        filings={
            key: Filing(at, number, "", key in facts.late) for number, (key, at) in enumerate(filings.items())
        },
        delays={key: Delay(at.at, number) for number, (key, at) in enumerate(held_back.items())},
        holidays=facts.holidays,
    )


def evaluate(obligations: Mapping[str, Obligation], facts: FactsFile, now: datetime) -> tuple[Clock, ...]:
    """Every clock by these facts alone; scope that the file does not declare is not declared."""
    return clocks(obligations, recorded_of(facts, now), now)


def check_answers(
    facts: FactsFile, obligations: Mapping[str, Obligation], questions: Mapping[str, AskedFact]
) -> None:
    """Raises BadInput for an answer that its question does not take: a slip of the pen must not count as a "no"."""
    plain = _yes_no(obligations)
    for name, answer in facts.facts.items():
        asked = questions.get(name)
        if asked is not None:
            try:
                fitting(asked, answer)
            except BadInput as error:
                raise BadInput(error.what, f"facts.{shown(name)}", error.mend) from None
        elif name in plain and answer not in ("yes", "no", UNKNOWN):
            what = "This question wants yes, no or unknown."
            raise BadInput(what, f"facts.{shown(name)}", "Give one of the three.")


def _yes_no(obligations: Mapping[str, Obligation]) -> frozenset[str]:
    """The facts that the obligations ask for by yes or no only."""
    wanted: dict[str, set[str]] = {}
    for obligation in obligations.values():
        for condition in (*obligation.applies.every, *obligation.applies.any_of):
            wanted.setdefault(condition.fact, set()).update(condition.one_of)
    return frozenset(fact for fact, answers in wanted.items() if answers <= {"yes", "no"})


def unused(facts: FactsFile, obligations: Mapping[str, Obligation], now: datetime) -> tuple[str, ...]:
    """What the file says and no clock takes, a line each: a name that fits nothing, or a time that lies after now.

    Raises BadInput for no time.
    """
    stages = {f"{name}/{stage}" for name, row in obligations.items() for stage in row.stages}
    starts = {stage.anchor.value for row in obligations.values() for stage in row.stages.values()}
    starts |= {f"{name}/{one.anchor}" for name, row in obligations.items() for one in row.stages.values()}
    starts -= {key for key in starts if key.rpartition("/")[2] == AnchorName.SUBMITTED.value}
    known: tuple[tuple[str, Iterable[str], Collection[str]], ...] = (
        ("scope", facts.scope, obligations.keys()),
        ("anchors", facts.anchors, starts),
        ("filed", facts.filed, stages),
        ("late", facts.late, facts.filed),
        ("held_back", facts.held_back, stages),
    )
    found = [
        f"{part}.{shown(name)}: no clock of this pack takes it{_near(name, names)}."
        for part, given, names in known
        for name in given
        if name not in names
    ]
    for part, given in (("anchors", facts.anchors), ("filed", facts.filed)):
        later = _moments(given, facts.zone, part, None).items()
        found += [
            f"{part}.{shown(name)}: it lies after now, so it counts not yet."
            for name, at in later
            if at.at > now
        ]
    return tuple(found)


def _near(name: str, names: Collection[str]) -> str:
    near = get_close_matches(name, sorted(names), 1)
    return f"; did you mean {near[0]}?" if near else ""


def _moments(
    given: Mapping[str, str | None], zone: str | None, part: str, now: datetime | None
) -> dict[str, Moment]:
    """The times of a part of the file, without those that are left empty or lie after now. Raises BadInput."""
    read = {
        key: _moment(text, zone, f"{part}.{shown(key)}") for key, text in given.items() if text is not None
    }
    return {key: at for key, at in read.items() if now is None or at.at <= now}


def _moment(text: str, zone: str | None, where: str) -> Moment:
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None:
        return parse_stated(text, where)
    if zone is None:
        raise BadInput("A date needs its zone.", where, "Add a line like `zone: Europe/Berlin`.")
    begins = datetime.combine(day, time(), tzinfo=zone_of(zone))
    return Moment(begins.astimezone(UTC), Precision.DAY, zone, TimeSource.STATED)
