"""YAML as the plan reads it: every value with its line; nothing is built, expanded or followed."""

from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.plan.yaml_text import MAX_DEPTH, Flaw, read_yaml


def flaw(text: str | bytes) -> Flaw:
    with pytest.raises(Flaw) as refused:
        read_yaml(text.encode() if isinstance(text, str) else text)
    return refused.value


def test_every_value_knows_its_line() -> None:
    parsed = read_yaml(b"# words\na: 1\nb:\n  - x\n  - {c: y}\nd: >-\n  long\n  text\n")
    assert parsed.value == {"a": 1, "b": ["x", {"c": "y"}], "d": "long text"}
    assert parsed.lines == {
        (): 1, ("a",): 2, ("b",): 3, ("b", 0): 4, ("b", 1): 5, ("b", 1, "c"): 5, ("d",): 6,
    }  # fmt: skip
    assert parsed.line(("b", 1, "missing", 3)) == 5
    assert parsed.line(("lost",)) == 1


@pytest.mark.parametrize(
    ("plain", "value"),
    [
        ("null", None), ("~", None), ("", None), ("true", True), ("False", False), ("yes", "yes"), ("no", "no"),
        ("on", "on"), ("12", 12), ("-3", -3), ("0", 0), ("007", "007"), ("4.10", "4.10"), ("1e3", "1e3"),
        ("0x1f", "0x1f"), ("12:30", "12:30"), ("2026-11-24", "2026-11-24"), ("9" * 16, "9" * 16),
        ("'12'", "12"), ('"true"', "true"), (".inf", ".inf"), ("1_000", "1_000"),
    ],
)  # fmt: skip
def test_a_plain_scalar_is_what_yaml_1_2_says_or_text(plain: str, value: object) -> None:
    assert read_yaml(f"a: {plain}\n".encode()).value == {"a": value}


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("a: &x 1\nb: *x\n", 1, "aliases"),
        ("a: [1]\nb: *x\n", 2, "aliases"),
        ("a: !!python/object:os.system x\n", 1, "Tags"),
        ("a: 1\nb: !foo {c: d}\n", 2, "Tags"),
        ("a: 1\nb: 2\na: 3\n", 3, "`a` stands here twice"),
        ("a:\n  b: 1\n  b: 2\n", 3, "twice"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("? [a]\n: b\n", 1, "as a key"),
        ("a: 1\nb: c: d\n", 2, "not YAML"),
        ("a: [1\nb: 2\n", 2, "not YAML"),
        ("a:\n\t- b\n", 2, "not YAML"),
        ("a: 1\nb: \x07\n", 2, "not allowed in YAML"),
        (b"a: 1\nb: \xff\n", 2, "not UTF-8"),
        ("a: " + "[" * 40 + "]" * 40, 1, f"deeper than {MAX_DEPTH}"),
    ],
)
def test_what_is_refused_and_on_which_line(text: str | bytes, line: int, word: str) -> None:
    found = flaw(text)
    assert found.line == line, found.what
    assert word in found.what


def test_a_laugh_of_a_billion_ends_at_its_first_anchor() -> None:
    laugh = "a: &a [x,x]\n" + "".join(
        f"{c}: &{c} [*{p},*{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert flaw(laugh).line == 1


@pytest.mark.parametrize(
    "piece", ["[", "{", "- ", "? ", "a: ", "!", "'", '"', "|\n", "a", "\n", "#", "[a,", "{a: b,"]
)
def test_quarter_of_a_megabyte_of_one_mark_is_read_or_refused_in_time(piece: str) -> None:
    began = process_time()
    with suppress(Flaw):
        read_yaml((piece * (256 * 1024 // len(piece))).encode())
    assert process_time() - began < 20


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Flaw):
        parsed = read_yaml(text.encode("utf-8", "surrogatepass"))
        assert all(1 <= line <= len(text) + 1 for line in parsed.lines.values())


def test_a_text_may_begin_further_down() -> None:
    assert read_yaml(b"a: 1\nb: 2\n", 10).lines == {(): 10, ("a",): 10, ("b",): 11}
