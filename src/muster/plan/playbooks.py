"""Playbooks as data: steps of a fixed set of kinds, each with its role, and what comes next.

The kinds are those that an answer to an incident needs beyond CACAO 2.0: gates, undo, expected harm, evidence,
legal clocks. A run has no engine of its own: it is the fold of its incident's entries.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from muster.core.labels import Pap, Severity
from muster.plan.part import Id, Line, Minutes, Part, Reviewed, Text


class Phase(StrEnum):
    """Where in the answer a step belongs."""

    CONFIRM = "confirm"
    CONTAIN = "contain"
    ERADICATE = "eradicate"
    RECOVER = "recover"
    TELL = "tell"
    LEARN = "learn"


class _Step(Part):
    """What every step has. precondition: what must be true before. verify: how we see that it worked."""

    phase: Phase
    role: Id
    do: Text
    precondition: Line | None = None
    evidence: Line | None = None


class Task(_Step):
    """Something that a person does."""

    kind: Literal["task"]
    next: Id


class Action(_Step):
    """Something done to a system. It says what harm to expect, what it does to evidence, and how to undo it.

    action: the type of action. target: services. undo: None only if it cannot be undone; then a gate stands before.
    """

    kind: Literal["action"]
    action: Id
    decision: Id
    target: tuple[Id, ...] = ()
    harm: Line
    undo: Line | None = None
    evidence_first: bool = True
    tip_off: Line | None = None
    cooldown_minutes: Minutes | None = None
    pap: Pap = Pap.AMBER
    next: Id


class Option(Part):
    """One answer to a decision, and where it leads."""

    means: Line
    next: Id


class Decision(_Step):
    """A choice that one role makes in time; silence means the default."""

    kind: Literal["decision"]
    options: dict[Id, Option] = Field(min_length=2)
    default: Id
    within_minutes: Minutes


class Gate(_Step):
    """Somebody must agree before it goes on. needed of the roles agree; bypass: who may pass alone, justified after."""

    kind: Literal["gate"]
    roles: tuple[Id, ...] = Field(min_length=1)
    needed: int = Field(default=1, ge=1, le=5)
    bypass: Id | None = None
    next: Id
    otherwise: Id


class Timer(_Step):
    """A wait, or the start of a legal clock."""

    kind: Literal["timer"]
    minutes: Minutes | None = None
    obligation: Id | None = None
    next: Id


class Notify(_Step):
    """Somebody is told: roles inside, contacts outside, by a template."""

    kind: Literal["notify"]
    roles: tuple[Id, ...] = ()
    contacts: tuple[Id, ...] = ()
    template: Id | None = None
    next: Id


class Verify(_Step):
    """A look whether something worked; `otherwise` when it did not."""

    kind: Literal["verify"]
    next: Id
    otherwise: Id


class If(_Step):
    """A way that a fact decides; unknown goes `otherwise`."""

    kind: Literal["if"]
    fact: Id
    one_of: tuple[Line, ...] = Field(min_length=1)
    then: Id
    otherwise: Id


class Repeat(_Step):
    """A loop with a limit: `body` is done until the question is answered yes, at most so often; the body comes back."""

    kind: Literal["repeat"]
    body: Id
    most: int = Field(ge=1, le=50)
    next: Id


class Parallel(_Step):
    """Branches that go on at the same time and meet at one join."""

    kind: Literal["parallel"]
    branches: tuple[Id, ...] = Field(min_length=2)
    join: Id


class Join(_Step):
    """Where branches meet; it goes on when all have come."""

    kind: Literal["join"]
    next: Id


class CallPlaybook(_Step):
    """Another playbook, done to its end."""

    kind: Literal["call"]
    playbook: Id
    next: Id


class End(_Step):
    """The playbook is done."""

    kind: Literal["end"]


Step = Annotated[
    Task
    | Action
    | Decision
    | Gate
    | Timer
    | Notify
    | Verify
    | If
    | Repeat
    | Parallel
    | Join
    | CallPlaybook
    | End,
    Field(discriminator="kind"),
]


class Trigger(Part):
    """When to take this playbook: kinds of incident, ATT&CK techniques, services, from which severity on."""

    kinds: tuple[Line, ...] = ()
    techniques: tuple[Line, ...] = ()
    services: tuple[Id, ...] = ()
    severity: Severity | None = None


class Playbook(Reviewed):
    """The file playbooks/ID.yaml. owner: a role. roles: who must be there to begin."""

    title: Line
    purpose: Text
    trigger: Trigger
    roles: tuple[Id, ...] = Field(min_length=1)
    last_rehearsed: date | None = None
    starts_with: Id
    steps: dict[Id, Step] = Field(min_length=1)
