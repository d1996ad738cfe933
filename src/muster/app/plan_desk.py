"""The desk at which the plan is changed: what a verb about the plan needs read, written or kept before it is decided.

It touches the repository and the blob store, never the record; a draft of a verb that is then refused lies there unused.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.exercised import exercised, rests_on
from muster.app.plan_versions import PlanVersion, PlanVersions, version_of
from muster.app.world import Snapshot, World
from muster.core.errors import BadInput, MusterError, Refused
from muster.core.ids import PLAN_STREAM
from muster.learn.lesson_steps import ApproveChange, ChangeKnown, MarkTested, WriteChange
from muster.learn.lessons import LESSONS, Lesson, called
from muster.learn.plan_change import line_changes, trailers
from muster.plan.diff import diff
from muster.plan.edit import with_line
from muster.plan.finding import hindering
from muster.plan.lines import file_lines, plan_lines
from muster.plan.tree import check_path
from muster.prepare.approving import ApprovalKnown, ApprovePlan, Proposed
from muster.record.decision import Known
from muster.respond.ground import Told
from muster.store.append import Ledger, load
from muster.store.plan_commits import Author
from muster.store.plan_repository import DRAFTS, PlanRepository, StaleDraft

BRANCH = "main"
IN_FORCE = "in-force"
C = TypeVar("C")


@dataclass(frozen=True)
class _Asked(Generic[C]):
    """One command, with the world as it was read for it."""

    command: C
    told: Told
    world: Snapshot
    caller: Caller
    now: datetime


@dataclass(frozen=True)
class PlanDesk:
    """What verbs about the plan are told."""

    ledger: Ledger
    world: World
    versions: PlanVersions

    def known(
        self, verb: Verb, command: Any, told: Told, world: Snapshot, caller: Caller, now: datetime
    ) -> Known:
        """What this verb is told; for all others what everybody is told. Raises any MusterError."""
        ask = _ASKS.get(verb)
        return told if ask is None else ask(self, _Asked(command, told, world, caller, now))

    def done(self, verb: Verb, answer: Mapping[str, Any], before: str) -> None:
        """After a verb: others see the world anew, and the branches of the plan follow what is in force.

        before: the commit that was in force. A branch that cannot be moved is only behind; the record tells.
        """
        if verb not in _CHANGES_WORLD:
            return
        self.world.changed()
        commit = answer.get("commit")
        if verb in _PUTS_IN_FORCE and isinstance(commit, str) and self.versions.repository is not None:
            with suppress(MusterError), self.versions.open() as repository:
                _follow(repository, before, commit)

    def lesson(self, number: int) -> Lesson:
        """A lesson as it stands. Raises Refused."""
        with self.ledger.database.read() as connection:
            state = load(connection, [PLAN_STREAM], self.ledger.folds, lock=False)[PLAN_STREAM]
        found = state.slice(LESSONS).lessons.get(number)
        if found is None:
            raise Refused("This number is no lesson.", "lesson", "Take one from the list of lessons.")
        return found

    def for_approving(self, asked: "_Asked[ApprovePlan]") -> Known:
        """What approving a version is told: as the blobs have one that was approved, else as the repository has it."""
        commit = asked.command.commit
        kept = asked.world.approved.get(commit)
        if kept is not None and kept == asked.command.sha256:
            version = self.versions.approved(commit, kept)
        else:
            version = self.versions.in_repository(commit)
        return ApprovalKnown(**_shared(asked.told), proposed=self._proposed(version, asked.now))

    def _proposed(self, version: PlanVersion, now: datetime) -> Proposed:
        if version.plan is None:
            first = next(iter(version.findings(now)), None)
            raise Refused(
                f"This version cannot be read as a plan{f': {first.sentence()}' if first else '.'}",
                "commit",
                "Mend it; `muster check` lists every place.",
            )
        problems = version.problems(now)
        if not problems:
            self.versions.keep(version)
        return Proposed(version.commit, version.sha256, version.plan, problems)

    def for_writing(self, asked: "_Asked[WriteChange]") -> Known:
        """What writing a change is told: the changed lines, and the draft that holds them."""
        command, told, now = asked.command, asked.told, asked.now
        lesson = self.lesson(command.lesson)
        in_force, base = _in_force(asked.world)
        files = dict(in_force.files)
        for line in command.lines:
            files = dict(with_line(files, line.id, line.text))
        for file in command.files:
            path = check_path(file.path)
            if file.text is None:
                if files.pop(path, None) is None:
                    raise BadInput("The plan has no such file.", "files", "Take a path of the plan in force.")
            else:
                files[path] = file.text.encode()
        lines = line_changes(in_force.files, files)
        if not lines:
            return ChangeKnown(**_shared(told), base=base)
        draft = version_of(base, files)
        first = next(iter(hindering(draft.findings(now))), None)
        if first is not None:
            raise Refused(
                f"The linter would refuse it: {first.sentence()}", "lines", "Change it so that it holds."
            )
        name = called(command.lesson)
        branch = f"{DRAFTS}lesson-{command.lesson}"
        with self.versions.open() as repository:
            commit = repository.write_draft(
                branch,
                files,
                parent=base,
                in_force=base,
                expected=repository.tip(branch),
                author=_author(asked.caller, told),
                when=now,
                message=f"Lesson {name}: {lines[0].id}"
                + (f" and {len(lines) - 1} more" if len(lines) > 1 else ""),
                trailers=trailers(name, lesson.found_in),
            )
        return ChangeKnown(**_shared(told), lines=lines, base=base, commit=commit)

    def for_approving_a_change(self, asked: "_Asked[ApproveChange]") -> Known:
        """What approving a change is told: the draft, whose parent must be in force."""
        lesson = self.lesson(asked.command.lesson)
        in_force, base = _in_force(asked.world)
        if lesson.commit is None:
            raise Refused("This lesson has no draft.", "lesson", "Write the change first.")
        version = self.versions.in_repository(lesson.commit)
        with self.versions.open() as repository:
            parents = repository.commit(lesson.commit).parents
            if parents != (base,):
                begun = repository.tree(parents[0]) if parents else {}
                raise StaleDraft(diff(begun, in_force.files), base)
        return ChangeKnown(
            **_shared(asked.told),
            proposed=self._proposed(version, asked.now),
            lines=line_changes(in_force.files, version.files),
            base=base,
            commit=lesson.commit,
        )

    def for_testing(self, asked: "_Asked[MarkTested]") -> Known:
        """What marking lines as tested is told: those of them that the drill used, as they are in force."""
        in_force, _ = _in_force(asked.world)
        used = exercised(self.ledger, asked.command.drill, in_force.files)
        said = plan_lines(in_force.files)

        def tested(line: str) -> bool:
            return line in said and any(
                said[line].text == self._text(asked.world, commit, line)
                for place, commit in used
                if rests_on(line, place)
            )

        return ChangeKnown(
            **_shared(asked.told), exercised=frozenset(line for line in asked.command.lines if tested(line))
        )

    def _text(self, world: Snapshot, commit: str, line: str) -> str | None:
        """What a line says in another version of the plan."""
        version = self.world.version(world, commit)
        file = line.partition("#")[0]
        if version is None or file not in version.files:
            return None
        return next((one.text for one in file_lines(file, version.files[file]) if one.id == line), None)


def _in_force(world: Snapshot) -> tuple[PlanVersion, str]:
    if world.version is None:
        raise Refused(
            "No plan is in force that could be changed.", "", "Approve one first: `muster approve-plan`."
        )
    return world.version, world.commits.in_force


_Ask = Callable[[PlanDesk, Any], Known]
_ASKS: Mapping[Verb, _Ask] = {
    Verb.APPROVE_PLAN: PlanDesk.for_approving,
    Verb.WRITE_CHANGE: PlanDesk.for_writing,
    Verb.APPROVE_CHANGE: PlanDesk.for_approving_a_change,
    Verb.MARK_TESTED: PlanDesk.for_testing,
}
AT_DESK = frozenset(_ASKS)
_PUTS_IN_FORCE = frozenset({Verb.APPROVE_PLAN, Verb.APPROVE_CHANGE})
_CHANGES_WORLD = _PUTS_IN_FORCE | frozenset({Verb.TIE, Verb.INVITE, Verb.DISABLE, Verb.ENABLE, Verb.ACTIVATE})


def _shared(told: Told) -> dict[str, Any]:
    return {"pinned": told.pinned, "in_force": told.in_force, "accounts": told.accounts}


def _author(caller: Caller, told: Told) -> Author:
    """Who wrote the draft, as git shows it: the person of the plan, else the account."""
    mine = next((person for person, one in told.accounts.items() if one == caller.actor.account), None)
    known = told.in_force.people.people.get(mine) if told.in_force and mine else None
    name = known.name if known else (caller.name or caller.actor.account)
    return Author(name, f"{mine or caller.actor.account}@muster.invalid")


def _follow(repository: PlanRepository, before: str, commit: str) -> None:
    """The branch `in-force` names what is in force. `main` goes forward to it from where it stood there, never back.

    Below a work tree `main` must not move: the next commit made there would take the change back.
    """
    repository.move(IN_FORCE, commit, expected=repository.tip(IN_FORCE))
    if repository.has_work_tree or repository.tip(BRANCH) != before:
        return
    if any(one.id == before for one in repository.commits(commit)):
        repository.move(BRANCH, commit, expected=before)
