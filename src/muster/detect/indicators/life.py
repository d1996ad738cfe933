"""The life of an indicator: from when until when it holds, how its score decays, what people said of it.

The score falls as in the decaying models of MISP (Iklody et al., "Decaying Indicators of Compromise", 2018):
base x (1 - (t / lifetime)^(1 / speed)), t being the time since it began to hold or was last sighted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from muster.detect.indicators.indicator import Indicator, Kind

DAY = 86_400
UNSAID = 50
"""The base of an indicator whose list says no confidence."""
THRESHOLD = 30
"""A lower score is not reported, but counted."""


class Life(StrEnum):
    """Where an indicator is in its life; only an active one is reported."""

    ACTIVE = "active"
    NOT_YET = "not yet valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    FALSE_ALARM = "false alarm"
    LISTED = "on a warning list"
    FADED = "score too low"


@dataclass(frozen=True, slots=True)
class Model:
    """lifetime: days until the score is 0. speed: 1 is a straight line; more falls sooner at first."""

    lifetime: int
    speed: float


MODELS: Mapping[Kind, Model] = {
    Kind.IP: Model(30, 1.0),  # addresses change hands within weeks
    Kind.NETWORK: Model(60, 1.0),
    Kind.DOMAIN: Model(120, 2.0),
    Kind.URL: Model(60, 2.0),
    Kind.MAIL: Model(180, 2.0),
    Kind.MD5: Model(3650, 0.3),  # the bytes of a file stay what they are
    Kind.SHA1: Model(3650, 0.3),
    Kind.SHA256: Model(3650, 0.3),
    Kind.SHA512: Model(3650, 0.3),
    Kind.HASHED: Model(60, 2.0),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """What people said of a value: a false alarm, revoked, when it was sighted last (seconds since 1970), how often."""

    false_alarm: bool = False
    revoked: bool = False
    sighted: int = 0
    sightings: int = 0


NO_MARK = Mark()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an indicator stands at a time: its life, and its score of 0 to 100."""

    life: Life
    score: int


def score(base: int, model: Model | None, age: int) -> int:
    """The score at an age in seconds, 0 to 100; without a model it stays what it was."""
    if model is None or age <= 0:
        return base
    whole = model.lifetime * DAY
    if age >= whole:
        return 0
    return round(base * (1 - (age / whole) ** (1 / model.speed)))


def standing(
    one: Indicator,
    mark: Mark,
    at: int,
    *,
    imported: int = 0,
    lifetime: int | None = None,
    threshold: int = THRESHOLD,
    listed: bool = False,
) -> Standing:
    """Where an indicator stands. at, imported: seconds since 1970.

    imported: from when it holds where its list does not say (0: it does not decay then). lifetime: days, in the place
    of those of its kind; 0 for no decay. listed: whether a warning list holds it.
    """
    base = UNSAID if one.confidence is None else one.confidence
    began = max(one.valid_from or imported, mark.sighted)
    now = score(base, _model(one.kind, lifetime), at - began if began else 0)
    if one.revoked or mark.revoked:
        return Standing(Life.REVOKED, 0)
    if mark.false_alarm:
        return Standing(Life.FALSE_ALARM, 0)
    if listed:
        return Standing(Life.LISTED, now)
    if one.valid_from > at:
        return Standing(Life.NOT_YET, now)
    if one.valid_until and at >= one.valid_until:
        return Standing(Life.EXPIRED, 0)
    return Standing(Life.ACTIVE if now >= threshold else Life.FADED, now)


def _model(kind: Kind, lifetime: int | None) -> Model | None:
    if lifetime == 0:
        return None
    known = MODELS[kind]
    return known if lifetime is None else Model(lifetime, known.speed)
