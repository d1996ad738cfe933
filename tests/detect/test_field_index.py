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


def index(*tests: Test) -> FieldIndex:
    numbered = list(enumerate(tests))
    return FieldIndex(numbered, {n: found for n, test in numbered if (found := expression_of(test))})


def test_all_kinds_together() -> None:
    made = index(
        Text("Straße", Anchor.WHOLE),
        Text("Straße", Anchor.WHOLE, cased=True),
        Text("STR", Anchor.START),
        Text("e", Anchor.END, cased=True),
        Wildcard(("s", Gap.MANY, "e"), whole=True),
        Regex("^S.*e$"),
    )
    assert sorted(made.passed("Straße")) == [0, 1, 2, 3, 4, 5]
    assert sorted(made.passed("STRASSE")) == [2, 4]
    assert made.passed("") == []


def test_networks_of_both_versions() -> None:
    made = index(
        *(
            InNetwork(ip_network(one))
            for one in ("10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "fe80::/10", "::/0")
        )
    )
    assert sorted(made.passed("10.1.2.3")) == [0, 1, 2]
    assert sorted(made.passed("fe80::1%eth0")) == [3, 4]
    assert made.passed("10.1.2") == made.passed("x") == made.passed("10.1.2.3/32") == []


def test_numbers_are_decimal() -> None:
    made = index(Compare(Order.LESS, Decimal(10)), Compare(Order.AT_LEAST, Decimal("2.5")))
    assert sorted(made.passed("2.50")) == [0, 1]
    assert made.passed("123456789012345678901234567890") == [1]
    for text in ("", "ten", "0x5", "NaN", "Infinity", "1_0", "٣", "9" * 61):
        assert made.passed(text) == [], text


def test_presence_and_references_are_apart() -> None:
    made = index(Present(), SameAs("Other", Anchor.END))
    assert made.present == (0,)
    assert [(one.number, one.other, one.anchor) for one in made.references] == [(1, "Other", Anchor.END)]
    assert made.passed("x") == []


def test_what_hyperscan_refuses_is_said() -> None:
    assert set(index(Regex("ok"), Regex("(?=x)")).refused) == {1}
