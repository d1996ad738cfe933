"""All that a report says, as strict data: what it is filled with, and nothing that is computed for looks."""

from datetime import timedelta

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from muster.app.looking_back.whole import LookingBack


class Part(BaseModel):
    """A part of a report."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TimelineEntry(Part):
    """An entry of the incident's stream. at: when it happened; written_at: when it was written; both of its lane."""

    seq: int
    at: AwareDatetime
    written_at: AwareDatetime
    stated: bool = False
    kind: str
    who: str
    role: str = ""
    text: str


class Known(Part):
    """A fact, an assumption or a question, with what became of it."""

    seq: int
    text: str
    status: str
    who: str
    at: AwareDatetime
    source: str = ""
    answer: str = ""


class ReportedSignal(Part):
    """A signal that belongs to the incident. first, last: when it arrived, and when its last hit did."""

    code: str
    title: str
    rule: str = ""
    author: str = ""
    outcome: str = ""
    count: int
    first: AwareDatetime
    last: AwareDatetime


class ReportedTime(Part):
    """A time between two milestones. value None: unknown."""

    name: str
    start: str
    end: str
    value: timedelta | None
    n: int = Field(ge=0)


class RecordPart(Part):
    """How anybody checks the record behind it. No size of the log: it would tell how much else there is."""

    origin: str
    fingerprint: str
    entries: int
    unreadable: int
    head: str
    verify_with: str


class ReportData(Part):
    """All that a report says. Times are aware; texts may hold anything. now: of the lane. back: None only in an empty one."""

    code: str
    what: str
    state: str
    lane: str
    severity: str
    summary: str = ""
    how_learned: str = ""
    plan: str = ""
    made_at: AwareDatetime
    now: AwareDatetime
    entries: tuple[TimelineEntry, ...] = ()
    facts: tuple[Known, ...] = ()
    assumptions: tuple[Known, ...] = ()
    questions: tuple[Known, ...] = ()
    signals: tuple[ReportedSignal, ...] = ()
    times: tuple[ReportedTime, ...] = ()
    record: RecordPart
    back: LookingBack | None = None
