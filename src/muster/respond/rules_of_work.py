"""The second half of respond in one place: verbs, kinds and folds of tasks, decisions, evidence, runs, actions."""

from muster.access.command import Rule
from muster.record.body import Body, Kind
from muster.record.state import Folds
from muster.respond import (
    actions,
    carrying_out,
    correction,
    custody,
    decisions,
    milestones,
    outages,
    posture,
    proposing,
    repinning,
    running,
    runs,
    tasks,
    work,
)
from muster.respond.work import Work

_WITH_VERBS = (
    tasks,
    decisions,
    correction,
    custody,
    milestones,
    outages,
    posture,
    proposing,
    carrying_out,
    running,
    repinning,
)
_WITH_KINDS = (tasks, decisions, custody, milestones, outages, posture, actions, runs, repinning)
WORK: dict[str, Work] = {one.word: one for part in _WITH_VERBS for one in part.WORK}
KINDS: dict[str, Kind] = {name: kind for part in (work, *_WITH_KINDS) for name, kind in part.KINDS.items()}
FOLDS: Folds = {
    fold.name: fold
    for fold in (
        tasks.TASKS,
        decisions.DECISIONS,
        custody.CUSTODY,
        milestones.MILESTONES,
        outages.OUTAGES,
        posture.POSTURE,
        actions.ACTIONS,
        runs.RUNS,
    )
}
# Kinds with no words to hide: `redact` refuses them.
FIXED: tuple[type[Body], ...] = tuple(body for part in _WITH_KINDS for body in part.FIXED)


def rules() -> tuple[Rule, ...]:
    """The rules of the registry. Raises ValueError while access does not know one of the words."""
    return tuple(one.rule() for one in WORK.values())
