"""Canonical JSON: equal values have equal bytes, and nothing else gets past the edge."""

import json
import traceback
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.errors import BadInput
from muster.record.canonical import MAX_BYTES, MAX_DEPTH, MAX_INTEGER, canonical, parse, parse_canonical
from tests.record.refusals import refusal

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
SCALARS = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXT
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4)
)


def nested(depth: int, inner: Any = None) -> Any:
    value = [] if inner is None else inner
    for _ in range(depth - 1):
        value = [value]
    return value


def test_the_limits_are_those_of_the_design():
    assert (MAX_BYTES, MAX_DEPTH, MAX_INTEGER) == (65536, 32, 9007199254740991)


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (None, b"null"),
        (True, b"true"),
        (False, b"false"),
        (0, b"0"),
        (-7, b"-7"),
        ([], b"[]"),
        ({}, b"{}"),
        ({"b": [1, "x"], "a": None}, b'{"a":null,"b":[1,"x"]}'),
        # RFC 8785, section 3.2.3: keys in the order of UTF-16 code units
        (
            {
                "\u20ac": "Euro",
                "\r": "CR",
                "\ufb33": "D",
                "1": "One",
                "\U0001f600": "S",
                "\u0080": "C",
                "\u00f6": "o",
            },
            '{"\\r":"CR","1":"One","\u0080":"C","\u00f6":"o","\u20ac":"Euro","\U0001f600":"S","\ufb33":"D"}'.encode(),
        ),
        ('\x01\b\t\n\f\r"\\/\x7f\u2028', b'"\\u0001\\b\\t\\n\\f\\r\\"\\\\/\x7f\xe2\x80\xa8"'),
    ],
)
def test_known_values_have_known_bytes(value: Any, data: bytes):
    assert canonical(value) == data
    assert parse(data) == value
    assert parse_canonical(data) == value


@given(VALUES)
def test_a_value_survives_and_has_one_form(value: Any):
    data = canonical(value)
    assert parse_canonical(data) == value
    assert canonical(parse(json.dumps(value, indent=2).encode())) == data


@pytest.mark.parametrize(
    "data",
    [b' {"a":1}', b'{"a": 1}', b'{"a":1}\n', b'{"b":1,"a":2}', b'"\\u0061"', b'"\\/"', b"-0", b'"\\u000a"'],
)
def test_another_form_of_the_same_value_is_read_but_is_not_canonical(data: bytes):
    parse(data)
    with pytest.raises(BadInput, match="canonical form"):
        parse_canonical(data)


def test_minus_zero_is_zero():
    assert canonical(parse(b"-0")) == b"0"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1.5, "fraction"),
        (float("nan"), "fraction"),
        ([1.0], "fraction"),
        ({"a": {"b": 2.0}}, "fraction"),
        (2**53, "2\\^53-1"),
        (-(2**53), "2\\^53-1"),
        ("a\0b", "NUL"),
        ({"\0": 1}, "NUL"),
        ("\ud800", "surrogate"),
        ({"x\udfff": 1}, "surrogate"),
        ({1: 2}, "key is not a string"),
        (b"bytes", "type bytes"),
        ((1, 2), "type tuple"),
        ([{1, 2}], "type set"),
        (nested(33), "deeper than 32"),
    ],
)
def test_values_that_have_no_place_in_the_record_are_refused(value: Any, words: str):
    with pytest.raises(BadInput, match=words) as refused:
        canonical(value)
    assert refused.value.mend


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no JSON"),
        (b"hunter2", "no JSON"),
        (b'{"a":1,}', "no JSON"),
        (b"[1][2]", "no JSON"),
        (b'"a\nb"', "no JSON"),
        (b"'a'", "no JSON"),
        (b'\xef\xbb\xbf"bom"', "no JSON"),
        (b"]" * 40 + b"[" * 5000, "deeper|no JSON"),
        (b'"\xff"', "UTF-8"),
        ('"ab"'.encode("utf-16"), "UTF-8"),
        (b"1.0", "fraction"),
        (b"1e2", "fraction"),
        (b"NaN", "NaN"),
        (b"-Infinity", "NaN"),
        (b"9007199254740992", "2\\^53-1"),
        (b"-9007199254740992", "2\\^53-1"),
        (b"1" * 5000, "2\\^53-1"),
        (b'{"a":1,"a":1}', "one key twice"),
        (b'[{"a":1,"\\u0061":2}]', "one key twice"),
        (b'"\\u0000"', "NUL"),
        (b'"\\ud83d"', "surrogate"),
        (b"[" * 33 + b"]" * 33, "deeper than 32"),
        (b'{"a":' * 33 + b"1" + b"}" * 33, "deeper than 32"),
        (b"[" * 100_000, "deeper than 32"),
        (b'["\\"",' + b"[" * 32, "deeper than 32"),
    ],
)
@pytest.mark.parametrize("read", [parse, parse_canonical])
def test_texts_that_have_no_place_in_the_record_are_refused(read: Any, data: bytes, words: str):
    if read is parse_canonical and len(data) > MAX_BYTES:
        words = "larger than 65536"
    with pytest.raises(BadInput, match=words) as refused:
        read(data)
    assert refused.value.mend


@given(st.binary(max_size=60) | st.text('[]{}",:\\ \t1eE.-+ntfu0d8\0', max_size=40).map(str.encode))
def test_any_bytes_are_a_value_or_refused(data: bytes):
    try:
        value = parse(data)
    except BadInput:
        return
    assert parse_canonical(canonical(value)) == value


