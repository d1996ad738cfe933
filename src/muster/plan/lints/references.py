"""Every name in the plan that points to something else, and what it may point to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from muster.core.text import shown
from muster.plan.calling import AGAIN
from muster.plan.layout import BY_FIELD, Place
from muster.plan.lints.spot import Asked, LintRule, Spot
from muster.plan.part import Reviewed
from muster.plan.plan import InForce, Pinned, Plan
from muster.plan.playbook_walk import exits
from muster.plan.playbooks import Action, CallPlaybook, Decision, Gate, If, Notify, Playbook, Step, Timer
from muster.plan.required import OwnField
from muster.plan.services import Service
from muster.plan.yaml_text import KeyPath


class Kind(StrEnum):
    """What a name may point to; the value is the word for people."""

    ROLE = "role"
    PERSON = "person"
    CONTACT = "contact"
    ANYBODY = "person or contact"
    SERVICE = "service"
    FACT = "fact"
    FIELD = "field"
    TEMPLATE = "template"
    PLAYBOOK = "playbook"
    OBLIGATION = "obligation"
    DECISION = "decision of authority.yaml"
    PATH = "path of calling.yaml"
    STEP = "step of this playbook"
    OPTION = "option of this decision"
    STAGE = "stage of this obligation"


CLAUSES: Mapping[Kind, str] = {
    Kind.ROLE: "PRE-05",
    Kind.PERSON: "PRE-07",
    Kind.CONTACT: "PRE-07",
    Kind.ANYBODY: "PRE-07",
    Kind.SERVICE: "PRE-11",
    Kind.FACT: "PRE-16",
    Kind.FIELD: "PRE-01",
    Kind.TEMPLATE: "PRE-16",
    Kind.PLAYBOOK: "PRE-13",
    Kind.OBLIGATION: "PRE-17",
    Kind.DECISION: "PRE-06",
    Kind.PATH: "PRE-07",
    Kind.STEP: "PRE-13",
    Kind.OPTION: "PRE-13",
    Kind.STAGE: "PRE-17",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """One name that points to something: where it stands, to what kind of thing, and the name."""

    file: str
    path: KeyPath
    kind: Kind
    name: str
    among: frozenset[str] = frozenset()


def known(plan: Plan) -> Mapping[Kind, frozenset[str]]:
    """What there is of each kind; steps, options and stages are known within their file only."""
    pinned, world = plan.pinned, plan.in_force
    people, contacts = frozenset(world.people.people), frozenset(world.contacts.contacts)
    facts = frozenset(pinned.facts.facts)
    return {
        Kind.ROLE: frozenset(world.roles.roles),
        Kind.PERSON: people,
        Kind.CONTACT: contacts,
        Kind.ANYBODY: people | contacts,
        Kind.SERVICE: frozenset(world.services),
        Kind.FACT: facts,
        Kind.FIELD: facts | frozenset(OwnField),
        Kind.TEMPLATE: frozenset(pinned.templates),
        Kind.PLAYBOOK: frozenset(pinned.playbooks),
        Kind.OBLIGATION: frozenset(pinned.obligations),
        Kind.DECISION: frozenset(world.authority.decisions),
        Kind.PATH: frozenset(world.calling.paths) | {AGAIN},
    }


def references(plan: Plan) -> Iterator[Reference]:
    """All of them, in the order of the files."""
    yield from _reviewed(plan.pinned)
    yield from _agreed(plan.pinned)
    for name, playbook in plan.pinned.playbooks.items():
        yield from _playbook(BY_FIELD["playbooks"].file(name), playbook)
    yield from _obligations(plan.pinned)
    yield from _world(plan.in_force)
    for name, service in plan.in_force.services.items():
        yield from _service(BY_FIELD["services"].file(name), service)


def _each(file: str, path: KeyPath, kind: Kind, names: tuple[str, ...]) -> Iterator[Reference]:
    for number, name in enumerate(names):
        yield Reference(file, (*path, number), kind, name)


def _maybe(file: str, path: KeyPath, kind: Kind, name: str | None) -> Iterator[Reference]:
    if name is not None:
        yield Reference(file, path, kind, name)


def _reviewed(pinned: Pinned) -> Iterator[Reference]:
    for file, part in reviewed_parts(pinned):
        yield Reference(file, ("owner",), Kind.ROLE, part.owner)


def reviewed_parts(pinned: Pinned) -> Iterator[tuple[str, Reviewed]]:
    """Every part that somebody looks at again, with its file."""
    yield BY_FIELD["policy"].path, pinned.policy
    folders: tuple[tuple[Place, Mapping[str, Reviewed]], ...] = (
        (BY_FIELD["playbooks"], pinned.playbooks),
        (BY_FIELD["templates"], pinned.templates),
    )
    for place, parts in folders:
        for name, part in parts.items():
            yield place.file(name), part


def _agreed(pinned: Pinned) -> Iterator[Reference]:
    policy = BY_FIELD["policy"].path
    yield from _each(policy, ("approved_by",), Kind.ROLE, pinned.policy.approved_by)
    for name, milestone in pinned.policy.roadmap.items():
        yield Reference(policy, ("roadmap", name, "owner"), Kind.ROLE, milestone.owner)
    for level, duties in pinned.severity.levels.items():
        for field, roles in (("staff", duties.staff), ("tell", duties.tell)):
            yield from _each(BY_FIELD["severity"].path, ("levels", level.value, field), Kind.ROLE, roles)
    for name, fact in pinned.facts.facts.items():
        yield Reference(BY_FIELD["facts"].path, ("facts", name, "answered_by"), Kind.ROLE, fact.answered_by)
    for step, fields in pinned.required.required.items():
        for field, role in fields.items():
            path = ("required", step.value, field)
            yield Reference(BY_FIELD["required"].path, path, Kind.FIELD, field)
            yield Reference(BY_FIELD["required"].path, path, Kind.ROLE, role)
    for name, template in pinned.templates.items():
        file = BY_FIELD["templates"].file(name)
        yield from _each(file, ("approved_by",), Kind.ROLE, template.approved_by)
        yield from _each(file, ("facts",), Kind.FACT, template.facts)


def _playbook(file: str, playbook: Playbook) -> Iterator[Reference]:
    steps = frozenset(playbook.steps)
    yield from _each(file, ("roles",), Kind.ROLE, playbook.roles)
    yield from _each(file, ("trigger", "services"), Kind.SERVICE, playbook.trigger.services)
    yield Reference(file, ("starts_with",), Kind.STEP, playbook.starts_with, steps)
    for name, step in playbook.steps.items():
        at = ("steps", name)
        yield Reference(file, (*at, "role"), Kind.ROLE, step.role)
        for way in exits(step):
            yield Reference(file, (*at, *way.path), Kind.STEP, way.to, steps)
        yield from _step(file, at, step)


def _step(file: str, at: KeyPath, step: Step) -> Iterator[Reference]:
    match step:
        case Action():
            yield Reference(file, (*at, "decision"), Kind.DECISION, step.decision)
            yield from _each(file, (*at, "target"), Kind.SERVICE, step.target)
        case Decision():
            yield Reference(file, (*at, "default"), Kind.OPTION, step.default, frozenset(step.options))
        case Gate():
            yield from _each(file, (*at, "roles"), Kind.ROLE, step.roles)
            yield from _maybe(file, (*at, "bypass"), Kind.ROLE, step.bypass)
        case Timer():
            yield from _maybe(file, (*at, "obligation"), Kind.OBLIGATION, step.obligation)
        case Notify():
            yield from _each(file, (*at, "roles"), Kind.ROLE, step.roles)
            yield from _each(file, (*at, "contacts"), Kind.CONTACT, step.contacts)
            yield from _maybe(file, (*at, "template"), Kind.TEMPLATE, step.template)
        case If():
            yield Reference(file, (*at, "fact"), Kind.FACT, step.fact)
        case CallPlaybook():
            yield Reference(file, (*at, "playbook"), Kind.PLAYBOOK, step.playbook)
        case _:
            pass


def _obligations(pinned: Pinned) -> Iterator[Reference]:
    for name, one in pinned.obligations.items():
        file = BY_FIELD["obligations"].file(name)
        yield Reference(file, ("owner",), Kind.ROLE, one.owner)
        for field, conditions in (("every", one.applies.every), ("any_of", one.applies.any_of)):
            for number, condition in enumerate(conditions):
                yield Reference(file, ("applies", field, number, "fact"), Kind.FACT, condition.fact)
        for stage_name, stage in one.stages.items():
            at = ("stages", stage_name)
            if stage.after is not None:
                others = frozenset(one.stages) - {stage_name}
                yield Reference(file, (*at, "after"), Kind.STAGE, stage.after, others)
            yield from _each(file, (*at, "recipients"), Kind.CONTACT, stage.recipients)
            yield from _maybe(file, (*at, "template"), Kind.TEMPLATE, stage.template)
            for key, content in stage.content.items():
                yield from _each(file, (*at, "content", key, "facts"), Kind.FACT, content.facts)


def _world(world: InForce) -> Iterator[Reference]:
    for name, role in world.roles.roles.items():
        at, file = ("roles", name), BY_FIELD["roles"].path
        yield Reference(file, (*at, "primary"), Kind.PERSON, role.primary)
        yield from _each(file, (*at, "deputies"), Kind.PERSON, role.deputies)
    file = BY_FIELD["calling"].path
    for name, rota in world.calling.rota.items():
        yield Reference(file, ("rota", name), Kind.ROLE, name)
        yield from _each(file, ("rota", name, "order"), Kind.PERSON, rota.order)
    for name, path in world.calling.paths.items():
        for number, step in enumerate(path.steps):
            yield Reference(file, ("paths", name, "steps", number, "call"), Kind.ROLE, step.call)
        yield from _maybe(file, ("paths", name, "then"), Kind.PATH, path.then)
    for occasion, name in world.calling.occasions.items():
        yield Reference(file, ("occasions", occasion.value), Kind.PATH, name)
    for name, entry in world.authority.decisions.items():
        for field, roles in (("who", entry.who), ("alternates", entry.alternates)):
            yield from _each(BY_FIELD["authority"].path, ("decisions", name, field), Kind.ROLE, roles)
    for name, ignore in world.ignores.items():
        yield Reference(BY_FIELD["ignores"].file(name), ("owner",), Kind.PERSON, ignore.owner)
    for name, drill in world.drills.items():
        file = BY_FIELD["drills"].file(name)
        yield Reference(file, ("owner",), Kind.ROLE, drill.owner)
        yield from _each(file, ("playbooks",), Kind.PLAYBOOK, drill.playbooks)
        yield from _each(file, ("roles",), Kind.ROLE, drill.roles)


def _service(file: str, service: Service) -> Iterator[Reference]:
    yield from _maybe(file, ("owner",), Kind.PERSON, service.owner)
    yield from _maybe(file, ("deputy_owner",), Kind.PERSON, service.deputy_owner)
    yield from _maybe(file, ("run_by",), Kind.CONTACT, service.run_by)
    for need in service.depends_on:
        yield Reference(file, ("depends_on", need), Kind.SERVICE, need)
    for name, log in service.logs.items():
        yield Reference(file, ("logs", name, "owner"), Kind.PERSON, log.owner)
    if service.emergency_fix is not None:
        fix = service.emergency_fix
        yield Reference(file, ("emergency_fix", "owner"), Kind.PERSON, fix.owner)
        yield from _each(file, ("emergency_fix", "contacts"), Kind.ANYBODY, fix.contacts)


def _unknown(kind: Kind, asked: Asked) -> Iterator[Spot]:
    everything = known(asked.plan)
    for reference in references(asked.plan):
        if reference.kind is not kind:
            continue
        there = everything.get(kind) or reference.among
        if reference.name not in there:
            near = get_close_matches(reference.name, sorted(there), 1)
            mend = f"Did you mean `{near[0]}`?" if near else "Add it, or take the name out."
            what = f"`{shown(reference.name)[:60]}` is no {kind}."
            if kind is Kind.FIELD:
                what = f"Nobody could fill `{shown(reference.name)[:60]}`: it is no field of an incident and no fact."
            yield Spot(reference.file, reference.path, what, mend)


def _rule(kind: Kind) -> LintRule:
    return LintRule(f"unknown-{kind.name.lower()}", CLAUSES[kind], lambda asked: _unknown(kind, asked))


RULES: tuple[LintRule, ...] = tuple(_rule(kind) for kind in Kind)
