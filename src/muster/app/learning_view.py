"""Learning as people see it: the review, the causes with their evidence, and lessons with the lines that they change."""

from muster.app.look import Look, Words
from muster.app.views import View
from muster.core.time import stored
from muster.learn.causes import CAUSES, CauseFound, CauseKind
from muster.learn.closing import missing, owed
from muster.learn.lessons import LEARNED, LESSONS, Lesson, LessonState, called
from muster.learn.review import REVIEW, standing
from muster.plan.required import Transition
from muster.record.state import StreamState
from muster.respond.able import commands

MOST = 60


class ReviewView(View):
    """Where the review stands: its state, when it is due, who leads it, when it was held."""

    state: str
    due: str
    lead: str
    held: str
    held_by: str


class CauseView(View):
    """A cause: its kind, its words, and the numbers of the entries that show it."""

    seq: int
    kind: str
    text: str
    who: str
    opinion: bool
    evidence: tuple[int, ...]


class LineView(View):
    """A line of the plan that a lesson changes. untested: no drill has exercised it since."""

    id: str
    place: str
    before: str
    after: str
    added: bool
    removed: bool
    untested: bool
    tested_by: str


class LessonView(View):
    """A lesson of this incident. called: its name in the plan's stream."""

    seq: int
    called: str
    state: str
    text: str
    owner: str
    due: str
    late: bool
    lines: tuple[LineView, ...]
    sha256: str
    mine: bool
    written_by: str
    commit: str
    version: int


class LearningView(View):
    """All of it. missing: what closing still asks for."""

    review: ReviewView
    causes: tuple[CauseView, ...]
    not_sought: bool
    kinds: tuple[str, ...]
    lessons: tuple[LessonView, ...]
    none: bool
    missing: tuple[str, ...]
    commands: bool


def needs(state: StreamState) -> set[int]:
    """The entries whose words the view shows."""
    return set(list(state.slice(CAUSES).found)[-MOST:])


def plan_needs(state: StreamState) -> set[int]:
    """The entries of the plan's stream whose words the view shows: the lessons that this incident taught."""
    return set(state.slice(LEARNED).taken[-MOST:])


def view(look: Look, plan: StreamState, plan_words: Words) -> LearningView:
    """What an incident teaches, for whoever looks. plan: the plan's stream, where lessons live."""
    state, learned = look.state, look.state.slice(LEARNED)
    now, review, causes = standing(state, look.now), state.slice(REVIEW), state.slice(CAUSES)
    lessons = plan.slice(LESSONS).lessons
    taken = [(seq, lessons[seq]) for seq in learned.taken[-MOST:] if seq in lessons]
    wanted = () if review.held is not None else ("a review that was held",)
    asked = missing(state, look.told, Transition.CLOSED, summary=True)
    return LearningView(
        review=ReviewView(
            state=now.state.value,
            due="" if now.due is None else stored(now.due),
            lead=look.name(now.lead),
            held=review.held or "",
            held_by=look.name(review.held_by) if review.held_by else "",
        ),
        causes=tuple(_cause(look, seq, kind) for seq, kind in list(causes.found.items())[-MOST:]),
        not_sought=causes.not_sought,
        kinds=tuple(one.value for one in CauseKind),
        lessons=tuple(_lesson(look, seq, lesson, plan_words) for seq, lesson in taken),
        none=learned.none,
        missing=tuple(dict.fromkeys((*wanted, *asked, *owed(state, look.told, look.now)))),
        commands=commands(state, look.account),
    )


def _cause(look: Look, seq: int, kind: CauseKind | None) -> CauseView:
    body, entry = look.words.body(seq), look.words.entries.get(seq)
    return CauseView(
        seq=seq,
        kind=kind.value if kind else "",
        text=look.words.text(seq),
        who=look.name(look.words.who(seq)),
        opinion=isinstance(body, CauseFound) and body.opinion,
        evidence=tuple(ref.seq for ref in entry.header.refs if ref.rel == "evidence") if entry else (),
    )


def _lesson(look: Look, seq: int, lesson: Lesson, words: Words) -> LessonView:
    return LessonView(
        seq=seq,
        called=called(seq),
        state=lesson.state.value,
        text=words.text(seq),
        owner=look.name(lesson.owner) if lesson.owner else "",
        due=lesson.due or "",
        late=not lesson.ended and look.late(lesson.due),
        lines=tuple(
            LineView(
                id=one.line.id,
                place=f"{one.line.file}:{one.line.line}",
                before=one.line.before or "",
                after=one.line.after or "",
                added=one.line.before is None,
                removed=one.line.after is None,
                untested=lesson.state is LessonState.APPROVED and one.untested,
                tested_by=one.tested_by or "",
            )
            for one in lesson.lines
        ),
        sha256=lesson.sha256 or "",
        mine=lesson.written_by == look.account,
        written_by=look.name(lesson.written_by) if lesson.written_by else "",
        commit=lesson.commit or "",
        version=lesson.version,
    )
