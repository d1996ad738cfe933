"""The same servers and places as the tests of crashes use."""

import pytest

from tests.crash.conftest import place, program, say_counts, servers

__all__ = ["place", "program", "servers"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    say_counts(terminalreporter, "tests/concurrency/")
