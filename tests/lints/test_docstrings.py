"""A module that does not say in one line what it is for is found."""

from collections.abc import Callable

import pytest

from lints.docstrings import check

Lines = Callable[..., list[int]]
PATH = "src/muster/core/ids.py"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"""One sentence."""\n', []),
        ('"""One sentence.\n\nAnd more.\n"""\n', []),
        ('"""A drawing:\n\n    a\n    b\n"""\n', []),
        ("import re\n", [1]),
        ('import re\n"""Too late."""\n', [1]),
        ("# a comment\n", [1]),
        ("", [1]),
        ('"""no end"""\n', [1]),
        ('"""It goes on\nin the next line."""\n', [1]),
        ('"""One sentence.\nAnother at once.\n"""\n', [2]),
    ],
)
def test_the_first_line(text: str, found: list[int], lines: Lines) -> None:
    assert lines(check, PATH, text) == found


def test_tests_may_be_silent(lines: Lines) -> None:
    assert lines(check, "tests/core/test_ids.py", "import re\n") == []
