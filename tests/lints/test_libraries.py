"""A lifecycle package imports only the libraries that stand beside its name."""

from collections.abc import Callable

import pytest

from lints.house import PURE
from lints.libraries import ALLOWED, check

Lines = Callable[..., list[int]]
TEXT = "import hashlib\nimport pydantic\nfrom muster.core import ids\nimport sqlalchemy.orm\nfrom fastapi import FastAPI\n"


@pytest.mark.parametrize("package", PURE)
def test_a_library_that_was_not_named_is_found(package: str, lines: Lines) -> None:
    assert lines(check, f"src/muster/{package}/x.py", TEXT) == [4, 5]


def test_what_one_may_another_may_not(lines: Lines) -> None:
    assert lines(check, "src/muster/detect/x.py", "import sigma\n") == []
    assert lines(check, "src/muster/respond/x.py", "import sigma\n") == [1]


def test_every_lifecycle_package_has_its_row() -> None:
    assert set(ALLOWED) == set(PURE)


def test_others_may(lines: Lines) -> None:
    assert lines(check, "src/muster/web/x.py", TEXT) == []
