"""Events that no shape claims: every leaf under its dotted name, and nothing is said of their log source."""

from muster.detect.json_line import Event
from muster.detect.shapes.shape import Shape, ShapeName
from muster.detect.shapes.values import strictly


def claims(event: Event) -> bool:  # noqa: ARG001 - it claims whatever is left
    return True


SHAPE = Shape(ShapeName.UNKNOWN, claims, strictly)
