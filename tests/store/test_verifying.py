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
from muster.store.project import FOLD_VERSION
from tests.store.world import World

TAMPERED = tuple(table for table in (*schema.RECORD, *schema.PROJECTION))
ONE_WORLD = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


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


def change_something(world: World, data: st.DataObject) -> None:
    """Changes one stored value, sees that it is found, and puts it right again."""
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


@ONE_WORLD
@given(data=st.data())
def test_any_changed_value_is_found(world: World, data: st.DataObject) -> None:
    change_something(world, data)


@pytest.mark.soak
@pytest.mark.timeout(3000)
@settings(ONE_WORLD, max_examples=1500)
@given(data=st.data())
def test_any_of_very_many_changed_values_is_found(world: World, data: st.DataObject) -> None:
    change_something(world, data)


def test_the_world_verifies(world: World) -> None:
    found = world.verified()
    assert found.findings == ()
    assert not found.stale
    assert found.blobs == 2
    assert found.record.pinned
    assert found.record.erased == 1


def one(world: World, sql: str, **values: Any) -> Any:
    return world.rows(sql, **values)[0][0]


@pytest.mark.parametrize("columns", [1, pytest.param(99, marks=[pytest.mark.soak, pytest.mark.timeout(900)])])
@pytest.mark.parametrize("value", ["NULL", "'text'", "x'00ff'", "7", "1.5"])
def test_a_value_of_another_type_is_found_in_every_column(
    worlds: Callable[..., World], make: str, value: str, columns: int
) -> None:
    if make != "sqlite":
        pytest.skip("only SQLite keeps any type in any column")
    world = worlds()
    for table in TAMPERED:
        name = table.name
        listed = ", ".join(column.name for column in table.columns)
        world.change(f"CREATE TABLE loose AS SELECT {listed} FROM {name}")
        loose = "CREATE TABLE {} ({})".format("bare", listed)
        world.change(loose)
        world.change(f"INSERT INTO bare SELECT {listed} FROM loose")
        world.change("DROP TABLE loose")
        world.change(f"DROP TABLE {name}")
        world.change(f"ALTER TABLE bare RENAME TO {name}")
    assert world.verified().findings == ()
    for table in TAMPERED:
        for column in list(table.columns)[-columns:]:
            rows = world.rows(
                f"SELECT rowid, {column.name} FROM {table.name} WHERE {column.name} IS NOT {value} LIMIT 1"
            )
            if not rows or (column.name == "fold" and value == "7"):
                continue
            rowid, old = rows[0]
            world.change(f"UPDATE {table.name} SET {column.name} = {value} WHERE rowid = :rowid", rowid=rowid)
            assert world.verified().findings, f"{table.name}.{column.name} = {value}"
            world.change(
                f"UPDATE {table.name} SET {column.name} = :old WHERE rowid = :rowid", rowid=rowid, old=old
            )


def drop(world: World, table: str, stream: str, first: int = 0) -> None:
    seq = "stream" if table in ("streams", "incidents", "signals", "members", "groups") else "seq"
    more = "" if seq == "stream" else " AND seq >= :first"
    world.change(
        f"DELETE FROM {table} WHERE stream = :stream{more}",
        stream=stream,
        **({"first": first} if more else {}),
    )


def test_a_body_that_is_missing_without_an_erasure_is_named(world: World) -> None:
    world.change("DELETE FROM bodies WHERE stream = :stream AND seq = 4", stream=world.incident)
    found = world.verified().findings[0]
    assert (found.flaw, found.stream, found.seq) == (Flaw.MISSING, world.incident, 4)


def test_an_erased_body_that_is_put_back_is_named(world: World) -> None:
    world.change(
        "INSERT INTO bodies (stream, seq, salt, body) SELECT stream, 5, salt, body FROM bodies "
        "WHERE stream = :stream AND seq = 4",
        stream=world.incident,
    )
    found = world.verified().findings[0]
    assert (found.stream, found.seq) == (world.incident, 5)


