"""What a rule may be told of the plan: both halves, and which account is whose. The app looks it up."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from muster.plan.plan import InForce, Pinned
from muster.record.decision import Known


@dataclass(frozen=True, slots=True)
class PlanKnown(Known):
    """Both halves of the plan, None while none is approved; accounts: person of the plan -> their account."""

    pinned: Pinned | None = None
    in_force: InForce | None = None
    accounts: Mapping[str, str] = field(default_factory=dict[str, str])


_NOTHING = PlanKnown()


def plan_known(known: Known) -> PlanKnown:
    """What is known of the plan; nothing while the app told nothing."""
    return known if isinstance(known, PlanKnown) else _NOTHING
