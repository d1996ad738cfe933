"""All of learn in one place: its verbs, the rules that take the place of respond's, its kinds and its folds."""

from muster.access.command import Rule
from muster.access.verbs import Verb
from muster.learn import causes, closing, lesson_steps, lessons, review
from muster.learn.lesson_steps import PlanWork
from muster.record.body import Body, Kind
from muster.record.state import Folds
from muster.respond.work import Work

WORK: dict[str, Work] = {one.word: one for module in (review, causes, lesson_steps) for one in module.WORK}
PLAN_WORK: dict[str, PlanWork] = {one.word: one for one in lesson_steps.PLAN_WORK}
# These replace respond's rules of the same verbs.
RULES: dict[Verb, Rule] = {rule.verb: rule for rule in closing.RULES}
KINDS: dict[str, Kind] = {
    name: kind for module in (review, causes, lessons) for name, kind in module.KINDS.items()
}
FOLDS: Folds = {fold.name: fold for fold in (review.REVIEW, causes.CAUSES, lessons.LESSONS, lessons.LEARNED)}
# Kinds with no words to hide: `redact` refuses them.
FIXED: tuple[type[Body], ...] = (*review.FIXED, *causes.FIXED, *lessons.FIXED)


def rules() -> tuple[Rule, ...]:
    """The new rules of the registry. Raises ValueError while access does not know one of the words."""
    return (*(one.rule() for one in WORK.values()), *(one.rule() for one in PLAN_WORK.values()))
