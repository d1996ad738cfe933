"""What the tests of shapes share: the fields of a line, by one way and by the other."""

from muster.detect import columns
from muster.detect.events import read_lines
from muster.detect.normalising import normalised
from muster.detect.ruleset import Needs
from muster.detect.shapes.heading import NONE, Heading
from muster.detect.shapes.shape import ShapeName


def fields(line: bytes | str, shape: ShapeName, heading: Heading = NONE) -> dict[str, str]:
    """The fields of a line that must have the shape, by both ways there are: alone and in a batch."""
    data = line.encode() if isinstance(line, str) else line
    found = normalised(data, heading)
    assert found is not None
    assert found[0] is shape
    alone = dict(found[1])
    assert columns_of([data], heading) == [alone]
    return alone


def columns_of(lines: list[bytes], heading: Heading = NONE) -> list[dict[str, str]]:
    """The events of a batch in which every field is needed."""
    names = {name for line in lines for name, _ in (normalised(line, heading) or ("", []))[1]}
    reading = read_lines(lines, Needs(frozenset(names), text=True), heading=heading)
    assert not reading.unreadable
    rows: list[dict[str, str]] = [{} for _ in lines]
    for name, place in columns.names(reading.batch).items():
        if name not in (columns.RAW, "muster.text"):
            for row, value in columns.read(reading.batch, place).texts().items():
                rows[row][name] = value
    assert columns.raw(reading.batch, range(len(lines))) == lines
    return rows