def test_the_tail_of_a_stream_that_is_dropped_is_named(world: World) -> None:
    first = world.log("web-1 is clean")
    world.log("web-2 too")
    for table in ("entries", "bodies"):
        drop(world, table, world.incident, first)
    found = world.verified().findings
    assert [(one.flaw, one.stream, one.seq) for one in found] == [
        (Flaw.MISSING, world.incident, first),
        (Flaw.MISSING, world.incident, first + 1),
    ]


@pytest.mark.parametrize("also_checkpoints", [False, True])
def test_a_stream_that_is_dropped_with_everything_of_it_is_found(
    world: World, also_checkpoints: bool
) -> None:
    """The feed is closed up again, the counter too: what was sealed no longer fits."""
    leaves = world.rows("SELECT feed, stream, seq, hash FROM leaves ORDER BY feed")
    for table in ("entries", "bodies", "leaves", "streams", "incidents", "members"):
        drop(world, table, world.secret)
    left = [row for row in leaves if row[1] != world.secret]
    world.change("DELETE FROM leaves")
    for feed, (_, stream, seq, leaf) in enumerate(left):
        world.change(
            "INSERT INTO leaves (feed, stream, seq, hash) VALUES (:f, :s, :q, :h)",
            f=feed,
            s=stream,
            q=seq,
            h=bytes(leaf),
        )
    world.change("UPDATE counter SET next = :next", next=len(left))
    if also_checkpoints:
        world.change("DELETE FROM checkpoints WHERE size > :size", size=len(left))
        assert world.verified(anchor=None).findings == () or not world.verified(anchor=None).record.ok
        assert any(found.flaw is Flaw.ANCHOR for found in world.verified().findings)
    else:
        assert not world.verified(anchor=None).record.ok


def test_two_entries_that_change_places_are_found(world: World) -> None:
    for table in ("entries", "bodies"):
        for old, new in ((3, 900), (4, 3), (900, 4)):
            world.change(
                f"UPDATE {table} SET seq = :new WHERE stream = :stream AND seq = :old",
                new=new, old=old, stream=world.incident,
            )  # fmt: skip
    found = world.verified().findings[0]
    assert (found.stream, found.seq) == (world.incident, 3)


def rewrite_log_line(world: World, seq: int, words: str) -> None:
    """Writes another line in place of one, with body hash, header, leaf, all that follows, and the projections."""
    from muster.app.registry import FOLDS, KINDS
    from muster.record.canonical import canonical, parse_canonical
    from muster.record.hashing import body_hash, leaf_hash
    from muster.store.append import refold
    from muster.store.project import project

    last = one(world, "SELECT max(seq) FROM entries WHERE stream = :s", s=world.incident)
    prev: str | None = None
    for number in range(seq, last + 1):
        place = {"s": world.incident, "q": number}
        tree = parse_canonical(
            bytes(one(world, "SELECT header FROM entries WHERE stream = :s AND seq = :q", **place))
        )
        if number == seq:
            salt, body = b"s" * 32, canonical({"text": words})
            world.change(
                "UPDATE bodies SET salt = :salt, body = :body WHERE stream = :s AND seq = :q",
                salt=salt,
                body=body,
                **place,
            )
            tree["body_hash"] = body_hash(salt, body).hex()
        else:
            tree["prev"] = prev
        header = canonical(tree)
        prev = leaf_hash(header).hex()
        world.change("UPDATE entries SET header = :h WHERE stream = :s AND seq = :q", h=header, **place)
        world.change(
            "UPDATE leaves SET hash = :h WHERE stream = :s AND seq = :q", h=leaf_hash(header), **place
        )
    world.database.write(lambda connection: refold(connection, world.incident, KINDS, FOLDS, project))


def test_a_line_that_is_rewritten_with_all_that_follows_does_not_fit_the_checkpoint(world: World) -> None:
    rewrite_log_line(world, 4, "web-1 was never hit")
    found = world.verified(anchor=None)
    assert found.findings[0].flaw is Flaw.ROOT
    assert "sealed" in found.findings[0].what


