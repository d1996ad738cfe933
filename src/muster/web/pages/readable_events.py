"""Events of evidence as tables: the fields that rules see, those first that made the rule match, lit and told why."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from muster.app.views import ReasonView
from muster.detect.flaw import Flawed
from muster.detect.normalising import normalised

MOST_FIELDS = 60
"""Of one event; the rest is in the bytes as they came."""
MOST_VALUE = 500
"""Characters of one value, around what is lit in it."""
MOST_ORIGINAL = 4_000
MOST_CHARACTERS = 60_000
"""Of all values on one page."""
_BEFORE = 100
ANY_FIELD = "any field"


@dataclass(frozen=True)
class ShownField:
    """A field of an event. pieces: its value in order, with whether a piece is lit; None when the event lacks it.

    reasons: the tests that held on it; ruled_out: those that had to fail. cut: characters of the value left out.
    """

    name: str
    pieces: tuple[tuple[str, bool], ...] | None
    reasons: tuple[str, ...] = ()
    ruled_out: tuple[str, ...] = ()
    cut: int = 0


@dataclass(frozen=True)
class ShownEvent:
    """One event. number: its place in its batch; shape: what it was recognised as, empty when it cannot be read.

    more: fields left out. original: the bytes as they came, as text; original_cut: whether their end is left out.
    """

    number: int
    shape: str
    fields: tuple[ShownField, ...]
    more: int
    original: str
    original_cut: bool
    anywhere: tuple[str, ...] = ()


def shown_events(
    data: bytes, places: Sequence[int], why: Iterable[ReasonView]
) -> tuple[tuple[ShownEvent, ...], bool]:
    """The events of evidence, and whether some are left out. places: theirs in the batch."""
    by_event: defaultdict[int, list[ReasonView]] = defaultdict(list)
    for reason in why:
        by_event[reason.event].append(reason)
    shown: list[ShownEvent] = []
    left = MOST_CHARACTERS
    rows = [row for row in data.split(b"\n") if row.strip()]
    for place, row in enumerate(rows):
        if left <= 0:
            return tuple(shown), True
        number = places[place] if place < len(places) else place
        one = _event(number, row, by_event[number])
        left -= len(one.original) + sum(len(text) for field in one.fields for text, _ in field.pieces or ())
        shown.append(one)
    return tuple(shown), False


def _event(number: int, row: bytes, why: Sequence[ReasonView]) -> ShownEvent:
    original = row[: 4 * MOST_ORIGINAL].decode("utf-8", "backslashreplace")
    cut = len(original) > MOST_ORIGINAL or len(row) > 4 * MOST_ORIGINAL
    anywhere = tuple(reason.words for reason in why if reason.field == ANY_FIELD and reason.held)
    try:
        found = normalised(row)
    except Flawed:
        found = None
    if found is None:
        return ShownEvent(number, "", (), 0, original[:MOST_ORIGINAL], cut, anywhere)
    shape, pairs = found
    values = dict(pairs)
    asked = [name for name in dict.fromkeys(reason.field for reason in why) if name != ANY_FIELD]
    names = list(dict.fromkeys([*asked, *values]))
    fields = tuple(
        _field(name, values.get(name), [one for one in why if one.field == name])
        for name in names[:MOST_FIELDS]
    )
    more = max(0, len(names) - MOST_FIELDS)
    return ShownEvent(number, shape.value, fields, more, original[:MOST_ORIGINAL], cut, anywhere)


def _field(name: str, value: str | None, why: Sequence[ReasonView]) -> ShownField:
    held = [one for one in why if one.held]
    reasons = tuple(one.words for one in held)
    ruled_out = tuple(one.words for one in why if not one.held)
    if value is None:
        return ShownField(name, None, reasons, ruled_out)
    spans = _spans(value, held)
    first = max(0, spans[0][0] - _BEFORE) if spans and len(value) > MOST_VALUE else 0
    last = min(len(value), first + MOST_VALUE)
    pieces: list[tuple[str, bool]] = [("… ", False)] if first else []
    at = first
    for start, end in spans:
        if start >= last:
            break
        pieces += [(value[at:start], False), (value[start : min(end, last)], True)]
        at = min(end, last)
    pieces += [(value[at:last], False), (" …" if last < len(value) else "", False)]
    kept = tuple((text, lit) for text, lit in pieces if text)
    return ShownField(name, kept, reasons, ruled_out, len(value) - (last - first))


def _spans(value: str, held: Sequence[ReasonView]) -> list[tuple[int, int]]:
    """What is lit, in order, without overlaps; a reason without a place, or with one that is not there, lights all."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(
        (one.start, one.end) if 0 <= one.start < one.end <= len(value) else (0, len(value)) for one in held
    ):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif end > start:
            joined.append((start, end))
    return joined
