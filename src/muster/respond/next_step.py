"""The one next step of a person in all playbooks that are being followed, with the line of the plan that says so."""

from dataclasses import dataclass

from muster.record.decision import Known
from muster.record.state import StreamState
from muster.respond.ground import line_of, playbook
from muster.respond.runs import RUNS, StepState
from muster.respond.stepping import choices

# What was begun comes first, and what failed before all.
_ORDER = {StepState.FAILED: 0, StepState.STARTED: 1, StepState.OFFERED: 2}


@dataclass(frozen=True, slots=True)
class NextStep:
    """What somebody does next. line: where the plan says it, None when the app did not say."""

    run: int
    title: str
    step: str
    state: StepState
    kind: str
    do: str
    choices: tuple[str, ...]
    until: str | None
    file: str
    line: int | None


def next_step(state: StreamState, known: Known, account: str) -> NextStep | None:
    """The next step of this account; None when nobody waits for it."""
    found: list[tuple[int, str, int, NextStep]] = []
    for seq, run in state.slice(RUNS).running.items():
        plan = playbook(known, run.playbook, run.commit)
        for name, live in run.live.items():
            if plan is None or live.to != account or live.state not in _ORDER or name not in plan.steps:
                continue
            step, file = plan.steps[name], f"playbooks/{run.playbook}.yaml"
            found.append(
                (
                    _ORDER[live.state],
                    live.until or "9",
                    seq,
                    NextStep(
                        run=seq,
                        title=plan.title,
                        step=name,
                        state=live.state,
                        kind=step.kind,
                        do=step.do,
                        choices=choices(step),
                        until=live.until,
                        file=file,
                        line=line_of(known, file, f"steps.{name}") if run.commit == state.pinned else None,
                    ),
                )
            )
    return min(found, key=lambda one: (one[0], one[1], one[2], one[3].step))[3] if found else None
