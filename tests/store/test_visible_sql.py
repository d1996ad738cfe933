"""The rule of access as SQL admits exactly what the rule as data admits."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from muster.access.may import AllOf, Always, AnyOf, LaneIs, Member, Never, SecrecyIn, Thing, TypeIn, Visible
from muster.core.ids import StreamType
from muster.core.labels import Secrecy
from muster.store import schema
from muster.store.visible_sql import condition
from tests.store.test_lists import signal_rows
from tests.store.world import World

LEAVES: st.SearchStrategy[Visible] = st.one_of(
    st.just(Always()),
    st.just(Never()),
    st.builds(TypeIn, st.frozensets(st.sampled_from(StreamType))),
    st.builds(LaneIs, st.sampled_from(["real", "drill:d", "drill:e"])),
    st.builds(SecrecyIn, st.frozensets(st.sampled_from(Secrecy))),
    st.builds(Member, st.sampled_from(["somebody", "nobody else"])),
)
PARTS = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.builds(AllOf, st.lists(parts, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(parts, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
COUNT = 150


@pytest.fixture
def filled(world: World) -> World:
    def fill(connection: Connection) -> None:
        connection.execute(schema.signals.delete())
        connection.execute(schema.signals.insert(), signal_rows(COUNT))
        members = [{"stream": f"SIG-X{n:06d}", "account": "somebody"} for n in range(2, COUNT, 4)]
        connection.execute(schema.members.insert(), members)

    world.database.write(fill)
    return world


def thing(row: dict[str, Any], number: int) -> Thing:
    people = frozenset({"somebody"}) if number % 4 == 2 else frozenset[str]()
    return Thing(StreamType.SIGNAL, row["lane"], Secrecy(row["secrecy"]), people)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seen=PARTS)
def test_both_forms_are_equal(filled: World, seen: Visible) -> None:
    wanted = {
        row["stream"] for number, row in enumerate(signal_rows(COUNT)) if seen.admits(thing(row, number))
    }
    with filled.database.read() as connection:
        query = select(schema.signals.c.stream).where(condition(seen, schema.signals, StreamType.SIGNAL))
        assert set(connection.execute(query).scalars()) == wanted


def test_a_form_that_nobody_translated_is_no_silent_yes() -> None:
    with pytest.raises(TypeError):
        condition(object(), schema.signals, StreamType.SIGNAL)
