"""How an indicator that was found is told: as a hit like that of a rule, its value defanged."""

import hashlib
from dataclasses import dataclass

from muster.detect.indicators import normal_form
from muster.detect.indicators.seeking import Found
from muster.detect.rule import Level

LINE = 200
_SHOWN = 90
HIGH, MEDIUM = 80, 50
"""From which score on a hit is of this level."""


@dataclass(frozen=True, slots=True)
class Told:
    """A hit of an indicator: `key` groups its repeats, whichever feed names the value; `author` is who said so."""

    key: str
    title: str
    level: Level
    author: str


def told(found: Found) -> Told:
    """What is reported of an indicator; each text is one line of at most 200 characters."""
    one = found.indicator
    key = f"indicator:{one.kind.value}:{one.value}"
    if len(key) > LINE:
        key = f"indicator:{one.kind.value}:{hashlib.sha256(one.value.encode()).hexdigest()}"
    tlp = one.tlp or found.feed.tlp
    about = f": {one.label}" if one.label else ""
    value = normal_form.defanged(one.value)
    value = value if len(value) <= _SHOWN else f"{value[: _SHOWN - 1]}…"
    title = f"Indicator {value} ({tlp.value}, score {found.standing.score}){about}"
    score = found.standing.score
    level = Level.HIGH if score >= HIGH else Level.MEDIUM if score >= MEDIUM else Level.LOW
    return Told(key, title[:LINE], level, (found.feed.source or found.feed.name)[:LINE])
