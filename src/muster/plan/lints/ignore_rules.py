"""Rules for ignores: one that expired applies no more, and one that never ends is a change of the rule."""

from collections.abc import Iterator
from datetime import timedelta

from muster.plan.finding import Weight
from muster.plan.ignores import MOST_DAYS
from muster.plan.layout import BY_FIELD
from muster.plan.lints.spot import Asked, LintRule, Spot


def expired(asked: Asked) -> Iterator[Spot]:
    """Its hits are signals again, which its owner should know before they come."""
    for name, ignore in asked.plan.in_force.ignores.items():
        if not ignore.applies(asked.today):
            yield Spot(
                BY_FIELD["ignores"].file(name), ("expires",), f"This ignore expired on {ignore.expires}; it keeps nothing back.",
                "Decide again: mend the rule, give another day with the reason, or take the ignore out.",
            )  # fmt: skip


def endless(asked: Asked) -> Iterator[Spot]:
    """What is ignored for years is forgotten."""
    for name, ignore in asked.plan.in_force.ignores.items():
        if ignore.expires > asked.today + timedelta(days=MOST_DAYS):
            yield Spot(
                BY_FIELD["ignores"].file(name), ("expires",), "This ignore holds for longer than a year.",
                "Give a day within a year, or change the rule.",
            )  # fmt: skip


RULES: tuple[LintRule, ...] = (
    LintRule("ignore-expired", "DET-07", expired, Weight.HOLE),
    LintRule("ignore-endless", "DET-07", endless, Weight.HOLE),
)
