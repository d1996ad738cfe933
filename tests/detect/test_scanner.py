"""Many expressions in one pass."""

from muster.detect.expression import Alphabet, Expression
from muster.detect.literals import Pairs
from muster.detect.pieces import Pieces
from muster.detect.scanner import Finder, Scanner, Scanners


def _found(pairs: Pairs) -> list[tuple[int, int]]:
    return sorted(zip(pairs.values.tolist(), pairs.found.tolist(), strict=True))


def _of(*texts: bytes) -> dict[int, Expression]:
    return {number: Expression(text, Alphabet.REGEX) for number, text in enumerate(texts)}


def _kept(texts: list[bytes], then: list[bytes]) -> tuple[Scanner, Pieces]:
    """A scanner made with what another one left."""
    before = Pieces()
    Scanner(_of(*texts), before, "s")
    pieces = Pieces(before.used)
    return Scanner(_of(*then), pieces, "s"), pieces


MANY = [b"x%dy" % n for n in range(12)]


def test_kept_databases_find_the_same_under_other_numbers() -> None:
    scanner, pieces = _kept(MANY, MANY[::-1])
    assert pieces.made == 0
    assert _found(scanner.find([b"x3y", b"x11y x0y"])) == [(0, 8), (1, 0), (1, 11)]


def test_what_is_new_is_found_and_what_nobody_asks_for_is_not() -> None:
    scanner, pieces = _kept(MANY, [*MANY[2:], b"new"])
    assert pieces.made == 1
    assert _found(scanner.find([b"x0y x2y new"])) == [(0, 0), (0, 10)]


def test_two_tests_of_one_expression_are_both_named() -> None:
    scanner, _ = _kept([*MANY, b"x1y"], [b"x1y", *MANY])
    assert _found(scanner.find([b"x1y"])) == [(0, 0), (0, 2)]


def test_what_was_refused_stays_refused_and_is_not_tried_again() -> None:
    scanner, pieces = _kept([*MANY, b"(?=a)"], [b"(?=a)", *MANY])
    assert list(scanner.refused) == [0]
    assert pieces.made == 0


def test_kept_bytes_that_are_damaged_are_made_anew() -> None:
    pieces = Pieces({"s": b"nonsense"})
    scanner = Scanner(_of(*MANY), pieces, "s")
    assert pieces.made == 1
    assert _found(scanner.find([b"x5y"])) == [(0, 5)]


def test_each_expression_that_matches_is_named_once() -> None:
    scanner = Scanner(
        {7: Expression(b"a", Alphabet.BYTES), 9: Expression(b"b", Alphabet.BYTES, caseless=True)}
    )
    assert _found(scanner.find([b"aaBB"])) == [(0, 7), (0, 9)]
    assert _found(scanner.find([b"A"])) == []


def test_what_is_refused_is_named_and_the_others_work() -> None:
    good = {n: Expression(b"x%d" % n, Alphabet.REGEX) for n in range(5)}
    scanner = Scanner(
        {**good, 5: Expression(rb"(a)\1", Alphabet.REGEX), 6: Expression(b"(?=a)", Alphabet.REGEX)}
    )
    assert set(scanner.refused) == {5, 6}
    assert all(scanner.refused.values())
    assert [n for n in range(5) if _found(scanner.find([b"x%d" % n])) == [(0, n)]] == list(range(5))


def test_without_expressions_nothing_is_found() -> None:
    assert not Scanner({})
    assert _found(Scanner({}).find([b"x"])) == []


def test_answers_stand_in_the_order_of_the_values() -> None:
    scanner = Scanner({1: Expression(b"a", Alphabet.BYTES), 2: Expression(b"b", Alphabet.BYTES)})
    assert _found(scanner.find([b"a", b"", b"b", b"bb"])) == [(0, 1), (2, 2), (3, 2)]


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
    assert _found(scanners.find(["A"], ["a"])) == [(0, 1), (0, 2), (0, 3)]
    assert not Scanners({})


def test_places_of_texts_in_long_bytes() -> None:
    places, ends = Finder([b"needle", b"$"]).find(b"a NEEDLE, a needle $")
    assert sorted(zip(places, ends, strict=True)) == [(0, 8), (0, 18), (1, 20)]
