"""Literals in many values: the same as Python's own search, whatever the values are made of."""

from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from muster.detect.haystack import Haystack
from muster.detect.literals import MAX_LENGTH, MAX_SHARING, Literals, joined, nothing

bodies = st.binary(min_size=1, max_size=9).map(lambda text: bytes(byte % 3 + 97 for byte in text))
values = st.lists(bodies | st.just(b""), min_size=1, max_size=8)


def found(literals: dict[int, bytes], texts: list[bytes], width: int) -> set[tuple[int, int]]:
    made = Literals(list(literals.items()), width)
    assert not made.left
    pairs = made.find(Haystack(texts))
    return set(zip(pairs.values.tolist(), pairs.found.tolist(), strict=True))


@given(st.lists(bodies, min_size=1, max_size=40, unique=True), values)
def test_equal_to_plain_search(wanted: list[bytes], texts: list[bytes]) -> None:
    for width in (1, 2, 3, 4):
        fitting = {number: body for number, body in enumerate(wanted) if min(len(body), 4) == width}
        held = {(at, n) for at, text in enumerate(texts) for n, body in fitting.items() if body in text}
        assert found(fitting, texts, width) == held


def test_marks_stand_for_the_ends_of_a_value() -> None:
    wanted = {1: b"\xfeabc", 2: b"abc\xff", 3: b"\xfeabc\xff"}
    assert found(wanted, [b"abc", b"xabc", b"abcx", b"ab", b"c"], 4) == {
        (0, 1),
        (0, 2),
        (0, 3),
        (1, 2),
        (2, 1),
    }


def test_what_is_too_long_or_shares_too_much_is_left() -> None:
    long = Literals([(1, b"x" * (MAX_LENGTH + 1)), (2, b"fine")], 4)
    assert long.left == [1]
    alike = Literals([(n, b"abcd" * (n + 1)) for n in range(MAX_SHARING + 9)], 4)
    assert len(alike.left) >= 8


def test_kinds_keep_literals_from_values_they_are_not_for() -> None:
    made = Literals([(1, b"text"), (2, b"other")], 4, [0b01, 0b11])
    hay = Haystack([b"text other", b"text other"])
    kinds = (hay.lengths * 0 + [0, 1]).astype("uint64")
    pairs = made.find(hay, kinds)
    assert set(zip(pairs.values.tolist(), pairs.found.tolist(), strict=True)) == {(0, 1), (0, 2), (1, 2)}


def test_nothing_is_found_without_literals_or_values() -> None:
    assert not Literals([], 4)
    assert len(Literals([(1, b"abcd")], 4).find(Haystack([])).found) == 0
    assert len(joined([]).found) == len(joined([nothing(), nothing()]).found) == 0


def test_a_value_made_of_one_run_costs_no_more_than_its_length() -> None:
    wanted = [(n, b"a" * (4 + n) + b"b") for n in range(40)] + [(99, b"aaaa")]
    started = process_time()
    pairs = Literals(wanted, 4).find(Haystack([b"a" * 1_000_000, b"short"]))
    assert process_time() - started < 10
    assert {99} == set(pairs.found.tolist())
    assert {0} == set(pairs.values.tolist())


def test_values_longer_than_a_chunk_are_searched_over_its_border() -> None:
    for before in range(65_530, 65_540):
        assert found({1: b"needle"}, [b"." * before + b"needle"], 4) == {(0, 1)}
