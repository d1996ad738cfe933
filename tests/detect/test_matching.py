"""Matching against a slow evaluator of the specification's words: every modifier, any batch size, absent fields."""

import base64
import os

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from muster.core.errors import BadInput
from muster.detect.matching import Hit, match
from tests.detect.oracle import holds
from tests.detect.yard import compiled, hits, on, rows, rule

TEXTS = ["", "a", "A", "ab", "aB", "abc", "ABC", "xabcx", "a\nb", "Ä", "ä", "straße", "STRASSE", "K", "k", "İx", "ΣΑΣ", "σας", "-a", "/a", "a-b", "foo.bar", "a\\b", "10.0.0.1", "10.0.1.1", "::1", "fe80::1", "7", "7.5", "-3", "0x7", "nan", "1e3", "true", "€a€", "a€b", "YWJj", "a\0b\0c\0"]  # fmt: skip
VALUES = [
    "a",
    "AB",
    "abc",
    "b",
    "Ä",
    "ß",
    "k",
    "σας",
    "a?c",
    "a*c",
    "?b*",
    "A?b",
    "*b*c",
    "x*x",
    "€?€",
    "foo.bar",
    "-a",
    "/a",
]

PATTERNS = ["a", "^a", "b$", "^b", r"a.b", r"\d", r"\w{2,}", "[^a]b", "a|x", r"a{,2}b", r"c\Z", "Ä", "K", r"\s", "^$", ".*", r"a\\b", "(?i)AB"]  # fmt: skip

EXAMPLES = min(settings().max_examples, 60 if os.environ.get("MUSTER_SOAK") else 25)

fields = st.dictionaries(st.sampled_from("FGH"), st.sampled_from(TEXTS) | st.text(max_size=4), max_size=3)
batches = st.lists(fields, min_size=1, max_size=12)


# Hyperscan knows an older Unicode, and other separators, than Python's `re`: see muster.detect.expression.
old_texts = st.text(st.characters(max_codepoint=0x24F, exclude_characters="\x1c\x1d\x1e\x1f\x85"), max_size=4)
old_fields = st.dictionaries(st.sampled_from("FGH"), st.sampled_from(TEXTS) | old_texts, max_size=3)
old_batches = st.lists(old_fields, min_size=1, max_size=12)


def agree(selection: object, events: list[dict[str, str]]) -> None:
    wanted = [row for row, event in enumerate(events) if holds(selection, event)]
    assert hits(on(selection), events) == wanted
    negated = [row for row in range(len(events)) if row not in wanted]
    assert hits(rule({"sel": selection, "condition": "not sel"}), events) == negated


PRESENCE: list[object] = [
    {"F|cidr": "10.0.0.0/24"}, {"F|cidr": ["::/64", "10.0.1.1/32"]}, {"F|cidr": "0.0.0.0/0"}, {"F|lt": 7}, {"F|lte": 7},
    {"F|gt": 7}, {"F|gte": 7.5}, {"F": 7}, {"F": True}, {"F": None}, {"F": ""}, {"F|exists": True}, {"F|exists": False},
    {"F|fieldref": "G"}, {"F|fieldref|startswith": "G"}, {"F|fieldref|endswith": "G"}, {"F|fieldref|contains": "G"},
    {"F": ["a", None]}, {"F": "a", "G|contains": "b"}, [{"F": "a"}, {"G": None}], {"F|contains": "a", "G": None},
]  # fmt: skip
EVERY = [{}, {"G": "a"}, *({"F": text} for text in TEXTS)]


@pytest.mark.parametrize(
    "mods",
    [
        "",
        "|contains",
        "|startswith",
        "|endswith",
        "|cased",
        "|contains|cased",
        "|startswith|cased",
        "|endswith|cased",
    ],
)
def test_texts_and_wildcards(mods: str) -> None:
    """Every modifier with every value on every text, and on an event without the field."""
    for value in [*VALUES, *TEXTS]:
        if "\\" not in value:
            agree({f"F{mods}": value}, EVERY)
    agree({f"F{mods}|all": ["a", "*b"]}, EVERY)


@pytest.mark.parametrize("mods", ["|re", "|re|i", "|re|m", "|re|s", "|re|i|m"])
def test_regular_expressions(mods: str) -> None:
    for pattern in PATTERNS:
        agree({f"F{mods}": pattern}, EVERY)


@pytest.mark.parametrize(
    "mods",
    ["|windash|contains", "|base64|contains", "|base64offset|contains", "|wide|contains", "|wide|base64offset|contains", "|windash"],
)  # fmt: skip
@pytest.mark.parametrize("value", ["-a", "/a", "a -b", "abc", "ab"])
def test_encodings(mods: str, value: str) -> None:
    wide = "".join(c + "\0" for c in value)
    carriers = [
        base64.b64encode(f"{pad}{text}!".encode()).decode()
        for pad in ("", "x", "xy")
        for text in (value, wide)
    ]
    dashed = [value.replace("-", dash).replace("/", dash) for dash in "-/\u2013\u2014\u2015_"]
    agree(
        {f"F{mods}": value},
        [*EVERY, *({"F": f"<{one}>"} for one in carriers), *({"F": one} for one in dashed)],
    )


