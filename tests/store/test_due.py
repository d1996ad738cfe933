"""Claims by lease: each row by one dispatcher, for as long as its lease lasts, and never what is not due."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from muster.access.verbs import Verb
from muster.core.time import stored
from muster.record.entry import Draft
from muster.respond.effects import EffectAsked
from muster.respond.timers import TimerSet
from muster.store import schema
from muster.store.due import (
    DueRow,
    claim,
    due_in,
    entry_at,
    latest_in,
    left_at,
    next_times,
    release,
    release_all,
)
from tests.app.stage import Stage, peopled
from tests.app.test_door import write


@pytest.fixture
def stage(tmp_path: Path, database_url: str) -> Iterator[Stage]:
    made = peopled(tmp_path, database=database_url)
    yield made
    made.close()


def timers(stage: Stage, count: int, **later: float) -> str:
    stream = str(stage.do(Verb.DECLARE, stage.people["ana"], what="x")["incident"])
    due = stored(stage.clock() + timedelta(**later))
    write(stage, stream, *[Draft(stream, TimerSet(purpose="review", due=due))] * count)
    return stream


def claimed(
    stage: Stage, token: str, *, most: int = 100, effects: bool = False, **more: float
) -> list[DueRow]:
    database, seconds = stage.muster.record.ledger.database, more.get("seconds", 60)
    return claim(database, "real", stage.clock(), token, seconds=seconds, effects=effects, most=most)


def test_a_row_is_claimed_once_until_its_lease_ends_or_is_given_back(stage: Stage) -> None:
    stream = timers(stage, 3)
    assert len(claimed(stage, "a", most=2)) == 2
    assert len(claimed(stage, "b")) == 1
    assert claimed(stage, "c") == []
    database = stage.muster.record.ledger.database
    rows = due_in_all(stage, stream)
    database.write(lambda connection: release(connection, stream, rows[0].seq, "b"))
    assert claimed(stage, "c") == [], "the lease is another's"
    database.write(lambda connection: release(connection, stream, rows[0].seq, "a"))
    assert [row.seq for row in claimed(stage, "c")] == [rows[0].seq]
    release_all(database)
    assert len(claimed(stage, "d", seconds=0.001)) == 3
    assert len(claimed(stage, "e")) == 3, "their leases are over"


def due_in_all(stage: Stage, stream: str) -> list[DueRow]:
    with stage.muster.record.ledger.database.read() as connection:
        return due_in(connection, stream)


def test_a_lease_of_a_clock_that_was_set_back_holds_nobody_off(stage: Stage) -> None:
    timers(stage, 1)
    claimed(stage, "a")
    far = schema.due_leases.update().values(expires="2999-01-01T00:00:00.000000Z")
    stage.muster.record.ledger.database.write(lambda connection: connection.execute(far))
    assert len(claimed(stage, "b")) == 1


def test_what_is_not_due_or_of_the_other_kind_is_left(stage: Stage) -> None:
    stream = timers(stage, 1, hours=1)
    assert claimed(stage, "a") == []
    body = EffectAsked(effect="ab" * 16, channel="mail")
    write(stage, stream, Draft(stream, body))
    assert claimed(stage, "a") == []
    assert [row.name for row in claimed(stage, "a", effects=True)] == ["mail"]
    with stage.muster.record.ledger.database.read() as connection:
        assert next_times(connection) == {"real": stage.clock()}
        assert left_at(connection, "real", stage.clock()) == 1
        assert left_at(connection, "real", stage.clock() + timedelta(hours=1)) == 2
        assert latest_in(connection, "real") is None
        entry = entry_at(
            connection, stream, due_in(connection, stream)[0].seq, stage.muster.record.ledger.kinds
        )
        assert entry is not None
        assert entry.body == body
        assert entry_at(connection, stream, 999, stage.muster.record.ledger.kinds) is None


def test_many_at_once_share_without_overlap(stage: Stage) -> None:
    timers(stage, 60)

    def work(name: int) -> list[int]:
        found: list[int] = []
        while rows := claimed(stage, f"token-{name}", most=5):
            found += [row.seq for row in rows]
        return found

    with ThreadPoolExecutor(4) as pool:
        all_of_them = [seq for part in pool.map(work, range(4)) for seq in part]
    assert len(all_of_them) == len(set(all_of_them)) == 60