def test_a_line_that_is_not_sealed_yet_can_be_rewritten_until_it_is(world: World) -> None:
    """The honest limit of five seconds; after them it is found."""
    seq = world.log("the truth")
    rewrite_log_line(world, seq, "a lie")
    assert world.verified().findings == ()
    world.seal()
    rewrite_log_line(world, seq, "the truth again")
    assert not world.verified().record.ok


def cut_tail(world: World, size: int) -> None:
    """Takes away everything from this leaf on: entries, bodies, leaves, checkpoints and counter, and folds anew."""
    from muster.store.open_record import rebuild

    for stream, seq in world.rows("SELECT stream, seq FROM leaves WHERE feed >= :size", size=size):
        for table in ("entries", "bodies"):
            world.change(f"DELETE FROM {table} WHERE stream = :s AND seq = :q", s=stream, q=seq)
    world.change("DELETE FROM leaves WHERE feed >= :size", size=size)
    world.change("DELETE FROM checkpoints WHERE size > :size", size=size)
    world.change("UPDATE counter SET next = :size", size=size)
    rebuild(world.muster.record.ledger, FOLD_VERSION)


def test_a_tail_that_is_cut_off_behind_a_checkpoint_is_found_by_the_anchor(world: World) -> None:
    size = one(world, "SELECT min(size) FROM checkpoints")
    cut_tail(world, size)
    without = world.verified(anchor=None)
    assert without.findings == ()  # it is consistent with itself: nothing inside can tell
    (found,) = world.verified().findings
    assert found.flaw is Flaw.ANCHOR
    assert str(size) in found.what


def test_what_is_not_sealed_yet_and_cut_off_with_the_counter_is_not_found(world: World) -> None:
    size = one(world, "SELECT next FROM counter")
    world.log("nobody will know")
    assert world.verified().record.unsealed == 1
    cut_tail(world, size)
    assert world.verified().findings == ()


def test_a_blob_that_is_changed_or_gone_is_named_with_its_entry(world: World) -> None:
    (stream, seq, name) = world.rows("SELECT stream, seq, sha256 FROM evidence ORDER BY seq, stream")[0]
    file = world.data / "blobs" / name[:2] / name[2:]
    whole = file.read_bytes()
    file.write_bytes(b"X" + whole[1:])
    (found,) = world.verified().findings
    assert (found.flaw, found.stream, found.seq) == (Flaw.CHANGED, stream, seq)
    assert name in found.what
    file.unlink()
    (found,) = world.verified().findings
    assert (found.flaw, found.stream, found.seq) == (Flaw.MISSING, stream, seq)


def test_lists_of_an_older_fold_are_stale_and_not_tampered_with(world: World) -> None:
    world.change("UPDATE incidents SET what = 'as an older fold had it'")
    found = world.verified(fold_version=FOLD_VERSION + 1)
    assert found.stale
    assert found.findings == ()


def test_a_fold_that_nobody_knows_is_a_change(world: World) -> None:
    world.change("UPDATE log SET fold = fold + 1")
    assert [found.flaw for found in world.verified().findings] == [Flaw.CHANGED]


def test_a_row_that_no_entry_tells_of_and_a_row_that_is_missing_are_named(world: World) -> None:
    world.change("UPDATE facts SET seq = seq + 100 WHERE stream = :s", s=world.incident)
    found = {finding.flaw for finding in world.verified().findings if finding.stream == world.incident}
    assert found == {Flaw.ADDED, Flaw.MISSING}


def test_a_key_that_the_log_does_not_name_is_found(world: World) -> None:
    from muster.record.note import SigningKey

    mallory = SigningKey(world.muster.record.origin, b"m" * 32)
    world.change("UPDATE log SET verifier_key = :key", key=mallory.verifier().text())
    assert world.verified().findings[0].file == "log"
    assert not world.verified(keys=[mallory.verifier()]).record.ok


def test_a_record_of_no_entries_is_no_log(database_url: str) -> None:
    from muster.store.database import parse_url
    from muster.store.migrate import migrate
    from muster.store.verifying import origin_of, size_of

    database = Database(parse_url(database_url))
    migrate(database)
    assert origin_of(database) is None
    assert size_of(database) == 0
    database.close()
