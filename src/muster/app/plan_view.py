"""The plan as people read it: what is in force and since when, what the repository has newer, drafts, lessons, untested lines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.plan_versions import PlanVersion
from muster.app.reading import Reading
from muster.app.views import View
from muster.app.world import World
from muster.core.errors import MusterError
from muster.core.ids import PLAN_STREAM
from muster.core.time import stored
from muster.learn.lessons import LESSONS, Lesson, LessonNoted, called, untested
from muster.plan.diff import diff
from muster.plan.finding import Weight
from muster.plan.lines import plan_lines
from muster.prepare.approving import PlanApproved
from muster.record.state import StreamState
from muster.respond.calling import NOBODY_REAL
from muster.respond.redaction import REDACTIONS
from muster.store.append import Ledger, load
from muster.store.plan_repository import DRAFTS
from muster.store.read_stream import read_stream

NO_PLAN = "No plan is approved: the small built-in plan holds."


class FindingView(View):
    """What the linter says about one place. problem: it must be mended before the version is approved; a hole need not."""

    file: str
    line: int
    what: str
    mend: str
    rule: str
    problem: bool
    weight: str


class ChangeView(View):
    """One line that differs: its id, where it stands, and what it said and says."""

    id: str
    file: str
    line: int
    before: str | None
    after: str | None


class VersionView(View):
    """One version of the repository: its hash to approve, its findings, and what it changes in the plan in force."""

    commit: str
    sha256: str
    subject: str
    author: str
    when: str
    readable: bool
    problems: int
    holes: int
    findings: tuple[FindingView, ...]
    changes: tuple[ChangeView, ...]


class TipView(View):
    """A branch of the repository and the commit that it names."""

    branch: str
    commit: str


class ApprovalView(View):
    """One approval: which commit, by whom of the plan, when."""

    commit: str
    person: str
    by: str
    at: str


class LineView(View):
    """A changed line of a lesson; tested_by: the drill that exercised it."""

    id: str
    file: str
    line: int
    before: str | None
    after: str | None
    tested_by: str | None
    untested: bool


class LessonView(View):
    """A lesson as it stands. text: hidden or erased words are left out."""

    lesson: int
    called: str
    text: str
    state: str
    found_in: str | None
    owner: str | None
    due: str | None
    sha256: str | None
    commit: str | None
    written_by: str | None
    version: int
    lines: tuple[LineView, ...]


class PlanView(View):
    """The plan of this server. commit: in force, `builtin-1` while none is approved. problem: why it cannot be read.

    head: the newest commit of the repository; behind: it was in force once, and what is in force came after it.
    repository_problem: why the repository cannot be read, which changes nothing of what is in force.
    """

    commit: str
    sha256: str | None
    company: str | None
    approvals: int
    problem: str | None
    warning: str | None
    has_repository: bool
    repository_problem: str | None
    head: str | None
    behind: bool
    drafts: tuple[TipView, ...]
    history: tuple[ApprovalView, ...]
    untested: tuple[str, ...]


@dataclass(frozen=True)
class PlanReading:
    """Reads the plan for callers."""

    ledger: Ledger
    reading: Reading
    world: World
    clock: Callable[[], datetime]

    def now(self, caller: Caller) -> PlanView:
        """The plan in force, and what waits for approval. Raises Unsigned."""
        self.reading.ask(caller, Verb.READ_ACCOUNTS)
        snapshot = self.world.now()
        state, approvals, _ = self._stream(caller)
        version = snapshot.version
        plan = version.plan if version else None
        head, drafts, broken = self._tips()
        warning = NO_PLAN if version is None else None
        if plan is not None and not plan.in_force.reaches_somebody:
            warning = NOBODY_REAL
        return PlanView(
            commit=snapshot.commits.in_force,
            sha256=version.sha256 if version else None,
            company=plan.pinned.policy.company if plan else None,
            approvals=snapshot.approvals,
            problem=snapshot.problem,
            warning=warning,
            has_repository=self.world.versions.repository is not None,
            repository_problem=broken,
            head=head,
            behind=head is not None and head != snapshot.commits.in_force and head in snapshot.approved,
            drafts=tuple(draft for draft in drafts if draft.commit not in snapshot.approved),
            history=approvals,
            untested=tuple(f"{one.line.file}:{one.line.line} ({one.lesson})" for one in untested(state)),
        )

    def version(self, caller: Caller, commit: str) -> VersionView:
        """One version of the repository, or an approved one. Raises NotFound, BadInput, Refused, Unsigned."""
        self.reading.ask(caller, Verb.READ_ACCOUNTS)
        version, subject, author, when = self._version(caller, commit)
        findings = version.findings(self.clock())
        return VersionView(
            commit=version.commit,
            sha256=version.sha256,
            subject=subject,
            author=author,
            when=when,
            readable=version.plan is not None,
            problems=sum(one.weight is Weight.PROBLEM for one in findings),
            holes=sum(one.weight is Weight.HOLE for one in findings),
            findings=tuple(
                FindingView(
                    file=one.file,
                    line=one.line,
                    what=one.what,
                    mend=one.mend,
                    rule=one.rule,
                    problem=one.weight is Weight.PROBLEM,
                    weight=one.weight.value,
                )
                for one in findings
            ),
            changes=self._changes(version),
        )

    def lines(self, caller: Caller, beginning: str = "") -> tuple[ChangeView, ...]:
        """The lines of the plan in force whose ids begin so, as `before` and no `after`. Raises Unsigned."""
        self.reading.ask(caller, Verb.READ_ACCOUNTS)
        version = self.world.now().version
        if version is None:
            return ()
        return tuple(
            ChangeView(id=one.id, file=one.file, line=one.line, before=one.text, after=None)
            for one in plan_lines(version.files).values()
            if one.id.startswith(beginning)
        )

    def people(self, caller: Caller) -> tuple[tuple[str, str], ...]:
        """Whom an account may be tied to, id and name: of the plan in force, or of the one that waits to be the first."""
        self.reading.ask(caller, Verb.READ_ACCOUNTS)
        snapshot = self.world.now()
        version = snapshot.version
        head = None if snapshot.approvals else self._tips()[0]
        try:
            if head is not None:
                version = self.world.versions.in_repository(head)
        except MusterError:
            return ()
        if version is None or version.plan is None:
            return ()
        return tuple((one, person.name) for one, person in version.plan.in_force.people.people.items())

    def lessons(self, caller: Caller) -> tuple[LessonView, ...]:
        """Every lesson, the newest first. Raises Unsigned."""
        self.reading.ask(caller, Verb.READ_ACCOUNTS)
        state, _, words = self._stream(caller)
        known = state.slice(LESSONS).lessons
        return tuple(
            _lesson(seq, one, words.get(seq, "")) for seq, one in sorted(known.items(), reverse=True)
        )

    def _version(self, caller: Caller, commit: str) -> tuple[PlanVersion, str, str, str]:
        """A version with its subject, author and time: from the repository, else as it was approved and kept."""
        versions = self.world.versions
        try:
            with versions.open() as repository:
                found = repository.commit(repository.head() if commit == "head" else commit)
            return versions.in_repository(found.id), found.subject, found.author.name, stored(found.when)
        except MusterError:
            approved = self.world.now().approved.get(commit)
            if approved is None:
                raise
            signed = next(one for one in self._stream(caller)[1] if one.commit == commit)
            return versions.approved(commit, approved), "An approved version", signed.by, signed.at

    def _changes(self, version: PlanVersion) -> tuple[ChangeView, ...]:
        in_force = self.world.now().version
        if in_force is None:
            return ()
        return tuple(
            ChangeView(id=one.id, file=one.file, line=one.line, before=one.before, after=one.after)
            for one in diff(in_force.files, version.files)
        )

    def _tips(self) -> tuple[str | None, tuple[TipView, ...], str | None]:
        if self.world.versions.repository is None:
            return None, (), None
        try:
            with self.world.versions.open() as repository:
                drafts = (name for name in repository.branches() if name.startswith(DRAFTS))
                tips = ((name, repository.tip(name)) for name in drafts)
                found = tuple(TipView(branch=name, commit=tip) for name, tip in tips if tip)
                return repository.head(), found, None
        except MusterError as error:
            return None, (), error.line()

    def _stream(self, caller: Caller) -> tuple[StreamState, tuple[ApprovalView, ...], Mapping[int, str]]:
        names = {one.account: one.name for one in self.reading.accounts(caller)}
        approvals: list[ApprovalView] = []
        words: dict[int, str] = {}
        with self.ledger.database.read() as connection:
            state = load(connection, [PLAN_STREAM], self.ledger.folds, lock=False)[PLAN_STREAM]
            hidden = state.slice(REDACTIONS).hidden
            for item in read_stream(connection, PLAN_STREAM, self.ledger.kinds):
                head, body = item.entry.header, item.entry.body
                if isinstance(body, PlanApproved):
                    by = names.get(head.who, head.who)
                    at = stored(head.recorded_at)
                    approvals.append(ApprovalView(commit=body.commit, person=body.person, by=by, at=at))
                if isinstance(body, LessonNoted) and head.seq not in hidden:
                    words[head.seq] = body.text
        return state, tuple(reversed(approvals)), words


def _lesson(seq: int, lesson: Lesson, text: str) -> LessonView:
    return LessonView(
        lesson=seq,
        called=called(seq),
        text=text,
        state=lesson.state,
        found_in=lesson.found_in,
        owner=lesson.owner,
        due=lesson.due,
        sha256=lesson.sha256,
        commit=lesson.commit,
        written_by=lesson.written_by,
        version=lesson.version,
        lines=tuple(
            LineView(
                id=one.line.id, file=one.line.file, line=one.line.line, before=one.line.before,
                after=one.line.after, tested_by=one.tested_by, untested=one.untested,
            )
            for one in lesson.lines
        ),
    )  # fmt: skip
