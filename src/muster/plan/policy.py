"""The policy: why there is a plan, for whom it holds, who signs it, and how we tell whether it works.

The parts are those that SP 800-61 r2, 2.3.2, and SAMM O-IM 2-B ask of a plan: mission, scope, approval, metrics,
and the way to get better.
"""

from datetime import date

from muster.plan.part import Id, Line, Part, Reviewed, Text


class Scope(Part):
    """What the plan covers, and what it leaves to others."""

    covers: tuple[Line, ...]
    leaves_out: tuple[Line, ...] = ()


class Milestone(Part):
    """One step of getting better: what, until when, and who sees to it."""

    what: Line
    by: date
    owner: Id


class Policy(Reviewed):
    """The policy. owner: a role. approved_by: the roles of which one signs every version."""

    title: Line
    company: Line
    domains: tuple[Line, ...]
    approved_by: tuple[Id, ...]
    mission: Text
    scope: Scope
    metrics: dict[Id, Line]
    roadmap: dict[Id, Milestone]
    text: Text
