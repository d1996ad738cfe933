"""Events from lines: bytes in, a batch of columns out, counts by shape, and a list of the lines nobody could read.

A line is a JSON object, or a line of a log that is known; `shapes` says which and what becomes of each. A line is
unreadable, counted and named, when it is neither, or breaks a bound of `flaw`, or names a field twice.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from muster.detect import columns, json_line
from muster.detect.columns import JOINT, RAW, Batch, Cells
from muster.detect.condition import ANYWHERE
from muster.detect.document import split
from muster.detect.flaw import Flaw, Flawed, Unreadable
from muster.detect.json_line import Event, Inexact
from muster.detect.normalising import of_line
from muster.detect.ruleset import Needs
from muster.detect.seen import Seen
from muster.detect.shapes import heading as headings
from muster.detect.shapes.heading import Heading
from muster.detect.shapes.registry import recognise
from muster.detect.shapes.shape import Shape, ShapeName
from muster.detect.shapes.values import Pairs, text

MAX_NAMES = 65_536
"""Names of fields whose places a reader remembers."""
MAX_COLUMNS = 4_096
"""Of a batch of which everything is read."""
_RESERVED = frozenset({RAW, ANYWHERE})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a piece of input held.

    `positions[row]` is the position of the batch's row. shapes: how many events had which shape. notes: lines that
    are no events (the head of a file). heading: the head that holds after this piece, for the next one.
    """

    batch: Batch
    positions: tuple[int, ...]
    unreadable: tuple[Unreadable, ...]
    shapes: Mapping[ShapeName, int] = field(default_factory=dict[ShapeName, int])
    notes: int = 0
    heading: Heading = headings.NONE
    seen: Seen | None = None

    @property
    def lines(self) -> int:
        return len(self.positions) + len(self.unreadable) + self.notes


def read(data: bytes, needs: Needs, first: int = 0, *, watch: bool = False) -> Reading:
    """The events of lines. first: the position of the first line that is not blank; watch: as `read_lines` has it."""
    return read_lines(split(data), needs, first, watch=watch)


def read_lines(
    lines: Sequence[bytes | Flaw],
    needs: Needs,
    first: int = 0,
    heading: Heading = headings.NONE,
    *,
    watch: bool = False,
) -> Reading:
    """The events of lines that are not blank. The batch has the fields that `needs` names, where they occur.

    A flaw among the lines stands for an event that could not be taken from its file. watch: note in `Reading.seen`
    what kinds of events came, which costs a little.
    """
    into = _Gathering(needs, heading, Seen() if watch else None)
    positions: list[int] = []
    unreadable: list[Unreadable] = []
    for position, line in enumerate(lines, first):
        if not isinstance(line, bytes):
            unreadable.append(Unreadable(position, line))
            continue
        try:
            if into.take(line):
                positions.append(position)
        except Flawed as flawed:
            unreadable.append(Unreadable(position, flawed.flaw))
    notes = len(lines) - len(positions) - len(unreadable)
    return Reading(
        batch=into.batch(),
        positions=tuple(positions),
        unreadable=tuple(unreadable),
        shapes=dict(into.shapes),
        notes=notes,
        heading=into.heading,
        seen=into.seen,
    )


class _Places(dict[str, "Cells | None"]):
    """Where the values of a plain event's field go, by the field's own name; None for those that nobody needs."""

    def __init__(self, gathering: "_Gathering", shape: Shape) -> None:
        super().__init__()
        self._gathering = gathering
        self._shape = shape
        self._taken: set[str] = set()

    def __missing__(self, name: str) -> "Cells | None":
        if len(self) >= MAX_NAMES:
            self.clear()
        known = self._shape.plain_name(name) if self._shape.plain_name else name
        cells = self._gathering.cells(known)
        if cells is not None and known in self._taken:
            self._gathering.doubled.add(known)
        self._taken.add(known)
        self[name] = cells
        return cells


