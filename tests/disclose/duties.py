"""Obligations of an example company, as the tests of disclosure need them; the law's own figures."""

from datetime import UTC, date, datetime

from muster.core.time import Moment, Precision, TimeSource, parse_stated
from muster.disclose.clock import Anchor, Clock, Filing, Recorded
from muster.disclose.period import zone_of
from muster.plan.obligations import Anchor as AnchorName
from muster.plan.obligations import (
    Applies,
    Condition,
    Content,
    Counting,
    Obligation,
    Source,
    Stage,
    Standing,
    Unit,
    Wanted,
)
from muster.plan.severity import YesNo


def stage(anchor: AnchorName, quantity: int | None, unit: Unit, **more: object) -> Stage:
    """A stage of the European Union, in Berlin, unless told otherwise."""
    given = {
        "anchor_means": "We were reasonably certain.",
        "counting": Counting.EU_1182_71,
        "zone": "Europe/Berlin",
        "recipients": ("authority",),
        "content": {
            "nature": Content(what="What happened", facts=("what-happened",)),
            "numbers": Content(
                what="How many people", facts=("people-affected",), wanted=Wanted.WHERE_AVAILABLE
            ),
        },
        **more,
    }
    return Stage.model_validate({"anchor": anchor, "quantity": quantity, "unit": unit, **given})


def obligation(provision: str, applies: Applies, stages: dict[str, Stage], **more: object) -> Obligation:
    """An obligation that holds, and whose text was compared with its source."""
    given = {
        "title": "Tell somebody",
        "jurisdiction": "EU",
        "instrument": provision.partition(",")[0],
        "standing": Standing.IN_FORCE,
        "effective_from": date(2018, 5, 25),
        "our_role": "controller",
        "owner": "legal",
        "source": Source(
            locator="the Official Journal",
            verified_on=date(2026, 10, 1),
            verified_by="Lena Brandt",
            next_review=date(2027, 10, 1),
        ),
        **more,
    }
    return Obligation.model_validate({"provision": provision, "applies": applies, "stages": stages, **given})


def every(*facts: str) -> Applies:
    """All these must be answered with yes."""
    return Applies(every=tuple(Condition(fact=fact, one_of=("yes",)) for fact in facts))


GDPR = obligation(
    "GDPR, Article 33(1)",
    Applies(
        every=(
            Condition(fact="personal-data-affected", one_of=("yes",)),
            Condition(fact="risk-unlikely", one_of=("no",)),
        )
    ),
    {"notification": stage(AnchorName.AWARE, 72, Unit.HOURS)},
)
NIS2 = obligation(
    "NIS2, Article 23(4)",
    every("significant"),
    {
        "early-warning": stage(AnchorName.AWARE, 24, Unit.HOURS),
        "notification": stage(AnchorName.AWARE, 72, Unit.HOURS),
        "final": stage(AnchorName.SUBMITTED, 1, Unit.MONTHS, after="notification"),
    },
)
CONTRACT = obligation(
    "Contract of 2 March 2026, clause 9.2",
    every("customer-data-affected"),
    {"notice": stage(AnchorName.AGREED, 24, Unit.HOURS, counting=Counting.UTC_ELAPSED, zone="Europe/London")},
)
EVERY = {"gdpr-33": GDPR, "nis2-23": NIS2, "contract-meadow": CONTRACT}
IN_SCOPE = dict.fromkeys(EVERY, YesNo.YES)
ALL_YES = {
    "personal-data-affected": "yes",
    "risk-unlikely": "no",
    "significant": "yes",
    "customer-data-affected": "yes",
}


def instant(text: str) -> datetime:
    return parse_stated(text).at


def day(text: str, zone: str) -> Moment:
    """A date without a time, as a person states it in this zone."""
    midnight = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=zone_of(zone))
    return Moment(midnight.astimezone(UTC), Precision.DAY, zone, TimeSource.STATED)


def anchor(text: str, seq: int = 3, *, withdrawn: bool = False) -> Anchor:
    return Anchor(parse_stated(text), seq, "ana", withdrawn)


def filing(text: str, seq: int = 9, *, explained: bool = False) -> Filing:
    return Filing(parse_stated(text), seq, "ana", explained)


def recorded(**more: object) -> Recorded:
    """All answered with yes and in scope, unless told otherwise."""
    return Recorded(**{"scope": IN_SCOPE, "answers": ALL_YES, **more})  # pyright: ignore[reportArgumentType] - tests pass what fits


def named(clocks: tuple[Clock, ...], key: str) -> Clock:
    """The clock of `obligation/stage`."""
    return next(one for one in clocks if one.key == key)
