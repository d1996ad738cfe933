"""Commands as lines of JSON: all that a rule was given, so that another process can decide again.

What a rule was told of the plan stands once in a file beside: each half by the hash of its JSON.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from muster.access.command import Command
from muster.access.verbs import Verb
from muster.app.registry import RULES
from muster.core.people import Actor, Duty, Role, Scope, Through
from muster.core.time import stored
from muster.learn.lesson_steps import ChangeKnown
from muster.learn.plan_change import LineChange
from muster.plan.plan import InForce, Pinned, Plan
from muster.prepare.approving import ApprovalKnown, Proposed
from muster.record.context import Context, PlanCommits
from muster.record.decision import Known
from muster.record.state import States
from muster.respond.actions import ActionProposed
from muster.respond.ground import Told
from muster.store.append import Decided

TYPES = {one.__name__: one for one in (Known, Told, ApprovalKnown, ChangeKnown)}
PARTS = {one.__name__: one for one in (Pinned, InForce)}


@dataclass(frozen=True)
class Asked:
    """One command with everything that it was decided from, save the states: of those, how far each had come."""

    verb: Verb
    command: Command
    context: Context
    known: Known
    seqs: Mapping[str, int]
    role: Role | None


@dataclass
class Writer:
    """Writes lines, and each half of a plan once."""

    lines: list[str] = field(default_factory=list[str])
    plans: dict[str, str] = field(default_factory=dict[str, str])
    _seen: dict[int, tuple[object, str]] = field(default_factory=dict[int, tuple[object, str]])

    def write(
        self, verb: Verb, command: Command, context: Context, known: Known, states: States, decided: Decided
    ) -> None:
        """One command more."""
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
            "known": {"type": type(known).__name__, **self._known(known)},
            "seqs": {stream: state.seq for stream, state in states.items()},
            "role": decided.role.value if decided.role else None,
        }
        self.lines.append(json.dumps(tree))

    def save(self, folder: Path) -> Path:
        """Both files; answers that of the commands."""
        file = folder / "commands.jsonl"
        file.write_text("\n".join(self.lines) + "\n")
        (folder / "plans.json").write_text(json.dumps(self.plans))
        return file

    def _part(self, part: Pinned | InForce) -> str:
        before = self._seen.get(id(part))
        if before is None:
            text = f"{type(part).__name__} {part.model_dump_json()}"
            key = hashlib.sha256(text.encode()).hexdigest()
            self.plans[key] = text
            before = self._seen[id(part)] = (part, key)  # kept, so that its id stays its own
        return before[1]

    def _known(self, known: Known) -> dict[str, Any]:
        """Every field of it, so that one that is added is not forgotten."""
        return {one.name: self._plain(getattr(known, one.name)) for one in fields(known)}

    def _plain(self, value: Any) -> Any:
        match value:
            case Pinned() | InForce():
                return self._part(value)
            case Proposed():
                halves = [self._part(value.plan.pinned), self._part(value.plan.in_force)]
                return [value.commit, value.sha256, value.problems, *halves]
            case ActionProposed():
                return value.tree()
            case LineChange():
                return value.model_dump()
            case Mapping():
                return [[self._plain(key), self._plain(one)] for key, one in value.items()]
            case frozenset():
                return sorted(value)
            case tuple():
                return [self._plain(one) for one in value]
            case None | str() | int():
                return value
            case _:
                raise AssertionError(f"a rule is told a {type(value).__name__}: say here how it is written")


@dataclass
class Reader:
    """Reads lines."""

    plans: Mapping[str, str]
    _read: dict[str, Any] = field(default_factory=dict[str, Any])

    @classmethod
    def beside(cls, commands: Path) -> "Reader":
        """With the plans beside the commands."""
        return cls(json.loads((commands.parent / "plans.json").read_text()))

    def read(self, line: str) -> Asked:
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
            self.known(tree["known"]),
            tree["seqs"],
            Role(tree["role"]) if tree["role"] else None,
        )

    def known(self, tree: dict[str, Any]) -> Known:
        """What a rule was told."""
        made: dict[str, Any] = {name: value for name, value in tree.items() if name != "type"}
        for name, read in self._readers().items():
            if made.get(name) is not None:
                made[name] = read(made[name])
        return TYPES[tree["type"]](**made)

    def _readers(self) -> dict[str, Any]:
        return {
            "groups": dict,
            "accounts": dict,
            "recomputed": dict,
            "hit_keys": frozenset,
            "exercised": frozenset,
            "pinned": self._part,
            "in_force": self._part,
            "versions": lambda pairs: {commit: self._part(key) for commit, key in pairs},
            "lines": self._lines,
            "proposals": lambda pairs: {seq: ActionProposed.model_validate(one) for seq, one in pairs},
            "proposed": self._proposed,
        }

    def _part(self, key: str) -> Any:
        if key not in self._read:
            name, _, text = self.plans[key].partition(" ")
            self._read[key] = PARTS[name].model_validate_json(text)
        return self._read[key]

    @staticmethod
    def _lines(found: list[Any]) -> Any:
        """Places of a plan with their lines, or the changed lines of one."""
        if all(isinstance(one, dict) for one in found):
            return tuple(LineChange.model_validate(one) for one in found)
        return {tuple(place): line for place, line in found}

    def _proposed(self, found: list[Any]) -> Proposed:
        commit, sha256, problems, pinned, in_force = found
        plan = Plan(pinned=self._part(pinned), in_force=self._part(in_force))
        return Proposed(commit, sha256, plan, problems)
