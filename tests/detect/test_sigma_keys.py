"""Detections where pySigma would read something else than is written."""

import pytest

from muster.detect.rule import NotLoadable
from muster.detect.sigma_keys import rewritten
from tests.detect.yard import hits, on


def test_affixes_of_expressions_are_anchors() -> None:
    events = [{"F": "xab"}, {"F": "abx"}, {"F": "ab"}, {"F": "x\nab\n"}]
    assert hits(on({"F|re|startswith": "a|x"}), events) == [0, 1, 2, 3]
    assert hits(on({"F|re|startswith": "a."}), events) == [1, 2]
    assert hits(on({"F|re|m|endswith": "b"}), events) == [0, 2]
    assert hits(on({"F|re|contains": "b"}), events) == [0, 1, 2, 3]


def test_large_numbers_are_not_rounded() -> None:
    number = 2**63 + 1
    assert hits(on({"F": number}), [{"F": number}, {"F": float(number)}, {"F": number + 1}]) == [0]
    assert hits(on([number]), [{"F": f"x{number}"}]) == [0]


@pytest.mark.parametrize(
    "detections",
    [
        {"sel": {"F|gt": 2**60}},
        {"sel": {"F|hour": 1.5}},
        {"sel": {"F|cased|fieldref": "G"}},
        {"sel": [{"F|re|startswith": "a", "F|re": "b"}, {"F|re|contains": "a", "F|re": "b"}]},
    ],
)
def test_what_is_refused(detections: dict[object, object]) -> None:
    with pytest.raises(NotLoadable):
        rewritten(detections)


def test_the_rest_is_left_alone() -> None:
    same: dict[object, object] = {
        "sel": [{"F|contains": ["a", 7]}, "word", 1.5],
        "condition": "sel",
        "n": {"F": None, "G|lt": 3},
    }
    assert rewritten(same) == same
