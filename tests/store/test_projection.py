"""Changes to rows come to one net change for each row."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from muster.store.projection import Change, Drop, Op, Put, merged
from muster.store.schema import leases

Rows = dict[str, dict[str, Any]]


def one_by_one(ops: list[Op]) -> Rows:
    rows: Rows = {}
    for op in ops:
        name = op.row["name"]
        match op:
            case Put():
                rows[name] = dict(op.row)
            case Drop():
                rows.pop(name, None)
            case Change():
                if name in rows:
                    rows[name] |= op.row
    return rows


def at_once(ops: list[Op], rows: Rows) -> Rows:
    net = merged(ops)
    for drop in net.drops:
        rows.pop(drop.row["name"], None)
    for put in net.puts:
        rows[put.row["name"]] = dict(put.row)
    for change in net.changes:
        if change.row["name"] in rows:
            rows[change.row["name"]] |= change.row
    return rows


NAMES = st.sampled_from(["a", "b"])
PUTS = st.builds(
    lambda name, holder: Put(leases, {"name": name, "holder": holder, "expires": "1"}), NAMES, st.text()
)
CHANGES = st.builds(lambda name, holder: Change(leases, {"name": name, "holder": holder}), NAMES, st.text())
DROPS = st.builds(lambda name: Drop(leases, {"name": name}), NAMES)


@given(st.lists(st.one_of(PUTS, CHANGES, DROPS), max_size=12))
def test_the_net_effect_is_that_of_one_after_the_other(ops: list[Op]) -> None:
    assert at_once(ops, {}) == one_by_one(ops)


def test_a_put_after_a_drop_is_both_so_that_a_key_can_change_hands() -> None:
    net = merged([Drop(leases, {"name": "a"}), Put(leases, {"name": "a", "holder": "x", "expires": "1"})])
    assert [len(net.drops), len(net.puts), len(net.changes)] == [1, 1, 0]


def test_changes_of_one_row_are_one_change() -> None:
    net = merged(
        [Change(leases, {"name": "a", "holder": "x"}), Change(leases, {"name": "a", "expires": "2"})]
    )
    assert [change.row for change in net.changes] == [{"name": "a", "holder": "x", "expires": "2"}]
    assert net.changes[0].key() == ("a",)
