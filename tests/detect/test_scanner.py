"""Many expressions in one pass."""

from muster.detect.expression import Alphabet, Expression
from muster.detect.scanner import Scanner


def test_each_expression_that_matches_is_named_once() -> None:
    scanner = Scanner(
        {7: Expression(b"a", Alphabet.BYTES), 9: Expression(b"b", Alphabet.BYTES, caseless=True)}
    )
    assert sorted(scanner.numbers(b"aaBB")) == [7, 9]
    assert scanner.numbers(b"A") == []


def test_what_is_refused_is_named_and_the_others_work() -> None:
    good = {n: Expression(b"x%d" % n, Alphabet.REGEX) for n in range(5)}
    scanner = Scanner(
        {**good, 5: Expression(rb"(a)\1", Alphabet.REGEX), 6: Expression(b"(?=a)", Alphabet.REGEX)}
    )
    assert set(scanner.refused) == {5, 6}
    assert all(scanner.refused.values())
    assert [n for n in range(5) if scanner.numbers(b"x%d" % n) == [n]] == list(range(5))


def test_without_expressions_nothing_is_found() -> None:
    assert not Scanner({})
    assert Scanner({}).numbers(b"x") == []
