"""The log of an incident as CSV, for spreadsheets: every cell quoted, no formula, no forged line (OWASP)."""

from collections.abc import Iterable

from muster.app.views import EntryView
from muster.core.text import csv_cell

COLUMNS = ("seq", "happened at", "stated", "recorded at", "who", "role", "entry", "text")


def csv_log(entries: Iterable[EntryView]) -> str:
    """The entries as CSV with a line of headings; lines end in CR LF (RFC 4180). The export is the faithful form."""
    rows = [COLUMNS, *(_row(entry) for entry in entries)]
    return "".join(",".join(csv_cell(cell) for cell in row) + "\r\n" for row in rows)


def _row(entry: EntryView) -> tuple[str, ...]:
    return (
        str(entry.seq),
        entry.happened_at,
        "stated" if entry.stated else "",
        entry.recorded_at,
        entry.who,
        entry.role or "",
        entry.title,
        entry.text if entry.standing == "shown" else f"({entry.standing})",
    )
