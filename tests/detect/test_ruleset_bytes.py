"""A ruleset as bytes and back gives the same hits; bytes of another kind are refused, never followed."""

import orjson
import pytest

from muster.detect.pieces import Unusable, opened, sealed
from muster.detect.ruleset_bytes import ruleset_bytes, ruleset_of
from tests.detect.yard import compiled, on, rows, rule

RULES = [
    on(
        {"a|contains": ["needle", "b"], "c|startswith": "Ä"},
        level="high",
        author="Ann",
        tags=["attack.t1059"],
    ),
    on({"a|endswith": "z", "n|gte": 5, "t|hour": 3}),
    on({"ip|cidr": ["10.0.0.0/8", "fe80::/10"]}),
    on({"a|re": "x[0-9]+y", "c|fieldref": "a"}),
    on(["keyword", "ünder"]),
    rule({"sel": {"a": "w*ld"}, "no": {"c": None, "a|cased": "Wald"}, "condition": "sel and not no"}),
    on({"a|re": "(?<=x)y"}),
]
EVENTS = [
    {"a": "a NEEDLE", "c": "ärger"},
    {"a": "z", "n": 7, "t": "2026-11-24T03:00:00Z"},
    {"ip": "10.2.3.4"},
    {"ip": "fe80::1", "a": "x12y", "c": "x12y"},
    {"q": "the KEYWORD"},
    {"q": "Ünder"},
    {"a": "wild"},
    {"a": "Wald"},
]


def test_the_same_hits_and_the_same_account() -> None:
    fresh = compiled(*RULES)
    kept = ruleset_of(ruleset_bytes(fresh))
    assert rows(fresh, EVENTS)
    assert rows(kept, EVENTS) == rows(fresh, EVENTS)
    for name in ("loaded", "sources", "gates", "unloaded", "needs", "correlations", "silent"):
        assert getattr(kept, name) == getattr(fresh, name)
    assert ruleset_bytes(kept) == ruleset_bytes(fresh)


def test_any_byte_that_changed_is_noticed() -> None:
    data = ruleset_bytes(compiled(RULES[0]))
    for at in range(0, len(data), 97):
        with pytest.raises(Unusable):
            ruleset_of(data[:at] + bytes([data[at] ^ 255]) + data[at + 1 :])


def test_bytes_of_another_form_are_refused() -> None:
    head, *sections = opened(ruleset_bytes(compiled(*RULES)))
    told = orjson.loads(head)
    for place in range(len(told)):
        for wrong in (7, None):
            other = [*told[:place], wrong, *told[place + 1 :]]
            if told[place] != wrong:
                with pytest.raises(Unusable):
                    ruleset_of(sealed([orjson.dumps(other), *sections]))
    for cut in range(len(sections)):
        with pytest.raises(Unusable):
            ruleset_of(sealed([head, *sections[:cut]]))
    with pytest.raises(Unusable):
        ruleset_of(sealed([]))


def test_a_database_that_hyperscan_refuses_is_refused() -> None:
    head, *sections = opened(ruleset_bytes(compiled(on({"a|re": "x[0-9]+y"}))))
    broken = [
        section[:40] + b"\0" * 8 + section[48:] if len(section) > 400 else section for section in sections
    ]
    assert broken != sections
    with pytest.raises(Unusable):
        ruleset_of(sealed([head, *broken]))
