"""Windows events as NXLog and other collectors write them: flat, `SourceName` for the provider, `Hostname`.

Both get the names that rules use, `Provider_Name` and `Computer`; the rest is as in `windows`.
"""

from muster.detect.json_line import Event
from muster.detect.shapes import windows
from muster.detect.shapes.shape import Shape, ShapeName
from muster.detect.shapes.values import Pairs, text

_NAMES = {"SourceName": "Provider_Name", "Hostname": "Computer"}


def claims(event: Event) -> bool:
    return "EventID" in event and ("Channel" in event or "SourceName" in event)


def name_of(name: str) -> str:
    """The name that rules use for a field."""
    return _NAMES.get(name) or windows.name_of(name)


def normalise(event: Event) -> Pairs:
    return [(name_of(name), text(value)) for name, value in event.items() if value is not None]


SHAPE = Shape(ShapeName.WINDOWS_COLLECTOR, claims, normalise, plain_name=name_of)
