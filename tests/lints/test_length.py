"""The line after the last allowed one is found."""

from collections.abc import Callable

from lints.length import LIMIT, check

Lines = Callable[..., list[int]]


def test_the_limit_is_400_lines(lines: Lines) -> None:
    assert LIMIT == 400
    assert lines(check, "src/muster/app/door.py", "x\n" * 400) == []
    assert lines(check, "src/muster/app/door.py", "x\n" * 401) == [401]
    assert lines(check, "src/muster/web/templates/room.html", "x\n" * 401) == [401]


def test_tests_may_be_longer(lines: Lines) -> None:
    assert lines(check, "tests/app/test_door.py", "x\n" * 401) == []
