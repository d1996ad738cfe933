"""The example company: an online shop whose customer portal is broken into while ordinary work goes on.

`telemetry` is what its machines log, `RULES` names the rules that find the attack in it. `story_of` is how everybody of
its plan answers, `review_of` what they learn of it, `second_run_of` the drill that tests what they changed. All of it is
made from a seed: the same seed gives the same bytes, another seed another night.
"""

from muster.rehearse.shop.beats import Story
from muster.rehearse.shop.cast import Cast, cast_of
from muster.rehearse.shop.event import Event, Step, Telemetry
from muster.rehearse.shop.night import LENGTH as NIGHT
from muster.rehearse.shop.night import RULES, night_of, telemetry
from muster.rehearse.shop.people import EVERYBODY
from muster.rehearse.shop.story import review_of, second_run_of, story_of

__all__ = [
    "EVERYBODY",
    "NIGHT",
    "RULES",
    "Cast",
    "Event",
    "Step",
    "Story",
    "Telemetry",
    "cast_of",
    "night_of",
    "review_of",
    "second_run_of",
    "story_of",
    "telemetry",
]
