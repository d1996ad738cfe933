"""Entries by stream and number, all in one statement."""

from pathlib import Path

from muster.access.verbs import Verb
from muster.app.registry import KINDS
from muster.store import lists
from muster.store.entries_at import entries_at
from tests.app.stage import peopled
from tests.store.world import counted


def test_the_named_entries_in_one_statement(tmp_path: Path) -> None:
    stage = peopled(tmp_path)
    ana = stage.people["ana"]
    one = str(stage.do(Verb.DECLARE, ana, what="x")["incident"])
    other = str(stage.do(Verb.DECLARE, ana, what="y")["incident"])
    seq = int(stage.do(Verb.LOG, ana, incident=one, text="hunter2")["seq"])
    database = stage.muster.record.ledger.database
    with counted(database) as statements, database.read() as connection:
        found = entries_at(connection, {one: {0, seq, 999}, other: {0}, "INC-000000": set()}, KINDS)
    assert len(statements) == 1
    assert {stream: sorted(entries) for stream, entries in found.items()} == {
        one: [0, seq],
        other: [0],
        "INC-000000": [],
    }
    assert getattr(found[one][seq].body, "text", "") == "hunter2"
    stage.do(Verb.REDACT, ana, stream=one, seq=seq, reason="a password")
    with database.read() as connection:
        hidden, covered = lists.hidden_with(connection, one, [other])
    assert (list(hidden), covered) == ([seq], frozenset())
    stage.do(Verb.ERASE, stage.people["ben"], stream=one, seq=seq)
    stage.do(Verb.REDACT, ana, stream=other, seq=0, reason="a name")
    with database.read() as connection:
        assert entries_at(connection, {one: [seq]}, KINDS)[one][seq].body is None
        hidden, covered = lists.hidden_with(connection, one, [other])
    assert (hidden[seq]["state"], covered) == ("erased", {other})
    with counted(database) as statements, database.read() as connection:
        assert entries_at(connection, {one: set()}, KINDS) == {one: {}}
    assert len(statements) == 0
    stage.close()
