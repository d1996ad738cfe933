"""The report of an incident: one HTML file that needs nothing else, reads on paper, and loads and runs nothing.

Everything in it that a person or a machine wrote passes `muster.core.text.shown` and Jinja's escaping.
"""

from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from muster.app.looking_back.picture import Sort
from muster.web import report_words
from muster.web.drawings.bars import Frame, bars
from muster.web.drawings.picture import picture
from muster.web.drawings.signs import key
from muster.web.drawings.timeline import Mark, Shape, Side, timeline
from muster.web.report_data import Part, ReportData, TimelineEntry
from muster.web.report_drawn import SIGNS, drawn_marks, points, rows, side_of

_TEMPLATES = Path(__file__).parent / "templates"
MARKS_A_PART = 12


class Lane(Part):
    """What a lane is, as a word and as a sentence on top of the report."""

    word: str
    sentence: str


LANES = {
    "real": Lane(word="Incident", sentence="Real: this happened."),
    "drill": Lane(
        word="Drill",
        sentence="A drill: this was a rehearsal. No effect left Muster; all times are those of the drill.",
    ),
}
_NO_LANE = Lane(word="", sentence="")


def report(incident: ReportData) -> str:
    """The report as one HTML document."""
    marks = drawn_marks(incident)
    return _environment().get_template("report.html").render(
        incident=incident,
        back=incident.back,
        lane=LANES.get(incident.lane.partition(":")[0], _NO_LANE),
        glance=[drawing for frame in Frame for drawing in _glance(incident, frame)],
        drawings=[drawing for shape in Shape for drawing in _drawings(marks, shape)],
        keys=[(_key(sort), sort.value) for sort in Sort],
        drawn=len(marks),
        drawable=len(points(incident)),
        rows=table_rows(incident),
        style=Markup(style()),  # noqa: S704 - our own style sheet
        policy=policy(),
        plural=report_words.plural,
    )  # fmt: skip


def _glance(incident: ReportData, frame: Frame) -> Iterator[Markup]:
    drawn = bars(
        rows(incident),
        frame,
        name=f"glance-{frame.name.lower()}",
        title="The incident at a glance",
        described="To scale; long stretches without any change are cut out and named. The tables have the same in words.",
    )
    if drawn:
        yield picture(drawn)


def _key(sort: Sort) -> Markup:
    style = "tl-systems" if side_of(sort) is Side.SYSTEMS else "tl-people"
    return picture(key(SIGNS[sort], style))


def _drawings(marks: list[Mark], shape: Shape) -> Iterator[Markup]:
    """The timeline in parts that fit on a sheet of paper each."""
    for first in range(0, len(marks), MARKS_A_PART):
        part = marks[first : first + MARKS_A_PART]
        drawn = timeline(
            part,
            shape,
            name=f"{shape.name.lower()}-{first}",
            title=f"Timeline, marks {first + 1} to {first + len(part)} of {len(marks)}",
            described="In the order of time, not to scale. The log at the end has the same in words.",
            after=marks[first - 1].at if first else None,
        )
        yield picture(drawn)


class Row(Part):
    """A row of the log."""

    at: datetime
    who: str
    role: str
    text: str
    remark: str
    seq: int | None


def table_rows(incident: ReportData) -> list[Row]:
    """The log as a table: signals by their arrival, entries by when they happened."""
    found = [
        Row(
            at=one.first,
            who="Systems",
            role="",
            text=one.title,
            remark=f"{one.code}, {report_words.plural(one.count, 'event')}",
            seq=None,
        )
        for one in incident.signals
    ]
    found += [
        Row(at=one.at, who=one.who, role=one.role, text=one.text, remark=_remark(one), seq=one.seq)
        for one in incident.entries
    ]
    return sorted(found, key=lambda row: (row.at, -1 if row.seq is None else row.seq))


def _remark(entry: TimelineEntry) -> str:
    parts = [entry.kind]
    if entry.stated:
        parts.append(f"time stated; written {report_words.words(entry.written_at)}")
    return ", ".join(parts)


def style() -> str:
    """The report's one style sheet."""
    return (_TEMPLATES / "report.css").read_text(encoding="utf-8")


def policy() -> str:
    """The policy in the report, which also fits as a header of the answer that carries it."""
    digest = b64encode(sha256(style().encode()).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=report_words.harmless,
    )
    environment.filters.update(
        clock=report_words.clock,
        short=report_words.short,
        lasting=report_words.lasting,
        block=report_words.block,
        spaced=report_words.spaced,
    )
    return environment
