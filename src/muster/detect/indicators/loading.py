"""Lists of indicators by path, as a plan or a folder holds them: what is looked for of them, and what is left out."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from muster.core.errors import BadInput
from muster.detect.indicators import index, listing
from muster.detect.indicators.entries import TEXT_SHOWN
from muster.detect.indicators.indicator import Entry, Indicator, Kind, Left, Why
from muster.detect.indicators.life import Mark
from muster.detect.indicators.listing import Format
from muster.detect.indicators.seeking import Feed, Watched
from muster.detect.indicators.warning_list import WarningList

MOST_INDICATORS = 2_000_000
"""Of all lists together; further ones are left out and counted."""
NAMED = 500
"""Entries left out that are named; all are counted."""
FALSE_ALARMS = ".false-alarms.csv"
WHOLE = "file"
"""Where what is left out stands, when it is the whole list."""


@dataclass(slots=True)
class ListRead:
    """One list. format: None when it could not be read. kinds: indicators by kind. excludes: values of a warning list.

    false_alarms: values that people called one. left: entries left out, by reason.
    """

    path: str
    format: Format | None = None
    kinds: Counter[Kind] = field(default_factory=Counter[Kind])
    excludes: int = 0
    false_alarms: int = 0
    left: Counter[Why] = field(default_factory=Counter[Why])


@dataclass(slots=True)
class Loaded:
    """All lists. named: path and what is left out of it, the first 500."""

    watched: Watched = field(default_factory=Watched)
    lists: tuple[ListRead, ...] = ()
    named: list[tuple[str, Left]] = field(default_factory=list[tuple[str, Left]])

    @property
    def count(self) -> int:
        """How many indicators are looked for."""
        return sum(one.kinds.total() for one in self.lists)

    @property
    def left(self) -> int:
        """How many entries, or whole lists, are left out."""
        return sum(one.left.total() for one in self.lists)

    def note(self, read: ListRead, left: Left) -> None:
        """Counts what is left out, and names it while there is room."""
        read.left[left.why] += 1
        if len(self.named) < NAMED:
            self.named.append((read.path, left))


def load(files: Mapping[str, bytes]) -> Loaded:
    """Reads lists by their path. One that is none is left out as a whole, with its reason; the others go on.

    A CSV file whose name ends with `.false-alarms.csv` holds values that people called a false alarm.
    """
    loaded = Loaded()
    feeds: list[Feed] = []
    excluded: list[WarningList] = []
    marks: dict[str, Mark] = {}
    read: list[ListRead] = []
    room = MOST_INDICATORS
    for path, data in sorted(files.items()):
        one = ListRead(path)
        read.append(one)
        try:
            listed = listing.of_bytes(data, path)
            one.format = listed.format
            if listed.excluded is not None:
                excluded.append(listed.excluded)
                one.excludes = listed.excluded.size
                for left in listed.excluded.left:
                    loaded.note(one, left)
            elif path.endswith(FALSE_ALARMS):
                for said in _understood(loaded, one, listed.entries, room):
                    marks[said.value] = Mark(false_alarm=True)
                    one.false_alarms += 1
            else:
                built = index.build(_counted(loaded, one, listed.entries, room))
                feeds.append(Feed(path.rpartition("/")[2], built, path=path))
        except BadInput as fault:
            one.format = None
            one.kinds.clear()
            loaded.note(one, Left(WHOLE, Why.BROKEN, fault.what[:TEXT_SHOWN]))
        room -= one.kinds.total() + one.false_alarms
    loaded.watched = Watched(tuple(feeds), tuple(excluded), marks)
    loaded.lists = tuple(read)
    return loaded


def _counted(loaded: Loaded, one: ListRead, entries: Iterator[Entry], room: int) -> Iterator[Indicator]:
    for entry in _understood(loaded, one, entries, room):
        one.kinds[entry.kind] += 1
        yield entry


def _understood(loaded: Loaded, one: ListRead, entries: Iterator[Entry], room: int) -> Iterator[Indicator]:
    for number, entry in enumerate(entries):
        if isinstance(entry, Left):
            loaded.note(one, entry)
        elif number >= room:
            loaded.note(one, Left(f"entry {number + 1}", Why.TOO_MANY, entry.value[:TEXT_SHOWN]))
        else:
            yield entry
