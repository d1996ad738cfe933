"""The verbs of lessons: note, say there is none, agree, write the change, approve it, mark it tested, drop it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from muster.access.command import Command, Line, OpaqueId, Rule, Seq, Sha256, Text, Version
from muster.access.verbs import Standing, Verb
from muster.core.errors import Refused
from muster.core.ids import ACCOUNTS_STREAM, PLAN_STREAM
from muster.core.time import parse_stated, stored
from muster.learn.agreed import plan_of
from muster.learn.causes import check_words
from muster.learn.lessons import (
    LESSONS,
    Lesson,
    LessonAgreed,
    LessonApproved,
    LessonDiffed,
    LessonDropped,
    LessonNoted,
    LessonsNone,
    LessonState,
    LessonTaken,
    LessonTested,
    called,
)
from muster.learn.plan_change import LineChange, changes_hash
from muster.prepare.approving import VERSIONS, ApprovalKnown, approval
from muster.record.body import Body
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Ref
from muster.record.lane import REAL
from muster.record.state import States, StreamState
from muster.respond.incident import INCIDENT, existing, still_open
from muster.respond.work import InIncident, Work, as_seen, reasoned

S = LessonState
LineId = Annotated[str, Field(min_length=1, max_length=400)]


@dataclass(frozen=True, slots=True)
class ChangeKnown(ApprovalKnown):
    """What the app did and read for a change of the plan.

    lines: what differs from the plan in force. base: the commit in force; commit: the draft. exercised: the ids of
    the lines of the plan that the named drill used, as its record shows.
    """

    lines: tuple[LineChange, ...] = ()
    base: str = ""
    commit: str | None = None
    exercised: frozenset[str] = frozenset()


class NoteLesson(InIncident):
    """Note what must change, at any time from the first minute on."""

    text: Text


class NoLesson(InIncident):
    """Say why this incident changes nothing in the plan."""

    reason: Text


class OfLesson(Command):
    """Every other command of lessons names its lesson. expected: the version of it that you saw."""

    lesson: Seq
    expected: Version


class AgreeLesson(OfLesson):
    """Agree that it is to be done: by whom and until when."""

    owner: OpaqueId
    due: Line


class LineEdit(Command):
    """One line of the plan, by its id there, and what it is to say."""

    id: LineId
    text: Text


class FileEdit(Command):
    """A whole file of the plan, new or replaced; without text it is taken out."""

    path: Line
    text: Annotated[str, Field(max_length=64_000)] | None = None


class WriteChange(OfLesson):
    """Write the lesson as changed lines or files of the plan in force; a new change voids an approval of the old one."""

    lines: Annotated[tuple[LineEdit, ...], Field(max_length=200)] = ()
    files: Annotated[tuple[FileEdit, ...], Field(max_length=50)] = ()


class ApproveChange(OfLesson):
    """Approve exactly these changed lines, by their hash: the plan with them is in force from then on."""

    sha256: Sha256


class MarkTested(OfLesson):
    """Mark lines as exercised by a drill, by their ids in the plan, as the drill's record cites them."""

    drill: Line
    lines: Annotated[tuple[LineId, ...], Field(min_length=1, max_length=2000)]


class DropLesson(OfLesson):
    """Leave it as it is, for a reason."""

    reason: Text


def note_lesson(states: States, command: NoteLesson, _context: Context, known: Known) -> Decision:
    """lesson.noted in the plan's stream; lesson.taken on the incident, while it is open. Raises NotFound, Refused."""
    state = existing(states, command.incident)
    check_words(command.text, plan_of(known).people)
    seq = _plan(states).seq + 1
    source = Ref("from", command.incident, state.seq)
    noted = _on_plan(LessonNoted(text=command.text, found_in=command.incident), source)
    answer = {"lesson": seq, "called": called(seq), "version": 1}
    now = state.slice(INCIDENT).state
    if now is not None and now.ended:
        return Decision((noted,), answer)
    taken = Draft(command.incident, LessonTaken(), (Ref("lesson", PLAN_STREAM, seq),))
    return Decision((noted, taken), answer)


def no_lesson(states: States, command: NoLesson, _context: Context, _known: Known) -> Decision:
    """lessons.none and reason.given. Raises NotFound, Refused."""
    state = still_open(states, command.incident)
    drafts = (
        Draft(command.incident, LessonsNone()),
        reasoned(command.incident, state.seq + 1, command.reason),
    )
    return Decision(drafts, {"seq": state.seq + 1})


def agree(states: States, command: AgreeLesson, _context: Context, _known: Known) -> Decision:
    """lesson.agreed. Raises Refused, Conflict."""
    lesson = _lesson(states, command, S.NOTED, S.AGREED)
    due = stored(parse_stated(command.due, "due").at)
    return _step(command, lesson, LessonAgreed(owner=command.owner, due=due), S.AGREED)


def write_change(states: States, command: WriteChange, _context: Context, known: Known) -> Decision:
    """lesson.diffed. The answer holds the hash to approve and the commit of the draft. Raises Refused, Conflict."""
    lesson = _lesson(states, command, S.NOTED, S.AGREED, S.DIFF, S.APPROVED)
    written = known if isinstance(known, ChangeKnown) else None
    if written is not None and not written.lines:
        raise Refused("This changes nothing in the plan in force.", "lines", "Say what a line is to say.")
    if written is None or written.commit is None:
        raise Refused("The server has not written this change.", "lines", "Ask for it again.")
    body = LessonDiffed(lines=written.lines, base=written.base, commit=written.commit)
    decision = _step(command, lesson, body, S.DIFF)
    more = {"sha256": changes_hash(written.lines), "commit": written.commit}
    return Decision(decision.drafts, {**decision.answer, **more})


