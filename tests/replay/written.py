"""Commands as lines of JSON: all that a rule was given, so that another process can decide again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from muster.access.command import Command
from muster.access.verbs import Verb
from muster.app.registry import RULES
from muster.core.people import Actor, Duty, Role, Scope, Through
from muster.core.time import stored
from muster.record.context import Context, PlanCommits
from muster.record.decision import Known
from muster.record.state import States
from muster.store.append import Decided


@dataclass(frozen=True)
class Asked:
    """One command with everything that it was decided from, save the states: of those, how far each had come."""

    verb: Verb
    command: Command
    context: Context
    known: Known
    seqs: Mapping[str, int]
    role: Role | None


def to_line(
    verb: Verb, command: Command, context: Context, known: Known, states: States, decided: Decided
) -> str:
    """One line of JSON."""
    actor = context.actor
    tree: dict[str, Any] = {
        "verb": verb.value,
        "command": command.model_dump(mode="json"),
        "actor": {
            "account": actor.account,
            "duties": sorted(duty.value for duty in actor.duties),
            "through": actor.through.value,
            "scopes": None if actor.scopes is None else sorted(scope.value for scope in actor.scopes),
            "lane": actor.lane,
        },
        "now": context.now.isoformat(),
        "lane_now": None if context.lane_now is None else context.lane_now.isoformat(),
        "plans": [context.plans.in_force, context.plans.pinned],
        "seed": context.seed.hex(),
        "groups": dict(known.groups),
        "hit_keys": sorted(known.hit_keys),
        "seqs": {stream: state.seq for stream, state in states.items()},
        "role": decided.role.value if decided.role else None,
    }
    return json.dumps(tree)


def from_line(line: str) -> Asked:
    """What was written."""
    tree: dict[str, Any] = json.loads(line)
    actor = tree["actor"]
    scopes = None if actor["scopes"] is None else frozenset(Scope(scope) for scope in actor["scopes"])
    verb = Verb(tree["verb"])
    context = Context(
        Actor(
            actor["account"],
            frozenset(Duty(duty) for duty in actor["duties"]),
            Through(actor["through"]),
            scopes,
            actor["lane"],
        ),
        datetime.fromisoformat(tree["now"]),
        PlanCommits(*tree["plans"]),
        bytes.fromhex(tree["seed"]),
        datetime.fromisoformat(tree["lane_now"]) if tree["lane_now"] else None,
    )
    assert stored(context.now)
    return Asked(
        verb,
        RULES[verb].command.model_validate(tree["command"]),
        context,
        Known(tree["groups"], frozenset(tree["hit_keys"])),
        tree["seqs"],
        Role(tree["role"]) if tree["role"] else None,
    )
