"""The report of an incident: one HTML file that needs nothing else, reads on paper, and loads and runs nothing.

Everything in it that a person or a machine wrote passes `muster.core.text.shown` and Jinja's escaping.
"""

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from muster.core.text import shown
from muster.web.drawings.timeline import MONTHS, Mark, Shape, Side, timeline

_TEMPLATES = Path(__file__).parent / "templates"
DRAWN_AT_MOST = 120
MARKS_A_PART = 12
LANES = {
    "real": "Real: this happened.",
    "drill": "A drill: this was a rehearsal. No effect left Muster.",
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SeverityChange(_Part):
    """A severity and why it was set."""

    at: AwareDatetime
    severity: str
    who: str
    reason: str


class Holder(_Part):
    """Who held a role, from when."""

    role: str
    who: str
    since: AwareDatetime


class TimelineEntry(_Part):
    """An entry of the incident's stream. milestone: drawn even when not everything can be."""

    seq: int
    at: AwareDatetime
    recorded_at: AwareDatetime
    stated: bool = False
    kind: str
    who: str
    role: str = ""
    text: str
    milestone: bool = False


class Known(_Part):
    """A fact, an assumption or a question, with what became of it."""

    text: str
    status: str
    who: str
    at: AwareDatetime
    source: str = ""
    answer: str = ""


class ReportedSignal(_Part):
    """A signal that belongs to the incident. first, last: when its events happened."""

    code: str
    title: str
    rule: str = ""
    author: str = ""
    outcome: str = ""
    count: int
    first: AwareDatetime
    last: AwareDatetime


class ReportedTime(_Part):
    """A time between two milestones. value None: unknown."""

    name: str
    start: str
    end: str
    value: timedelta | None
    n: int = Field(ge=0)


class RecordPart(_Part):
    """How anybody checks the record behind it. No size of the log: it would tell how much else there is."""

    origin: str
    entries: int
    head: str
    verify_with: str


class ReportData(_Part):
    """All that a report says. Times are aware; texts may hold anything."""

    code: str
    what: str
    state: str
    lane: str
    severity: str
    severity_history: tuple[SeverityChange, ...] = ()
    declared_at: AwareDatetime
    declared_by: str
    roles: tuple[Holder, ...] = ()
    summary: str = ""
    how_learned: str = ""
    plan: str = ""
    made_at: AwareDatetime
    entries: tuple[TimelineEntry, ...] = ()
    facts: tuple[Known, ...] = ()
    assumptions: tuple[Known, ...] = ()
    questions: tuple[Known, ...] = ()
    signals: tuple[ReportedSignal, ...] = ()
    times: tuple[ReportedTime, ...] = ()
    record: RecordPart


def report(incident: ReportData) -> str:
    """The report as one HTML document."""
    marks = drawn_marks(incident)
    return _environment().get_template("report.html").render(
        incident=incident,
        lane=LANES.get(incident.lane.partition(":")[0], ""),
        drawings=[drawing for shape in Shape for drawing in _drawings(marks, shape)],
        drawn=len(marks),
        rows=table_rows(incident),
        style=Markup(style()),  # noqa: S704 - our own style sheet
        policy=policy(),
    )  # fmt: skip


def _drawings(marks: list[Mark], shape: Shape) -> Iterator[Markup]:
    """The timeline in parts that fit on a sheet of paper each."""
    for first in range(0, len(marks), MARKS_A_PART):
        part = marks[first : first + MARKS_A_PART]
        drawn = timeline(
            part,
            shape,
            name=f"{shape.name.lower()}-{first}",
            title=f"Timeline, marks {first + 1} to {first + len(part)} of {len(marks)}",
            described="In the order of time, not to scale. The table that follows has the same in words.",
            after=marks[first - 1].at if first else None,
        )
        yield Markup(drawn)  # noqa: S704 - our own SVG, escaped where it is made


def drawn_marks(incident: ReportData) -> list[Mark]:
    """What the drawing shows: signals and entries; of a very long incident its signals and milestones first."""
    marks = [
        Mark(one.first, Side.SYSTEMS, f"{one.code}, {_times(one.count)}", one.title)
        for one in incident.signals
    ]
    ordered = sorted(incident.entries, key=lambda one: not one.milestone)
    room = max(DRAWN_AT_MOST - len(marks), 0)
    marks += [Mark(one.at, Side.PEOPLE, f"{one.who}, {one.kind}", one.text) for one in ordered[:room]]
    return sorted(marks[:DRAWN_AT_MOST], key=lambda mark: mark.at)


class Row(_Part):
    """A row of the timeline's table."""

    at: datetime
    who: str
    role: str
    text: str
    remark: str
    seq: int | None


def table_rows(incident: ReportData) -> list[Row]:
    """The timeline as a table: signals by their first event, entries by when they happened."""
    rows = [
        Row(
            at=one.first,
            who="Systems",
            role="",
            text=one.title,
            remark=f"{one.code}, {_times(one.count)}",
            seq=None,
        )
        for one in incident.signals
    ]
    rows += [
        Row(at=one.at, who=one.who, role=one.role, text=one.text, remark=_remark(one), seq=one.seq)
        for one in incident.entries
    ]
    return sorted(rows, key=lambda row: (row.at, -1 if row.seq is None else row.seq))


def _remark(entry: TimelineEntry) -> str:
    parts = [entry.kind]
    if entry.stated:
        parts.append(f"time stated; recorded {_words(entry.recorded_at)}")
    return ", ".join(parts)


def _times(count: int) -> str:
    return "1 event" if count == 1 else f"{count} events"


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
        finalize=_harmless,
    )
    environment.filters.update(clock=_clock, lasting=lasting, block=_block)
    return environment


def _harmless(value: object) -> object:
    """Every expression of the template passes here before it is escaped."""
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _block(text: str) -> Markup:
    """Text that keeps its lines."""
    return escape(shown(text, keep_lines=True))


def _words(at: datetime) -> str:
    utc = at.astimezone(UTC)
    return f"{utc.day} {MONTHS[utc.month - 1]} {utc.year}, {utc:%H:%M:%S} UTC"


def _clock(at: datetime) -> Markup:
    utc = at.astimezone(UTC)
    return Markup('<time datetime="{}">{}</time>').format(f"{utc:%Y-%m-%dT%H:%M:%SZ}", _words(at))


def lasting(value: timedelta | None) -> str:
    """A duration in words; the word "unknown" where it is not known."""
    if value is None:
        return "unknown"
    seconds = int(abs(value).total_seconds())
    parts = (
        (seconds // 86400, "d"),
        (seconds // 3600 % 24, "h"),
        (seconds // 60 % 60, "min"),
        (seconds % 60, "s"),
    )
    named = [f"{count} {unit}" for count, unit in parts if count][:2] or ["0 s"]
    return ("-" if value < timedelta() else "") + " ".join(named)
