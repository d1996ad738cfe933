"""What waits for a person at the door."""

from muster.app import due_view
from muster.record.state import StreamState
from muster.respond.due import DUE, Due, DueKind, DueState, Item


def state(**items: Item) -> StreamState:
    found = {int(name.removeprefix("at")): item for name, item in items.items()}
    return StreamState("INC-7Q4KM2", slices={DUE.name: Due(items=found)})


def test_calls_and_effects_that_a_person_must_see_to() -> None:
    view = due_view.view(
        state(
            at4=Item(
                kind=DueKind.CALL, name="role-offered", about="scribe", due="2026-11-24T02:30:00.000000Z"
            ),
            at5=Item(
                kind=DueKind.EFFECT, name="webhook", due="x", sort="action", state=DueState.UNSURE, attempt=1
            ),
            at6=Item(
                kind=DueKind.EFFECT,
                name="mail",
                due="x",
                sort="notification",
                state=DueState.GIVEN_UP,
                attempt=9,
            ),
            at7=Item(kind=DueKind.EFFECT, name="mail", due="x", sort="notification"),
            at9=Item(
                kind=DueKind.EFFECT,
                name="mail",
                due="2026-11-24T02:11:00.000000Z",
                sort="notification",
                attempt=2,
            ),
            at8=Item(kind=DueKind.TIMER, name="run", due="x"),
        )
    )
    (call,) = view.calls
    assert (call.seq, call.occasion, call.about) == (4, "role offered", "scribe")
    assert [(one.seq, one.channel, one.sort, one.unsure, one.attempts) for one in view.effects] == [
        (5, "webhook", "action", True, 1),
        (6, "mail", "notification", False, 9),
    ]
    (late,) = view.late
    assert (late.seq, late.channel, late.attempts, late.next_try) == (
        9,
        "mail",
        2,
        "2026-11-24T02:11:00.000000Z",
    )
    assert view.waiting == 2


def test_nothing_waits() -> None:
    assert due_view.view(StreamState("INC-7Q4KM2")).waiting == 0