def approve_change(states: States, command: ApproveChange, context: Context, known: Known) -> Decision:
    """lesson.approved, plan.approved: its lines are in force, and untested from now on. Raises Refused, Conflict."""
    lesson = _lesson(states, command, S.DIFF)
    read = known if isinstance(known, ChangeKnown) else None
    if lesson.sha256 is None or lesson.sha256 != command.sha256:
        raise Refused(
            "These are not the lines as they stand.", "sha256", "Read the change again, then approve it."
        )
    if lesson.written_by == context.actor.account:
        raise Refused("Whoever wrote a change does not approve it.", "lesson", "Ask somebody else.")
    if read is None or read.proposed is None or changes_hash(read.lines) != command.sha256:
        raise Refused(
            "The draft does not hold these lines.", "sha256", "Write the change again; then it is approved."
        )
    if (_plan(states).slice(VERSIONS).in_force or "") != read.base:
        raise Refused(
            "The plan in force changed meanwhile.", "lesson", "Write the change again, upon this one."
        )
    commit = read.proposed.commit
    in_force = approval(states, commit, read.proposed.sha256, context, known)
    decision = _step(command, lesson, LessonApproved(sha256=command.sha256, commit=commit), S.APPROVED)
    return Decision((*decision.drafts, in_force), {**decision.answer, "commit": commit})


def mark_tested(states: States, command: MarkTested, _context: Context, known: Known) -> Decision:
    """lesson.tested, when the drill exercised at least one of its lines. Raises Refused, Conflict."""
    lesson = _lesson(states, command, S.APPROVED)
    waiting = {one.line.id for one in lesson.lines if one.untested}
    exercised = known.exercised if isinstance(known, ChangeKnown) else frozenset[str]()
    used = tuple(sorted(waiting & set(command.lines) & exercised))
    if not used:
        raise Refused("The drill used none of its lines.", "lines", "Run a drill that does.")
    body = LessonTested(drill=command.drill, lines=used)
    return _step(command, lesson, body, S.TESTED if waiting == set(used) else S.APPROVED)


def drop(states: States, command: DropLesson, _context: Context, _known: Known) -> Decision:
    """lesson.dropped and reason.given. Raises Refused, Conflict."""
    lesson = _lesson(states, command, S.NOTED, S.AGREED, S.DIFF)
    decision = _step(command, lesson, LessonDropped(), S.DROPPED)
    reason = reasoned(PLAN_STREAM, _plan(states).seq + 1, command.reason)
    return Decision(
        (*decision.drafts, Draft(reason.stream, reason.body, reason.refs, lane=REAL)), decision.answer
    )


def _plan(states: States) -> StreamState:
    return states.get(PLAN_STREAM, StreamState(PLAN_STREAM))


def _lesson(states: States, command: OfLesson, *fitting: LessonState) -> Lesson:
    found = _plan(states).slice(LESSONS).lessons.get(command.lesson)
    if found is None:
        raise Refused("This number is no lesson.", "lesson", "Take one from the list of lessons.")
    as_seen(found.version, command.expected, what="lesson", theirs=found.state, yours=str(command.lesson))
    if found.state not in fitting:
        raise Refused(
            f"The lesson is {found.state}.",
            "lesson",
            f"This is done with one that is {' or '.join(fitting)}; note a new lesson where it has ended.",
        )
    return found


def _step(command: OfLesson, lesson: Lesson, body: Body, state: LessonState) -> Decision:
    draft = _on_plan(body, Ref("lesson", PLAN_STREAM, command.lesson))
    answer = {"lesson": command.lesson, "state": state, "version": lesson.version + 1}
    return Decision((draft,), answer)


def _on_plan(body: Body, ref: Ref) -> Draft:
    """What a drill teaches is real."""
    return Draft(PLAN_STREAM, body, (ref,), lane=REAL)


def _reads_plan(_command: object) -> tuple[str, ...]:
    return (PLAN_STREAM,)


def _reads_plan_and_accounts(_command: object) -> tuple[str, ...]:
    return (PLAN_STREAM, ACCOUNTS_STREAM)


@dataclass(frozen=True)
class PlanWork:
    """One verb that acts on the plan's stream: its word and line of help, standing, command and rule."""

    word: str
    summary: str
    standing: Standing
    command: type[OfLesson]
    decide: Callable[[States, Any, Context, Known], Decision]

    def rule(self) -> Rule:
        """It as a rule of the registry. Raises ValueError while access does not know the word."""
        return Rule(Verb(self.word), self.command, self.decide, reads=_reads_plan_and_accounts)


WORK = (
    Work(
        "lesson",
        "Note a lesson: what must change.",
        Standing.RESPONDER,
        NoteLesson,
        note_lesson,
        reads=_reads_plan,
    ),
    Work(
        "no-lesson",
        "Say why this incident changes nothing in the plan.",
        Standing.COMMAND,
        NoLesson,
        no_lesson,
    ),
)
PLAN_WORK = (
    PlanWork(
        "agree-lesson", "Agree on a lesson: by whom, until when.", Standing.RESPONDER, AgreeLesson, agree
    ),
    PlanWork(
        "write-change",
        "Write a lesson as changed lines of the plan.",
        Standing.RESPONDER,
        WriteChange,
        write_change,
    ),
    PlanWork(
        "approve-change",
        "Approve the changed lines of a lesson.",
        Standing.RESPONDER,
        ApproveChange,
        approve_change,
    ),
    PlanWork(
        "mark-tested",
        "Mark changed lines as exercised by a drill.",
        Standing.RESPONDER,
        MarkTested,
        mark_tested,
    ),
    PlanWork(
        "drop-lesson", "Leave a lesson as it is, with the reason.", Standing.RESPONDER, DropLesson, drop
    ),
)
