"""Approving a version of the plan: it is in force from then on, signed by a named person, and kept by its hash.

In force is the commit of the last approval, so approving an older version goes back to it (design, "The plan is data").
"""

from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from muster.access.accounts import ACCOUNTS
from muster.access.command import Command, Line, Rule, Sha256, Version
from muster.access.known import PlanKnown, plan_known
from muster.access.verbs import Verb
from muster.core.errors import Conflict, Refused
from muster.core.ids import ACCOUNTS_STREAM, PLAN_STREAM
from muster.plan.plan import Plan
from muster.record.body import Body, kinds_of
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Entry
from muster.record.lane import REAL
from muster.record.state import Fold, Slice, States, StreamState


class PlanApproved(Body):
    """This commit is in force. sha256: the hash of its files (`plan.versions`), which are kept; person: who signed."""

    kind: ClassVar[str] = "plan.approved"
    commit: str
    sha256: str
    person: str


class Versions(Slice):
    """Every approved version, commit -> hash of its files; the one in force; and how often one was approved."""

    approved: dict[str, str] = Field(default_factory=dict[str, str])
    in_force: str | None = None
    version: int = 0


def evolve(versions: Versions, entry: Entry) -> Versions:
    """The versions after one more entry; a withheld approval counts, but changes nothing."""
    if entry.header.kind != PlanApproved.kind:
        return versions
    body, version = entry.body, versions.version + 1
    if not isinstance(body, PlanApproved):
        return versions.model_copy(update={"version": version})
    return Versions(
        approved={**versions.approved, body.commit: body.sha256}, in_force=body.commit, version=version
    )


VERSIONS = Fold("plan-versions", Versions(), evolve)
KINDS = kinds_of(PlanApproved)
# No words to hide.
FIXED: tuple[type[Body], ...] = (PlanApproved,)
FOLDS = {VERSIONS.name: VERSIONS}


@dataclass(frozen=True, slots=True)
class Proposed:
    """A version that the app read and linted: its commit, the hash of its files, the plan, and how many problems."""

    commit: str
    sha256: str
    plan: Plan
    problems: int = 0


@dataclass(frozen=True, slots=True)
class ApprovalKnown(PlanKnown):
    """What an approval is told besides: the version that the app read."""

    proposed: Proposed | None = None


class ApprovePlan(Command):
    """Approve a version of the plan. sha256: the hash of its files, as you read them. expected: how often one was approved."""

    commit: Line
    sha256: Sha256
    expected: Version


def approve(states: States, command: ApprovePlan, context: Context, known: Known) -> Decision:
    """plan.approved. Raises Refused, Conflict."""
    versions = _plan(states).slice(VERSIONS)
    if versions.version != command.expected:
        raise Conflict(
            "Somebody approved a version meanwhile.",
            "expected",
            "Look at the plan in force, then decide.",
            theirs=versions.in_force or "",
            yours=command.commit,
            version=versions.version,
        )
    draft = approval(states, command.commit, command.sha256, context, known)
    return Decision((draft,), {"commit": command.commit, "version": versions.version + 1})


def approval(states: States, commit: str, sha256: str, context: Context, known: Known) -> Draft:
    """plan.approved for the version that the app read, if it is the one that was named. Raises Refused."""
    proposed = known.proposed if isinstance(known, ApprovalKnown) else None
    if proposed is None or proposed.commit != commit:
        raise Refused("The server has not read this version.", "commit", "Ask for it again.")
    if proposed.sha256 != sha256:
        raise Refused(
            "These are not the files as you read them.", "sha256", "Read them again, then approve them."
        )
    if proposed.problems:
        raise Refused(
            f"The linter finds {proposed.problems} problems in this version.",
            "commit",
            "Mend them first; `muster check` lists them with file and line.",
        )
    person = _signs(states, context, known, proposed.plan)
    return Draft(PLAN_STREAM, PlanApproved(commit=commit, sha256=sha256, person=person), lane=REAL)


def _signs(states: States, context: Context, known: Known, plan: Plan) -> str:
    """The person of the plan who signs by this account. Raises Refused.

    Who signs is said by the plan in force: a version that names its own signers could be signed by whoever wrote it.
    The first one has nothing before it, so it says so itself.
    """
    told = plan_known(known)
    wanted, roles, people = (
        (told.pinned.policy.approved_by, told.in_force.roles, told.in_force.people)
        if told.pinned and told.in_force
        else (plan.pinned.policy.approved_by, plan.in_force.roles, plan.in_force.people)
    )
    signers = {person: None for role in wanted for person in roles.holders(role)}
    accounts = states[ACCOUNTS_STREAM].slice(ACCOUNTS) if ACCOUNTS_STREAM in states else ACCOUNTS.empty
    mine = next((person for person, one in accounts.people().items() if one == context.actor.account), None)
    if mine is not None and mine in signers:
        return mine
    names = [people.people[person].name for person in signers if person in people.people]
    could = f"the plan is signed by {' or '.join(names) or 'nobody that it names'} ({' or '.join(wanted)})"
    if mine is None:
        raise Refused(
            "Your account is tied to nobody of the plan.",
            "",
            f"An administrator ties it on the page Accounts; {could}.",
        )
    if not set(signers) & set(accounts.people()):
        raise Refused(
            "Nobody with an account may sign the plan.", "", f"Ask an administrator for one: {could}."
        )
    raise Refused("The plan does not let you sign it.", "", f"Ask one of them: {could}.")


def _plan(states: States) -> StreamState:
    return states.get(PLAN_STREAM, StreamState(PLAN_STREAM))


def _reads(_command: ApprovePlan) -> tuple[str, ...]:
    return (PLAN_STREAM, ACCOUNTS_STREAM)


RULES = {Verb.APPROVE_PLAN: Rule(Verb.APPROVE_PLAN, ApprovePlan, approve, reads=_reads)}
