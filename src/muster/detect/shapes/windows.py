"""Windows events that are normalised already: names stay, save that blanks are removed from them.

Rules rely on it (`New Value` -> `NewValue`). Objects and lists are kept as JSON text.
"""

from muster.detect.json_line import Event
from muster.detect.shapes.shape import Shape, ShapeName
from muster.detect.shapes.values import Pairs, text


def claims(event: Event) -> bool:
    return "Provider_Name" in event and "EventID" in event


def name_of(name: str) -> str:
    """The name that rules use for a field."""
    return name.replace(" ", "")


def normalise(event: Event) -> Pairs:
    return [(name_of(name), text(value)) for name, value in event.items() if value is not None]


SHAPE = Shape(ShapeName.WINDOWS, claims, normalise, plain_name=name_of)
