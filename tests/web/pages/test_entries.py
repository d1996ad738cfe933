"""Entries as a page tells them."""

from muster.app.views import EntryView
from muster.web.pages.entries import told


def _entry(
    seq: int, kind: str = "log.written", standing: str = "shown", corrects: int | None = None
) -> EntryView:
    return EntryView(
        seq=seq,
        kind=kind,
        happened_at="2026-11-24T02:10:33.000000Z",
        precision="second",
        stated=False,
        recorded_at="2026-11-24T02:10:33.000000Z",
        who="Anna",
        role=None,
        through="web",
        title="Log",
        text="words",
        standing=standing,
        corrects=corrects,
    )


def test_a_correction_strikes_the_line_that_it_corrects() -> None:
    found = told([_entry(1), _entry(2, corrects=1), _entry(3, kind="thing.refuted", corrects=2)])
    assert [item.corrected_by for item in found] == [2, None, None]


def test_what_can_be_hidden_and_erased() -> None:
    found = told(
        [
            _entry(1),
            _entry(2, standing="hidden"),
            _entry(3, standing="erased"),
            _entry(4, kind="severity.rated"),
        ]
    )
    assert [item.can_hide for item in found] == [True, False, False, False]
    assert [item.can_erase for item in found] == [False, True, False, False]


def test_a_correction_of_work_strikes_its_words_too_and_work_without_words_cannot_be_hidden() -> None:
    found = told(
        [
            _entry(1, kind="task.given"),
            _entry(2, kind="work.corrected", corrects=1),
            _entry(3, kind="task.accepted", corrects=1),
            _entry(4, kind="statement.approved"),
        ]
    )
    assert [item.corrected_by for item in found] == [2, None, None, None]
    assert [item.can_hide for item in found] == [True, True, False, False]
