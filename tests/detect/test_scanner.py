"""Many expressions in one pass."""

from muster.detect.expression import Alphabet, Expression
from muster.detect.scanner import Finder, Scanner, Scanners


def test_each_expression_that_matches_is_named_once() -> None:
    scanner = Scanner(
        {7: Expression(b"a", Alphabet.BYTES), 9: Expression(b"b", Alphabet.BYTES, caseless=True)}
    )
    assert sorted(scanner.all_numbers([b"aaBB"])[0]) == [7, 9]
    assert scanner.all_numbers([b"A"]) == ([], [0])


def test_what_is_refused_is_named_and_the_others_work() -> None:
    good = {n: Expression(b"x%d" % n, Alphabet.REGEX) for n in range(5)}
    scanner = Scanner(
        {**good, 5: Expression(rb"(a)\1", Alphabet.REGEX), 6: Expression(b"(?=a)", Alphabet.REGEX)}
    )
    assert set(scanner.refused) == {5, 6}
    assert all(scanner.refused.values())
    assert [n for n in range(5) if scanner.all_numbers([b"x%d" % n])[0] == [n]] == list(range(5))


def test_without_expressions_nothing_is_found() -> None:
    assert not Scanner({})
    assert Scanner({}).all_numbers([b"x"]) == ([], [0])


def test_answers_stand_in_the_order_of_the_values() -> None:
    scanner = Scanner({1: Expression(b"a", Alphabet.BYTES), 2: Expression(b"b", Alphabet.BYTES)})
    assert scanner.all_numbers([b"a", b"", b"b", b"bb"]) == ([1, 2, 2], [1, 0, 1, 1])


def test_each_alphabet_sees_its_own_form_of_a_value() -> None:
    scanners = Scanners(
        {
            1: Expression(rb"\xfea\xff", Alphabet.FOLDED),
            2: Expression(rb"\xfeA\xff", Alphabet.BYTES),
            3: Expression(b"^A$", Alphabet.REGEX),
            4: Expression(b"(?=a)", Alphabet.REGEX),
        }
    )
    assert set(scanners.refused) == {4}
    assert list(scanners.all_numbers(["A"], ["a"])) == [([1], [1]), ([2], [1]), ([3], [1])]
    assert not Scanners({})


def test_places_of_texts_in_long_bytes() -> None:
    places, ends = Finder([b"needle", b"$"]).find(b"a NEEDLE, a needle $")
    assert sorted(zip(places, ends, strict=True)) == [(0, 8), (0, 18), (1, 20)]