@pytest.mark.parametrize(
    "data", [b'{"password": "hunter2"', b'["hunter2", 1.5]', b'"hunter2\xff"', b'{"hunter2":1,"hunter2":2}']
)
def test_a_refusal_never_repeats_the_input(data: bytes):
    with pytest.raises(BadInput) as refused:
        parse(data)
    error: BaseException | None = refused.value
    while error is not None:
        assert "hunter2" not in repr((error, error.__dict__, error.args))
        assert isinstance(error, BadInput)
        error = error.__cause__ or error.__context__
    assert "hunter2" not in "".join(traceback.format_exception_only(refused.value))


def test_a_refusal_says_where():
    with pytest.raises(BadInput, match="line 2, column 3"):
        parse(b"[\n1 2]")
    with pytest.raises(BadInput, match="byte 1"):
        parse(b'"\xff')


def test_exactly_32_deep_is_allowed():
    for depth in (1, 32):
        assert parse_canonical(canonical(nested(depth))) == nested(depth)
        assert parse_canonical(canonical(nested(depth, {"a": 1}))) == nested(depth, {"a": 1})


def test_brackets_in_strings_are_no_depth():
    value = ["[" * 50, '"' + "{" * 50, "\\", "[" * 50]
    assert parse(json.dumps(value).encode()) == value


def test_exactly_64_kilobytes_are_allowed():
    largest = "x" * (MAX_BYTES - 2)
    assert len(canonical(largest)) == MAX_BYTES
    assert parse(canonical(largest)) == parse_canonical(canonical(largest)) == largest
    for attempt in (
        lambda: canonical(largest + "x"),
        lambda: canonical([0] * MAX_BYTES),
        lambda: canonical([[], []] * MAX_BYTES),
        lambda: parse(b'"' + largest.encode() + b'x"'),
        lambda: parse_canonical(b'"' + largest.encode() + b'x"'),
        lambda: canonical("\u00e9" * (MAX_BYTES // 2)),
    ):
        with pytest.raises(BadInput, match="larger than 65536 bytes"):
            attempt()


def test_the_limit_is_of_the_canonical_form_and_may_be_set():
    spaced = b"[" + b" " * MAX_BYTES + b"1]"
    assert parse(spaced) == [1]
    assert parse(b"[1" + b" " * (8 * 5 - 3) + b"]", most=5) == [1]
    with pytest.raises(BadInput, match="larger than 5"):
        parse(b"[1" + b" " * (8 * 5 - 2) + b"]", most=5)
    assert canonical([1, 2], most=5) == b"[1,2]"
    assert parse_canonical(b"[1,2]", most=5) == [1, 2]
    for attempt in (
        lambda: canonical([1, 2], most=4),
        lambda: parse_canonical(b"[1,2]", most=4),
        lambda: parse(b"[1,2]", most=4),
        lambda: canonical("ab", most=3),
    ):
        with pytest.raises(BadInput, match=r"larger than \d bytes"):
            attempt()


def test_shared_lists_cannot_grow_without_end():
    value: list[Any] = []
    for _ in range(30):
        value = [value] * 10
    with pytest.raises(BadInput, match="larger than"):
        canonical(value)


REFUSALS: list[tuple[bytes, str, str, str]] = [
    (b"{", "This is no JSON.", "line 1, column 2", "Send one JSON value in UTF-8."),
    (b"[1,\n]", "This is no JSON.", "line 2, column 1", "Send one JSON value in UTF-8."),
    (b'"ab\xff"', "This is not UTF-8.", "byte 3", "Send JSON in UTF-8."),
    (b'"\\u0000"', "A string holds the character NUL (U+0000).", "", "Take it out."),
    (b'"\\ud800"', "A string holds half of a surrogate pair.", "", "Send whole characters."),
    (b'{"a":1,"a":1}', "An object holds one key twice.", "", "Keep one of them."),
    (
        b"1.5",
        "A number has a fraction or an exponent.",
        "",
        "Send it as a string, or as an integer.",
    ),
    (b"NaN", "NaN and Infinity are no JSON.", "", "Send null, or a string."),
    (b"9007199254740992", "An integer lies outside of 2^53-1.", "", "Send it as a string."),
    (b"[" * 33 + b"]" * 33, "Lists and objects are nested deeper than 32.", "", "Make it flatter."),
    (b'"' + b"a" * 70_000 + b'"', "This is larger than 65536 bytes.", "", "Attach what is large as a file."),
]


@pytest.mark.parametrize(("data", "what", "where", "mend"), REFUSALS, ids=range(len(REFUSALS)))
def test_each_refusal_says_what_where_and_the_next_step(data: bytes, what: str, where: str, mend: str):
    assert refusal(lambda: parse(data)) == (what, where, mend)


def test_what_is_written_is_refused_alike():
    assert refusal(lambda: canonical({1: 2})) == ("A key is not a string.", "", "Use strings as keys.")
    words = "Use strings, integers, booleans, null, lists and objects."
    told = ("A value of type bytes has no place in the record.", "", words)
    assert refusal(lambda: canonical(b"bytes")) == told
    told = ("This JSON is not in its canonical form.", "", "Write it as RFC 8785 says.")
    assert refusal(lambda: parse_canonical(b" 1")) == told
