"""Events of no known shape pass through, and are counted."""

import pytest

from muster.detect.events import read_lines
from muster.detect.flaw import Flaw, Flawed
from muster.detect.normalising import normalised
from muster.detect.ruleset import Needs
from muster.detect.shapes.shape import ShapeName
from tests.detect.shapes.field import fields


def test_every_leaf_has_its_dotted_name() -> None:
    line = b'{"a":{"b":[1,"x"],"c":null,"d":1.50},"e":[{"f":1},{"f":2,"g":{"h":true}}],"i j":""}'
    assert fields(line, ShapeName.UNKNOWN) == {
        "a.b": '[1,"x"]', "a.d": "1.5", "e": '[{"f":1},{"f":2,"g":{"h":true}}]', "e.f": "1\n2", "e.g.h": "true", "i j": "",
    }  # fmt: skip


def test_two_leaves_of_one_name_are_refused() -> None:
    with pytest.raises(Flawed) as refused:
        normalised(b'{"a.b":1,"a":{"b":2}}')
    assert refused.value.flaw is Flaw.DUPLICATE


def test_they_are_counted() -> None:
    lines = [b'{"a":1}', b'{"EventID":1,"Channel":"c"}', b'{"b":1}', b"nonsense"]
    reading = read_lines(lines, Needs(frozenset({"a"}), text=False))
    assert reading.shapes == {ShapeName.UNKNOWN: 2, ShapeName.WINDOWS_COLLECTOR: 1}
    assert len(reading.unreadable) == 1


def test_a_list_of_events_in_one_line_is_named() -> None:
    reading = read_lines(
        [b'{"Records":[{"a":1},{"a":2}]}', b'{"Records":[1]}'], Needs(frozenset(), text=False)
    )
    assert [bad.flaw for bad in reading.unreadable] == [Flaw.MANY]
