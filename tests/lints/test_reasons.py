"""A silenced tool without rule and reason is found. The comments are written in parts: this file is looked at too."""

from collections.abc import Callable

import pytest

from lints.reasons import check

Lines = Callable[..., list[int]]
PATH = "src/muster/app/door.py"
NOQA, PYRIGHT, PRAGMA = "# no" + "qa", "# py" + "right: ", "# prag" + "ma: "


@pytest.mark.parametrize(
    "comment",
    [
        NOQA,
        f"{NOQA}: S101",
        f"{NOQA}: S101 - tests",
        f"{NOQA} - it is quite all right",
        "# ruff: no" + "qa",
        "# type: ig" + "nore",
        "# type: ig" + "nore[misc] - the stub is wrong",
        f"{PYRIGHT}ignore",
        f"{PYRIGHT}ignore[reportAny]",
        f"{PYRIGHT}basic",
        f"{PRAGMA}no cover",
        "# no" + "sec",
        "# fmt: o" + "ff",
    ],
)
def test_silence_without_a_reason_is_found(comment: str, lines: Lines) -> None:
    assert lines(check, PATH, f"x = 1  {comment}\n") == [1]


@pytest.mark.parametrize(
    "comment",
    [
        f"{NOQA}: S101 - an invariant, not a check",
        f"{NOQA}: S101, S603 - an invariant, not a check",
        f"{PYRIGHT}ignore[reportAny] - the stub says Any",
        f"{PRAGMA}no cover - only where there is no fork",
        "# the word no" + "where",
    ],
)
def test_silence_with_a_reason_may_stand(comment: str, lines: Lines) -> None:
    assert lines(check, PATH, f"x = 1  {comment}\n") == []


def test_a_string_may_speak_of_it(lines: Lines) -> None:
    assert lines(check, PATH, f"x = '{NOQA}'\n") == []
