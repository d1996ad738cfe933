"""Walks through a playbook: what follows what, what is never reached, what never ends, and the path of a dry run."""

from collections.abc import Iterable, Iterator, Mapping

from muster.core.errors import BadInput
from muster.plan.part import Part
from muster.plan.playbooks import (
    Action,
    CallPlaybook,
    Decision,
    End,
    Gate,
    If,
    Join,
    Notify,
    Parallel,
    Playbook,
    Repeat,
    Step,
    Task,
    Timer,
    Verify,
)

_LONGEST = 1_000


class Exit(Part):
    """One way out of a step: which field names it, and the step it leads to."""

    path: tuple[str | int, ...]
    to: str


def exits(step: Step) -> tuple[Exit, ...]:
    """All ways out of a step; a branch of a parallel is one, and so is its join."""
    match step:
        case Task() | Action() | Timer() | Notify() | Join() | CallPlaybook():
            return (Exit(path=("next",), to=step.next),)
        case Gate() | Verify():
            return (Exit(path=("next",), to=step.next), Exit(path=("otherwise",), to=step.otherwise))
        case If():
            return (Exit(path=("then",), to=step.then), Exit(path=("otherwise",), to=step.otherwise))
        case Repeat():
            return (Exit(path=("body",), to=step.body), Exit(path=("next",), to=step.next))
        case Decision():
            return tuple(
                Exit(path=("options", name, "next"), to=option.next) for name, option in step.options.items()
            )
        case Parallel():
            branches = tuple(Exit(path=("branches", n), to=name) for n, name in enumerate(step.branches))
            return (*branches, Exit(path=("join",), to=step.join))
        case End():
            return ()


def arrows(playbook: Playbook) -> Mapping[str, tuple[str, ...]]:
    """Step -> the steps that may follow, without those that do not exist."""
    return {
        name: tuple(way.to for way in exits(step) if way.to in playbook.steps)
        for name, step in playbook.steps.items()
    }


def reached(ways: Mapping[str, Iterable[str]], start: str, without: frozenset[str] = frozenset()) -> set[str]:
    """Everything that can come after and including the start, never stepping on `without`."""
    seen: set[str] = set()
    waiting = [start] if start in ways and start not in without else []
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(after for after in ways[name] if after not in without)
    return seen


def unreachable(playbook: Playbook) -> tuple[str, ...]:
    """Steps that no path leads to."""
    seen = reached(arrows(playbook), playbook.starts_with)
    return tuple(name for name in playbook.steps if name not in seen)


def endless(playbook: Playbook) -> tuple[str, ...]:
    """Steps of circles without a way out: they can be reached, no end can be reached from them, and all come back."""
    ways = arrows(playbook)
    ends = {name for name, step in playbook.steps.items() if isinstance(step, End)}
    start = reached(ways, playbook.starts_with)
    lost = {name: after for name in start if not (after := reached(ways, name)) & ends}
    return tuple(
        name for name in playbook.steps if name in lost and all(name in lost[other] for other in lost[name])
    )


def loops(playbook: Playbook) -> tuple[str, ...]:
    """Steps of a loop that can be left, but by nobody's decision: no repeat, decision, gate or verify lies in it."""
    leaving = frozenset(
        name
        for name, step in playbook.steps.items()
        if isinstance(step, Repeat | Decision | Gate | Verify)
    )  # fmt: skip
    ways = arrows(playbook)
    lost = set(endless(playbook))
    return tuple(
        name
        for name in playbook.steps
        if name not in leaving | lost and any(name in reached(ways, after, leaving) for after in ways[name])
    )


def unjoined(playbook: Playbook) -> Iterator[tuple[str, int]]:
    """Parallel steps with a branch that never comes to their join, and the number of the branch."""
    ways = arrows(playbook)
    for name, step in playbook.steps.items():
        if isinstance(step, Parallel):
            for number, branch in enumerate(step.branches):
                if branch in ways and step.join not in reached(ways, branch):
                    yield name, number


def unguarded(playbook: Playbook) -> tuple[str, ...]:
    """Actions that cannot be undone and that somebody can come to without passing a gate."""
    ways = arrows(playbook)
    before = {name: {other for other in ways if name in ways[other]} for name in ways}
    return tuple(
        name
        for name, step in playbook.steps.items()
        if isinstance(step, Action)
        and step.undo is None
        and not (
            before[name]
            and all(
                isinstance(guard := playbook.steps[other], Gate) and guard.next == name
                for other in before[name]
            )
        )
    )


def before_evidence(playbook: Playbook) -> tuple[str, ...]:
    """Actions that want evidence first and can be reached without any step that takes some."""
    taking = frozenset(name for name, step in playbook.steps.items() if step.evidence is not None)
    seen = reached(arrows(playbook), playbook.starts_with, taking)
    return tuple(
        name
        for name, step in playbook.steps.items()
        if name in seen and isinstance(step, Action) and step.evidence_first
    )


def dry_run(playbook: Playbook, choices: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The steps in the order in which they would be done; branches one after the other.

    choices: for a decision its option; for a gate, verify or if `otherwise` (or `then`) instead of the usual way.
    Without one, silence takes the default, gates agree, looks succeed, facts are unknown and loops end at once.
    Raises BadInput when it comes to a step that does not exist, or does not end.
    """
    walked: list[str] = []
    _walk(playbook, playbook.starts_with, None, choices or {}, walked)
    return tuple(walked)


def _walk(
    playbook: Playbook, start: str, stop: str | None, choices: Mapping[str, str], walked: list[str]
) -> None:
    name: str | None = start
    while name is not None and name != stop:
        step = playbook.steps.get(name)
        if step is None or len(walked) > _LONGEST:
            raise BadInput("The playbook does not come to an end.", f"step {name}", "Run `muster check`.")
        walked.append(name)
        if isinstance(step, Parallel):
            for branch in step.branches:
                _walk(playbook, branch, step.join, choices, walked)
            name = step.join
        else:
            name = _following(step, choices.get(name))


def _following(step: Step, choice: str | None) -> str | None:
    match step:
        case Decision():
            option = step.options.get(choice or step.default)
            return option.next if option else None
        case Gate() | Verify():
            return step.otherwise if choice == "otherwise" else step.next
        case If():
            return step.then if choice == "then" else step.otherwise
        case Repeat() | Task() | Action() | Timer() | Notify() | Join() | CallPlaybook():
            return step.next
        case Parallel() | End():
            return None
