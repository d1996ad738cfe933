"""Lists are what one may see, in order, by an index, in few statements; at any size."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from muster.access.may import visible
from muster.access.verbs import Verb
from muster.app.caller import Caller, nobody
from muster.core.people import Through
from muster.store import lists, schema
from muster.store.database import Database
from tests.store.world import PASSWORD, World, counted

SECRECIES = ("open", "team", "named")


def signal_rows(count: int) -> list[dict[str, Any]]:
    """Signals as years would leave them: a tenth still new, most dismissed, a third secret, some in drills."""
    states = ("new", "dismissed", "dismissed", "dismissed", "attached", "dismissed", "dismissed", "dismissed",
              "acknowledged", "dismissed")  # fmt: skip
    return [
        {
            "stream": f"SIG-X{number:06d}",
            "lane": "real" if number % 50 else "drill:d",
            "secrecy": SECRECIES[number % 3],
            "state": states[number % 10],
            "severity": "high",
            "source": "hits",
            "title": f"signal {number}",
            "count": 1,
            "raised_at": f"2026-{1 + number % 12:02d}-{1 + number % 28:02d}T00:00:{number % 60:02d}.000000Z",
            "last_at": "2026-11-24T00:00:00.000000Z",
            "outcome": None,
            "incident": None,
            "group_key": f"g{number}",
        }
        for number in range(count)
    ]


def incident_rows(count: int) -> list[dict[str, Any]]:
    states = (
        "closed",
        "closed",
        "closed",
        "active",
        "closed",
        "review",
        "closed",
        "closed",
        "stood-down",
        "closed",
    )
    return [
        {
            "stream": f"INC-X{number:06d}",
            "lane": "real" if number % 50 else "drill:d",
            "secrecy": SECRECIES[number % 3],
            "state": states[number % 10],
            "severity": "high",
            "what": f"incident {number}",
            "summary": "",
            "summary_seq": -1,
            "severity_seq": -1,
            "commander": None,
            "declared_at": f"2026-{1 + number % 12:02d}-{1 + number % 28:02d}T00:00:{number % 60:02d}.000000Z",
        }
        for number in range(count)
    ]


def filled(world: World, count: int) -> None:
    def fill(connection: Any) -> None:
        connection.execute(schema.signals.insert(), signal_rows(count))
        connection.execute(schema.incidents.insert(), incident_rows(count))
        members = [{"stream": f"SIG-X{n:06d}", "account": "somebody"} for n in range(2, count, 30)]
        connection.execute(schema.members.insert(), members)

    world.database.write(fill)
    with world.database.engines[0].begin() as connection:
        connection.execute(text("ANALYZE"))


def plan_of(database: Database, ask: Callable[[Any], object]) -> str:
    """How the database answers what `ask` asks last: EXPLAIN of the very statement with its values."""
    from sqlalchemy import event

    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        asked.append((statement, parameters))

    engine = database.engines[-1]
    event.listen(engine, "before_cursor_execute", note)
    try:
        with database.read() as connection:
            ask(connection)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    statement, parameters = asked[-1]
    how = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
    with database.read() as connection:
        rows = connection.exec_driver_sql(how + statement, parameters).all()
    return "\n".join(str(row[-1]) for row in rows)


@pytest.mark.parametrize(
    "rows", [20_000, pytest.param(100_000, marks=[pytest.mark.soak, pytest.mark.timeout(900)])]
)
def test_many_rows_are_listed_by_an_index(world: World, rows: int) -> None:
    """No scan of the table and no sort: by time and by state, for a responder and for somebody without duties."""
    filled(world, rows)
    for who in ("ada", "dora"):
        seen = visible(world.people[who].actor)
        for ask, table in ((lists.signals, "signals"), (lists.incidents, "incidents")):
            for state in (None, "new" if table == "signals" else "active"):
                for after in (None, "2026-06-14T00:00:00.000000Z_SIG-X"):

                    def listed(
                        connection: Any,
                        ask: Any = ask,
                        seen: Any = seen,
                        state: Any = state,
                        after: Any = after,
                    ) -> object:
                        return ask(connection, seen, state=state, after=after)

                    plan = plan_of(world.database, listed)
                    which = f"{table}_by_{'time' if state is None else 'state'}"
                    assert which in plan, plan
                    for slow in ("USE TEMP B-TREE", "Sort", f"SCAN {table}\n", f"Seq Scan on {table}"):
                        assert slow not in f"{plan}\n", plan
                    began = time.perf_counter()
                    with world.database.read() as connection:
                        assert len(listed(connection).rows) == 50
                    assert time.perf_counter() - began < 0.5


# --- statements of a request --------------------------------------------------------------------------
@pytest.fixture
def session(world: World) -> str:
    """The secret of a session, as it lies in a cookie."""
    edge = nobody("127.0.0.1", Through.WEB)
    return world.muster.sign_in.with_password("ada", PASSWORD, edge, "a browser").secret


def signed_in(world: World, session: str) -> Caller:
    caller = world.muster.sign_in.by_session(session, "127.0.0.1")
    assert caller is not None
    return caller


@pytest.mark.parametrize("what", ["signals", "incidents"])
def test_a_page_of_a_list_takes_five_statements_at_most(world: World, session: str, what: str) -> None:
    filled(world, 10_000)
    with counted(world.database) as statements:
        caller = signed_in(world, session)
        page: Any = getattr(world.muster.reading, what)(caller)
    assert len(getattr(page, what)) == 50
    assert len(statements) <= 5, statements


def declared(world: World, session: str, key: str, **fields: Any) -> list[str]:
    with counted(world.database) as statements:
        caller = signed_in(world, session)
        world.muster.doing.do(Verb.DECLARE, {"what": "something is wrong", **fields}, caller, key)
    return statements


@pytest.mark.parametrize("open_incidents", [1, 1_000])
def test_declaring_takes_eleven_statements_and_thirteen_from_a_signal(
    world: World, session: str, open_incidents: int
) -> None:
    """However many incidents are open."""
    if open_incidents > 1:
        filled(world, open_incidents)
    plain = declared(world, session, "declare-1")
    assert len(plain) <= 11, plain
    from_signal = declared(world, session, "declare-2", signal=world.signals["report"])
    assert len(from_signal) <= 13, from_signal
