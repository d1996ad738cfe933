"""Stages for the tests of the app: one for each test, or one for each file where the tests only look."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.stage import ADMINISTRATOR, RESPONDER, Stage, opened


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A server with an administrator who responds too, two responders, and one without duties."""
    made = opened(tmp_path)
    peopled(made)
    yield made
    made.close()


def peopled(stage: Stage) -> None:
    """Ada administers, Ana and Ben respond, Caro has an account."""
    stage.person("ada", *ADMINISTRATOR, *RESPONDER)
    stage.person("ana", *RESPONDER)
    stage.person("ben", *RESPONDER)
    stage.person("caro")
