"""What kinds of events came and which fields they delivered: gathered while reading, for `blind` to compare with rules.

A kind is what rules tell events apart by: shape, log source, and for Windows the channel and number.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from muster.detect.json_line import Event
from muster.detect.shapes.shape import Shape, ShapeName
from muster.detect.shapes.values import Pairs

MAX_KINDS = 20_000
MAX_NAMES = 4_096
"""Bounds against events of strangers: what is beyond them is counted as one kind, or not noted."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Of Windows events channel and number; of others what their shape, or they themselves, say of their source."""

    shape: ShapeName
    channel: str = ""
    number: str = ""
    product: str = ""
    category: str = ""
    service: str = ""


@dataclass(slots=True)
class Delivered:
    """How many events of a kind came, the names of the fields that they had, and the row of the last in its piece."""

    count: int = 0
    fields: set[str] = field(default_factory=set[str])
    row: int = 0

    def add(self, names: Iterable[str], row: int = 0) -> None:
        self.row = row
        self.count += 1
        if len(self.fields) < MAX_NAMES:
            self.fields.update(names)


@dataclass(slots=True)
class Seen:
    """The kinds so far."""

    kinds: dict[Kind, Delivered] = field(default_factory=dict[Kind, Delivered])
    plain: dict[tuple[ShapeName, str, str], Delivered] = field(
        default_factory=dict[tuple[ShapeName, str, str], Delivered]
    )

    def note_plain(self, shape: Shape, event: Event, row: int = 0) -> None:
        """An event that is flat as it is; its names are turned into those of rules only once, by `add`."""
        channel, number = event.get("Channel"), event.get("EventID")
        key = (shape.name, channel if type(channel) is str else "", str(number) if number is not None else "")
        delivered = self.plain.get(key)
        if delivered is None:
            if len(self.plain) >= MAX_KINDS:
                key = (shape.name, "", "")
            delivered = self.plain.setdefault(key, Delivered())
        delivered.add(event, row)

    def note_pairs(self, shape: ShapeName, pairs: Pairs, row: int = 0) -> None:
        fields = dict(pairs)
        source = [fields.get(f"logsource.{part}", "").lower() for part in ("product", "category", "service")]
        kind = Kind(shape, fields.get("Channel", "").lower(), fields.get("EventID", ""), *source)
        self._of(kind).add(fields, row)

    def add(self, other: "Seen", shapes: Iterable[Shape]) -> None:
        """Takes in what another piece of input showed."""
        for kind, delivered in other.kinds.items():
            self._join(kind, delivered, delivered.fields)
        by_name = {shape.name: shape.plain_name for shape in shapes}
        for (name, channel, number), delivered in other.plain.items():
            rename = by_name.get(name) or str
            self._join(Kind(name, channel.lower(), number), delivered, map(rename, delivered.fields))

    def _join(self, kind: Kind, delivered: Delivered, names: Iterable[str]) -> None:
        known = self._of(kind)
        known.count += delivered.count
        known.row = max(known.row, delivered.row)
        if len(known.fields) < MAX_NAMES:
            known.fields.update(names)

    def _of(self, kind: Kind) -> Delivered:
        delivered = self.kinds.get(kind)
        if delivered is None:
            if len(self.kinds) >= MAX_KINDS:
                kind = Kind(kind.shape)
            delivered = self.kinds.setdefault(kind, Delivered())
        return delivered
