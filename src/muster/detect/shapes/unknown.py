"""Events that no shape claims: every leaf under its dotted name, and nothing is said of their log source."""

from muster.detect.flaw import Flaw, Flawed
from muster.detect.json_line import Event
from muster.detect.shapes.shape import Shape, ShapeName
from muster.detect.shapes.values import Pairs, items, objects, strictly

_WRAPPERS = ("Records", "records")


def claims(_event: Event) -> bool:
    """It stands last in the list, and has whatever no other shape has."""
    return True


def normalise(event: Event) -> Pairs:
    """Raises `Flawed` also for a list of events in one line, as CloudTrail's files have it (see `document`)."""
    for name in _WRAPPERS:
        listed = items(event.get(name))
        if listed and len(event) <= 3 and objects(listed[0]) is not None:
            raise Flawed(Flaw.MANY)
    return strictly(event)


SHAPE = Shape(ShapeName.UNKNOWN, claims, normalise)