class _Gathering:
    """Columns in the making."""

    def __init__(self, needs: Needs, heading: Heading, seen: Seen | None) -> None:
        self._needs = needs
        self.seen = seen
        self._fields: dict[str, Cells] = {}
        self._raws: list[bytes] = []
        self._texts: list[str] | None = [] if needs.text else None
        self._places: dict[ShapeName, _Places] = {}
        self.doubled: set[str] = set()
        self._partial: set[int] = set()
        self.shapes: Counter[ShapeName] = Counter()
        self.heading = heading

    def cells(self, name: str) -> "Cells | None":
        """The column of a field; None when nobody needs it."""
        cells = self._fields.get(name)
        if cells is None and name not in _RESERVED:
            wanted = self._needs.everything and len(self._fields) < MAX_COLUMNS
            if wanted or name in self._needs.fields:
                cells = self._fields[name] = Cells()
        return cells

    def take(self, line: bytes) -> bool:
        """Adds the event of a line; false when the line is none. Raises `Flawed`, and nothing is added then."""
        if line[:1] != b"{":
            return self._take_other(line)
        event = json_line.decode(line)
        shape = recognise(event)
        try:
            self._add(shape, event)
        except Inexact:
            self._undo()
            self._add(shape, json_line.carefully(line))
        except Flawed:
            self._undo()
            raise
        self._raws.append(line)
        self.shapes[shape.name] += 1
        return True

    def batch(self) -> Batch:
        for name in self.doubled:
            self._partial.update(_keep_last(self._fields[name]))
        partial = frozenset(self._partial) if self._needs.everything else frozenset[int]()
        return columns.build(self._fields, len(self._raws), self._raws, self._texts, partial)

    def _take_other(self, line: bytes) -> bool:
        found = of_line(line, self.heading)
        if isinstance(found, Heading):
            self.heading = found
            return False
        name, pairs = found
        self._add_pairs(name, pairs)
        self._raws.append(line)
        self.shapes[name] += 1
        return True

    def _add(self, shape: Shape, event: Event) -> None:
        if shape.plain_name is None:
            self._add_pairs(shape.name, shape.normalise(event))
            return
        places = self._places.get(shape.name)
        if places is None:
            places = self._places[shape.name] = _Places(self, shape)
        row, everything = len(self._raws), self._needs.everything
        for name, value in event.items():
            cells = places[name]
            if cells is None or value is None:
                if everything and cells is None and value is not None:
                    self._partial.add(row)
                continue
            cells.values.append(value if type(value) is str else text(value))
            cells.rows.append(row)
        if self._texts is not None:
            self._texts.append(
                JOINT.join(
                    [
                        value if type(value) is str else text(value)
                        for value in event.values()
                        if value is not None
                    ]
                )
            )
        if self.seen is not None:
            self.seen.note_plain(shape, event, row)

    def _add_pairs(self, shape: ShapeName, pairs: Pairs) -> None:
        row = len(self._raws)
        if self.seen is not None:
            self.seen.note_pairs(shape, pairs, row)
        fields, needed, everything = self._fields, self._needs.fields, self._needs.everything
        for name, value in pairs:
            if not everything and name not in needed:
                continue
            cells = fields.get(name) or self.cells(name)
            if cells is None:
                self._partial.add(row)
                continue
            if cells.rows and cells.rows[-1] == row:
                cells.values[-1] = value
                self._partial.add(row)
            else:
                cells.values.append(value)
                cells.rows.append(row)
        if self._texts is not None:
            self._texts.append(JOINT.join([value for _, value in pairs]))

    def _undo(self) -> None:
        """Takes away what was added of an event that turned out to be unreadable."""
        row = len(self._raws)
        for cells in self._fields.values():
            while cells.rows and cells.rows[-1] == row:
                cells.rows.pop()
                cells.values.pop()
        self._partial.discard(row)


def _keep_last(cells: Cells) -> list[int]:
    """Of several values of one row the last; gives the rows that had several."""
    last = dict(zip(cells.rows, cells.values, strict=True))
    several = (
        [row for row, times in Counter(cells.rows).items() if times > 1]
        if len(last) < len(cells.rows)
        else []
    )
    cells.rows[:], cells.values[:] = list(last), list(last.values())
    return several
