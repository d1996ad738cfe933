"""JSON lines: what becomes of every kind of value, and every way to be unreadable."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.detect import columns
from muster.detect.events import read, read_lines
from muster.detect.flaw import MAX_LINE, Flaw, Unreadable
from muster.detect.ruleset import Needs


def needs(*fields: str, text: bool = False) -> Needs:
    return Needs(frozenset(fields), text)


def values(line: bytes, *fields: str) -> dict[str, str]:
    reading = read(line, needs(*fields))
    assert reading.unreadable == ()
    places = columns.names(reading.batch)
    return {
        name: columns.read(reading.batch, place).texts()[0]
        for name, place in places.items()
        if name != columns.RAW and columns.read(reading.batch, place).texts()
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('"x"', "x"), ("7", "7"), ("-0", "0"), ("1.50", "1.5"), ("1e3", "1000.0"), ("1e-7", "0.0000001"), ("1e300", "1e+300"),
        ("true", "true"), ("false", "false"), ("[1, \"ä\", {\"b\": null}]", '[1,"ä",{"b":null}]'), ("[]", "[]"), ('""', ""),
        ("123456789012345678901234567890", "123456789012345678901234567890"), ('"a\\u0000b"', "a\0b"), ('"\\"q\\":"', '"q":'),
    ],
)  # fmt: skip
def test_values_become_text(value: str, text: str) -> None:
    assert values(b'{"F":%s}' % value.encode(), "F") == {"F": text}


def test_null_is_absence_and_nesting_gives_dotted_names() -> None:
    line = b'{"a": {"b": {"c": 1}, "n": null}, "d": null, "a.x": "y", "other": 2}'
    assert values(line, "a.b.c", "a.n", "d", "a.x") == {"a.b.c": "1", "a.x": "y"}


@pytest.mark.parametrize(
    ("line", "flaw"),
    [
        (b"not json", Flaw.NOT_JSON),
        (b'{"a": NaN}', Flaw.NOT_JSON),
        (b'{"a": "\xff"}', Flaw.NOT_UTF8),
        (b'{"a": "\\ud800"}', Flaw.NOT_JSON),
        (b'{"a": "\x00"}', Flaw.NOT_JSON),
        (b"[1]", Flaw.NOT_OBJECT),
        (b"7", Flaw.NOT_OBJECT),
        (b'{"a":1,"a":2}', Flaw.DUPLICATE),
        (b'{"a" :":x","a" :2}', Flaw.DUPLICATE),
        (b'{"o":{"a":1,"a":2}}', Flaw.DUPLICATE),
        (b'{"o":[{"a":1,"a":2}]}', Flaw.DUPLICATE),
        (b'{"a.b":1,"a":{"b":2}}', Flaw.DUPLICATE),
        (b'{"a":' * 40 + b"1" + b"}" * 40, Flaw.DEEP),
        (b'{"a":' + b"[" * 900 + b"]" * 900 + b"}", None),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", Flaw.DEEP),
        (b'{"a":"' + b"x" * MAX_LINE + b'"}', Flaw.LONG),
        (json.dumps({f"f{n}": n for n in range(10_000)}).encode(), Flaw.FIELDS),
        (json.dumps({f"f{n}": str(n) for n in range(10_000)}).encode().replace(b'": ', b'":'), Flaw.FIELDS),
        (b'{"a":%s}' % (b"9" * 5_000), Flaw.NOT_JSON),
    ],
)  # fmt: skip
def test_unreadable_lines_are_named(line: bytes, flaw: Flaw | None) -> None:
    reading = read_lines([b'{"a":1}', line, b'{"a":2}'], needs("a"), first=10)
    if flaw is None:
        assert reading.lines == 3
        return
    assert reading.unreadable == (Unreadable(11, flaw),)
    assert reading.positions == (10, 12)
    assert reading.batch.num_rows == 2


def test_blank_lines_and_marks_do_not_count() -> None:
    reading = read(b'\xef\xbb\xbf{"a":1}\r\n\n   \n{"a":2}', needs("a"))
    assert reading.positions == (0, 1)
    assert columns.raw(reading.batch, [0, 1]) == [b'{"a":1}', b'{"a":2}']


def test_nothing_gives_an_empty_batch() -> None:
    assert read(b"", needs("a", text=True)).batch.num_rows == 0


def test_the_joined_text_has_all_values_in_order() -> None:
    reading = read(b'{"a":"x","n":null,"b":7,"c":"y"}', needs("a", text=True))
    assert columns.joined(reading.batch).texts() == {0: "x\x1f7\x1fy"}


def test_fields_named_like_our_own_columns_are_left_out() -> None:
    reading = read(b'{"muster.raw":"x","muster.text":"y"}', needs("muster.raw", "muster.text"))
    assert columns.raw(reading.batch, [0]) == [b'{"muster.raw":"x","muster.text":"y"}']


plain = st.dictionaries(
    st.text(min_size=1, max_size=5), st.text(max_size=5) | st.integers(-5, 10**25), max_size=6
)


@given(st.lists(plain, max_size=6))
def test_quick_and_careful_reading_agree(items: list[dict[str, object]]) -> None:
    names = {name for item in items for name in item} - {"muster.raw", "muster.text"}
    quick = [json.dumps(item, separators=(",", ":")).encode() for item in items]
    careful = [json.dumps(item, separators=(" , ", " : ")).encode() for item in items]
    for lines in (quick, careful):
        batch = read_lines(lines, needs(*names)).batch
        places = columns.names(batch)
        for name in names:
            texts = columns.read(batch, places[name]).texts()
            assert texts == {row: str(item[name]) for row, item in enumerate(items) if name in item}
