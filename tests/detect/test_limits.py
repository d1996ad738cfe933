"""Documents that would blow up a parser are refused before they reach it; ordinary ones pass."""

from time import process_time

import pytest
import yaml

from muster.detect import limits
from muster.detect.rule import NotLoadable, Reason
from tests.detect.yard import compiled, rule

BOMB = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (c, c, b",".join([b"*%c" % (c - 1)] * 9)) for c in b"bcdefghij"
)


def test_an_ordinary_document_passes() -> None:
    limits.check(
        yaml.safe_load(rule({"sel": {"F|windash": "-a -b"}, "condition": "1 of sel* and not (x or y)"}))
    )
    limits.check({"detection": ["no mapping"]})


@pytest.mark.parametrize(
    "detection",
    [
        {"s": {"F|windash|contains": "-a " * 7}, "condition": "s"},
        {"s": [{"F|contains|windash": ["-a -b -c -d"] * 40}], "condition": "s"},
        {"s": {"F": "a"}, "condition": "(" * 41 + "s" + ")" * 41},
        {"s": {"F": "a"}, "condition": "not " * 50 + "s"},
        {"s": {"F": "a"}, "condition": "1 of a*a*a*a*a*"},
        {"s": {"F": "a"}, "condition": ["s or s"] * 5_000},
        {"s": {"F": ["a"] * 20_000}, "condition": " or ".join(["s"] * 60)},
        {"s": {"F": "a" * 65_537}, "condition": "s"},
        {"s": {"F|re": "a" * 4_097}, "condition": "s"},
        {"s": {"F|re|i": ["a" * 4_000] * 9}, "condition": "s"},
        {"s": {"F": ["a"] * 200_001}, "condition": "s"},
        {"s": [[[[[[[[[[[[[[[[[[[[[[[[["a"]]]]]]]]]]]]]]]]]]]]]]]]], "condition": "s"},
    ],
)
def test_too_much(detection: dict[str, object]) -> None:
    with pytest.raises(NotLoadable) as refused:
        limits.check({"detection": detection})
    assert refused.value.reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    "text",
    [
        BOMB + b"title: T\nlogsource: {product: x}\ndetection: {s: *j, condition: s}\n",
        b"a: &a [*a]\n",
        b"title: T\ndetection: " + b"[" * 50_000,
        rule({"a" * 200: {"F": "a"}, "condition": "1 of " + "a*" * 60 + "b"}),
        b"#" * (limits.MAX_BYTES + 1),
    ],
)
def test_hostile_files_are_listed_quickly(text: bytes) -> None:
    started = process_time()
    rules = compiled(text)
    assert process_time() - started < 5
    assert len(rules.unloaded) == 1
