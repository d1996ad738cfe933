"""What is due: opened, moved and ended by entries; hidden words are due no more."""

from muster.record.entry import Entry
from muster.respond.due import DUE, Due, DueKind, DueState, Item, about, evolve, pointed
from muster.respond.timers import TimerFired, TimerSet
from tests.access.world import entry, header, refs

SET = TimerSet(purpose="review", due="2026-11-24T03:10:00.000000Z")


def test_what_asked_is_due_until_an_entry_ends_it() -> None:
    due = evolve(Due(), entry(SET, seq=4))
    assert due.items == {4: Item(kind=DueKind.TIMER, name="review", due=SET.due)}
    fired = entry(TimerFired(purpose="review", due=SET.due), seq=5, refs=(about("INC-000000", 4),))
    assert evolve(due, fired).items == {}


def test_what_asked_and_was_erased_or_hidden_is_not_due() -> None:
    assert evolve(Due(), Entry(header("timer.set", seq=4), None)) == Due()
    due = evolve(Due(), entry(SET, seq=4))
    hidden = Entry(header("entry.redacted", seq=5, refs=refs(("hides", "INC-000000", 4))), None)
    assert evolve(due, hidden).items == {}


def test_what_points_nowhere_changes_nothing() -> None:
    due = evolve(Due(), entry(SET, seq=4))
    assert due.changed(7, state=DueState.UNSURE) == due == due.without(None)
    assert pointed(header("timer.fired")) is None


def test_an_open_thing_costs_little_in_the_state() -> None:
    item = Item(
        kind=DueKind.EFFECT, name="webhook:board", due=SET.due, attempt=3, token="ab" * 16, sort="notification",
        repeats=True, doubt=True,
    )  # fmt: skip
    assert len(item.model_dump_json(exclude_defaults=True)) <= 260


def test_kinds_are_told_apart() -> None:
    due = evolve(Due(), entry(SET, seq=4))
    assert set(due.of(DueKind.TIMER)) == {4}
    assert due.of(DueKind.CALL) == {}
    assert DUE.name == "due"
