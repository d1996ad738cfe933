"""Re-pinning: an open incident goes on under the plan in force, by decision and with the reason, never silently."""

from typing import ClassVar

from muster.access.command import Text
from muster.access.known import plan_known
from muster.access.verbs import Standing
from muster.core.errors import Refused
from muster.plan.builtin import COMMIT
from muster.record.body import Body, kinds_of
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft
from muster.record.state import States
from muster.respond.incident import still_open
from muster.respond.work import InIncident, Work, reasoned


class IncidentRepinned(Body):
    """From here on the incident is under this version of what was agreed; former: the one before."""

    kind: ClassVar[str] = "incident.repinned"
    commit: str
    former: str


class Repin(InIncident):
    """Put the incident under the plan in force, with the reason."""

    reason: Text


def repin(states: States, command: Repin, context: Context, known: Known) -> Decision:
    """incident.repinned, reason.given. Runs go on by the version they began with. Raises NotFound, Refused."""
    state = still_open(states, command.incident)
    commit, former = context.plans.in_force, state.pinned or ""
    if commit == former:
        raise Refused(
            "The incident is under the plan in force already.", command.incident, "Nothing is to be done."
        )
    if commit != COMMIT and plan_known(known).in_force is None:
        raise Refused("The plan in force cannot be read now.", command.incident, "Mend the blobs first.")
    body = IncidentRepinned(commit=commit, former=former)
    drafts = (
        Draft(command.incident, body, pinned=commit),
        reasoned(command.incident, state.seq + 1, command.reason),
    )
    return Decision(drafts, {"pinned": commit, "former": former})


KINDS = kinds_of(IncidentRepinned)
# No words to hide.
FIXED: tuple[type[Body], ...] = (IncidentRepinned,)
WORK = (
    Work(
        "repin", "Put an incident under the plan in force, with the reason.", Standing.COMMAND, Repin, repin
    ),
)
