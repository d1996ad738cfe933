"""The script of the answer: everybody of the example company, from the first signal to the changed plan.

The words come from the night's own data. Addresses are defanged; the attacker's archive password stays out.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from muster.rehearse.shop.beats import Beat, Story
from muster.rehearse.shop.chapters import again, alarm, contain, hold, learn, recover, tell
from muster.rehearse.shop.pen import Pen
from muster.rehearse.shop.people import EVERYBODY


def story_of(seed: int, start: datetime) -> Story:
    """The script of the night of this seed, to the end of the watch. Raises ValueError when the start has no zone."""
    return _written(seed, start, _night)


def review_of(seed: int, start: datetime, hole: str | None, rule: str) -> Story:
    """The script of the review after that night. hole: what the drill found unwatched, None for nothing; rule: what reads it."""

    def review(pen: Pen) -> Iterator[Beat]:
        _ = tuple(_night(pen))
        yield from learn.review(pen)
        if hole is None:
            yield from learn.no_lesson(pen)
        else:
            yield from learn.lesson(pen, hole)
            yield from learn.change(pen, rule)
        yield from learn.close(pen)

    return _written(seed, start, review)


def _night(pen: Pen) -> Iterator[Beat]:
    for chapter in _CHAPTERS:
        yield from chapter(pen)


_CHAPTERS: tuple[Callable[[Pen], Iterator[Beat]], ...] = (
    alarm.alarm,
    alarm.command,
    hold.held_back,
    hold.look,
    hold.data_leaves,
    contain.clocks,
    contain.evict,
    tell.facts,
    tell.authority,
    tell.customers,
    recover.recover,
    recover.watch,
)


def _written(seed: int, start: datetime, chapter: Callable[[Pen], Iterator[Beat]]) -> Story:
    return Story(seed, start, EVERYBODY, tuple(chapter(Pen(seed, start))))


def second_run_of(seed: int, start: datetime, drill: str, lines: tuple[str, ...]) -> Story:
    """The script of the drill that tests the changed lines. Raises ValueError when the start has no zone."""
    return _written(seed, start, lambda pen: again.again(pen, drill, lines))
