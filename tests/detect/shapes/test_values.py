"""Values as text, paths, and lists."""

import pytest

from muster.detect.flaw import Flaw, Flawed
from muster.detect.json_line import Inexact
from muster.detect.shapes.values import at, flatten, leaves, renamed, single, source, text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, "true"),
        (7, "7"),
        (1.5, "1.5"),
        (1e-7, "0.0000001"),
        (["ä", None], '["ä",null]'),
        ({"a": 1}, '{"a":1}'),
    ],
    ids=str,
)
def test_texts(value: object, expected: str) -> None:
    assert text(value) == expected


@pytest.mark.parametrize("value", [1e19, [1e19], {"a": [{"b": -1e30}]}], ids=str)
def test_numbers_that_may_be_wrong_are_noticed_at_any_depth(value: object) -> None:
    with pytest.raises(Inexact):
        text(value)


def test_depth_is_bounded_for_lists_too() -> None:
    deep: object = 1
    for _ in range(200):
        deep = [deep]
    for act in (lambda: text(deep), lambda: flatten({"a": deep})):
        with pytest.raises(Flawed) as refused:
            act()
        assert refused.value.flaw is Flaw.DEEP


def test_paths_and_small_things() -> None:
    assert at({"a": {"b": {"c": 1}}, "x.y": 2}, "a", "b", "c") == 1
    assert at({"x.y": 2}, "x", "y") == 2
    assert at({"x": 2}, "x", "y") is None
    assert [single(["a"]), single(["a", "b"]), single([{}])] == ["a", ["a", "b"], [{}]]
    assert leaves({"a": None, "b": [1]}) == [("b", "[1]")]
    assert renamed([("a", "1"), ("b", "2")], {"a": "c", "b": "a"}) == [("a", "1"), ("b", "2"), ("c", "1")]
    assert dict(source("p")) == {"logsource.product": "p", "logsource.category": "none"}
