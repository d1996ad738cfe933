"""Why a piece of input gave no event: bounds, and a reason in words for each way to be unreadable."""

from dataclasses import dataclass
from enum import StrEnum

MAX_LINE = 4 * 2**20
"""Bytes of one event."""
MAX_DEPTH = 32
"""Objects within objects."""
MAX_FIELDS = 4_096
"""Of one event, after it is flattened."""


class Flaw(StrEnum):
    """Why an event is unreadable, in words for people."""

    NOT_UTF8 = "not UTF-8"
    NOT_JSON = "not JSON"
    NOT_OBJECT = "not a JSON object"
    DUPLICATE = "a field is named twice"
    DEEP = f"nested deeper than {MAX_DEPTH}"
    LONG = f"longer than {MAX_LINE} bytes"
    FIELDS = f"more than {MAX_FIELDS} fields"
    NOT_XML = "not the XML of a Windows event"
    COLUMNS = "its columns are not those that the head of the file names"
    MANY = "many events in one line; give one a line"
    RECORD = "a damaged EVTX record"
    CHUNK = "a damaged or cut EVTX chunk"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An event that is none. position: 0-based, counted over all events of a source, these among them."""

    position: int
    flaw: Flaw


class Flawed(Exception):
    """Raised for one event while it is read; `events` turns it into an `Unreadable`."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw
