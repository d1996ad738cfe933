"""A thousand rows that wait cost next to nothing."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from muster.access.verbs import Verb
from muster.core.time import stored
from muster.record.entry import Draft
from muster.respond.timers import TimerSet
from tests.app.stage import Stage, peopled
from tests.app.test_door import write

ROWS = 1_000
SECONDS = 5.0
MOST = 0.02


@pytest.fixture
def either(tmp_path: Path, database_url: str) -> Iterator[Stage]:
    made = peopled(tmp_path, database=database_url)
    yield made
    made.close()


@pytest.mark.soak
def test_a_thousand_waiting_rows_cost_at_most_two_hundredths_of_a_core(
    either: Stage, record_property: Callable[[str, object], None]
) -> None:
    streams = [
        str(either.do(Verb.DECLARE, either.people["ana"], what="It is slow")["incident"]) for _ in range(10)
    ]
    later = stored(either.clock() + timedelta(days=30))
    for stream in streams:
        timer = Draft(stream, TimerSet(purpose="review", due=later))
        write(either, stream, *[timer] * (ROWS // len(streams)))
    either.muster.door.start()
    time.sleep(1.0)  # the first look makes its statements
    began, wall = time.process_time(), time.monotonic()
    time.sleep(SECONDS)
    cost = (time.process_time() - began) / (time.monotonic() - wall)
    either.muster.door.stop()
    record_property("cost", f"{cost:.2%} of a core")
    assert cost <= MOST, f"{cost:.2%} of a core"
