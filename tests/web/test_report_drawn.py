"""What a report draws: signals that came together are one mark, states come first, rows end with the incident."""

from datetime import timedelta

from muster.app.looking_back.picture import Sort
from muster.web.drawings.timeline import Side
from muster.web.report_drawn import DRAWN_AT_MOST, SIGNS, drawn_marks, points, rows, side_of
from tests.app.looking_back.night import night
from tests.web.test_report import sample, told


def test_every_sort_of_mark_has_a_sign_of_its_own() -> None:
    assert len(set(SIGNS.values())) == len(Sort)
    assert [side_of(sort) for sort in (Sort.SIGNAL, Sort.FACT, Sort.STATE)] == [
        Side.SYSTEMS,
        Side.SYSTEMS,
        Side.PEOPLE,
    ]


def test_signals_that_came_together_are_one_mark() -> None:
    data = sample()
    one = data.signals[0]
    three = tuple(
        one.model_copy(update={"first": one.first + timedelta(seconds=after)}) for after in (0, 50, 300)
    )
    marks = [
        point for point in points(data.model_copy(update={"signals": three})) if point.sort is Sort.SIGNAL
    ]

    assert [mark.head for mark in marks] == ["2 signals", one.code]


def test_a_long_incident_keeps_its_states_and_decisions() -> None:
    data = sample()
    one = data.signals[0]
    many = tuple(
        one.model_copy(update={"first": one.first - timedelta(minutes=2 * number)}) for number in range(400)
    )
    marks = drawn_marks(data.model_copy(update={"signals": many}))

    assert len(marks) == DRAWN_AT_MOST
    assert [mark.at for mark in marks] == sorted(mark.at for mark in marks)
    heads = {mark.head for mark in marks}
    assert {"declared", "closed", "decision", "posture", "contained"} <= heads


def test_the_rows_at_a_glance_are_the_stretches_of_the_record() -> None:
    seen = night()
    found = {row.name: row for row in rows(sample())}

    severity = found["Severity"].bars
    assert [(bar.text, bar.start) for bar in severity] == [
        ("SEV3", seen.at("first-rating")),
        ("SEV1", seen.at("rated")),
    ]
    assert severity[-1].end == seen.at("closed")
    assert [bar.text for bar in found["State"].bars] == ["declared", "active", "recovering", "watching"]
    assert [(bar.start, bar.end, bar.strong) for bar in found["Clock gdpr-art-33"].bars] == [
        (seen.at("aware"), seen.at("filed"), True),
        (seen.at("filed"), seen.at("aware") + timedelta(days=3), False),
    ]
    assert [(bar.start, bar.end) for bar in found["Order database"].bars] == [
        (seen.at("db-lost"), seen.at("db-back"))
    ]


def test_what_is_erased_has_no_stretch() -> None:
    seen = night()
    found = {row.name for row in rows(told(seen.past(erased=frozenset(range(len(seen.told.entries))))))}

    assert "Severity" not in found
