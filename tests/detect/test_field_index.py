"""All tests on one field as one function of the value."""

from decimal import Decimal
from ipaddress import ip_network

from muster.detect.condition import (
    Anchor,
    Compare,
    Gap,
    InNetwork,
    Order,
    Present,
    Regex,
    SameAs,
    Test,
    Text,
    Wildcard,
)
from muster.detect.field_index import FieldIndex, expression_of
from muster.detect.folded import fold_all


def index(*tests: Test) -> FieldIndex:
    numbered = list(enumerate(tests))
    return FieldIndex(numbered, {n: found for n, test in numbered if (found := expression_of(test))})


def passed(made: FieldIndex, value: str) -> list[int]:
    """What a value passes without a look inside it."""
    return sorted(made.passed([value], fold_all([value])).found.tolist())


def test_all_kinds_together() -> None:
    made = index(
        Text("Straße", Anchor.WHOLE),
        Text("Straße", Anchor.WHOLE, cased=True),
        Text("STR", Anchor.START),
        Text("e", Anchor.END, cased=True),
        Wildcard(("s", Gap.MANY, "e"), whole=True),
        Regex("^S.*e$"),
    )
    assert passed(made, "Straße") == [0, 1]
    assert passed(made, "STRASSE") == passed(made, "") == []
    assert [(one.number, one.body, one.cased) for one in made.inside] == [
        (2, b"\xfestr", False),
        (3, b"e\xff", True),
    ]
    assert made.scanned == {4, 5}
    found = made.scan_for({}).passed(["Straße", "STRASSE", "x"], ["straße", "strasse", "x"], [])
    assert sorted(zip(found.values.tolist(), found.found.tolist(), strict=True)) == [(0, 4), (0, 5), (1, 4)]


def test_what_has_a_hint_is_asked_of_values_that_hold_it() -> None:
    made = index(Regex("needle[0-9]"))
    assert made.hints == ("needle",)
    scanners = made.scan_for({})
    texts = ["needle1", "needle2"]
    assert scanners.passed(texts, texts, [1]).values.tolist() == [1]
    assert scanners.passed(texts, texts, []).values.tolist() == []


def test_networks_of_both_versions() -> None:
    made = index(
        *(
            InNetwork(ip_network(one))
            for one in ("10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "fe80::/10", "::/0")
        )
    )
    assert passed(made, "10.1.2.3") == [0, 1, 2]
    assert passed(made, "fe80::1%eth0") == [3, 4]
    assert passed(made, "10.1.2") == passed(made, "x") == passed(made, "10.1.2.3/32") == []


def test_numbers_are_decimal() -> None:
    made = index(Compare(Order.LESS, Decimal(10)), Compare(Order.AT_LEAST, Decimal("2.5")))
    assert passed(made, "2.50") == [0, 1]
    assert passed(made, "123456789012345678901234567890") == [1]
    for text in ("", "ten", "0x5", "NaN", "Infinity", "1_0", "٣", "9" * 61):
        assert passed(made, text) == [], text


def test_presence_and_references_are_apart() -> None:
    made = index(Present(), SameAs("Other", Anchor.END))
    assert made.present == (0,)
    assert [(one.number, one.other, one.anchor) for one in made.references] == [(1, "Other", Anchor.END)]
    assert passed(made, "x") == []


def test_what_hyperscan_refuses_is_said() -> None:
    assert set(index(Regex("ok"), Regex("(?=x)")).scan_for({}).refused) == {1}
