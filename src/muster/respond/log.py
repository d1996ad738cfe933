"""The log of an incident: one line, nothing else needed; corrected by addition only. And its summary."""

from typing import ClassVar

from muster.access.command import Brief, Command, IncidentCode, MaybeLine, Rule, Seq, Text, Version
from muster.access.verbs import Verb
from muster.core.errors import BadInput, Conflict
from muster.record.body import Body, kinds_of
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Entry, Ref
from muster.record.state import Fold, Slice, States
from muster.respond.incident import stated, still_open
from muster.respond.redaction import EntryRedacted


class LogWritten(Body):
    """A line of the log. A correction refers to the corrected entry (ref `corrects`); both stay readable."""

    kind: ClassVar[str] = "log.written"
    text: str


class SummaryReplaced(Body):
    """What is known, in a few sentences, for somebody who comes in now."""

    kind: ClassVar[str] = "summary.replaced"
    text: str


class Summary(Slice):
    """The summary as it stands (empty while its entry is hidden), how often it was set, and by which entry last."""

    text: str = ""
    version: int = 0
    seq: int = -1


def evolve(summary: Summary, entry: Entry) -> Summary:
    """The summary after one more entry; a hidden or erased one is empty but counts."""
    head = entry.header
    if head.kind == EntryRedacted.kind:
        hidden = any(ref.rel == "hides" and ref.seq == summary.seq for ref in head.refs)
        return summary.model_copy(update={"text": ""}) if hidden else summary
    if head.kind != SummaryReplaced.kind:
        return summary
    text = entry.body.text if isinstance(entry.body, SummaryReplaced) else ""
    return Summary(text=text, version=summary.version + 1, seq=head.seq)


SUMMARY = Fold("summary", Summary(), evolve)
KINDS = kinds_of(LogWritten, SummaryReplaced)


class WriteLog(Command):
    """Write one line. corrects: the number of the entry that it corrects."""

    incident: IncidentCode
    text: Text
    happened_at: MaybeLine = None
    corrects: Seq | None = None


class ReplaceSummary(Command):
    """Replace the summary. expected: the version that you saw, 0 when there was none."""

    incident: IncidentCode
    text: Brief
    expected: Version


def write(states: States, command: WriteLog, context: Context, _known: Known) -> Decision:
    """log.written. Raises NotFound, Refused, BadInput."""
    state = still_open(states, command.incident)
    refs: tuple[Ref, ...] = ()
    if command.corrects is not None:
        if command.corrects > state.seq:
            raise BadInput(
                "There is no entry with this number.", "corrects", "Take the number of the wrong line."
            )
        refs = (Ref("corrects", command.incident, command.corrects),)
    body = LogWritten(text=command.text)
    draft = Draft(command.incident, body, refs, stated(command.happened_at, context))
    return Decision((draft,), {"seq": state.seq + 1})


def replace_summary(states: States, command: ReplaceSummary, _context: Context, _known: Known) -> Decision:
    """summary.replaced. Raises NotFound, Refused, Conflict with both texts."""
    summary = still_open(states, command.incident).slice(SUMMARY)
    if summary.version != command.expected:
        raise Conflict(
            "Somebody else replaced the summary.",
            "expected",
            "Put both texts together and send it again.",
            theirs=summary.text,
            yours=command.text,
            version=summary.version,
        )
    draft = Draft(command.incident, SummaryReplaced(text=command.text))
    return Decision((draft,), {"version": summary.version + 1})


def _one(command: WriteLog | ReplaceSummary) -> tuple[str, ...]:
    return (command.incident,)


RULES = (
    Rule(Verb.LOG, WriteLog, write, _one),
    Rule(Verb.SUMMARY, ReplaceSummary, replace_summary, _one),
)
