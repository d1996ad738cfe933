"""The second run: the same attack on another night; what was changed is used, and marked as tested."""

from collections.abc import Iterator
from datetime import timedelta

from muster.rehearse.shop.beats import Beat, of
from muster.rehearse.shop.chapters.learn import RULE
from muster.rehearse.shop.event import Step
from muster.rehearse.shop.pen import Pen
from muster.rehearse.shop.people import NOOR, ROBIN


def again(pen: Pen, drill: str, lines: tuple[str, ...]) -> Iterator[Beat]:
    """The new rule finds the sign-in; the lines of the lesson are marked as tested by this drill."""
    pen.not_before(pen.ended[Step.SIGN_IN] + timedelta(minutes=1))
    yield pen.triage(ROBIN, "acknowledge", RULE)
    yield pen.triage(
        ROBIN,
        "dismiss",
        RULE,
        outcome="policy matter",
        reason="A drill of one line: the rule found the sign-in from outside within a minute.",
    )
    yield pen.aside(
        NOOR,
        "mark-tested",
        "lesson",
        lesson=of("lesson", "lesson"),
        expected=of("lesson", "version"),
        drill=drill,
        lines=lines,
    )
