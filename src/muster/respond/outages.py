"""Services that are lost and come back, in the order that their dependencies demand (r3 RC.RP-04; SP 800-184)."""

from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field, StringConstraints

from muster.access.command import MaybeLine, MaybeText
from muster.access.verbs import Standing
from muster.core.errors import BadInput, Refused
from muster.core.time import stored
from muster.plan.recovery import dependents, recovery_order
from muster.record.body import Body, kinds_of
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Entry
from muster.record.state import Fold, Slice, States, StreamState
from muster.respond.ground import services
from muster.respond.incident import stated, still_open
from muster.respond.milestones import MILESTONES, Claimed
from muster.respond.work import InIncident, Work, reasoned

ServiceId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]


class ServiceLost(Body):
    """The service does not work from the time of this entry on."""

    kind: ClassVar[str] = "service.lost"
    service: str


class ServiceRestored(Body):
    """The service works again from the time of this entry on. early: before what it needs, with a reason."""

    kind: ClassVar[str] = "service.restored"
    service: str
    early: bool = False
    backup_taken: str | None = None


class Outages(Slice):
    """Services that are lost, each since when; and those that were restored and are not lost again, each when."""

    lost: dict[str, str] = Field(default_factory=dict[str, str])
    restored: dict[str, str] = Field(default_factory=dict[str, str])


def evolve(outages: Outages, entry: Entry) -> Outages:
    """The outages after one more entry."""
    at = stored(entry.header.happened.at)
    match entry.body:
        case ServiceLost() as body:
            restored = {name: when for name, when in outages.restored.items() if name != body.service}
            return Outages(lost={**outages.lost, body.service: at}, restored=restored)
        case ServiceRestored() as body:
            lost = {name: since for name, since in outages.lost.items() if name != body.service}
            return Outages(lost=lost, restored={**outages.restored, body.service: at})
        case _:
            return outages


OUTAGES = Fold("outages", Outages(), evolve)
KINDS = kinds_of(ServiceLost, ServiceRestored)
# Entries with no words to hide.
FIXED = (ServiceLost, ServiceRestored)


class LoseService(InIncident):
    """Note that a service does not work. happened_at: since when."""

    service: ServiceId
    happened_at: MaybeLine = None


class RestoreService(InIncident):
    """Note that a service works again. reason: why before what it needs, if so. backup_taken: when its copy was made."""

    service: ServiceId
    reason: MaybeText = None
    backup_taken: MaybeLine = None
    happened_at: MaybeLine = None


def lose(states: States, command: LoseService, context: Context, known: Known) -> Decision:
    """service.lost; answers what stands still with it. Raises NotFound, Refused, BadInput."""
    state = still_open(states, command.incident)
    world = services(known)
    if world and command.service not in world:
        raise BadInput("The plan in force has no such service.", "service", f"It has: {', '.join(world)}.")
    if command.service in state.slice(OUTAGES).lost:
        raise Refused("It is noted as lost already.", "service", "Nothing is to be done.")
    draft = Draft(
        command.incident, ServiceLost(service=command.service), happened=stated(command.happened_at, context)
    )
    hit = sorted(dependents(world, command.service)) if command.service in world else []
    return Decision((draft,), {"service": command.service, "dependents": hit})


def restore(states: States, command: RestoreService, context: Context, known: Known) -> Decision:
    """service.restored; earlier than what it needs only with a reason. Raises NotFound, Refused, BadInput."""
    state = still_open(states, command.incident)
    lost = state.slice(OUTAGES).lost
    if command.service not in lost:
        raise Refused("It is not noted as lost.", "service", "Note first since when it did not work.")
    happened = stated(command.happened_at, context)
    if happened is not None and stored(happened.at) < lost[command.service]:
        raise BadInput("It was not lost yet then.", "happened_at", "State a time after it was lost.")
    found = services(known).get(command.service)
    waits_for = sorted(need for need in (found.depends_on if found else ()) if need in lost)
    if waits_for and command.reason is None:
        raise Refused(
            f"It needs {', '.join(waits_for)}, which is not back.",
            "reason",
            "Restore that first, or give the reason for this order.",
        )
    backup = None if command.backup_taken is None else stated(command.backup_taken, context)
    body = ServiceRestored(
        service=command.service,
        early=bool(waits_for),
        backup_taken=None if backup is None else stored(backup.at),
    )
    drafts = [Draft(command.incident, body, happened=happened)]
    if command.reason is not None:
        drafts.append(reasoned(command.incident, state.seq + 1, command.reason))
    answer = {"service": command.service, "early": body.early, "warnings": _warnings(state, body)}
    return Decision(tuple(drafts), answer)


def next_back(state: StreamState, known: Known) -> tuple[str, ...]:
    """The lost services that can come back now, the most urgent first. Raises Refused when the plan has a circle."""
    lost = state.slice(OUTAGES).lost
    world = {name: one for name, one in services(known).items() if name in lost}
    strangers = tuple(sorted(lost.keys() - world.keys()))
    return (*(recovery_order(world)[0].services if world else ()), *strangers)


def _warnings(state: StreamState, body: ServiceRestored) -> tuple[str, ...]:
    started = state.slice(MILESTONES).at(Claimed.STARTED)
    if body.backup_taken is None or started is None or body.backup_taken < started:
        return ()
    return (
        "This copy was made after the attacker came: it may hold what they left. Look before you use it.",
    )


WORK = (
    Work("lost", "Note that a service does not work.", Standing.RESPONDER, LoseService, lose),
    Work("restored", "Note that a service works again.", Standing.RESPONDER, RestoreService, restore),
)
