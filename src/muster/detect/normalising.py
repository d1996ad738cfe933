"""One line of input -> the fields that rules see of it; without columns, so that pages can do it, too."""

from muster.detect import json_line
from muster.detect.event_time import time_of
from muster.detect.flaw import Flaw, Flawed
from muster.detect.json_line import Inexact
from muster.detect.shapes import heading as headings
from muster.detect.shapes.heading import Heading
from muster.detect.shapes.registry import LINES, recognise
from muster.detect.shapes.shape import ShapeName
from muster.detect.shapes.values import Pairs


def normalised(line: bytes, heading: Heading = headings.NONE) -> tuple[ShapeName, Pairs] | None:
    """Shape and fields of one line, later fields of a name counting; None for a note. Raises `Flawed`."""
    if line[:1] != b"{":
        found = of_line(line, heading)
        return None if isinstance(found, Heading) else found
    event = json_line.decode(line)
    shape = recognise(event)
    try:
        return shape.name, shape.normalise(event)
    except Inexact:
        return shape.name, shape.normalise(json_line.carefully(line))


def happened(line: bytes, heading: Heading = headings.NONE) -> str | None:
    """When the event of a line says it happened."""
    try:
        found = normalised(line, heading)
    except Flawed:
        return None
    return time_of(found[1]) if found else None


def of_line(line: bytes, heading: Heading) -> "tuple[ShapeName, Pairs] | Heading":
    """A line that is no object: shape and fields, or the head that holds after it. Raises `Flawed`."""
    if len(line) > json_line.MAX_LINE:
        raise Flawed(Flaw.LONG)
    try:
        written = line.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise Flawed(Flaw.NOT_UTF8) from fault
    if written[0] == "#":
        noted = headings.noted(heading, written)
        if noted is not None:
            return noted
    for shape in LINES:
        pairs = shape.read(written)
        if pairs is not None:
            return shape.name, pairs
    found = headings.fields(heading, written)
    if found is not None:
        return found
    json_line.decode(line)
    raise Flawed(Flaw.NOT_JSON)
