"""Rules for roles, who decides, who is called next, and where we talk."""

from collections.abc import Iterator

from muster.plan.authority import NEEDED as NEEDED_DECISIONS
from muster.plan.calling import AGAIN, Occasion
from muster.plan.layout import BY_FIELD
from muster.plan.lints.people_rules import under
from muster.plan.lints.spot import Asked, LintRule, Spot
from muster.plan.roles import COMMANDER
from muster.plan.roles import NEEDED as NEEDED_ROLES

ROLES, AUTHORITY = BY_FIELD["roles"].path, BY_FIELD["authority"].path
CALLING, TALKING = BY_FIELD["calling"].path, BY_FIELD["talking"].path
SCRIBE = "scribe"


def missing_role(asked: Asked) -> Iterator[Spot]:
    """Roles without which no incident is led, written down, or spoken about."""
    for role in NEEDED_ROLES:
        if role not in asked.plan.in_force.roles.roles:
            yield Spot(
                ROLES, ("roles",), f"The role `{role}` is missing.", "Add it, with a primary and a deputy."
            )


def no_deputy(asked: Asked) -> Iterator[Spot]:
    """SAMM O-IM 1-A: a role that one person holds is vacant whenever they sleep."""
    for name, role in asked.plan.in_force.roles.roles.items():
        if len(role.holders) < 2:
            yield Spot(
                ROLES,
                ("roles", name, "deputies"),
                f"Nobody steps in for the role `{name}`.",
                "Name a deputy other than the primary.",
            )


def no_duties(asked: Asked) -> Iterator[Spot]:
    """A role is its duties."""
    for name, role in asked.plan.in_force.roles.roles.items():
        if not role.duties:
            yield Spot(
                ROLES, ("roles", name, "duties"), f"The role `{name}` has no duty.", "Write what it does."
            )


def two_hats(asked: Asked) -> Iterator[Spot]:
    """ICS: who decides does not also write; the record would be what the commander remembers."""
    roles = asked.plan.in_force.roles.roles
    commander, scribe = roles.get(COMMANDER), roles.get(SCRIBE)
    if commander and scribe and commander.primary == scribe.primary:
        yield Spot(
            ROLES,
            ("roles", SCRIBE, "primary"),
            "One person is to command and to write.",
            "Name somebody else as scribe.",
        )


def missing_decision(asked: Asked) -> Iterator[Spot]:
    """Decisions that every serious incident asks for (r3 GV.RR-02)."""
    for name in NEEDED_DECISIONS:
        if name not in asked.plan.in_force.authority.decisions:
            yield Spot(
                AUTHORITY,
                ("decisions",),
                f"It is not said who decides on `{name}`.",
                "Add it, with who, alternates and criteria.",
            )


def unreachable_authority(asked: Asked) -> Iterator[Spot]:
    """PRE-06: who may decide must be reached at night; one person alone is asleep, abroad or on a plane."""
    world = asked.plan.in_force
    for name, entry in world.authority.decisions.items():
        deciders = world.authority.who_may(name, world.roles)
        people = [person for one in deciders if (person := world.people.people.get(one.person))]
        ringing = [person for person in people if any(way.rings for way in person.channels.values())]
        known = all(role in world.roles.roles for role in entry.roles)
        if known and len(ringing) < 2:
            yield Spot(
                AUTHORITY,
                ("decisions", name, "who"),
                f"Fewer than two people who may decide on `{name}` can be woken up.",
                "Add alternates, or give them a phone with `outside: true`.",
            )


def ending_path(asked: Asked) -> Iterator[Spot]:
    """DET-02: unacknowledged means the next one, never silence."""
    world = asked.plan.in_force
    for name, path in world.calling.paths.items():
        at = ("paths", name)
        if not path.steps:
            yield Spot(CALLING, (*at, "steps"), f"The path `{name}` calls nobody.", "Add whom to call first.")
        elif path.then is None:
            yield Spot(
                CALLING,
                at,
                f"The path `{name}` ends: after its last step nobody is called.",
                f"Add `then: {AGAIN}`, or the path that follows.",
            )


def lonely_path(asked: Asked) -> Iterator[Spot]:
    """A path that calls the same person over and over."""
    world = asked.plan.in_force
    for occasion, name in world.calling.occasions.items():
        path = world.calling.paths.get(name)
        known = path and path.steps and all(step.call in world.roles.roles for step in path.steps)
        if known and len({call.person for call in world.calling.calls(world.roles, occasion, asked.now)}) < 2:
            yield Spot(
                CALLING,
                ("paths", name, "steps"),
                f"The path `{name}` calls one person only.",
                "Add somebody else as the next step.",
            )


def missing_occasion(asked: Asked) -> Iterator[Spot]:
    """Each occasion of `Occasion` calls somebody."""
    for occasion in Occasion:
        if occasion not in asked.plan.in_force.calling.occasions:
            yield Spot(
                CALLING,
                ("occasions",),
                f"It is not said who is called for `{occasion}`.",
                "Name the path for it.",
            )


def stranger_on_rota(asked: Asked) -> Iterator[Spot]:
    """Who is on the rota of a role must be allowed to hold it."""
    world = asked.plan.in_force
    for name, rota in world.calling.rota.items():
        holders = world.roles.holders(name)
        for number, person in enumerate(rota.order):
            if holders and person in world.people.people and person not in holders:
                yield Spot(
                    CALLING,
                    ("rota", name, "order", number),
                    f"`{person}` is on the rota of `{name}` and does not hold that role.",
                    "Add the person to the role's deputies, or take them off the rota.",
                )


def second_place_inside(asked: Asked) -> Iterator[Spot]:
    """CISA playbooks, App. C: a place to talk that the attacker does not sit in."""
    second = asked.plan.in_force.talking.second
    if not second.outside or under(second.host, asked.plan.pinned.policy.domains):
        yield Spot(
            TALKING,
            ("second",),
            "The second place to talk depends on the company's own systems.",
            "Name one that needs none of them, with `outside: true`.",
        )


RULES: tuple[LintRule, ...] = (
    LintRule("missing-role", "PRE-05", missing_role),
    LintRule("no-deputy", "PRE-05", no_deputy),
    LintRule("no-duties", "PRE-05", no_duties),
    LintRule("two-hats", "PRE-05", two_hats),
    LintRule("missing-decision", "PRE-06", missing_decision),
    LintRule("unreachable-authority", "PRE-06", unreachable_authority),
    LintRule("ending-path", "PRE-07, DET-02", ending_path),
    LintRule("lonely-path", "PRE-07, DET-02", lonely_path),
    LintRule("missing-occasion", "PRE-07, DET-02", missing_occasion),
    LintRule("stranger-on-rota", "PRE-07", stranger_on_rota),
    LintRule("second-place-inside", "PRE-01, PRE-15", second_place_inside),
)
