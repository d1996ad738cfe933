"""A stage for each test of the app."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.stage import Stage, peopled


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A server with an administrator who responds too, two responders, and one without duties."""
    made = peopled(tmp_path)
    yield made
    made.close()
