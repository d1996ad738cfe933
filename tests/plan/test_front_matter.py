"""Markdown with fields above it keeps the lines of both."""

import pytest

from muster.plan.front_matter import read_markdown
from muster.plan.yaml_text import Flaw


def test_fields_and_text_know_their_lines() -> None:
    parsed = read_markdown(b"---\na: 1\nb: 2\n---\n\nWords.\n\nMore.\n")
    assert parsed.value == {"a": 1, "b": 2, "text": "Words.\n\nMore."}
    assert (parsed.line(("b",)), parsed.line(("text",))) == (3, 6)


def test_a_line_of_dashes_in_the_text_is_text() -> None:
    assert read_markdown(b"---\na: 1\n---\nx\n---\ny\n").value == {"a": 1, "text": "x\n---\ny"}


def test_windows_line_ends_are_read() -> None:
    parsed = read_markdown(b"---\r\na: 1\r\n---\r\nx\r\n")
    assert isinstance(parsed.value, dict)
    assert parsed.value["a"] == 1


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", 1), (b"# Words\n", 1), (b"---\na: 1\n", 1), (b"\n---\na: 1\n---\nx", 1), (b"---\n- a\n---\nx", 1),
        (b"---\na: 1\ntext: b\n---\nx", 3), (b"---\na: [\n---\nx", 3), (b"---\na: 1\n---\nx\n\xff\n", 5),
    ],
)  # fmt: skip
def test_what_is_refused_and_where(data: bytes, line: int) -> None:
    with pytest.raises(Flaw) as refused:
        read_markdown(data)
    assert refused.value.line == line
