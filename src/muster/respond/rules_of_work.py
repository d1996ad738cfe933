"""The second half of respond in one place: verbs, kinds and folds of tasks, decisions, evidence, runs, actions."""

from muster.access.command import Rule
from muster.record.body import Body, Kind
from muster.record.state import Folds
from muster.respond import tasks, work
from muster.respond.work import Work

WORK: dict[str, Work] = {one.word: one for module in (tasks,) for one in module.WORK}
KINDS: dict[str, Kind] = {name: kind for module in (work, tasks) for name, kind in module.KINDS.items()}
FOLDS: Folds = {fold.name: fold for fold in (tasks.TASKS,)}
# Kinds with no words to hide: `redact` refuses them.
FIXED: tuple[type[Body], ...] = tasks.FIXED


def rules() -> tuple[Rule, ...]:
    """The rules of the registry. Raises ValueError while access does not know one of the words."""
    return tuple(one.rule() for one in WORK.values())
