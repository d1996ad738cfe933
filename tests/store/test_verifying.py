"""Whoever changes the database behind Muster's back is found, and the place is named.

What cannot be found, said plainly (docs/verification.md has it for people):

- Entries that are not sealed yet, cut off the end together with the counter: nothing outside of the database knows of
  them. At most five seconds of entries are in that state.
- With neither a pinned key nor an anchor a whole log that somebody else made, with a key of their own.
- Working rows (sessions, password hashes, leases, remembered answers): they are no facts and are not verified.
- Lists of an older fold are "stale": they are folded anew at the next start, so they are not compared.
"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, text

from muster.record.verdict import Flaw
from muster.store import schema
from muster.store.database import Database
from tests.store.world import SOAK, World

TAMPERED = tuple(table for table in (*schema.RECORD, *schema.PROJECTION))
PLACED = {"entries", "bodies", "leaves", "streams", "facts", "settlements", "hidden", "evidence"}
LOOSE = settings(
    max_examples=1500 if SOAK else 60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def flipped(value: Any, at: int) -> Any:
    """The value with one bit of one place changed, still of its own type."""
    if isinstance(value, int):
        return value ^ (1 << at % 20)
    if isinstance(value, bytes):
        place = at % len(value) if value else 0
        return value[:place] + bytes([value[place] ^ 1 << at % 8]) + value[place + 1 :] if value else b"x"
    if value is None:
        return "x"
    place = at % len(value) if value else 0
    letter = chr(ord(value[place]) ^ 1) if value else "x"
    return value[:place] + letter + value[place + 1 :] if letter != "\0" else value + "x"


def cells(world: World, table: Table) -> list[dict[str, Any]]:
    with world.database.read() as connection:
        order = [column.name for column in table.primary_key]
        sql = f"SELECT * FROM {table.name} ORDER BY {', '.join(order)}"
        rows = [dict(row) for row in connection.execute(text(sql)).mappings()]
    return [
        {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}
        for row in rows
    ]


def put(world: World, table: Table, row: dict[str, Any], column: str, value: Any) -> int:
    """Sets one stored value of the row that is told apart by its primary key."""
    where = " AND ".join(f"{key.name} = :k_{key.name}" for key in table.primary_key)
    keys = {f"k_{key.name}": row[key.name] for key in table.primary_key}
    return world.change(f"UPDATE {table.name} SET {column} = :new WHERE {where}", new=value, **keys)


def clashes(world: World, table: Table, row: dict[str, Any], column: str, value: Any) -> bool:
    """Whether the changed key stands there already, so that the database itself refuses it."""
    changed = {**row, column: value}
    keys = [key.name for key in table.primary_key] if column in table.primary_key else []
    if table is schema.leaves and column in ("stream", "seq"):
        keys = ["stream", "seq"]
    return bool(keys) and any(
        all(other[key] == changed[key] for key in keys) for other in cells(world, table)
    )


def place_of(findings: Any) -> set[tuple[str | None, int | None]]:
    return {(finding.stream, finding.seq) for finding in findings}


@LOOSE
@given(data=st.data())
def test_any_changed_value_is_found(world: World, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(TAMPERED), label="table")
    rows = cells(world, table)
    if not rows:
        return
    row = data.draw(st.sampled_from(rows), label="row")
    column = data.draw(st.sampled_from([column.name for column in table.columns]), label="column")
    value = flipped(row[column], data.draw(st.integers(0, 10_000), label="position"))
    if value == row[column] or clashes(world, table, row, column, value):
        return
    assert put(world, table, row, column, value) == 1
    try:
        found = world.verified()
    finally:
        put(world, table, {**row, column: value}, column, row[column])
    assert found.findings, f"{table.name}.{column} of {row}"
    if table is schema.bodies and column == "body":
        assert (row["stream"], row["seq"]) in place_of(found.findings)
    if table is schema.entries and column == "header":
        assert (row["stream"], row["seq"]) == (found.findings[0].stream, found.findings[0].seq)


def test_the_world_verifies(world: World) -> None:
    found = world.verified()
    assert found.findings == ()
    assert not found.stale
    assert found.blobs == 2
    assert found.record.pinned
    assert found.record.erased == 1
