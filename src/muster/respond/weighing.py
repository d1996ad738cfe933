"""What the guard is told of an action: from the state of the incident and the plan in force."""

from muster.plan.recovery import dependents
from muster.plan.services import service_of_host
from muster.record.decision import Known
from muster.record.state import StreamState
from muster.respond.actions import ActionProposed
from muster.respond.custody import CUSTODY
from muster.respond.ground import services, where_we_talk
from muster.respond.guard import Situation, TargetKind
from muster.respond.posture import POSTURE


def situation(state: StreamState, known: Known, body: ActionProposed, *, second_person: bool) -> Situation:
    """The situation of this action. A host carries its service when the service has no other."""
    world = services(known)
    service = _service(known, body)
    found = world.get(service)
    whole = body.target_kind is TargetKind.SERVICE or (found is not None and len(found.hosts) <= 1)
    hit = dependents(world, service) if whole else frozenset[str]()
    fallen = {*hit, service} if whole else set[str]()
    custody = state.slice(CUSTODY)
    names = {body.target}
    if body.target_kind is TargetKind.SERVICE and found is not None:
        names |= set(found.hosts)
    return Situation(
        decision=body.decision,
        target=body.target,
        kind=body.target_kind,
        evidence_effect=body.evidence_effect,
        evidence=any(custody.of(name) for name in names),
        dependents=hit,
        critical=frozenset(name for name, one in world.items() if name in fallen and one.is_critical),
        known=body.target_kind is TargetKind.ACCOUNT or found is not None,
        ours=whole and bool(where_we_talk(known) & fallen),
        stance=state.slice(POSTURE),
        tips_off=body.tip_off is not None,
        undo=body.undo is not None,
        second_person=second_person,
        count=body.count,
        ends=body.minutes is not None,
    )


def _service(known: Known, body: ActionProposed) -> str:
    """The service that is hit; empty when none is known."""
    match body.target_kind:
        case TargetKind.SERVICE:
            return body.target
        case TargetKind.HOST:
            return service_of_host(services(known), body.target) or ""
        case TargetKind.ACCOUNT:
            return ""
