"""Obligations of an example company, as the tests of disclosure need them; the law's own figures."""

from datetime import UTC, datetime

from muster.core.time import Moment, Precision, TimeSource, parse_stated
from muster.disclose.clock import Anchor, Clock, Filing, Recorded
from muster.disclose.obligation import Condition, Obligation, Stage
from muster.disclose.period import Counting, Unit, zone_of
from muster.plan.severity import YesNo

GDPR = Obligation(
    id="gdpr-33",
    title="Tell the supervisory authority",
    provision="GDPR, Article 33(1)",
    entity="shop",
    recipient="The lead supervisory authority",
    applies=(
        Condition(fact="personal-data-affected", question="Is personal data affected?"),
        Condition(fact="risk-unlikely", question="Is a risk to people unlikely?", answer=YesNo.NO),
    ),
    stages=(
        Stage(
            id="notification",
            title="Notification",
            anchor="aware",
            quantity=72,
            unit=Unit.HOURS,
            counting=Counting.EU,
        ),
    ),
    zone="Europe/Berlin",
)
NIS2 = Obligation(
    id="nis2-23",
    title="Tell the CSIRT",
    provision="NIS2, Article 23(4)",
    entity="shop",
    recipient="The national CSIRT",
    applies=(Condition(fact="significant", question="Is the incident significant?"),),
    stages=(
        Stage(
            id="early-warning",
            title="Early warning",
            anchor="aware",
            quantity=24,
            unit=Unit.HOURS,
            counting=Counting.EU,
        ),
        Stage(
            id="notification",
            title="Notification",
            anchor="aware",
            quantity=72,
            unit=Unit.HOURS,
            counting=Counting.EU,
        ),
        Stage(
            id="final",
            title="Final report",
            anchor="submitted:notification",
            quantity=1,
            unit=Unit.MONTHS,
            counting=Counting.EU,
        ),
    ),
    zone="Europe/Berlin",
)
CONTRACT = Obligation(
    id="contract-meadow",
    title="Tell Meadow Foods",
    provision="Contract of 2 March 2026, clause 9.2",
    entity="shop",
    recipient="Meadow Foods, security desk",
    applies=(Condition(fact="customer-data-affected", question="Is data of this customer affected?"),),
    stages=(Stage(id="notice", title="Notice", anchor="confirmed", quantity=24, unit=Unit.HOURS),),
    zone="Europe/London",
)
EVERY = (GDPR, NIS2, CONTRACT)
IN_SCOPE = {"shop": YesNo.YES}
ALL_YES = {
    "personal-data-affected": YesNo.YES,
    "risk-unlikely": YesNo.NO,
    "significant": YesNo.YES,
    "customer-data-affected": YesNo.YES,
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


def named(clocks: tuple[Clock, ...], name: str) -> Clock:
    """The clock of `obligation/stage`."""
    return next(one for one in clocks if f"{one.obligation.id}/{one.stage.id}" == name)
