"""How a lint is tested: a small house of texts in, lines and messages out."""

from collections.abc import Callable, Iterator

import pytest

from lints.house import Finding, House

Check = Callable[[House], Iterator[Finding]]


@pytest.fixture
def lines() -> Callable[[Check, str, str], list[int]]:
    """The lines that a lint complains of in one file."""

    def found(check: Check, path: str, text: str) -> list[int]:
        return [finding.line for finding in sorted(check(House.of({path: text})))]

    return found
