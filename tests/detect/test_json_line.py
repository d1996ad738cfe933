"""One JSON object: duplicates are found however the line is written, numbers stay exact."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.detect.flaw import Flaw, Flawed
from muster.detect.json_line import Exact, Inexact, carefully, decode, exact


@pytest.mark.parametrize(
    "line",
    [
        b'{"a":1,"a":2}',
        b'{"a" :1,"a":2}',
        b'{"a":{"b":1,"b":2}}',
        b'{"a":[{"b":1,"b":{"c":1}}]}',
        b'{"a":1,"a":{"b":"\\u0022:"}}',
        b'{"a":"x","a":"\\u0022\\u003a","b":[{}]}',
        b'{"a":1,"\\u0061":2}',
        b'{"a":{"b":1},"a":"\\":"}',
    ],
)
def test_a_name_that_stands_twice_is_refused(line: bytes) -> None:
    with pytest.raises(Flawed) as refused:
        decode(line)
    assert refused.value.flaw is Flaw.DUPLICATE


@pytest.mark.parametrize(
    "line", [b'{"a":"\\":","b":"x\\u0022:"}', b'{"a" : {"b": "\\": :"}}', b'{"a":[{"b":1},{"b":2}]}', b"{}"]
)
def test_texts_that_look_like_names_are_not_taken_for_them(line: bytes) -> None:
    assert decode(line) == json.loads(line)


def test_whole_numbers_of_any_length_are_exact() -> None:
    line = b'{"a":123456789012345678901234567890}'
    (value,) = decode(line).values()
    assert isinstance(value, float)
    with pytest.raises(Inexact):
        exact(value)
    assert carefully(line) == {"a": 123456789012345678901234567890}
    (fraction,) = carefully(b'{"a":1e300}').values()
    assert isinstance(fraction, Exact)
    assert exact(fraction) == 1e300


@pytest.mark.parametrize(
    ("line", "flaw"),
    [(b"[" * 5_000, Flaw.DEEP), (b'{"a":' * 2_000 + b"}" * 2_000, Flaw.DEEP), (b'"x"', Flaw.NOT_OBJECT), (b"{", Flaw.NOT_JSON)],
)  # fmt: skip
def test_what_is_no_object_is_named(line: bytes, flaw: Flaw) -> None:
    with pytest.raises(Flawed) as refused:
        decode(line)
    assert refused.value.flaw is flaw


names = st.text(alphabet='a":\\ \u00e4', max_size=4)
trees = st.recursive(
    st.text(alphabet='":\\ x', max_size=6) | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(names, trees, max_size=4), st.sampled_from([(",", ":"), (" , ", " : "), (", ", ": ")]))
def test_every_way_to_write_an_object_gives_the_object(
    event: dict[str, object], separators: tuple[str, str]
) -> None:
    line = json.dumps(event, separators=separators).encode()
    if all(abs(value) < 2**63 for value in _numbers(event)):
        assert decode(line) == event
    assert carefully(line) == event


def _numbers(node: object) -> list[int]:
    if isinstance(node, int):
        return [node]
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [number for one in inner for number in _numbers(one)]