@pytest.mark.parametrize("selection", PRESENCE)
def test_networks_numbers_and_presence(selection: object) -> None:
    pairs = [{"F": one, "G": other} for one in TEXTS[:14] for other in TEXTS[:14]]
    agree(selection, [*EVERY, *pairs])


@given(st.sampled_from(["", "|contains", "|startswith", "|endswith", "|contains|cased"]), st.text(min_size=1, max_size=3), batches)  # fmt: skip
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_text_at_all(mods: str, value: str, events: list[dict[str, str]]) -> None:
    assume(not set(value) & set("*?\\"))
    agree({f"F{mods}": value}, [*events, {"F": value}, {"F": f"x{value.upper()}y"}])


@given(st.sampled_from(["|re", "|re|i", "|re|m"]), st.sampled_from(PATTERNS), old_batches)
@settings(max_examples=EXAMPLES, deadline=None)
def test_expressions_on_any_text(mods: str, pattern: str, events: list[dict[str, str]]) -> None:
    agree({f"F{mods}": pattern}, events)


@given(st.sampled_from(PRESENCE), batches)
@settings(max_examples=EXAMPLES, deadline=None)
def test_presence_on_any_text(selection: object, events: list[dict[str, str]]) -> None:
    agree(selection, events)


@given(st.lists(st.sampled_from(["a", "AB", "ß", "b*c", "a?c", "7"]), min_size=1, max_size=2), batches)
@settings(max_examples=EXAMPLES, deadline=None)
def test_keywords(words: list[str], events: list[dict[str, str]]) -> None:
    agree(words, events)
    agree({"|all": words}, events)


@given(batches)
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_batch_size_gives_the_same_rows(events: list[dict[str, str]]) -> None:
    events = events * 5
    rules = compiled(
        on({"F|contains": ["a", "ä"]}),
        on({"G": None}),
        on(["b"]),
        on({"F|fieldref": "G"}),
        on({"F|re": "a.b"}),
    )
    assert rows(rules, events, 1) == rows(rules, events, 7) == rows(rules, events, 1000)


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ("a and b", [3]), ("a or b", [1, 2, 3]), ("not a", [0, 2]), ("a and not b", [1]), ("1 of them", [1, 2, 3]),
        ("all of them", [3]), ("not (a or b)", [0]), ("not 1 of sel_*", [0, 1, 2, 3]), ("a or not a", [0, 1, 2, 3]),
        (["a", "b and not a"], [1, 2, 3]),
    ],
)  # fmt: skip
def test_conditions(condition: object, wanted: list[int]) -> None:
    detection = {"a": {"A": "1"}, "b": {"B": "1"}, "condition": condition}
    if "sel_" in str(condition):
        detection["sel_x"] = {"A": "9"}
    assert hits(rule(detection), [{}, {"A": "1"}, {"B": "1"}, {"A": "1", "B": "1"}]) == wanted


def test_word_borders() -> None:
    assert hits(on({"F|re": r"\bab\b"}), [{"F": "x ab."}, {"F": "xab"}, {"F": "ab_"}, {"F": "ab"}]) == [0, 3]


def test_field_names_are_exact() -> None:
    assert hits(on({"Image": "a"}), [{"image": "a"}, {"IMAGE": "a"}, {"Image": "A"}]) == [2]


def test_expressions_that_would_ruin_a_backtracking_engine_do_not() -> None:
    rules = compiled(on({"F|re": "(x+x+)+y"}), on({"F|re": "(a|aa)+$"}), on({"F": "*a" * 30 + "b"}))
    assert not rules.unloaded
    assert rows(rules, [{"F": "x" * 50_000}, {"F": "a" * 50_000 + "!"}]) == {}


def test_any_record_batch_of_strings_will_do() -> None:
    rules = compiled(on({"F|contains": "a", "G": 7}), on(["needle"]))
    plain = pa.RecordBatch.from_pydict(
        {"F": ["xax", None, "a"], "G": [7, 7, 8], "H": ["a needle", None, "x"]}
    )
    assert match(rules, plain) == [Hit("r0.yml", (0,)), Hit("r1.yml", (0,))]
    encoded = pa.RecordBatch.from_arrays(
        [plain.column(0).dictionary_encode(), plain.column(1)], names=["F", "G"]
    )
    assert match(rules, encoded) == [Hit("r0.yml", (0,))]
    assert match(rules, plain.slice(2)) == []
    assert match(rules, plain.slice(0, 0)) == []


def test_a_column_that_is_no_text_is_refused() -> None:
    batch = pa.RecordBatch.from_pydict({"F": [["a"]]})
    with pytest.raises(BadInput, match="column F"):
        match(compiled(on({"F": "a"})), batch)
