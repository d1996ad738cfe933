"""A name that says nothing is found, as a file, as a folder and as an ending."""

from collections.abc import Callable

import pytest

from lints.names import EMPTY, check

Lines = Callable[..., list[int]]


@pytest.mark.parametrize("name", EMPTY)
def test_each_empty_name_is_found(name: str, lines: Lines) -> None:
    for path in (
        f"src/muster/{name}.py",
        f"src/muster/{name}/a.py",
        f"src/muster/app/record_{name}.py",
        f"tests/test_{name}.py",
    ):
        assert lines(check, path, "") == [1]


def test_names_of_an_incident_are_welcome(lines: Lines) -> None:
    for path in (
        "src/muster/respond/command.py",
        "src/muster/plan/services.py",
        "src/muster/core/commons.py",
    ):
        assert lines(check, path, "") == []
