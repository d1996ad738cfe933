"""Rules for playbooks: what a schema cannot see (a step that is missing is found by the rules for references)."""

from collections.abc import Callable, Iterator

from muster.plan import playbook_walk as walk
from muster.plan.layout import BY_FIELD
from muster.plan.lints.spot import Asked, LintRule, Spot
from muster.plan.playbooks import Action, CallPlaybook, Gate, Playbook
from muster.plan.yaml_text import KeyPath


def each(asked: Asked) -> Iterator[tuple[str, str, Playbook]]:
    """Every playbook whose steps all exist, with its id and file; a missing step alone is complained about first."""
    for name, playbook in asked.plan.pinned.playbooks.items():
        ways = [way.to for step in playbook.steps.values() for way in walk.exits(step)]
        if set(ways) | {playbook.starts_with} <= set(playbook.steps):
            yield name, BY_FIELD["playbooks"].file(name), playbook


def _about(
    find: Callable[[Playbook], tuple[str, ...]], what: str, mend: str
) -> Callable[[Asked], Iterator[Spot]]:
    """A rule about single steps."""

    def look(asked: Asked) -> Iterator[Spot]:
        for _, file, playbook in each(asked):
            for step in find(playbook):
                yield Spot(file, ("steps", step), what.format(step=step), mend)

    return look


def endless(asked: Asked) -> Iterator[Spot]:
    """Named once a playbook, at the first step from which no end can be reached."""
    for _, file, playbook in each(asked):
        for step in walk.endless(playbook)[:1]:
            yield Spot(
                file,
                ("steps", step),
                f"From the step `{step}` on the playbook never ends.",
                "Lead it to a step of the kind `end`.",
            )


def loop(asked: Asked) -> Iterator[Spot]:
    """Named once a playbook, at the first step of the loop."""
    for _, file, playbook in each(asked):
        for step in walk.loops(playbook)[:1]:
            yield Spot(
                file,
                ("steps", step),
                f"From the step `{step}` on it goes round without anybody deciding to stop.",
                "Use a step of the kind `repeat`, which has a limit.",
            )


def unjoined(asked: Asked) -> Iterator[Spot]:
    """A join that waits for a branch that never comes waits for ever."""
    for _, file, playbook in each(asked):
        for step, number in walk.unjoined(playbook):
            path: KeyPath = ("steps", step, "branches", number)
            yield Spot(
                file,
                path,
                f"This branch of `{step}` never comes to its join.",
                "Let its last step lead there.",
            )


def crowded_gate(asked: Asked) -> Iterator[Spot]:
    """A gate that needs more people than are named never opens."""
    for _, file, playbook in each(asked):
        for name, step in playbook.steps.items():
            if isinstance(step, Gate) and step.needed > len(set(step.roles)):
                yield Spot(
                    file,
                    ("steps", name, "needed"),
                    f"The gate `{name}` needs {step.needed} roles and names {len(set(step.roles))}.",
                    "Name more roles, or need fewer.",
                )


def without_trigger(asked: Asked) -> Iterator[Spot]:
    """A playbook that nothing leads to stays on the shelf."""
    called = {
        step.playbook
        for playbook in asked.plan.pinned.playbooks.values()
        for step in playbook.steps.values()
        if isinstance(step, CallPlaybook)
    }
    for name, file, playbook in each(asked):
        trigger = playbook.trigger
        if not (trigger.kinds or trigger.techniques or trigger.services or name in called):
            yield Spot(
                file, ("trigger",), "It is not said when this playbook is taken.", "Name kinds, techniques or services."
            )  # fmt: skip


def calls_itself(asked: Asked) -> Iterator[Spot]:
    """Playbooks that call each other in a circle never end."""
    calls = {
        name: tuple(step.playbook for step in playbook.steps.values() if isinstance(step, CallPlaybook))
        for name, playbook in asked.plan.pinned.playbooks.items()
    }
    ways = {name: tuple(to for to in called if to in calls) for name, called in calls.items()}
    for name, file, playbook in each(asked):
        for step_name, step in playbook.steps.items():
            if isinstance(step, CallPlaybook) and name in walk.reached(ways, step.playbook):
                yield Spot(
                    file,
                    ("steps", step_name, "playbook"),
                    f"By this step the playbook `{name}` comes back to itself.",
                    "Take the call out, or write its steps here.",
                )


def emptyhanded(asked: Asked) -> Iterator[Spot]:
    """An action on no service: nobody can see what it hits."""
    for _, file, playbook in each(asked):
        for name, step in playbook.steps.items():
            if isinstance(step, Action) and not step.target:
                yield Spot(
                    file, ("steps", name), f"The action `{name}` names no target.", "Name the services it touches."
                )  # fmt: skip


RULES: tuple[LintRule, ...] = (
    LintRule(
        "unreachable-step",
        "PRE-13",
        _about(walk.unreachable, "No step leads to `{step}`.", "Lead a step to it, or take it out."),
    ),
    LintRule("endless-playbook", "PRE-13", endless),
    LintRule("loop-without-limit", "PRE-13", loop),
    LintRule("unjoined-branch", "PRE-13", unjoined),
    LintRule("crowded-gate", "PRE-13", crowded_gate),
    LintRule(
        "unguarded-action",
        "PRE-13, CON-04",
        _about(
            walk.unguarded,
            "`{step}` cannot be undone, and no gate stands before it.",
            "Write how it is undone, or put a step of the kind `gate` before it.",
        ),
    ),
    LintRule(
        "action-before-evidence",
        "PRE-13, INV-11",
        _about(
            walk.before_evidence,
            "`{step}` can be reached before any evidence is taken.",
            "Put a step with `evidence` before it, or say `evidence_first: false`.",
        ),
    ),
    LintRule("action-without-target", "PRE-13", emptyhanded),
    LintRule("playbook-without-trigger", "PRE-13", without_trigger),
    LintRule("playbook-calls-itself", "PRE-13", calls_itself),
)
